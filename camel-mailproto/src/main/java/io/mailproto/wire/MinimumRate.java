package io.mailproto.wire;

import java.time.Duration;

/**
 * How fast a body must move at least, so that a peer that sends an octet a minute is cut off although no single read
 * is late.
 *
 * @param octetsPerSecond at least 1
 * @param grace time before the rate counts; positive
 */
public record MinimumRate(long octetsPerSecond, Duration grace) {

    public MinimumRate {
        if (octetsPerSecond < 1) {
            throw new IllegalArgumentException("minimum rate must be at least 1 octet/s, not " + octetsPerSecond);
        }
        if (grace.isNegative() || grace.isZero()) {
            throw new IllegalArgumentException("grace must be positive, not " + grace);
        }
    }

    /** How long a transfer may have taken that has moved so many octets. */
    long allowedNanos(long octets) {
        double seconds = (double) octets / octetsPerSecond;
        return grace.toNanos() + (long) (seconds * 1e9);
    }
}
