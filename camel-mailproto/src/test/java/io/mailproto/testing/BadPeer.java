package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/**
 * A server that misbehaves on every connection, on a free loopback port, with threads of its own. Faults in the middle
 * of an otherwise good conversation are {@link CuttingProxy}'s work.
 */
public final class BadPeer implements Closeable {
    private static final int GARBAGE = 64 * 1024;

    private final LoopbackServer server;

    private BadPeer(LoopbackServer.Session mischief) throws IOException {
        server = new LoopbackServer("bad-peer", mischief);
    }

    /** Accepts and closes, without a word. */
    public static BadPeer closingAtOnce() throws IOException {
        return new BadPeer((socket, peer) -> {});
    }

    /** Accepts and sends a TCP reset. */
    public static BadPeer resettingAtOnce() throws IOException {
        return new BadPeer((socket, peer) -> socket.setSoLinger(true, 0));
    }

    /** Says the first {@code octets} of a text and closes. */
    public static BadPeer closingAfter(String text, int octets) throws IOException {
        return new BadPeer((socket, peer) -> {
            say(socket, text, octets);
            linger(socket);
        });
    }

    /** Says a text, then sends a TCP reset when the first octet has come back. */
    public static BadPeer resettingAfter(String text) throws IOException {
        return new BadPeer((socket, peer) -> {
            say(socket, text, text.length());
            int octet = socket.getInputStream().read();
            if (octet >= 0) {
                socket.setSoLinger(true, 0);
            }
        });
    }

    /** Accepts and never says anything; reads nothing either, so that writes to it block in the end. */
    public static BadPeer silent() throws IOException {
        return silentAfter("");
    }

    /** Says a text and then nothing more; reads nothing either, so that writes to it block in the end. */
    public static BadPeer silentAfter(String text) throws IOException {
        return new BadPeer((socket, peer) -> {
            say(socket, text, text.length());
            while (!peer.awaitClose(60_000)) {
                if (socket.isClosed()) {
                    return;
                }
            }
        });
    }

    /** Says a text again and again without end, one octet each {@code pause}. */
    public static BadPeer dripping(String text, Duration pause) throws IOException {
        return new BadPeer((socket, peer) -> {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            int i = 0;
            while (!peer.awaitClose(pause.toMillis())) {
                socket.getOutputStream().write(octets[i % octets.length]);
                i++;
            }
        });
    }

    /** Says 64 KiB of binary garbage, the same for the same seed, and closes. */
    public static BadPeer garbage(long seed) throws IOException {
        return garbageAfter("", seed);
    }

    /** Says a text, then binary garbage; for garbage in a later state. */
    public static BadPeer garbageAfter(String text, long seed) throws IOException {
        return new BadPeer((socket, peer) -> {
            say(socket, text, text.length());
            byte[] garbage = new byte[GARBAGE];
            new Random(seed).nextBytes(garbage);
            socket.getOutputStream().write(garbage);
            linger(socket);
        });
    }

    /** Says one line that never ends, as fast as it is read. */
    public static BadPeer endlessLine() throws IOException {
        return new BadPeer((socket, peer) -> {
            byte[] line = "a".repeat(16 * 1024).getBytes(StandardCharsets.US_ASCII);
            while (!peer.awaitClose(0)) {
                socket.getOutputStream().write(line);
            }
        });
    }

    /** Where it listens. */
    public HostPort address() {
        return server.address();
    }

    /** How many connections have come. */
    public int connections() {
        return server.connections();
    }

    private static void say(Socket socket, String text, int octets) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8), 0, octets);
        out.flush();
    }

    /** Closing with octets unread would reset the connection and lose what we said: takes what has come. */
    private static void linger(Socket socket) throws IOException {
        int available = socket.getInputStream().available();
        if (available > 0) {
            socket.getInputStream().skipNBytes(available);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
