package io.mailproto.smtp.client;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import io.mailproto.wire.Step;
import java.io.IOException;

/**
 * The conversation went well, its result did not: the server said no, or this side will not go on. Failures of the
 * connection are {@link io.mailproto.wire.WireException}s.
 */
public abstract sealed class SmtpException extends IOException implements MailFailure
        permits SmtpRefused, SmtpRequirementUnmet, SmtpContentFailed, SmtpOutcomeUnknown {
    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String phrase;
    private final String fate;
    private final boolean isTransient;

    SmtpException(HostPort peer, Step step, String what, boolean isTransient, Throwable cause) {
        super(peer + ": " + step.phrase() + ": " + what + (step.fate().isEmpty() ? "" : "; " + step.fate()), cause);
        this.peer = peer.toString();
        this.phrase = step.phrase();
        this.fate = step.fate();
        this.isTransient = isTransient;
    }

    /** For the case that another exception has said it all already. */
    SmtpException(MailFailure failure, String message, Throwable cause) {
        super(message, cause);
        this.peer = failure.peer();
        this.phrase = failure.step();
        this.fate = failure.fate();
        this.isTransient = false;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return phrase;
    }

    @Override
    public boolean isTransient() {
        return isTransient;
    }

    @Override
    public String fate() {
        return fate;
    }
}
