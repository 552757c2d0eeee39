package io.mailproto.imap;

import io.mailproto.wire.HostPort;

/** The server ended the conversation with an untagged BYE (RFC 3501 §7.1.5). The connection is closed. */
public final class ServerSaidBye extends ImapException {
    private static final long serialVersionUID = 1L;

    ServerSaidBye(HostPort peer, String step, String text) {
        this(peer, step, ResponseText.parse(text));
    }

    private ServerSaidBye(HostPort peer, String step, ResponseText text) {
        super(
                peer,
                step,
                "the server ended the conversation: \"" + ImapText.shown(text.toString()) + "\"",
                true,
                Throttling.isMeantByFarewell(text),
                Throttling.suggested(text).orElse(null));
    }
}
