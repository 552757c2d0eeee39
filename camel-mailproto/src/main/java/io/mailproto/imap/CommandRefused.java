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
    private final boolean concernsTheAccount;
    private final transient ResponseCode code;

    CommandRefused(HostPort peer, String command, ImapResponse.Completion completion) {
        super(peer, "waiting for the answer to " + command, what(completion), isTransient(completion.text()));
        this.status = completion.status();
        this.concernsTheAccount = isThrottling(completion.text());
        this.code = completion.text().code();
    }

    private static String what(ImapResponse.Completion completion) {
        return "expected OK, got \"" + completion.shown() + "\" ("
                + (isTransient(completion.text()) ? "may succeed later" : "will hardly succeed later") + ")";
    }

    private static boolean isTransient(ResponseText text) {
        return TRANSIENT.contains(text.code().name())
                || isThrottling(text)
                || text.text().toLowerCase(Locale.ROOT).contains("try again later");
    }

    /** The texts are those of providers that send no code (Gmail, Exchange) when they throttle. */
    private static boolean isThrottling(ResponseText text) {
        String words = text.text().toLowerCase(Locale.ROOT);
        return words.contains("too many simultaneous")
                || words.contains("maximum number of connections")
                || words.contains("throttled")
                || words.contains("bandwidth limits")
                || words.contains("authenticated but not connected");
    }

    /**
     * Is it about the account as a whole, so that asking for something else will be refused as well? For example when
     * the provider throttles.
     */
    public boolean concernsTheAccount() {
        return concernsTheAccount;
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
