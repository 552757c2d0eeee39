package io.mailproto.wire;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The end of a step's time. {@link #in} covers the whole step; {@link #perProgress} starts again whenever octets have
 * moved, for bodies, and wants a {@link MinimumRate} beside it. Thread-safe.
 */
public final class Deadline {

    /** As good as for ever, and far from the end of a long. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final long budgetNanos;
    private final boolean renewing;
    private final LongSupplier clock;
    private volatile long start;

    private Deadline(Duration budget, boolean renewing, LongSupplier clock) {
        if (budget.isNegative() || budget.isZero()) {
            throw new IllegalArgumentException("a deadline needs a positive time, not " + budget);
        }
        this.budgetNanos = budget.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : budget.toNanos();
        this.renewing = renewing;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** From now on, once. */
    public static Deadline in(Duration budget) {
        return new Deadline(budget, false, System::nanoTime);
    }

    /** As {@link #in(Duration)}, by another clock of nanoseconds; for tests. */
    public static Deadline in(Duration budget, LongSupplier nanoClock) {
        return new Deadline(budget, false, nanoClock);
    }

    /** From now on, and again from every read or write that moved octets. */
    public static Deadline perProgress(Duration budget) {
        return new Deadline(budget, true, System::nanoTime);
    }

    /** What is left; zero when it is over. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    public boolean isOver() {
        return remainingNanos() <= 0;
    }

    /** The time it was made with. */
    public Duration budget() {
        return Duration.ofNanos(budgetNanos);
    }

    long remainingNanos() {
        return budgetNanos - (clock.getAsLong() - start);
    }

    void progressed() {
        if (renewing) {
            start = clock.getAsLong();
        }
    }

    @Override
    public String toString() {
        return Durations.inWords(budget());
    }
}
