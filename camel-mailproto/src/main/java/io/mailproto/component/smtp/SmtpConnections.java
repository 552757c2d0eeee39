package io.mailproto.component.smtp;

import io.mailproto.address.Envelope;
import io.mailproto.smtp.client.BatchResults;
import io.mailproto.smtp.client.DeliveryRequest;
import io.mailproto.smtp.client.MessageContent;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.SmtpClient;
import io.mailproto.smtp.client.SmtpClientOptions;
import io.mailproto.smtp.client.SmtpPhase;
import io.mailproto.smtp.client.SmtpRefused;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.wire.ConnectionLost;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Conversations with one server: each used by one thread at a time, kept for the next mail for a while. Thread-safe. */
final class SmtpConnections implements Closeable {

    /** How often a mail is sent to the rest after a server has hung up at one recipient. */
    private static final int MAX_HANG_UPS = 10;

    /** After a shorter pause nobody asks whether the server is still there. */
    private static final Duration TRUSTED = Duration.ofSeconds(1);

    /**
     * How many, and for how long.
     *
     * @param most at a time; 0 for no limit
     * @param idle kept without a mail
     * @param idleTime for which they are kept
     * @param messages over one connection; 0 for no limit
     * @param patience how long to wait for a connection when all are in use
     */
    record Limits(int most, int idle, Duration idleTime, int messages, Duration patience) {}

    /** Something done with a conversation. */
    @FunctionalInterface
    interface Work<T> {
        T with(SmtpClient client) throws IOException;
    }

    private record Idle(SmtpClient client, long since) {}

    private final Dialer dialer;
    private final HostPort server;
    private final SmtpClientOptions options;
    private final Limits limits;
    private final Semaphore permits;

    private final ReentrantLock lock = new ReentrantLock();
    /** The one used last is first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private final Set<SmtpClient> busy = new HashSet<>();
    private boolean isClosed;
    private ScheduledFuture<?> cleaning;

    SmtpConnections(Dialer dialer, HostPort server, SmtpClientOptions options, Limits limits) {
        this.dialer = dialer;
        this.server = server;
        this.options = options;
        this.limits = limits;
        this.permits = new Semaphore(limits.most() > 0 ? limits.most() : Integer.MAX_VALUE);
    }

    /** Closes now and then what has been idle for too long, until closed. */
    SmtpConnections cleanedBy(ScheduledExecutorService scheduler) {
        if (limits.idle() > 0) {
            long millis = Math.max(1, limits.idleTime().toMillis());
            cleaning = scheduler.scheduleWithFixedDelay(this::closeOverdue, millis, millis, TimeUnit.MILLISECONDS);
        }
        return this;
    }

    /**
     * Sends one mail over a kept or a new connection.
     *
     * @throws IOException as {@link SmtpClient#open} and {@link SmtpClient#send} do, and {@link NoConnection}
     */
    TransactionReport send(Envelope envelope, MessageContent content, DeliveryRequest request) throws IOException {
        TransactionReport refusedBefore = null;
        Envelope rest = envelope;
        for (int hangUps = 0; ; hangUps++) {
            Envelope now = rest;
            try {
                TransactionReport report = use(client -> client.send(now, content, request));
                return refusedBefore == null ? report : refusedBefore.and(report);
            } catch (SmtpRefused refused) {
                TransactionReport report = refused.report().orElse(null);
                if (!isAboutOneRecipient(refused, report) || hangUps == MAX_HANG_UPS) {
                    throw refused;
                }
                // The server has hung up at one recipient. The others, who have not got it, get it without that one.
                rest = now.withRecipients(report.recipients().stream()
                        .filter(result -> !result.isRefused())
                        .map(RecipientResult::recipient)
                        .toList());
                TransactionReport refusals = report.refusals();
                refusedBefore = refusedBefore == null ? refusals : refusedBefore.and(refusals);
            }
        }
    }

    private static boolean isAboutOneRecipient(SmtpRefused refused, TransactionReport report) {
        return refused.phase() == SmtpPhase.RCPT
                && refused.reply().code() == 521
                && report != null
                && !report.refused().isEmpty()
                && report.refused().size() < report.recipients().size();
    }

