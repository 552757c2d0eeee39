package io.mailproto.component.imap;

import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.IdleEnd;
import io.mailproto.imap.ImapClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Endpoint;
import org.apache.camel.support.ScheduledPollConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a consumer with {@code idle=true} does between two polls: it waits in IDLE on the connection of the last poll, and
 * when that breaks, or a poll has failed, for a while that grows. Whatever ends the wait, a poll follows that searches the
 * folder, so nothing is missed. Where there is no IDLE it waits for the clock. The waiting is done by one thread;
 * {@link #leave}, {@link #stop} and {@link #reconsider} are for others.
 */
final class IdleWatch {
    private static final Logger LOG = LoggerFactory.getLogger(IdleWatch.class);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** A wait that lasts so long was a good one, whatever ended it. */
    private static final Duration GOOD = Duration.ofSeconds(10);

    /** For other routes to finish too, before the server is told of the first. */
    private static final Duration SETTLED_TOGETHER = Duration.ofMillis(500);

    private static final Duration STOP_GRACE = Duration.ofSeconds(2);

    private final Waiter consumer;
    private final Duration delay;
    private final Duration renewal;
    private final ServerHabits habits;
    private final ReconnectPace pace;
    private final Wakeup wakeup = new Wakeup();
    private final AtomicReference<Wait> current = new AtomicReference<>();
    private volatile boolean isStopped;
    private ImapClient refusing;
    private boolean isTold;

    /** Who waits. */
    interface Waiter {
        /** For logs. */
        Endpoint getEndpoint();

        /** Is the consumer stopped or suspended, or about to be? */
        boolean isAway();

        boolean hasPollFailed();

        /** How long the server wants to be let alone. */
        Duration pauseLeft();

        /** Begins a pause if that is what the server wants. */
        void throttled(IOException why);

        /** Has the last poll taken as many as it may, so that there are probably more? */
        boolean mayHaveMore();

        /** Is there something that no news will tell of? */
        boolean mustPollByClock();

        /** Has a route finished something that the server has not been told? */
        boolean hasSettledLate();

        /** The connection between polls, which nobody else has then; null if there is none. */
        KeptConnection takeKept();

        /** Gives a connection back; null is none. */
        void keep(KeptConnection connection);

        void closeKept();

        /** Before waiting, and before {@link #mustPollByClock} is asked. */
        void prepareWaiting(ImapClient client) throws IOException;

        /** Blocks until there is news. */
        IdleEnd idle(ImapClient client, Duration longest) throws IOException;
    }

    /** One wait in IDLE that is going on. */
    private record Wait(ImapClient client, CountDownLatch over) {}

    private enum Outcome {
        POLL,
        RECONSIDER,
        BROKEN,
        IMPOSSIBLE
    }

    /** @param renewal longest time in one IDLE, as configured */
    IdleWatch(Waiter consumer, Duration delay, Duration renewal, ServerHabits habits, ReconnectPace pace) {
        this.consumer = consumer;
        this.delay = delay;
        this.renewal = renewal.compareTo(habits.longestIdle()) < 0 ? renewal : habits.longestIdle();
        this.habits = habits;
        this.pace = pace;
    }

    /** Lets a consumer wait for news between polls; to be called before it starts. */
    static IdleWatch startWith(ScheduledPollConsumer consumer, Waiter waiter, Duration renewal, ServerHabits habits) {
        if (consumer.getScheduler() != null && !(consumer.getScheduler() instanceof IdleScheduler)) {
            throw new IllegalArgumentException(consumer.getEndpoint()
                    + ": idle=true and scheduler are both set; use one, since news decides when to poll");
        }
        Duration delay = Duration.ofNanos(Math.max(1, consumer.getTimeUnit().toNanos(consumer.getDelay())));
        IdleWatch watch = new IdleWatch(waiter, delay, renewal, habits, pace(delay));
        long initial =
                consumer.getInitialDelay() < 0 ? 1000 : consumer.getTimeUnit().toMillis(consumer.getInitialDelay());
        consumer.setScheduler(new IdleScheduler(watch, Duration.ofMillis(initial)));
        return watch;
    }

    /** The pace of a consumer with this delay between polls. */
    static ReconnectPace pace(Duration delay) {
        return new ReconnectPace(FIRST_PAUSE, delay, java.util.random.RandomGenerator.getDefault());
    }

    /** Waits, unless this has been stopped. */
    void pause(Duration time) throws InterruptedException {
        if (!isStopped) {
            wakeup.await(time);
        }
    }

    /** Blocks until it is time for the next poll. */
    void awaitReasonToPoll() throws InterruptedException {
        try {
            do {
                await();
            } while (consumer.isAway() && !isStopped);
        } catch (RuntimeException e) {
            LOG.error("{}: waiting for news broke down, the next poll comes by the clock", consumer.getEndpoint(), e);
            pause(delay);
        }
    }

    private void await() throws InterruptedException {
        if (consumer.isAway()) {
            consumer.closeKept();
            pause(delay);
            return;
        }
        Duration wanted = consumer.pauseLeft();
        if (!wanted.isZero()) {
            pause(wanted);
        } else if (consumer.hasPollFailed()) {
            pause(pace.next());
        } else if (!consumer.mayHaveMore()) {
            awaitNews();
        }
    }

    private void awaitNews() throws InterruptedException {
        Outcome outcome = Outcome.RECONSIDER;
        while (outcome == Outcome.RECONSIDER && !isStopped && !consumer.isAway()) {
            outcome = idle();
        }
        switch (outcome) {
            case BROKEN -> pause(pace.next());
            case IMPOSSIBLE -> {
                pace.reset();
                pause(shorter(delay, habits.longestSilence()));
            }
            case POLL, RECONSIDER -> pace.reset();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Outcome idle() throws InterruptedException {
        KeptConnection kept = consumer.takeKept();
        if (kept == null || kept.selected() == null) {
            consumer.keep(kept);
            return Outcome.IMPOSSIBLE;
        }
        if (!kept.client().canIdle() || kept.client() == refusing) {
            tellOfPolling("does not offer IDLE", null);
            consumer.keep(kept);
            return Outcome.IMPOSSIBLE;
        }
        Wait wait = new Wait(kept.client(), new CountDownLatch(1));
        current.set(wait);
        long start = System.nanoTime();
        try {
            return outcome(idle(kept), start);
        } catch (CommandRefused e) {
            refusing = kept.client();
            consumer.throttled(e);
            tellOfPolling("refuses IDLE", e);
            consumer.keep(kept);
            return Outcome.IMPOSSIBLE;
        } catch (IOException e) {
            kept.client().close();
            consumer.throttled(e);
            if (isStopped || consumer.isAway()) {
                LOG.debug("{}: the connection ended with the consumer", consumer.getEndpoint(), e);
                return Outcome.POLL;
            }
            LOG.info(
                    "{}: the connection broke while it waited for news, a new one is made: {}",
                    consumer.getEndpoint(),
                    e.getMessage());
            forgive(start);
            return Outcome.BROKEN;
        } finally {
            current.set(null);
            if (isStopped || consumer.isAway()) {
                consumer.closeKept();
            }
            wait.over().countDown();
        }
    }

    /** Waits and gives the connection back. */
    private IdleEnd idle(KeptConnection kept) throws IOException {
        if (isStopped || consumer.isAway()) {
            consumer.keep(kept);
            return IdleEnd.WOKEN;
        }
        consumer.prepareWaiting(kept.client());
        boolean mustPollByClock = consumer.mustPollByClock();
        IdleEnd end = consumer.idle(kept.client(), mustPollByClock ? shorter(renewal, delay) : renewal);
        consumer.keep(end == IdleEnd.ENDED_BY_SERVER ? kept : kept.fresh());
        return end;
    }

    private Outcome outcome(IdleEnd end, long start) throws InterruptedException {
        LOG.debug("{}: IDLE ended: {}", consumer.getEndpoint(), end);
        return switch (end) {
            case NEWS, TIME_OVER -> Outcome.POLL;
            case WOKEN -> {
                if (!consumer.hasSettledLate()) {
                    yield Outcome.RECONSIDER;
                }
                pause(SETTLED_TOGETHER);
                yield Outcome.POLL;
            }
            case ENDED_BY_SERVER -> {
                forgive(start);
                yield Outcome.BROKEN;
            }
        };
    }

    private void forgive(long start) {
        if (System.nanoTime() - start >= GOOD.toNanos()) {
            pace.reset();
        }
    }

    private void tellOfPolling(String why, CommandRefused refusal) {
        if (!isTold) {
            isTold = true;
            LOG.info(
                    "{}: the server {}, so the folder is polled every {} ms",
                    consumer.getEndpoint(),
                    why,
                    shorter(delay, habits.longestSilence()).toMillis(),
                    refusal);
        }
    }

    /** What decides how long to wait has changed. Any thread. */
    void reconsider() {
        Wait wait = current.get();
        if (wait != null) {
            wait.client().wake();
        }
    }

    /** Ends what is going on, so that the connection can be closed; at once if the server answers. Any thread. */
    void leave() {
        wakeup.wake();
        Wait wait = current.get();
        if (wait == null) {
            return;
        }
        wait.client().wake();
        try {
            if (!wait.over().await(STOP_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                wait.client().abort("the consumer stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            wait.client().abort("the consumer stops");
        }
    }

    /** {@link #leave} for good. */
    void stop() {
        isStopped = true;
        leave();
    }

    /** No wait will follow: nothing is to keep the connection open any more. */
    void ended() {
        consumer.closeKept();
    }
}
