package io.mailproto.wire;

import java.io.IOException;

/**
 * The conversation with the peer could not go on. The connection is closed when this is thrown and must not be used
 * again.
 */
public abstract sealed class WireException extends IOException implements MailFailure
        permits ConnectFailed, TlsFailed, ConnectionLost, DeadlineExceeded, LimitExceeded, ProtocolViolation {

    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String phrase;
    private final String fate;
    private final boolean isTransient;

    WireException(String peer, Step step, String what, boolean isTransient, Throwable cause) {
        super(peer + ": " + step.phrase() + ": " + what + (step.fate().isEmpty() ? "" : "; " + step.fate()), cause);
        this.peer = peer;
        this.phrase = step.phrase();
        this.fate = step.fate();
        this.isTransient = isTransient;
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
