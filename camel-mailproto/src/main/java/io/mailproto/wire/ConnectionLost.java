package io.mailproto.wire;

/** The peer closed or reset the connection, or this side aborted it. A retry may help. */
public final class ConnectionLost extends WireException {

    private static final long serialVersionUID = 1L;

    ConnectionLost(String peer, Step step, String what, Throwable cause) {
        super(peer, step, what, true, cause);
    }
}
