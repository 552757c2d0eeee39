package io.mailproto.pop3;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import java.io.IOException;

/**
 * This side did not log in: the password would have travelled in clear, or the server takes none of the methods there
 * are, or it has no TLS where TLS is required, or it does not know the password itself where it has to prove that. Nothing
 * secret has been sent. A person has to change something.
 */
public final class Pop3LoginImpossible extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String step;
    private final boolean passes;

    Pop3LoginImpossible(HostPort peer, String step, String why) {
        this(peer, step, why, false, null);
    }

    Pop3LoginImpossible(HostPort peer, String step, String why, boolean passes, Throwable cause) {
        super(peer + ": " + step + ": " + why, cause);
        this.peer = peer.toString();
        this.step = step;
        this.passes = passes;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return step;
    }

    /** Only if no access token could be had just now. */
    @Override
    public boolean isTransient() {
        return passes;
    }

    @Override
    public String fate() {
        return "";
    }
}
