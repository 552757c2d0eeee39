package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server socket on a free loopback port with a thread for each connection; what the bad peers have in common. */
final class LoopbackServer implements Closeable {
    /** What is done with one connection, on a thread of its own; the socket is closed afterwards. */
    interface Session {
        void serve(Socket socket, LoopbackServer server) throws IOException;
    }

    private final ServerSocket listener;
    private final Session session;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread acceptor;

    LoopbackServer(String name, Session session) throws IOException {
        this.session = session;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        acceptor = run(name + "-" + listener.getLocalPort(), this::accept);
    }

    HostPort address() {
        return new HostPort("127.0.0.1", listener.getLocalPort());
    }

    int connections() {
        return connections.get();
    }

    /** Has this socket closed, too, when the server is. */
    void adopt(Socket socket) throws IOException {
        open.add(socket);
        if (closed.getCount() == 0) {
            socket.close();
        }
    }

    /** Waits so long, or until the server is closed; returns whether it is. */
    boolean awaitClose(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                adopt(socket);
                run("loopback-session-" + socket.getPort(), () -> serve(socket));
            } catch (IOException e) {
                // The listener was closed: nothing more will come.
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            session.serve(socket, this);
        } catch (IOException e) {
            // Bad peers lose connections; that is their work. The other side is what tests look at.
            open.remove(socket);
        } finally {
            open.remove(socket);
        }
    }

    static Thread run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        try {
            // The port is free only when nobody sleeps in accept() any more.
            acceptor.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
