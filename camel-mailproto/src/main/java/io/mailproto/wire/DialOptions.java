package io.mailproto.wire;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How to connect.
 *
 * @param connectTimeout for each address of the host; positive
 * @param localAddress where to connect from; empty lets the system choose
 * @param proxy what to connect through; empty for directly
 */
public record DialOptions(
        Duration connectTimeout, Optional<InetSocketAddress> localAddress, Optional<ProxyServer> proxy) {

    public DialOptions {
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("connect timeout must be positive, not " + connectTimeout);
        }
    }

    /** 30 seconds, from any address. */
    public static DialOptions defaults() {
        return new DialOptions(Duration.ofSeconds(30), Optional.empty(), Optional.empty());
    }

    public DialOptions withConnectTimeout(Duration timeout) {
        return new DialOptions(timeout, localAddress, proxy);
    }

    /** From this address of this machine. */
    public DialOptions withLocalAddress(InetSocketAddress address) {
        return new DialOptions(connectTimeout, Optional.of(address), proxy);
    }

    /** Through this proxy. */
    public DialOptions withProxy(ProxyServer server) {
        return new DialOptions(connectTimeout, localAddress, Optional.of(server));
    }
}
