package io.mailproto.component;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The mails of one consumer that routes are working on, with those whose settlement came after the session that fetched
 * them had ended. A mail is out from the moment its exchange starts until its settlement has been carried out, its
 * failure is known, or its time is over. Thread-safe.
 */
final class InFlight<K> {

    private static final int MOST_FAILURES = 10_000;

    private final int limit;
    private final long timeoutNanos;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition someLeft = lock.newCondition();
    /** In the order in which they went out. */
    private final LinkedHashMap<K, Trip> out = new LinkedHashMap<>();

    private long trips;

    /** Those of {@link #out} whose route is through and whose settlement counts when the session ends. */
    private final Set<K> awaitingEnd = new HashSet<>();

    /** Those of {@link #out} whose route is through and whose settlement has not been carried out. */
    private final Set<K> settled = new HashSet<>();

    private List<Settlement<K>> late = new ArrayList<>();

    /** Of the mails that failed last: who fails for ever is known long before it drops out. */
    private final Map<K, Integer> failures = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Integer> eldest) {
            return size() > MOST_FAILURES;
        }
    };

    /** One time a mail is out. */
    private record Trip(long number, long since) {}

    InFlight(int limit, Duration timeout, LongSupplier nanoClock) {
        if (limit < 1) {
            throw new IllegalArgumentException("maxInFlight must be at least 1, not " + limit);
        }
        this.limit = limit;
        this.timeoutNanos = timeout.toNanos();
        this.clock = nanoClock;
    }

    /** Waits until one more may go out; false if the time is over first. */
    boolean awaitRoom(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (isFull()) {
                if (left <= 0) {
                    return false;
                }
                left = someLeft.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** True if no more may go out. */
    boolean isFull() {
        lock.lock();
        try {
            // A session that settles at its end would never end if its settled mails kept others from going out.
            return out.size() - awaitingEnd.size() >= limit;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return out.size();
        } finally {
            lock.unlock();
        }
    }

    boolean contains(K key) {
        lock.lock();
        try {
            return out.containsKey(key);
        } finally {
            lock.unlock();
        }
    }

    /** The mail goes out; returns what names this time for {@link #leave(Object, long)}. */
    long enter(K key) {
        lock.lock();
        try {
            trips++;
            out.put(key, new Trip(trips, clock.getAsLong()));
            return trips;
        } finally {
            lock.unlock();
        }
    }

    /** No route works on the mail any more, but it stays out until its session has ended. */
    void awaitEnd(K key) {
        lock.lock();
        try {
            if (out.containsKey(key)) {
                awaitingEnd.add(key);
                someLeft.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The mail is free again; true if it was out. */
    boolean leave(K key) {
        lock.lock();
        try {
            boolean wasOut = out.remove(key) != null;
            awaitingEnd.remove(key);
            settled.remove(key);
            someLeft.signalAll();
            return wasOut;
        } finally {
            lock.unlock();
        }
    }

    /** The mail is free again, unless it has been lost and gone out once more since. */
    void leave(K key, long trip) {
        lock.lock();
        try {
            Trip current = out.get(key);
            if (current != null && current.number() == trip) {
                leave(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Frees those that are out for too long, and returns them. */
    List<K> expire() {
        List<K> expired = new ArrayList<>();
        lock.lock();
        try {
            long now = clock.getAsLong();
            Iterator<Map.Entry<K, Trip>> oldestFirst = out.entrySet().iterator();
            while (oldestFirst.hasNext()) {
                Map.Entry<K, Trip> entry = oldestFirst.next();
                if (now - entry.getValue().since() < timeoutNanos) {
                    break;
                }
                // One with a settlement waits for a connection, or for the end of its session, not for a route.
                if (!settled.contains(entry.getKey()) && !awaitingEnd.contains(entry.getKey())) {
                    expired.add(entry.getKey());
                    oldestFirst.remove();
                }
            }
        } finally {
            lock.unlock();
        }
        return expired;
    }

    /** The route is through with the mail, and a settlement is under way: from now on it cannot be lost. */
    void settled(K key) {
        lock.lock();
        try {
            if (out.containsKey(key)) {
                settled.add(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a settlement for the next session. */
    void addLate(List<Settlement<K>> settlements) {
        lock.lock();
        try {
            late.addAll(settlements);
            settlements.forEach(settlement -> settled(settlement.key()));
        } finally {
            lock.unlock();
        }
    }

    /** Whether settlements wait for the next session. */
    boolean hasLate() {
        lock.lock();
        try {
            return !late.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes what earlier sessions could not settle. */
    List<Settlement<K>> takeLate() {
        lock.lock();
        try {
            List<Settlement<K>> taken = late;
            late = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failed delivery; returns how many there have been. */
    int failed(K key) {
        lock.lock();
        try {
            return failures.merge(key, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    int failures(K key) {
        lock.lock();
        try {
            return failures.getOrDefault(key, 0);
        } finally {
            lock.unlock();
        }
    }

    void succeeded(K key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }
}
