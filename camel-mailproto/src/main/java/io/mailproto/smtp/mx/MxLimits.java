package io.mailproto.smtp.mx;

import java.time.Duration;

/**
 * How far the DNS of a domain can lead, since strangers write it.
 *
 * @param hosts of a domain, the best ones; at least 1
 * @param addresses of a host; at least 1
 * @param attempts connections for one domain; at least 1
 * @param time after which no further host is tried, for all domains of a mail; positive
 */
public record MxLimits(int hosts, int addresses, int attempts, Duration time) {

    public MxLimits {
        if (hosts < 1 || addresses < 1 || attempts < 1 || time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("limits of delivery must be positive: " + hosts + " hosts, " + addresses
                    + " addresses, " + attempts + " attempts, " + time);
        }
    }
}
