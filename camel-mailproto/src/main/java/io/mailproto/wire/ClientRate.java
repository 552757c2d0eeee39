package io.mailproto.wire;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How often each client may do something within a minute, counted anew from minute to minute. An IPv6 client is its /64
 * network. Thread-safe; memory is bounded: when very many clients come within a minute, the last of them go uncounted.
 */
public final class ClientRate {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_CLIENTS = 50_000;

    private final int perMinute;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClientKey, Integer> counts = new HashMap<>();
    private long start;

    /** @param perMinute 0 for no limit */
    public ClientRate(int perMinute) {
        this(perMinute, System::nanoTime);
    }

    /** As the other, by another clock of nanoseconds; for tests. */
    public ClientRate(int perMinute, LongSupplier nanoClock) {
        if (perMinute < 0) {
            throw new IllegalArgumentException("a rate must be 0 (no limit) or more: " + perMinute);
        }
        this.perMinute = perMinute;
        this.clock = nanoClock;
        this.start = nanoClock.getAsLong();
    }

    /** Counts once more for a client; false if that is too often. */
    public boolean permits(InetAddress client) {
        if (perMinute == 0) {
            return true;
        }
        ClientKey key = ClientKey.of(client);
        lock.lock();
        try {
            long now = clock.getAsLong();
            if (now - start >= MINUTE) {
                counts.clear();
                start = now;
            }
            if (counts.size() >= MOST_CLIENTS && !counts.containsKey(key)) {
                return true;
            }
            return counts.merge(key, 1, Integer::sum) <= perMinute;
        } finally {
            lock.unlock();
        }
    }
}
