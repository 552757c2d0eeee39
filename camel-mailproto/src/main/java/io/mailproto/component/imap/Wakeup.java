package io.mailproto.component.imap;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A wait that another thread can end, also before it has begun. Thread-safe. */
final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isWoken;

    /** Waits for {@link #wake}, at most for this time. */
    void await(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (!isWoken && left > 0) {
                left = changed.awaitNanos(left);
            }
            isWoken = false;
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            isWoken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
