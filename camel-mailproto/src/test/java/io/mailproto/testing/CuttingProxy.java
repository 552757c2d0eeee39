package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A relay on a free loopback port in front of a real server. It breaks conversations at a chosen place: after so many
 * octets or lines of one direction. So a conversation can be killed in each of its states:
 *
 * <pre>{@code
 * try (CuttingProxy proxy = CuttingProxy.to(dovecot.imap())) {
 *     converse(proxy.address());                                  // whole, to learn how many lines there are
 *     long lines = proxy.lines(CuttingProxy.Direction.TO_CLIENT);
 *     for (long line = 0; line < lines; line++) {
 *         proxy.breakNext(CuttingProxy.Fault.afterLines(CuttingProxy.Direction.TO_CLIENT, line).closing());
 *         assertThatThrownBy(() -> converse(proxy.address()))...
 *     }
 * }
 * }</pre>
 *
 * Thread-safe. A fault strikes once, on the next connection; others are relayed whole.
 */
public final class CuttingProxy implements Closeable {
    /** Which way octets go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** What happens at the place. */
    public enum Action {
        /** Both connections are closed. */
        CLOSE,
        /** Both connections are reset. */
        RESET,
        /** Nothing more is relayed in this direction; the connections stay open. */
        STALL,
        /** Nothing is relayed in this direction for a while, then all goes on. */
        DELAY
    }

    /**
     * Where and how to break a conversation.
     *
     * @param octets how many octets of the direction pass before; -1 if lines count
     * @param lines how many lines (LFs) of the direction pass before; -1 if octets count
     * @param into how many octets of the following line pass, too
     */
    public record Fault(Direction direction, long octets, long lines, int into, Action action, Duration delay) {
        /** After so many octets of a direction; closes unless told otherwise. */
        public static Fault afterOctets(Direction direction, long octets) {
            return new Fault(direction, octets, -1, 0, Action.CLOSE, Duration.ZERO);
        }

        /** After so many whole lines of a direction; closes unless told otherwise. */
        public static Fault afterLines(Direction direction, long lines) {
            return new Fault(direction, -1, lines, 0, Action.CLOSE, Duration.ZERO);
        }

        /** Within a line, counted from 1, after its first octet. */
        public static Fault inLine(Direction direction, long line) {
            return new Fault(direction, -1, line - 1, 1, Action.CLOSE, Duration.ZERO);
        }

        public Fault closing() {
            return new Fault(direction, octets, lines, into, Action.CLOSE, Duration.ZERO);
        }

        public Fault resetting() {
            return new Fault(direction, octets, lines, into, Action.RESET, Duration.ZERO);
        }

        public Fault stalling() {
            return new Fault(direction, octets, lines, into, Action.STALL, Duration.ZERO);
        }

        public Fault delaying(Duration time) {
            return new Fault(direction, octets, lines, into, Action.DELAY, time);
        }
    }

    private final HostPort target;
    private final LoopbackServer server;
    private final AtomicReference<Fault> next = new AtomicReference<>();
    private final AtomicInteger strikes = new AtomicInteger();
    private final AtomicLong[] octets = {new AtomicLong(), new AtomicLong()};
    private final AtomicLong[] lines = {new AtomicLong(), new AtomicLong()};
    private volatile Duration latency = Duration.ZERO;

    private CuttingProxy(HostPort target) throws IOException {
        this.target = target;
        this.server = new LoopbackServer("cutting-proxy", this::relay);
    }

    /** Relays to a server; breaks nothing at first. */
    public static CuttingProxy to(HostPort server) throws IOException {
        return new CuttingProxy(server);
    }

    /** Where clients connect instead of to the server. */
    public HostPort address() {
        return server.address();
    }

    /** The next connection will suffer this; later ones will not. */
    public void breakNext(Fault fault) {
        next.set(fault);
    }

    /** From now on each chunk of either direction is late by this time; good for commands, not for measuring bodies. */
    public void latency(Duration time) {
        latency = time;
    }

    /** How many connections have come. */
    public int connections() {
        return server.connections();
    }

    /** How many faults have struck. */
    public int strikes() {
        return strikes.get();
    }

    /** Octets relayed in a direction on the connection that came last. */
    public long octets(Direction direction) {
        return octets[direction.ordinal()].get();
    }

    /** Lines relayed in a direction on the connection that came last. */
    public long lines(Direction direction) {
        return lines[direction.ordinal()].get();
    }

    private void relay(Socket client, LoopbackServer peer) throws IOException {
        for (Direction direction : Direction.values()) {
            octets[direction.ordinal()].set(0);
            lines[direction.ordinal()].set(0);
        }
        Fault fault = next.getAndSet(null);
        try (Socket upstream = new Socket(target.host(), target.port())) {
            upstream.setTcpNoDelay(true);
            peer.adopt(upstream);
            Pump there = new Pump(client, upstream, Direction.TO_SERVER, fault);
            Pump back = new Pump(upstream, client, Direction.TO_CLIENT, fault);
            Thread thread = LoopbackServer.run("cutting-proxy-" + client.getPort(), there);
            back.run();
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Pump implements Runnable {
        private final Socket from;
        private final Socket to;
        private final Direction direction;
        private final Fault fault;
        private long passedOctets;
        private long passedLines;
        private int intoLine;
        private boolean isStruck;

        Pump(Socket from, Socket to, Direction direction, Fault fault) {
            this.from = from;
            this.to = to;
            this.direction = direction;
            this.fault = fault != null && fault.direction() == direction ? fault : null;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[16 * 1024];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                if (isHere() && strike()) {
                    return;
                }
                int count = in.read(buffer);
                while (count >= 0) {
                    if (!latency.isZero()) {
                        server.awaitClose(latency.toMillis());
                    }
                    int start = 0;
                    for (int i = 0; i < count; i++) {
                        pass(buffer[i]);
                        if (isHere()) {
                            out.write(buffer, start, i + 1 - start);
                            start = i + 1;
                            if (strike()) {
                                return;
                            }
                        }
                    }
                    out.write(buffer, start, count - start);
                    count = in.read(buffer);
                }
                to.shutdownOutput();
            } catch (IOException e) {
                // One end is gone, so the other goes, too.
                end();
            }
        }

        private void pass(byte octet) {
            passedOctets++;
            intoLine++;
            octets[direction.ordinal()].incrementAndGet();
            if (octet == '\n') {
                passedLines++;
                intoLine = 0;
                lines[direction.ordinal()].incrementAndGet();
            }
        }

        private boolean isHere() {
            if (fault == null || isStruck) {
                return false;
            }
            return fault.octets() >= 0
                    ? passedOctets == fault.octets()
                    : passedLines == fault.lines() && intoLine == fault.into();
        }

        /** Returns whether this direction has ended. */
        private boolean strike() throws IOException {
            isStruck = true;
            strikes.incrementAndGet();
            switch (fault.action()) {
                case CLOSE -> {
                    end();
                    return true;
                }
                case RESET -> {
                    from.setSoLinger(true, 0);
                    to.setSoLinger(true, 0);
                    end();
                    return true;
                }
                case STALL -> {
                    while (!from.isClosed() && !to.isClosed() && !server.awaitClose(50)) {
                        // Octets that come meanwhile stay where they are: writes to us block in the end.
                        continue;
                    }
                    return true;
                }
                case DELAY -> {
                    return server.awaitClose(fault.delay().toMillis());
                }
            }
            throw new AssertionError(fault);
        }

        private void end() {
            try (from;
                    to) {
                isStruck = true;
            } catch (IOException e) {
                // Closed badly is closed.
                isStruck = true;
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
