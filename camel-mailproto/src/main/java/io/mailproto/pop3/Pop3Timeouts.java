package io.mailproto.pop3;

import io.mailproto.wire.MinimumRate;
import java.time.Duration;

/**
 * How long to wait for the server.
 *
 * @param reply for the greeting, for TLS and for the status line of every command but {@code QUIT}; also the longest
 *     silence within a listing or a message; positive. {@code PASS} may take a server some time, which opens the
 *     maildrop then
 * @param update for the answer to {@code QUIT}, while the server removes messages (RFC 1939 §6); positive
 * @param body how fast a listing or a message must come
 */
public record Pop3Timeouts(Duration reply, Duration update, MinimumRate body) {
    public Pop3Timeouts {
        requirePositive("reply", reply);
        requirePositive("update", update);
    }

    /** One minute for a reply, five for {@code QUIT}, 100 octets a second after the first minute. */
    public static Pop3Timeouts defaults() {
        return new Pop3Timeouts(
                Duration.ofMinutes(1), Duration.ofMinutes(5), new MinimumRate(100, Duration.ofMinutes(1)));
    }

    /** The same with another time for replies. */
    public Pop3Timeouts withReply(Duration time) {
        return new Pop3Timeouts(time, update, body);
    }

    /** The same with another time for the answer to {@code QUIT}. */
    public Pop3Timeouts withUpdate(Duration time) {
        return new Pop3Timeouts(reply, time, body);
    }

    private static void requirePositive(String name, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(name + " timeout must be positive, not " + time);
        }
    }
}
