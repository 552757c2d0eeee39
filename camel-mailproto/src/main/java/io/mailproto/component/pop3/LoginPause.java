package io.mailproto.component.pop3;

import io.mailproto.pop3.Pop3Refused;
import io.mailproto.pop3.Pop3ResponseCode;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How long a server wants to be let alone between two logins: what its {@code LOGIN-DELAY} says (RFC 2449 §6.5), or after
 * a refusal with {@code [LOGIN-DELAY]} from one that says no number, a minute and twice as long each time up to 16.
 * Thread-safe.
 */
final class LoginPause {
    private static final Duration FIRST_GUESS = Duration.ofMinutes(1);
    private static final Duration LAST_GUESS = Duration.ofMinutes(16);

    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private Duration told = Duration.ZERO;
    private Duration guess = FIRST_GUESS;
    private Duration pause = Duration.ZERO;
    private long since;

    LoginPause(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** A login has succeeded, and the server says how long to wait for the next one; zero for not at all. */
    void loggedIn(Duration delay) {
        lock.lock();
        try {
            told = delay;
            guess = FIRST_GUESS;
            begin(delay);
        } finally {
            lock.unlock();
        }
    }

    /** A login was refused. */
    void refused(Pop3Refused why) {
        if (why.responseCode().orElse(null) != Pop3ResponseCode.LOGIN_DELAY) {
            return;
        }
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

    private void begin(Duration time) {
        pause = time;
        since = nanoClock.getAsLong();
    }

    /** How long not to log in; zero if nothing keeps us. */
    Duration left() {
        lock.lock();
        try {
            Duration left = pause.minusNanos(nanoClock.getAsLong() - since);
            return left.isNegative() ? Duration.ZERO : left;
        } finally {
            lock.unlock();
        }
    }
}
