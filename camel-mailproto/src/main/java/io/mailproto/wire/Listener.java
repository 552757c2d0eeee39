package io.mailproto.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections and runs a {@link ServerSession} for each, on executors that it is given. Counts connections, in
 * all and per client, and refuses beyond the limits. Thread-safe. {@link #stop} ends gracefully, {@link #close} at once.
 */
public final class Listener implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 100;

    /** Makes sessions of connections. */
    public interface SessionFactory {

        /** A session for a new connection; called on the session's thread; must not block. */
        ServerSession open(Connection connection);

        /** Says in the protocol's words that there are too many connections; must be short. The listener closes it. */
        void refuse(Connection connection, String why);
    }

    private final ServerSocket serverSocket;
    private final ListenOptions options;
    private final Watchdog watchdog;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sessionEnded = lock.newCondition();
    private final Map<Connection, ServerSession> sessions = new ConcurrentHashMap<>();
    /** Counted, but not yet taken by a thread of the session executor; guarded by the lock. */
    private final Set<Connection> waiting = new HashSet<>();

    private final Map<InetAddress, Integer> perClient = new ConcurrentHashMap<>();
    private int open;
    private volatile boolean stopping;

    private Listener(ServerSocket serverSocket, ListenOptions options, Watchdog watchdog) {
        this.serverSocket = serverSocket;
        this.options = options;
        this.watchdog = watchdog;
    }

    /**
     * Binds the address.
     *
     * @throws IOException naming the address, if it is in use or not ours
     */
    public static Listener open(ListenOptions options, Watchdog watchdog) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(options.address(), options.backlog());
            return new Listener(socket, options, watchdog);
        } catch (IOException e) {
            socket.close();
            throw new IOException("cannot listen on " + options.address() + ": " + e.getMessage(), e);
        }
    }

    /** The bound address, with the real port. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) serverSocket.getLocalSocketAddress();
    }

    /** Begins to accept. The executors stay the caller's. */
    public void start(Executor acceptor, Executor sessionExecutor, SessionFactory factory) {
        acceptor.execute(() -> accept(sessionExecutor, factory));
    }

    /** How many connections are open. */
    public int connections() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    private void accept(Executor sessionExecutor, SessionFactory factory) {
        while (!serverSocket.isClosed()) {
            Socket socket;
            try {
                socket = serverSocket.accept();
            } catch (IOException e) {
                if (serverSocket.isClosed()) {
                    return;
                }
                // Out of file descriptors, typically: the next try must wait until a session has ended.
                LOG.warn("{}: accepting a connection failed: {}", localAddress(), e.toString());
                if (!pauseAfterFailure()) {
                    return;
                }
                continue;
            }
            admit(socket, sessionExecutor, factory);
        }
    }

    private boolean pauseAfterFailure() {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(PAUSE_AFTER_FAILURE_MILLIS);
            while (left > 0 && !stopping) {
                left = sessionEnded.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void admit(Socket socket, Executor sessionExecutor, SessionFactory factory) {
        Connection connection;
        try {
            InetSocketAddress remote = (InetSocketAddress) socket.getRemoteSocketAddress();
            HostPort peer = new HostPort(remote.getAddress().getHostAddress(), remote.getPort());
            connection = new Connection(peer, socket, watchdog);
        } catch (IOException e) {
            LOG.debug("{}: a connection was gone before it was served: {}", localAddress(), e.toString());
            closeQuietly(socket);
            return;
        }
        String refusal = enter(connection);
        if (refusal == null) {
            try {
                sessionExecutor.execute(() -> serve(connection, factory));
                return;
            } catch (RejectedExecutionException e) {
                LOG.debug("{}: no thread for {}: {}", localAddress(), connection, e.toString());
                if (!takeOver(connection)) {
                    return;
                }
                leave(connection);
                refusal = "too many connections";
            }
        }
        LOG.debug("{}: refused {}: {}", localAddress(), connection, refusal);
        try {
            factory.refuse(connection, refusal);
        } finally {
            connection.close();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.trace("closing a socket failed", e);
        }
    }

    /** Counts a connection in; returns why it must be refused, or null. */
    private String enter(Connection connection) {
        InetAddress client = connection.remoteAddress().getAddress();
        lock.lock();
        try {
            if (stopping) {
                return "shutting down";
            }
            if (open >= options.maxConnections()) {
                return "too many connections";
            }
            int mine = perClient.getOrDefault(client, 0);
            if (mine >= options.maxConnectionsPerClient()) {
                return "too many connections from your address";
            }
            perClient.put(client, mine + 1);
            open++;
            waiting.add(connection);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a connection out of those that wait; false if {@link #stop} was faster and has ended it. */
    private boolean takeOver(Connection connection) {
        lock.lock();
        try {
            return waiting.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    /** Nobody may ever come for these: the executor can be busy, or shut down before it comes to them. */
    private void endWaiting() {
        List<Connection> ended;
        lock.lock();
        try {
            ended = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        for (Connection connection : ended) {
            connection.abort("shutting down");
            leave(connection);
        }
    }

    private void leave(Connection connection) {
        lock.lock();
        try {
            open--;
            perClient.computeIfPresent(connection.remoteAddress().getAddress(), (a, n) -> n == 1 ? null : n - 1);
            sessionEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void serve(Connection connection, SessionFactory factory) {
        if (!takeOver(connection)) {
            return;
        }
        try {
            ServerSession session = factory.open(connection);
            sessions.put(connection, session);
            if (stopping) {
                session.dismiss("shutting down");
            }
            session.serve();
        } catch (IOException e) {
            LOG.debug("{}: session ended: {}", localAddress(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: session with {} failed", localAddress(), connection, e);
        } finally {
            sessions.remove(connection);
            connection.close();
            leave(connection);
        }
    }

    /**
     * Stops accepting, dismisses the sessions, waits for the busy ones and aborts what is left after the grace. Blocks
     * up to that time and a moment more.
     */
    public void stop(Duration grace) {
        stopAccepting();
        endWaiting();
        sessions.forEach(this::dismiss);
        if (!awaitEnd(grace)) {
            sessions.keySet().forEach(connection -> connection.abort("shutting down"));
            if (!awaitEnd(Duration.ofSeconds(5))) {
                LOG.warn("{}: {} sessions are still working after their connections were cut", localAddress(), open);
            }
        }
    }

    private void dismiss(Connection connection, ServerSession session) {
        try {
            session.dismiss("shutting down");
        } catch (RuntimeException e) {
            // One session's fault must not keep the others from hearing of it.
            LOG.error("{}: dismissing the session with {} failed", localAddress(), connection, e);
            connection.abort("shutting down");
        }
    }

    /** Refuses new connections from now on; those that are open go on. */
    public void stopAccepting() {
        lock.lock();
        try {
            stopping = true;
        } finally {
            lock.unlock();
        }
        try {
            serverSocket.close();
        } catch (IOException e) {
            LOG.debug("{}: closing the server socket failed: {}", localAddress(), e.toString());
        }
    }

    private boolean awaitEnd(Duration time) {
        long left = time.toNanos();
        lock.lock();
        try {
            while (open > 0) {
                if (left <= 0) {
                    return false;
                }
                left = sessionEnded.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
