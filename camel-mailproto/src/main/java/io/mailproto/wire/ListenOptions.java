package io.mailproto.wire;

import java.net.InetSocketAddress;

/**
 * Where and how much to listen.
 *
 * @param address port 0 lets the system choose
 * @param backlog connections that may wait to be accepted
 * @param maxConnections open at a time
 * @param maxConnectionsPerClient open at a time from one address
 */
public record ListenOptions(InetSocketAddress address, int backlog, int maxConnections, int maxConnectionsPerClient) {

    public ListenOptions {
        if (backlog < 1 || maxConnections < 1 || maxConnectionsPerClient < 1) {
            throw new IllegalArgumentException("backlog and connection limits must be at least 1");
        }
    }
}
