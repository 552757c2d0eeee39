package io.mailproto.pop3;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import io.mailproto.wire.Step;
import java.io.IOException;

/**
 * The server ended a message long before the size that it had announced, as servers do that cannot read what they have
 * stored. The conversation is in step and can go on.
 */
public final class Pop3Truncated extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String step;
    private final String fate;

    Pop3Truncated(HostPort peer, Step step, long announced, long arrived) {
        super(peer + ": " + step.phrase() + ": expected a message of " + announced + " octets, as announced, got "
                + arrived + (step.fate().isEmpty() ? "" : "; " + step.fate()));
        this.peer = peer.toString();
        this.step = step.phrase();
        this.fate = step.fate();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return step;
    }

    /** True: the server may be able to read it another time. */
    @Override
    public boolean isTransient() {
        return true;
    }

    @Override
    public String fate() {
        return fate;
    }
}
