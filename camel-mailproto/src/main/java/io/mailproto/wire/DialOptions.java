package io.mailproto.wire;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How to connect.
 *
 * @param connectTimeout for each address of the host; positive
 * @param localAddress where to connect from; empty lets the system choose
 */
public record DialOptions(Duration connectTimeout, Optional<InetSocketAddress> localAddress) {

    public DialOptions {
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("connect timeout must be positive, not " + connectTimeout);
        }
    }

    /** 30 seconds, from any address. */
    public static DialOptions defaults() {
        return new DialOptions(Duration.ofSeconds(30), Optional.empty());
    }

    public DialOptions withConnectTimeout(Duration timeout) {
        return new DialOptions(timeout, localAddress);
    }
}
