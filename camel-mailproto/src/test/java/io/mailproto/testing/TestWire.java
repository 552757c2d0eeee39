package io.mailproto.testing;

import io.mailproto.wire.DialOptions;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.Watchdog;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * What protocol classes are given in production by the application: a dialer, a watchdog and threads. One of each for
 * the whole test JVM, on daemon threads; nobody needs to close them.
 */
public final class TestWire {
    private static final ScheduledExecutorService ROUNDS =
            Executors.newSingleThreadScheduledExecutor(daemons("test-watchdog"));
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(daemons("test-worker"));
    private static final Watchdog WATCHDOG = new Watchdog(ROUNDS);
    private static final Dialer DIALER =
            new Dialer(DialOptions.defaults().withConnectTimeout(Duration.ofSeconds(5)), WATCHDOG);

    private TestWire() {}

    /** Connects within five seconds, or fails. */
    public static Dialer dialer() {
        return DIALER;
    }

    /** Guards the connections of {@link #dialer()}; listeners may share it. */
    public static Watchdog watchdog() {
        return WATCHDOG;
    }

    /** As many threads as asked for; not to be shut down. */
    public static ExecutorService executor() {
        return THREADS;
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
