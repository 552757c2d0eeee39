package io.mailproto.wire;

/** The peer sent something that cannot be understood here. A retry will hardly help. */
public final class ProtocolViolation extends WireException {

    private static final long serialVersionUID = 1L;

    ProtocolViolation(String peer, Step step, String what, Throwable cause) {
        super(peer, step, what, false, cause);
    }
}
