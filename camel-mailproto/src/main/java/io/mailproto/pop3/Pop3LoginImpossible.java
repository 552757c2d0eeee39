package io.mailproto.pop3;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import java.io.IOException;

/**
 * This side did not log in: the password would have travelled in clear, or the server takes none of the methods there
 * are, or it has no TLS where TLS is required. Nothing secret has been sent. A person has to change something.
 */
public final class Pop3LoginImpossible extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String step;

    Pop3LoginImpossible(HostPort peer, String step, String why) {
        super(peer + ": " + step + ": " + why);
        this.peer = peer.toString();
        this.step = step;
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
        return false;
    }

    @Override
    public String fate() {
        return "";
    }
}
