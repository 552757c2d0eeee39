package io.mailproto.wire;

/** No connection came about: unknown host, refused, unreachable or too slow. A retry may help. */
public final class ConnectFailed extends WireException {

    private static final long serialVersionUID = 1L;

    ConnectFailed(String peer, Step step, String what, Throwable cause) {
        super(peer, step, what, true, cause);
    }
}
