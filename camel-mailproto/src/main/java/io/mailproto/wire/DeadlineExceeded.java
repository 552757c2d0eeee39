package io.mailproto.wire;

/** The peer was too slow for the step, or for the minimum rate of a body. A retry may help. */
public final class DeadlineExceeded extends WireException {

    private static final long serialVersionUID = 1L;

    DeadlineExceeded(String peer, Step step, String what, Throwable cause) {
        super(peer, step, what, true, cause);
    }
}
