package io.mailproto.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * Measures a piece of work: wall time, CPU time of the process and octets allocated, without what the
 * {@link Bystanders} used. The CPU time includes the garbage collector and the compiler, as a user pays for them too.
 *
 * <p>Allocations are summed over the threads that live at the end; what a thread allocated that ended within the
 * measurement is lost, so the work must be measured before its pools are shut down.
 */
final class Meter {
    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Bystanders bystanders;

    private long startNanos;
    private long startCpu;
    private long startBystanderCpu;
    private Map<Long, Long> startAllocated = Map.of();

    Meter(Bystanders bystanders) {
        this.bystanders = bystanders;
    }

    /** Collects garbage, then starts the measurement. */
    void start() {
        System.gc(); // so that nobody pays for what the last round left behind
        startAllocated = allocated();
        startBystanderCpu = bystanders.cpuNanos();
        startCpu = system.getProcessCpuTime();
        startNanos = System.nanoTime();
    }

    /** Ends the measurement of work on {@code messages} messages. */
    Sample stop(long messages) {
        long nanos = System.nanoTime() - startNanos;
        long cpu = system.getProcessCpuTime() - startCpu - (bystanders.cpuNanos() - startBystanderCpu);
        long octets = 0;
        for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
            if (!bystanders.contains(thread.getKey())) {
                octets += thread.getValue() - startAllocated.getOrDefault(thread.getKey(), 0L);
            }
        }
        return new Sample(
                messages * 1e9 / nanos, Math.max(0, cpu) / 1e3 / messages, Math.max(0, octets) / (double) messages);
    }

    private Map<Long, Long> allocated() {
        long[] ids = threads.getAllThreadIds();
        long[] octets = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> byThread = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (octets[i] >= 0) { // -1: the thread has just ended
                byThread.put(ids[i], octets[i]);
            }
        }
        return byThread;
    }

    /**
     * The figures of one round.
     *
     * @param perSecond messages per second
     * @param cpuMicros microseconds of CPU per message
     * @param allocated octets allocated per message
     */
    record Sample(double perSecond, double cpuMicros, double allocated) {}
}
