package io.mailproto.component.imap;

import io.mailproto.imap.UidSet;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the changes of one folder to the route and keeps account of what the route is done with, on whatever thread. A change
 * counts only when its exchange has completed; until then, and if it has failed, it is still to be told.
 */
final class ChangeOutlet implements FolderChanges.Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeOutlet.class);

    /** How often to look whether the consumer stops. */
    private static final Duration GLANCE = Duration.ofMillis(200);

    private final ChangePosition position;
    private final Host host;
    private final int maxInFlight;
    private final Duration longest;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Set<MailboxChange> out = new LinkedHashSet<>();
    private boolean hasFailed;
    private boolean isFull;

    /** Who runs the route. */
    interface Host {
        /** May another change be handed on in this poll? */
        boolean takesMore();

        /** Is the consumer stopping? */
        boolean isAway();

        /** Runs the route; tells {@link #completed} in the end, perhaps later. */
        void process(MailboxChange change, ChangeOutlet outlet);

        /** After so many failures a change is given up. */
        boolean givesUp(MailboxChange change, int failures);
    }

    /**
     * @param maxInFlight changes that may be out at a time
     * @param longest how long a route may take
     */
    ChangeOutlet(ChangePosition position, Host host, int maxInFlight, Duration longest) {
        this.position = position;
        this.host = host;
        this.maxInFlight = Math.max(1, maxInFlight);
        this.longest = longest;
    }

    @Override
    public boolean put(MailboxChange change) {
        if (!host.takesMore() || !awaitAtMost(maxInFlight - 1)) {
            return false;
        }
        lock.lock();
        try {
            out.add(change);
        } finally {
            lock.unlock();
        }
        host.process(change, this);
        return true;
    }

    /** The route has ended with it. Any thread. */
    void completed(MailboxChange change, boolean isSuccess) {
        boolean isDone = isSuccess || host.givesUp(change, position.failed(change));
        if (isDone) {
            position.done(change);
        } else if (change.uid() > 0) {
            position.postpone(UidSet.of(change.uid()));
        }
        lock.lock();
        try {
            hasFailed |= !isDone;
            boolean isLate = !out.remove(change);
            changed.signalAll();
            if (isLate && isDone) {
                position.flush();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitAll() {
        boolean isOver = awaitAtMost(0);
        lock.lock();
        try {
            if (!out.isEmpty()) {
                // They may still succeed; until then they are to be told again.
                position.postpone(UidSet.of(out.stream()
                        .mapToLong(MailboxChange::uid)
                        .filter(uid -> uid > 0)
                        .toArray()));
                out.clear();
                hasFailed = true;
            }
            return isOver && !hasFailed;
        } finally {
            lock.unlock();
        }
    }

    /** False if that takes too long or the consumer stops. */
    private boolean awaitAtMost(int most) {
        long end = System.nanoTime() + longest.toNanos();
        lock.lock();
        try {
            while (out.size() > most) {
                if (isFull || host.isAway()) {
                    return false;
                }
                if (System.nanoTime() - end >= 0) {
                    isFull = true;
                    LOG.warn(
                            "{}: {} changes have not been processed within {} ms and are told again. Raise"
                                    + " inFlightTimeout if routes may take longer",
                            position,
                            out.size(),
                            longest.toMillis());
                    return false;
                }
                // What it says does not matter: the loop looks for itself.
                changed.awaitNanos(GLANCE.toNanos());
            }
            return !isFull;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