    /** Sends several mails over one connection, or as few as possible; tells the results. */
    void sendAll(List<Outgoing> mails, BatchResults results) {
        int next = 0;
        while (next < mails.size()) {
            int from = next;
            try {
                next = use(client -> client.sendAll(mails, from, results));
                if (next == from) {
                    // A connection that takes nothing will not take more the next time either.
                    throw new NoConnection(server, "the server has closed it before the first mail");
                }
            } catch (IOException e) {
                for (int i = from; i < mails.size(); i++) {
                    results.failed(i, e);
                }
                return;
            }
        }
    }

    /**
     * Does something over a kept or a new connection.
     *
     * @throws IOException as the work does; and if there is no connection
     */
    <T> T use(Work<T> work) throws IOException {
        acquire();
        try {
            SmtpClient kept = takeIdle();
            if (kept != null) {
                try {
                    return work(kept, work);
                } catch (ConnectionLost | SmtpRefused e) {
                    // The server had given up the connection that was kept. It has seen nothing of this mail, so a new
                    // connection is tried at once; that one's failure counts.
                    if (kept.isTransactionBegun() || kept.isUsable() || isRealRefusal(e)) {
                        throw e;
                    }
                }
            }
            return work(open(), work);
        } finally {
            permits.release();
        }
    }

    private void acquire() throws NoConnection {
        try {
            if (!permits.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new NoConnection(server, "all " + limits.most() + " connections are in use (poolSize)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoConnection(server, "interrupted");
        }
    }

    private static boolean isRealRefusal(IOException e) {
        return e instanceof SmtpRefused refused && !refused.reply().isClosing();
    }

    private SmtpClient open() throws IOException {
        SmtpClient client = SmtpClient.open(dialer, server, options);
        lock.lock();
        try {
            if (!isClosed) {
                busy.add(client);
                return client;
            }
        } finally {
            lock.unlock();
        }
        client.close();
        throw new NoConnection(server, "the producer has been stopped");
    }

    private <T> T work(SmtpClient client, Work<T> work) throws IOException {
        try {
            return work.with(client);
        } finally {
            giveBack(client);
        }
    }

    private SmtpClient takeIdle() {
        closeOverdue();
        while (true) {
            SmtpClient latest;
            lock.lock();
            try {
                Idle first = idle.pollFirst();
                if (first == null) {
                    return null;
                }
                latest = first.client();
                busy.add(latest);
            } finally {
                lock.unlock();
            }
            if (latest.idleTime().compareTo(TRUSTED) < 0 || !latest.isStale()) {
                return latest;
            }
            giveBack(latest);
        }
    }

    private void giveBack(SmtpClient client) {
        boolean isKept = false;
        boolean isWorn = client.isUsedUp() || (limits.messages() > 0 && client.transactions() >= limits.messages());
        lock.lock();
        try {
            busy.remove(client);
            if (!isClosed && !isWorn && client.isUsable() && idle.size() < limits.idle()) {
                idle.addFirst(new Idle(client, System.nanoTime()));
                isKept = true;
            }
        } finally {
            lock.unlock();
        }
        if (!isKept) {
            client.quit();
        }
    }

    /** Closes what has been kept for too long. Called before each mail and now and then; does not block. */
    void closeOverdue() {
        List<SmtpClient> overdue = new ArrayList<>(0);
        lock.lock();
        try {
            long now = System.nanoTime();
            long most = limits.idleTime().toNanos();
            while (!idle.isEmpty() && now - idle.peekLast().since() > most) {
                overdue.add(idle.pollLast().client());
            }
        } finally {
            lock.unlock();
        }
        overdue.forEach(SmtpClient::leave);
    }

    /** How many are open, kept or in use. */
    int size() {
        lock.lock();
        try {
            return idle.size() + busy.size();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all conversations: those kept politely, those in use at once. */
    @Override
    public void close() {
        List<SmtpClient> kept;
        List<SmtpClient> inUse;
        lock.lock();
        try {
            isClosed = true;
            kept = idle.stream().map(Idle::client).toList();
            idle.clear();
            inUse = List.copyOf(busy);
            if (cleaning != null) {
                cleaning.cancel(false);
            }
        } finally {
            lock.unlock();
        }
        kept.forEach(SmtpClient::leave);
        inUse.forEach(client -> client.abort("the producer is stopping"));
    }
}
