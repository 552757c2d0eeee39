package io.mailproto.smtp.server;

import io.mailproto.wire.MinimumRate;
import java.time.Duration;

/**
 * How long a server waits.
 *
 * @param command for the next command, whole, from its first octet or without any; RFC 5321 §4.5.3.2.7 wants five
 *     minutes at least
 * @param handshake for a TLS handshake
 * @param message for a whole message
 * @param minimumRate how fast a message must come in the meantime, so that nobody holds a session with an octet a minute
 */
public record ServerTimeouts(Duration command, Duration handshake, Duration message, MinimumRate minimumRate) {

    /** Five minutes, one minute, one hour, 500 octets a second after a grace of a minute. */
    public static final ServerTimeouts DEFAULTS = new ServerTimeouts(
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            new MinimumRate(500, Duration.ofMinutes(1)));

    public ServerTimeouts {
        if (command.isNegative() || command.isZero() || handshake.isNegative() || handshake.isZero()) {
            throw new IllegalArgumentException("the time for commands and handshakes must be positive");
        }
        if (message.isNegative() || message.isZero()) {
            throw new IllegalArgumentException("the time for messages must be positive");
        }
    }
}
