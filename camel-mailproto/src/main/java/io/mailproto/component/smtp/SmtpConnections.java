package io.mailproto.component.smtp;

import io.mailproto.address.Envelope;
import io.mailproto.smtp.client.MessageContent;
import io.mailproto.smtp.client.SmtpClient;
import io.mailproto.smtp.client.SmtpClientOptions;
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
import java.util.concurrent.locks.ReentrantLock;

/**
 * The conversations of one producer: each used by one thread at a time, kept for the next mail for a while. Thread-safe.
 */
final class SmtpConnections implements Closeable {

    private record Idle(SmtpClient client, long since) {}

    private final Dialer dialer;
    private final HostPort server;
    private final SmtpClientOptions options;
    private final int maxIdle;
    private final long idleNanos;

    private final ReentrantLock lock = new ReentrantLock();
    /** The one used last is first. */
    private final Deque<Idle> idle = new ArrayDeque<>();
    private final Set<SmtpClient> busy = new HashSet<>();
    private boolean isClosed;

    SmtpConnections(Dialer dialer, HostPort server, SmtpClientOptions options, int maxIdle, Duration idleTime) {
        this.dialer = dialer;
        this.server = server;
        this.options = options;
        this.maxIdle = maxIdle;
        this.idleNanos = idleTime.toNanos();
    }

    /**
     * Sends one mail over a kept or a new connection.
     *
     * @throws IOException as {@link SmtpClient#open} and {@link SmtpClient#send} do
     */
    TransactionReport send(Envelope envelope, MessageContent content) throws IOException {
        SmtpClient kept = takeIdle();
        if (kept != null) {
            try {
                return transact(kept, envelope, content);
            } catch (ConnectionLost | SmtpRefused e) {
                // The server had given up the connection that was kept. It has seen nothing of this mail, so a new
                // connection is tried at once; that one's failure counts.
                if (kept.isTransactionBegun() || kept.isUsable() || isRealRefusal(e)) {
                    throw e;
                }
            }
        }
        return transact(open(), envelope, content);
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
        throw new IOException(server + ": the producer has been stopped");
    }

    private TransactionReport transact(SmtpClient client, Envelope envelope, MessageContent content)
            throws IOException {
        try {
            return client.send(envelope, content);
        } finally {
            giveBack(client);
        }
    }

    private SmtpClient takeIdle() {
        closeOverdue();
        lock.lock();
        try {
            Idle latest = idle.pollFirst();
            if (latest == null) {
                return null;
            }
            busy.add(latest.client());
            return latest.client();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(SmtpClient client) {
        boolean isKept = false;
        lock.lock();
        try {
            busy.remove(client);
            if (!isClosed && client.isUsable() && idle.size() < maxIdle) {
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
        List<SmtpClient> overdue = new ArrayList<>();
        lock.lock();
        try {
            long now = System.nanoTime();
            while (!idle.isEmpty() && now - idle.peekLast().since() > idleNanos) {
                overdue.add(idle.pollLast().client());
            }
        } finally {
            lock.unlock();
        }
        overdue.forEach(SmtpClient::leave);
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
        } finally {
            lock.unlock();
        }
        kept.forEach(SmtpClient::leave);
        inUse.forEach(client -> client.abort("the producer is stopping"));
    }
}
