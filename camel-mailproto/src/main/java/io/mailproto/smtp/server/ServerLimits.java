package io.mailproto.smtp.server;

import java.time.Duration;

/**
 * How much a server takes.
 *
 * @param maxMessageSize octets, counted after dots are removed and before our Received field; 0 for no limit
 * @param maxRecipients of one message, 1 or more
 * @param maxErrors of one session between two messages, 1 or more; then 421
 * @param errorDelay how much longer each reply takes once half the errors are used up; zero for no delay
 * @param maxAuthFailures of one session, 1 or more; then 421
 * @param maxHops how many Received fields a message may have before it is taken to run in a loop, 1 or more
 * @param maxMessageRate how many transactions one client may begin in a minute, over all its connections; 0 for no limit
 */
public record ServerLimits(
        long maxMessageSize,
        int maxRecipients,
        int maxErrors,
        Duration errorDelay,
        int maxAuthFailures,
        int maxHops,
        int maxMessageRate) {

    /** 50 MiB, 1000 recipients, 20 errors with a growing delay of a second, 3 wrong passwords, 100 hops. */
    public static final ServerLimits DEFAULTS =
            new ServerLimits(50L * 1024 * 1024, 1000, 20, Duration.ofSeconds(1), 3, 100);

    public ServerLimits {
        if (maxMessageSize < 0) {
            throw new IllegalArgumentException("maxMessageSize must be 0 (no limit) or more octets: " + maxMessageSize);
        }
        if (maxRecipients < 1 || maxErrors < 1 || maxAuthFailures < 1 || maxHops < 1) {
            throw new IllegalArgumentException(
                    "maxRecipients, maxErrors, maxAuthFailures and maxHops must be at least 1");
        }
        if (maxMessageRate < 0) {
            throw new IllegalArgumentException("maxMessageRate must be 0 (no limit) or more");
        }
        if (errorDelay.isNegative()) {
            throw new IllegalArgumentException("errorDelay must not be negative");
        }
    }

    /** Without a rate. */
    public ServerLimits(
            long maxMessageSize,
            int maxRecipients,
            int maxErrors,
            Duration errorDelay,
            int maxAuthFailures,
            int maxHops) {
        this(maxMessageSize, maxRecipients, maxErrors, errorDelay, maxAuthFailures, maxHops, 0);
    }

    /** Whether so many octets are more than a message may have. */
    boolean isTooBig(long octets) {
        return maxMessageSize > 0 && octets > maxMessageSize;
    }
}
