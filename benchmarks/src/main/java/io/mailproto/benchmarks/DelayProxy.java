package io.mailproto.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP relay that makes the peer look far away: whatever one side writes reaches the other half a round trip later.
 * There is no loss and no slow start, and the handshake of TCP itself is not delayed. It also counts turns, the
 * changes of direction seen from the client, which is what costs round trips.
 *
 * <p>Close it to end the listener and cut all connections.
 */
final class DelayProxy implements Closeable {
    private static final int MOST_IN_FLIGHT = 4096;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final long delayNanos;
    private final Bystanders bystanders;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong turns = new AtomicLong();

    private DelayProxy(ServerSocket listener, InetSocketAddress target, Duration roundTrip, Bystanders bystanders) {
        this.listener = listener;
        this.target = target;
        this.delayNanos = roundTrip.toNanos() / 2;
        this.bystanders = bystanders;
    }

    /** Opens a relay to {@code target} on a free port of the loopback interface. */
    static DelayProxy open(InetSocketAddress target, Duration roundTrip, Bystanders bystanders) throws IOException {
        ServerSocket listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        DelayProxy proxy = new DelayProxy(listener, target, roundTrip, bystanders);
        bystanders.start("proxy-acceptor", proxy::accept);
        return proxy;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** How often a client wrote after the server had, since the proxy was opened. */
    long turns() {
        return turns.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            Socket client = null;
            try {
                client = listener.accept();
                Socket server = new Socket(target.getAddress(), target.getPort());
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                Turns counter = new Turns();
                relay(client, server, counter::clientSpoke);
                relay(server, client, counter::serverSpoke);
            } catch (IOException closedOrTargetDown) {
                // Closed: the loop ends. Target down: the client learns it by losing its connection.
                closeQuietly(client);
            }
        }
    }

    private void relay(Socket from, Socket to, Runnable spoke) {
        BlockingQueue<Chunk> inFlight = new LinkedBlockingQueue<>(MOST_IN_FLIGHT);
        bystanders.start("proxy-reader", () -> read(from, inFlight, spoke));
        bystanders.start("proxy-writer", () -> write(inFlight, from, to));
    }

    private void read(Socket from, BlockingQueue<Chunk> inFlight, Runnable spoke) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            int n = in.read(buffer);
            while (n >= 0) {
                spoke.run();
                inFlight.put(new Chunk(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, n)));
                n = in.read(buffer);
            }
            inFlight.put(new Chunk(System.nanoTime() + delayNanos, null));
        } catch (IOException cut) {
            inFlight.offer(new Chunk(System.nanoTime() + delayNanos, null)); // the end travels like data
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(BlockingQueue<Chunk> inFlight, Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            Chunk chunk = take(inFlight);
            while (chunk.octets() != null) {
                out.write(chunk.octets());
                chunk = take(inFlight);
            }
            to.shutdownOutput();
        } catch (IOException cut) {
            // One side is gone; so is the other then.
            closeQuietly(from);
            closeQuietly(to);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static Chunk take(BlockingQueue<Chunk> inFlight) throws InterruptedException {
        Chunk chunk = inFlight.take();
        long wait = chunk.dueNanos() - System.nanoTime();
        while (wait > 0) {
            LockSupport.parkNanos(wait);
            wait = chunk.dueNanos() - System.nanoTime();
        }
        return chunk;
    }

    private void closeQuietly(Socket socket) {
        if (socket == null) {
            return;
        }
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException nothingLeftToSave) {
            // The socket is given up either way.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            closeQuietly(socket);
        }
    }

    /** Octets on their way; {@code octets} is null for the end of the stream. */
    private record Chunk(long dueNanos, byte[] octets) {}

    /** Counts the changes of direction of one connection. */
    private final class Turns {
        private volatile boolean clientsTurn = true;

        private void clientSpoke() {
            if (clientsTurn) {
                clientsTurn = false;
                turns.incrementAndGet();
            }
        }

        private void serverSpoke() {
            clientsTurn = true;
        }
    }
}
