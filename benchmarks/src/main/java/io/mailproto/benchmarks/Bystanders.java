package io.mailproto.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads in this process that serve the measurement and are not measured: those of the sink and of the delaying
 * proxy. Their CPU time and allocations are taken out of the figures. Thread-safe.
 */
final class Bystanders {
    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Set<Long> running = ConcurrentHashMap.newKeySet();
    private final AtomicLong cpuOfEnded = new AtomicLong();

    /** Runs {@code task} on a new daemon thread that counts as a bystander. */
    void start(String name, Runnable task) {
        Thread thread = new Thread(() -> run(task), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Runnable task) {
        long id = Thread.currentThread().getId();
        running.add(id);
        try {
            task.run();
        } finally {
            running.remove(id);
            cpuOfEnded.addAndGet(threads.getThreadCpuTime(id));
        }
    }

    boolean contains(long threadId) {
        return running.contains(threadId);
    }

    /** Nanoseconds of CPU that all bystanders have used so far. */
    long cpuNanos() {
        long sum = cpuOfEnded.get();
        for (long id : running) {
            sum += Math.max(0, threads.getThreadCpuTime(id));
        }
        return sum;
    }
}
