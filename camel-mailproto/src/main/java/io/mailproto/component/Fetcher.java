package io.mailproto.component;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the connection while one poll runs: keeps a bounded queue of fetched mails filled, carries out settlements in
 * batches between the windows, and keeps the connection alive. {@link #run} is for its own thread; {@link #awaitListing},
 * {@link #take} and {@link #finish} are for the polling thread; {@link #settle} is for whatever thread a route ends on.
 *
 * <pre>
 *   server ──fetch──► queue ──take──► polling thread ──► route
 *      ▲                                                    │
 *      └────────── batches of settlements ◄────settle───────┘
 * </pre>
 */
final class Fetcher<K> implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    private final Callable<PollSession<K>> opener;
    private final InFlight<K> inFlight;
    private final Limits limits;
    private final int max;
    private final Predicate<K> isExcluded;
    private final Consumer<K> dropped;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final ArrayDeque<Fetched<K>> queue = new ArrayDeque<>();
    private long queuedOctets;
    private List<Settlement<K>> pending = new ArrayList<>();
    private long oldestPending;
    private int listed = -1;
    private boolean fetchingEnded;
    private boolean pollerDone;
    private boolean closedToSettlements;
    private boolean ended;
    /** What this session has fetched. */
    private final Set<K> fetchedHere = new HashSet<>();
    /** Nobody knows whether those are the mails that the server says they are. */
    private boolean inDoubt;

    private Exception failure;

    /** Whether something was handed to the session that is lost if it is cut, as deletions are before their end. */
    private volatile boolean holdsSettlements;

    private volatile boolean isFetching;

    private volatile PollSession<K> session;
    private volatile String abortReason;

    /**
     * How much a fetcher holds and how long it waits.
     *
     * @param queuedMails most mails that wait for the route
     * @param queuedOctets no further window is asked for while more octets wait
     * @param settlementBatch settlements that are carried out in one go
     * @param settlementDelay longest time a settlement waits for others; none waits while as many mails are out as may be
     * @param keepAlive how often an idle connection says something
     */
    record Limits(
            int queuedMails, long queuedOctets, int settlementBatch, Duration settlementDelay, Duration keepAlive) {

        static Limits defaults() {
            return new Limits(512, 16L << 20, 256, Duration.ofSeconds(1), Duration.ofSeconds(30));
        }
    }

    /**
     * @param dropped is told of each mail that was settled and is to come again, because the session is in doubt about
     *     what it has fetched; any thread
     */
    Fetcher(
            Callable<PollSession<K>> opener,
            InFlight<K> inFlight,
            Limits limits,
            int max,
            Predicate<K> isExcluded,
            Consumer<K> dropped) {
        this.dropped = dropped;
        this.opener = opener;
        this.inFlight = inFlight;
        this.limits = limits;
        this.max = max;
        this.isExcluded = isExcluded;
    }

    // ---- the fetcher's own thread

    @Override
    public void run() {
        List<Settlement<K>> unsettled = new ArrayList<>();
        try {
            PollSession<K> opened = opener.call();
            session = opened;
            if (abortReason != null) {
                opened.abort(abortReason);
            }
            converse(opened, unsettled);
        } catch (Exception e) {
            fail(e, unsettled);
        } catch (Error e) {
            // The polling thread waits for this one and must learn of it, and the settlements must not be lost.
            fail(new IllegalStateException("the poll broke down: " + e, e), unsettled);
        } finally {
            lock.lock();
            try {
                ended = true;
                fetchingEnded = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * @param unsettled what was handed to the session and does not count yet
     */
    private void converse(PollSession<K> opened, List<Settlement<K>> unsettled) throws IOException {
        settleNow(opened, inFlight.takeLate(), unsettled);
        isFetching = true;
        List<K> keys = max > 0 ? opened.candidates(max, isExcluded) : List.of();
        isFetching = false;
        lock.lock();
        try {
            listed = keys.size();
            fetchingEnded = keys.isEmpty();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        int next = 0;
        while (true) {
            Work work = nextWork(next < keys.size());
            switch (work.kind()) {
                case SETTLE -> settleNow(opened, takePending(), unsettled);
                case FETCH -> {
                    List<K> rest = keys.subList(next, keys.size());
                    int size = Math.max(1, Math.min(opened.windowSize(rest, work.room()), rest.size()));
                    isFetching = true;
                    opened.fetch(rest.subList(0, size), this::enqueue);
                    isFetching = false;
                    next += size;
                    if (next == keys.size()) {
                        endFetching();
                    }
                }
                case KEEP_ALIVE -> opened.keepAlive();
                case END -> {
                    end(opened, unsettled);
                    return;
                }
            }
        }
    }

    private enum Kind {
        SETTLE,
        FETCH,
        KEEP_ALIVE,
        END
    }

    private record Work(Kind kind, int room) {}

    /** Waits until there is something to do on the connection. */
    private Work nextWork(boolean hasMore) throws IOException {
        lock.lock();
        try {
            long idleUntil = System.nanoTime() + limits.keepAlive().toNanos();
            while (true) {
                boolean wantsMore = hasMore && !pollerDone;
                long now = System.nanoTime();
                long settleIn = oldestPending + limits.settlementDelay().toNanos() - now;
                if (!pending.isEmpty()
                        && (pollerDone
                                || pending.size() >= limits.settlementBatch()
                                || settleIn <= 0
                                || inFlight.isFull())) {
                    return new Work(Kind.SETTLE, 0);
                }
                if (wantsMore && hasRoom()) {
                    return new Work(Kind.FETCH, limits.queuedMails() - queue.size());
                }
                if (pollerDone && pending.isEmpty()) {
                    closedToSettlements = true;
                    return new Work(Kind.END, 0);
                }
                if (now - idleUntil >= 0) {
                    return new Work(Kind.KEEP_ALIVE, 0);
                }
                long wait = idleUntil - now;
                changed.awaitNanos(pending.isEmpty() ? wait : Math.min(wait, settleIn));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the route worked", e);
        } finally {
            lock.unlock();
        }
    }

    /** Half empty first: asking for every single mail that fits would make windows of one. Under the lock. */
    private boolean hasRoom() {
        return queuedOctets < limits.queuedOctets()
                && limits.queuedMails() - queue.size() >= (limits.queuedMails() + 1) / 2;
    }

    private void endFetching() {
        lock.lock();
        try {
            fetchingEnded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Fetched<K> fetched) {
        lock.lock();
        try {
            queue.add(fetched);
            fetchedHere.add(fetched.key());
            queuedOctets += fetched.octets();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<Settlement<K>> takePending() {
        lock.lock();
        try {
            List<Settlement<K>> taken = pending;
            pending = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void settleNow(PollSession<K> opened, List<Settlement<K>> batch, List<Settlement<K>> unsettled)
            throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        int before = unsettled.size();
        unsettled.addAll(batch);
        holdsSettlements = true;
        opened.settle(batch);
        if (opened.settlesAtEnd()) {
            batch.forEach(settlement -> inFlight.awaitEnd(settlement.key()));
        } else {
            unsettled.subList(before, unsettled.size()).clear();
            holdsSettlements = !unsettled.isEmpty();
            forget(batch);
            batch.forEach(settlement -> inFlight.leave(settlement.key()));
        }
    }

    /** Of these there is no doubt any more; and nothing is to grow with the number of mails in a poll. */
    private void forget(List<Settlement<K>> done) {
        lock.lock();
        try {
            done.forEach(settlement -> fetchedHere.remove(settlement.key()));
        } finally {
            lock.unlock();
        }
    }

    private void end(PollSession<K> opened, List<Settlement<K>> unsettled) throws IOException {
        try {
            opened.end();
        } catch (IOException e) {
            if (opened.settlesAtEnd()) {
                // Whether the server took them is unknown; it will list those again that it did not.
                unsettled.forEach(settlement -> inFlight.leave(settlement.key()));
                unsettled.clear();
            }
            throw e;
        }
        unsettled.forEach(settlement -> inFlight.leave(settlement.key()));
        unsettled.clear();
    }

    private void fail(Exception e, List<Settlement<K>> unsettled) {
        PollSession<K> broken = session;
        List<Settlement<K>> kept = new ArrayList<>();
        List<K> again = new ArrayList<>();
        lock.lock();
        try {
            failure = e;
            inDoubt = broken != null && broken.endsInDoubt(e);
            closedToSettlements = true;
            unsettled.addAll(pending);
            pending = new ArrayList<>();
            for (Settlement<K> settlement : unsettled) {
                if (inDoubt && fetchedHere.contains(settlement.key())) {
                    again.add(settlement.key());
                } else {
                    kept.add(settlement);
                }
            }
        } finally {
            lock.unlock();
        }
        // The routes have done their work: the next session will settle it.
        inFlight.addLate(kept);
        again.forEach(dropped);
        LOG.debug("poll failed, {} settlements are left to the next one, {} are dropped", kept.size(), again.size(), e);
        if (broken != null) {
            try {
                broken.abort("the poll failed: " + e.getMessage());
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
        }
    }

    // ---- the polling thread

    /** Waits until it is known how many mails there are to fetch; false if the session ended before, see {@link #finish}. */
    boolean awaitListing() throws InterruptedException {
        lock.lock();
        try {
            while (listed < 0 && !ended) {
                changed.await();
            }
            return listed >= 0;
        } finally {
            lock.unlock();
        }
    }

    /** How many mails there are to fetch. */
    int listed() {
        lock.lock();
        try {
            return listed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next mail; empty when there will be none. */
    Optional<Fetched<K>> take() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !fetchingEnded) {
                changed.await();
            }
            boolean hadRoom = hasRoom();
            Fetched<K> next = queue.poll();
            if (next == null) {
                return Optional.empty();
            }
            queuedOctets -= next.octets();
            if (!hadRoom && hasRoom()) {
                // Not for each mail: the fetcher would wake up for nothing, time and again.
                changed.signalAll();
            }
            return Optional.of(next);
        } finally {
            lock.unlock();
        }
    }

    /** As many mails are out as may be: settlements that wait for others are to be carried out now, to make room. */
    void hurry() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says that no more mails will be taken, waits for the session's end and gives back what stopped it. Mails that were
     * fetched and not taken are forgotten; they are untouched on the server.
     */
    Optional<Exception> finish() throws InterruptedException {
        lock.lock();
        try {
            pollerDone = true;
            changed.signalAll();
            while (!ended) {
                changed.await();
            }
            queue.forEach(
                    fetched -> fetched.mail().ifPresent(mail -> mail.octets().release()));
            queue.clear();
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    // ---- any thread

    /** Says that no mails will be taken, without waiting for the session's end. */
    void dismiss() {
        lock.lock();
        try {
            pollerDone = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What stopped the session; empty also while it goes on. */
    Optional<Exception> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /** Whether this session has fetched the mail and may have taken it for another one. */
    boolean isInDoubtAbout(K key) {
        lock.lock();
        try {
            return inDoubt && fetchedHere.contains(key);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a settlement if the session can still carry it out; otherwise (false) the next session will. */
    boolean settle(Settlement<K> settlement) {
        inFlight.settled(settlement.key());
        boolean isDropped;
        lock.lock();
        try {
            isDropped = inDoubt && fetchedHere.contains(settlement.key());
            if (!closedToSettlements) {
                if (pending.isEmpty()) {
                    oldestPending = System.nanoTime();
                }
                pending.add(settlement);
                if (pending.size() == 1 || pending.size() == limits.settlementBatch() || inFlight.isFull()) {
                    changed.signalAll();
                }
                return true;
            }
        } finally {
            lock.unlock();
        }
        if (isDropped) {
            dropped.accept(settlement.key());
            return true;
        }
        inFlight.addLate(List.of(settlement));
        return false;
    }

    /** Waits for the session's end; false if the time is over first. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (!ended) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the session waits for mails that nobody will take once the consumer stops, and nothing else is lost by a cut. */
    boolean isFetchingInVain() {
        return isFetching && !holdsSettlements;
    }

    /** Whether more than time is lost if the session is cut now. */
    boolean holdsSettlements() {
        return holdsSettlements;
    }

    /** Cuts the session, when Camel stops by force. */
    void abort(String reason) {
        abortReason = reason;
        dismiss();
        PollSession<K> opened = session;
        if (opened != null) {
            opened.abort(reason);
        }
    }
}
