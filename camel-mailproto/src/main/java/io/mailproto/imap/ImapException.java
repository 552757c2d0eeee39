package io.mailproto.imap;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A server was understood, but it would not do what was asked, or we would not do it with this server. */
public class ImapException extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String step;
    private final boolean isTransient;
    private final boolean isThrottling;
    private final Duration suggestedPause;

    ImapException(HostPort peer, String step, String what, boolean isTransient) {
        this(peer, step, what, isTransient, false, null);
    }

    /** @param suggestedPause null if the server did not say */
    ImapException(
            HostPort peer,
            String step,
            String what,
            boolean isTransient,
            boolean isThrottling,
            Duration suggestedPause) {
        super(peer + ": " + step + ": " + what);
        this.peer = peer.toString();
        this.step = step;
        this.isTransient = isTransient;
        this.isThrottling = isThrottling;
        this.suggestedPause = suggestedPause;
    }

    /** Does the server want this account to ask less for some time? */
    public boolean isThrottling() {
        return isThrottling;
    }

    /** For how long, if the server said so; at most an hour. */
    public Optional<Duration> suggestedPause() {
        return Optional.ofNullable(suggestedPause);
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return step;
    }

    @Override
    public boolean isTransient() {
        return isTransient;
    }

    /** Nothing: a mail is left on the server until it says OK to what removes it. */
    @Override
    public String fate() {
        return "";
    }
}
