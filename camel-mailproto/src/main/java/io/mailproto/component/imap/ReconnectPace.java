package io.mailproto.component.imap;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a connection is made again: twice as long each time, by half at random, so that many clients
 * do not come at once to a server that has been restarted. For one thread.
 */
final class ReconnectPace {
    private final Duration first;
    private final Duration last;
    private final RandomGenerator random;
    private Duration next;

    /** @param last longest pause; if it is shorter than the first, it is the first too */
    ReconnectPace(Duration first, Duration last, RandomGenerator random) {
        this.first = first.compareTo(last) < 0 ? first : last;
        this.last = last;
        this.random = random;
        this.next = this.first;
    }

    /** The pause after one more failure. */
    Duration next() {
        long half = next.toNanos() / 2;
        Duration pause = Duration.ofNanos(half + random.nextLong(half + 1));
        next = next.multipliedBy(2).compareTo(last) < 0 ? next.multipliedBy(2) : last;
        return pause;
    }

    /** It works again. */
    void reset() {
        next = first;
    }
}
