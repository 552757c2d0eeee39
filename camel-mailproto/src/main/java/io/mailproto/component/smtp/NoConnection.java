package io.mailproto.component.smtp;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import java.io.IOException;

/** There was no connection to use: all are in use, or the producer has been stopped. Nothing was sent. */
final class NoConnection extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;
    private static final String STEP = "waiting for a connection";
    private static final String FATE = "no message was sent";

    private final String peer;

    NoConnection(HostPort peer, String what) {
        super(peer + ": " + STEP + ": " + what + "; " + FATE);
        this.peer = peer.toString();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return STEP;
    }

    @Override
    public boolean isTransient() {
        return true;
    }

    @Override
    public String fate() {
        return FATE;
    }
}
