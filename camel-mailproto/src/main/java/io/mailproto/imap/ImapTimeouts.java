package io.mailproto.imap;

import io.mailproto.wire.MinimumRate;
import java.time.Duration;

/**
 * How long to wait for a server. All positive.
 *
 * @param greeting from the connection to the greeting; also for a TLS handshake
 * @param answer longest silence while a command runs: from one response, or one piece of a literal, to the next
 * @param farewell for the answer to LOGOUT
 * @param bodyRate how fast the octets of a message must come at least
 */
public record ImapTimeouts(Duration greeting, Duration answer, Duration farewell, MinimumRate bodyRate) {
    public ImapTimeouts {
        for (Duration timeout : new Duration[] {greeting, answer, farewell}) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("a timeout must be positive, not " + timeout);
            }
        }
    }

    /** A minute for the greeting, two for an answer, five seconds for the farewell, 256 octets/s after a minute. */
    public static ImapTimeouts defaults() {
        return new ImapTimeouts(
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                Duration.ofSeconds(5),
                new MinimumRate(256, Duration.ofMinutes(1)));
    }

    /** The same with another longest silence. */
    public ImapTimeouts withAnswer(Duration silence) {
        return new ImapTimeouts(greeting, silence, farewell, bodyRate);
    }

    /** The same with another time for the greeting. */
    public ImapTimeouts withGreeting(Duration time) {
        return new ImapTimeouts(time, answer, farewell, bodyRate);
    }
}
