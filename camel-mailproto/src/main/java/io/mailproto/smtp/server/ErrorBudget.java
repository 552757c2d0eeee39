package io.mailproto.smtp.server;

import java.time.Duration;

/**
 * How much nonsense a client may still send before the server loses its patience. Errors count, and beyond a hundred
 * also commands that bring no message nearer (NOOP, RSET, VRFY …), so that nobody holds a session for nothing. A message
 * that is accepted makes up for everything.
 */
final class ErrorBudget {
    private static final int FREE_CHATTER = 100;
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private final int maxErrors;
    private final Duration delay;
    private int errors;
    private int chatter;

    ErrorBudget(ServerLimits limits) {
        this.maxErrors = limits.maxErrors();
        this.delay = limits.errorDelay();
    }

    void error() {
        errors++;
    }

    void chatter() {
        chatter++;
        if (chatter > FREE_CHATTER) {
            errors++;
        }
    }

    void reset() {
        errors = 0;
        chatter = 0;
    }

    boolean isExhausted() {
        return errors > maxErrors;
    }

    /** How long the next reply has to wait: nothing for the first half of the errors, then more with each. */
    Duration delay() {
        Duration wait = delay.multipliedBy(Math.max(0, errors - maxErrors / 2));
        return wait.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : wait;
    }
}
