package io.mailproto.wire;

import java.net.InetSocketAddress;

/**
 * Where and how much to listen.
 *
 * @param address port 0 lets the system choose
 * @param backlog connections that may wait to be accepted
 * @param maxConnections open at a time
 * @param maxConnectionsPerClient open at a time from one address (IPv6: one /64 network)
 * @param maxConnectionRate that one client may open in a minute; 0 for no limit
 * @param proxies whose connections begin with a PROXY header that tells the client; everybody else's do not
 */
public record ListenOptions(
        InetSocketAddress address,
        int backlog,
        int maxConnections,
        int maxConnectionsPerClient,
        int maxConnectionRate,
        Networks proxies) {

    public ListenOptions {
        if (backlog < 1 || maxConnections < 1 || maxConnectionsPerClient < 1) {
            throw new IllegalArgumentException("backlog and connection limits must be at least 1");
        }
        if (maxConnectionRate < 0) {
            throw new IllegalArgumentException("maxConnectionRate must be 0 (no limit) or more");
        }
    }

    /** Without a rate, and without proxies. */
    public ListenOptions(InetSocketAddress address, int backlog, int maxConnections, int maxConnectionsPerClient) {
        this(address, backlog, maxConnections, maxConnectionsPerClient, 0, Networks.NONE);
    }
}
