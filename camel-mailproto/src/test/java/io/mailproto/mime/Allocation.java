package io.mailproto.mime;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** How many octets of heap the current thread takes for something; warm-up included once before. */
final class Allocation {

    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    private Allocation() {}

    static long of(Action action) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        action.run();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
