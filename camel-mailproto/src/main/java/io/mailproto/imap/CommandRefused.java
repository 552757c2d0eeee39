package io.mailproto.imap;

import io.mailproto.wire.HostPort;
import java.util.Locale;
import java.util.Set;

/** A command was answered with NO or BAD. The conversation can go on. */
public class CommandRefused extends ImapException {
    private static final long serialVersionUID = 1L;

    /** RFC 5530 §3: what may be different the next time. */
    private static final Set<String> TRANSIENT = Set.of("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA");

    private final ImapStatus status;
    private final transient ResponseCode code;

    CommandRefused(HostPort peer, String command, ImapResponse.Completion completion) {
        super(
                peer,
                "waiting for the answer to " + command,
                what(command, completion),
                isTransient(command, completion.text()),
                Throttling.isMeant(command, completion.text()),
                Throttling.suggested(completion.text()).orElse(null));
        this.status = completion.status();
        this.code = completion.text().code();
    }

    private static String what(String command, ImapResponse.Completion completion) {
        return "expected OK, got \"" + completion.shown() + "\" ("
                + (isTransient(command, completion.text()) ? "may succeed later" : "will hardly succeed later") + ")";
    }

    private static boolean isTransient(String command, ResponseText text) {
        return TRANSIENT.contains(text.code().name())
                || Throttling.isMeant(command, text)
                || text.text().toLowerCase(Locale.ROOT).contains("try again later");
    }

    /**
     * Is it about the account as a whole, so that asking for something else will be refused as well? For example when
     * the provider throttles.
     */
    public boolean concernsTheAccount() {
        return isThrottling();
    }

    /** NO: it cannot be done; BAD: the server did not understand it. */
    public ImapStatus status() {
        return status;
    }

    /** The response code; its name is empty if there was none (or after serialization). */
    public ResponseCode code() {
        return code == null ? ResponseCode.NONE : code;
    }
}
