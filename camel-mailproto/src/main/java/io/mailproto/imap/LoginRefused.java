package io.mailproto.imap;

import io.mailproto.wire.HostPort;

/** The server did not accept user name and password. */
public final class LoginRefused extends CommandRefused {
    private static final long serialVersionUID = 1L;

    LoginRefused(HostPort peer, String command, ImapResponse.Completion completion) {
        super(peer, command, completion);
    }
}
