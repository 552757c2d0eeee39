package io.mailproto.wire;

import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes the sockets of connections whose write or TLS handshake is overdue, because blocking writes have no timeout of
 * their own in Java, and of those whose reads it guards. One per application is enough. Looks around four times a second,
 * so what it guards ends up to a quarter of a second late.
 */
public final class Watchdog implements Closeable {

    private static final long ROUND_MILLIS = 250;

    private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
    private final ScheduledFuture<?> rounds;
    private volatile boolean isRunning = true;

    /** Starts its rounds; the executor stays the caller's and is not shut down by {@link #close()}. */
    public Watchdog(ScheduledExecutorService executor) {
        rounds = executor.scheduleWithFixedDelay(this::lookAround, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void lookAround() {
        long now = System.nanoTime();
        for (Connection connection : watched) {
            connection.abortIfOverdue(now);
        }
    }

    void watch(Connection connection) {
        watched.add(connection);
    }

    void forget(Connection connection) {
        watched.remove(connection);
    }

    /** How many connections are open. */
    public int connections() {
        return watched.size();
    }

    boolean isRunning() {
        return isRunning;
    }

    /**
     * Ends the rounds. Connections stay open but their writes are unguarded from now on; those that wait for octets without a
     * time limit of their own are aborted.
     */
    @Override
    public void close() {
        isRunning = false;
        rounds.cancel(false);
        watched.forEach(Connection::watchdogStops);
    }
}
