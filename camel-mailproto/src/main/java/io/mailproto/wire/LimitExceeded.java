package io.mailproto.wire;

/** The peer sent more than this side is willing to take: a line, a literal, a number of responses. */
public final class LimitExceeded extends WireException {

    private static final long serialVersionUID = 1L;

    LimitExceeded(String peer, Step step, String what, Throwable cause) {
        super(peer, step, what, false, cause);
    }
}
