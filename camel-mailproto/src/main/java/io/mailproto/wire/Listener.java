package io.mailproto.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final String TOO_MANY = "too many connections";
    private static final Duration PROXY_HEADER = Duration.ofSeconds(10);
    /** At a time; when more have to be refused than that, the others are closed without a word. */
    private static final int MOST_REFUSALS = 16;

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

    private final Map<ClientKey, Integer> perClient = new HashMap<>();
    /** For whom each connection is counted; guarded by the lock, like the counts. */
    private final Map<Connection, ClientKey> clients = new HashMap<>();

    private final ClientRate rate;
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile Executor sessionExecutor;
    private int open;
    private volatile boolean stopping;

    private Listener(ServerSocket serverSocket, ListenOptions options, Watchdog watchdog) {
        this.serverSocket = serverSocket;
        this.options = options;
        this.watchdog = watchdog;
        this.rate = new ClientRate(options.maxConnectionRate());
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
    public void start(Executor acceptor, Executor sessionThreads, SessionFactory factory) {
        sessionExecutor = sessionThreads;
        acceptor.execute(() -> accept(factory));
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

    private void accept(SessionFactory factory) {
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
            admit(socket, factory);
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

    private void admit(Socket socket, SessionFactory factory) {
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
                // On this thread, so without waiting for the client.
                LOG.debug("{}: refused {}: no thread", localAddress(), connection);
                factory.refuse(connection, TOO_MANY);
                connection.close();
                return;
            }
        }
        refuseElsewhere(connection, refusal, factory);
    }

    /** Not on the acceptor's thread: a client that does not listen would keep the others out. */
    private void refuseElsewhere(Connection connection, String why, SessionFactory factory) {
        LOG.debug("{}: refused {}: {}", localAddress(), connection, why);
        if (refusals.incrementAndGet() > MOST_REFUSALS) {
            refusals.decrementAndGet();
            connection.close();
            return;
        }
        try {
            sessionExecutor.execute(() -> {
                try {
                    refuse(connection, why, factory);
                } finally {
                    refusals.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: no thread to refuse {}", localAddress(), connection, e);
            refusals.decrementAndGet();
            connection.close();
        }
    }

    private static void refuse(Connection connection, String why, SessionFactory factory) {
        try {
            factory.refuse(connection, why);
            connection.closeGently();
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
        lock.lock();
        try {
            if (stopping) {
                return "shutting down";
            }
            if (open >= options.maxConnections()) {
                return TOO_MANY;
            }
            String refusal = isProxy(connection) ? null : countClient(connection);
            if (refusal == null) {
                open++;
                waiting.add(connection);
            }
            return refusal;
        } finally {
            lock.unlock();
        }
    }

    private boolean isProxy(Connection connection) {
        return options.proxies().contain(connection.remoteAddress().getAddress());
    }

    /** Under the lock: counts a connection for its client; returns why it must be refused, or null. */
    private String countClient(Connection connection) {
        InetAddress address = connection.remoteAddress().getAddress();
        ClientKey client = ClientKey.of(address);
        int mine = perClient.getOrDefault(client, 0);
        if (mine >= options.maxConnectionsPerClient() || !rate.permits(address)) {
            return "too many connections from your address";
        }
        perClient.put(client, mine + 1);
        clients.put(connection, client);
        return null;
    }

    /** Learns from a proxy who the client is; returns why it must be refused, or null. */
    private String admitBehindProxy(Connection connection) throws WireException {
        connection.within(Deadline.in(PROXY_HEADER), Step.of("reading a PROXY header"));
        Optional<InetSocketAddress> client = ProxyHeader.read(connection);
        if (client.isEmpty()) {
            return null;
        }
        connection.actFor(client.get());
        lock.lock();
        try {
            return countClient(connection);
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
            ClientKey client = clients.remove(connection);
            if (client != null) {
                perClient.computeIfPresent(client, (key, n) -> n == 1 ? null : n - 1);
            }
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
            String refusal = isProxy(connection) ? admitBehindProxy(connection) : null;
            if (refusal != null) {
                LOG.debug("{}: refused {}: {}", localAddress(), connection, refusal);
                refuse(connection, refusal, factory);
                return;
            }
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
            connection.closeGently();
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
        sessions.forEach(this::dismissElsewhere);
        if (!awaitEnd(grace)) {
            sessions.keySet().forEach(connection -> connection.abort("shutting down"));
            if (!awaitEnd(Duration.ofSeconds(5))) {
                LOG.warn("{}: {} sessions are still working after their connections were cut", localAddress(), open);
            }
        }
    }

    /** Each on its own thread: a client that does not listen must not keep the others from hearing of it. */
    private void dismissElsewhere(Connection connection, ServerSession session) {
        try {
            sessionExecutor.execute(() -> dismiss(connection, session));
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: no thread to dismiss {}", localAddress(), connection, e);
            dismiss(connection, session);
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
