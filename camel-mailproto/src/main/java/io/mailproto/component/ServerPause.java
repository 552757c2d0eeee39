package io.mailproto.component;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How long a server wants to be let alone: what it says, or when it only says that it was too much, a minute and twice as
 * long each time up to 16. Thread-safe.
 */
public final class ServerPause {
    private static final Duration FIRST_GUESS = Duration.ofMinutes(1);
    private static final Duration LAST_GUESS = Duration.ofMinutes(16);

    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private Duration told = Duration.ZERO;
    private Duration guess = FIRST_GUESS;
    private Duration pause = Duration.ZERO;
    private long since;

    /** @param nanoClock as {@link System#nanoTime()} */
    public ServerPause(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** The server has let us in, and says how long to wait before the next time; zero for not at all. */
    public void welcomed(Duration delay) {
        lock.lock();
        try {
            told = delay;
            guess = FIRST_GUESS;
            begin(delay);
        } finally {
            lock.unlock();
        }
    }

    /** We came too early: the time that the server says when it lets us in has to pass, or if it says none, a guess. */
    public void refused() {
        lock.lock();
        try {
            if (told.isZero()) {
                begin(guess);
                guess = guess.compareTo(LAST_GUESS) < 0 ? guess.multipliedBy(2) : guess;
            } else {
                begin(told);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The server does not want us for so long. */
    public void refusedFor(Duration time) {
        lock.lock();
        try {
            begin(time);
        } finally {
            lock.unlock();
        }
    }

    private void begin(Duration time) {
        pause = time;
        since = nanoClock.getAsLong();
    }

    /** How long to stay away; zero if nothing keeps us. */
    public Duration left() {
        lock.lock();
        try {
            Duration left = pause.minusNanos(nanoClock.getAsLong() - since);
            return left.isNegative() ? Duration.ZERO : left;
        } finally {
            lock.unlock();
        }
    }
}
