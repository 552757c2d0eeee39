package io.mailproto.testing;

import io.mailproto.testing.Transcript.Entry;
import io.mailproto.testing.Transcript.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Plays one side of a transcript on one connection. Played by one thread; {@link #stop()} may come from any. What goes
 * wrong is an {@link AssertionError} with the line, what came instead, and the lines around it.
 */
final class TranscriptPlayer {
    /** How long the other side may take for a line. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int LONGEST_LINE = 1 << 20;
    private static final int CHUNK = 16 * 1024;

    private final Transcript transcript;
    private final Side self;
    private final Pace pace;
    private final SSLContext tls;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile Socket socket;
    private volatile Entry current;
    private volatile long lastProgress = System.nanoTime();

    TranscriptPlayer(Transcript transcript, Side self, Pace pace, Socket socket, SSLContext tls) throws IOException {
        this.transcript = transcript;
        this.self = self;
        this.pace = pace;
        this.socket = socket;
        this.tls = tls;
        socket.setTcpNoDelay(true);
    }

    /** Plays all lines. Blocks; the connection stays open unless the transcript ends it or something goes wrong. */
    void play() {
        List<Entry> entries = transcript.entries();
        int next = 0;
        try {
            while (next < entries.size()) {
                current = entries.get(next);
                if (current.isSpokenBy(self)) {
                    next = speak(entries, next);
                } else {
                    perform(current);
                    next++;
                }
                lastProgress = System.nanoTime();
            }
        } catch (IOException e) {
            if (mayEndWhileSpeaking(entries, next)) {
                lastProgress = System.nanoTime();
                return;
            }
            AssertionError failure = failure("the connection broke: " + e);
            failure.initCause(e);
            throw failure;
        }
    }

    /** Whether nothing is left but words of ours and the end by the other side: who had enough need not hear them all. */
    private boolean mayEndWhileSpeaking(List<Entry> entries, int from) {
        int next = from;
        while (next < entries.size() && entries.get(next).isSpokenBy(self)) {
            next++;
        }
        return next > from && next == entries.size() - 1 && entries.get(next).kind() == Kind.CLOSED;
    }

    /** Reads on until the other side hangs up; fails if it says anything. To be called when all is played. */
    void listenAfterTheEnd() {
        byte[] rest = new byte[200];
        try {
            socket.setSoTimeout(0);
            int count = socket.getInputStream().read(rest);
            if (count > 0) {
                throw new AssertionError("transcript was over, but then came:\n    "
                        + (self == Side.SERVER ? "C: " : "S: ")
                        + Transcript.escape(Arrays.copyOf(rest, count)));
            }
        } catch (IOException e) {
            // A reset, or our own stop(): the conversation is over either way.
            lastProgress = System.nanoTime();
        }
    }

    /** Whether octets wait that the transcript does not know. Does not block. */
    boolean hasUnexpectedOctets() {
        try {
            return !socket.isClosed() && socket.getInputStream().available() > 0;
        } catch (IOException e) {
            // Closed meanwhile: nothing waits.
            return false;
        }
    }

    /** When something last happened, in the terms of {@link System#nanoTime()}. */
    long lastProgress() {
        return lastProgress;
    }

    /** Where the conversation is, for an error message. */
    String whereabouts() {
        Entry entry = current;
        return entry == null ? "before the first line" : "at\n" + transcript.around(entry.number());
    }

    /** Ends the connection and wakes the thread that plays. */
    void stop() {
        stopped.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone, which is what we want; the other side's view is what tests look at.
            lastProgress = System.nanoTime();
        }
    }

    private int speak(List<Entry> entries, int first) throws IOException {
        ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        int next = first;
        while (next < entries.size() && entries.get(next).isSpokenBy(self)) {
            Entry entry = entries.get(next);
            if (entry.kind() == Kind.OCTETS) {
                if (entry.count() > CHUNK) {
                    send(gathered);
                    current = entry;
                    sendArbitrary(entry.count());
                } else {
                    gathered.writeBytes(arbitrary(0, (int) entry.count()));
                }
            } else {
                gathered.writeBytes(entry.octets());
            }
            next++;
        }
        send(gathered);
        return next;
    }

    private void send(ByteArrayOutputStream gathered) throws IOException {
        byte[] octets = gathered.toByteArray();
        gathered.reset();
        OutputStream out = socket.getOutputStream();
        if (pace == Pace.WHOLE) {
            if (octets.length > 0) {
                out.write(octets);
            }
        } else {
            for (byte octet : octets) {
                out.write(octet);
                out.flush();
                lastProgress = System.nanoTime();
            }
        }
        out.flush();
    }

    /** Much data: always in chunks, at the slow pace of an odd length. */
    private void sendArbitrary(long count) throws IOException {
        int chunk = pace == Pace.WHOLE ? CHUNK : 1021;
        long sent = 0;
        while (sent < count) {
            int length = (int) Math.min(chunk, count - sent);
            socket.getOutputStream().write(arbitrary(sent, length));
            sent += length;
            lastProgress = System.nanoTime();
        }
    }

    /** Letters and a CRLF each 64 octets: harmless in a message body, and the same each time. */
    private static byte[] arbitrary(long from, int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            int column = (int) ((from + i) % 64);
            octets[i] = (byte) (column == 62 ? '\r' : column == 63 ? '\n' : 'a' + column % 26);
        }
        return octets;
    }

    private void perform(Entry entry) throws IOException {
        switch (entry.kind()) {
            case LINE -> hear(entry);
            case PATTERN -> hearPattern(entry);
            case OCTETS -> skip(entry);
            case TLS -> startTls();
            case TLS_REFUSED -> startTlsInVain(entry);
            case WAIT -> pause(entry.pause());
            case CLOSE -> hangUp();
            case CLOSED -> awaitEnd(entry);
            case RESET -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
    }

    private void hear(Entry entry) throws IOException {
        byte[] expected = entry.octets();
        byte[] actual = readLine(entry, expected);
        if (!Arrays.equals(expected, actual)) {
            throw mismatch(entry, actual, "");
        }
        heard.add(new String(actual, 0, actual.length, StandardCharsets.UTF_8).stripTrailing());
    }

    /** True if the other side has said this line. */
    boolean hasHeard(String line) {
        return heard.contains(line);
    }

    private void hearPattern(Entry entry) throws IOException {
        byte[] actual = readLine(entry, new byte[0]);
        String text = new String(actual, 0, actual.length - 2, StandardCharsets.UTF_8);
        if (!entry.pattern().matcher(text).matches()) {
            throw mismatch(entry, actual, "");
        }
    }

    /** Up to the first CRLF; further as long as what came is the beginning of what is expected. */
    private byte[] readLine(Entry entry, byte[] expected) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        boolean isAsExpected = true;
        boolean isAfterCr = false;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            int octet = read(entry, line, end);
            line.write(octet);
            int size = line.size();
            isAsExpected = isAsExpected && size <= expected.length && expected[size - 1] == (byte) octet;
            if (isAsExpected && size == expected.length) {
                return line.toByteArray();
            }
            if (!isAsExpected && isAfterCr && octet == '\n') {
                return line.toByteArray();
            }
            if (size == LONGEST_LINE) {
                throw failure("expected: " + entry.source() + "\n    but came a line without end");
            }
            isAfterCr = octet == '\r';
        }
    }

    private int read(Entry entry, ByteArrayOutputStream soFar, long end) throws IOException {
        int octet;
        try {
            socket.setSoTimeout(millisUntil(end));
            octet = socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            AssertionError failure =
                    mismatch(entry, soFar.toByteArray(), ", and nothing more within " + PATIENCE.toSeconds() + " s");
            failure.initCause(e);
            throw failure;
        } catch (IOException e) {
            AssertionError failure = mismatch(entry, soFar.toByteArray(), ", and then the connection broke: " + e);
            failure.initCause(e);
            throw failure;
        }
        if (octet < 0) {
            throw mismatch(entry, soFar.toByteArray(), ", and then the other side hung up");
        }
        return octet;
    }

    private void skip(Entry entry) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long left = entry.count();
        while (left > 0) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            int count;
            try {
                count = socket.getInputStream().read(chunk, 0, (int) Math.min(chunk.length, left));
            } catch (SocketTimeoutException e) {
                AssertionError failure = failure(
                        left + " of " + entry.count() + " octets did not come within " + PATIENCE.toSeconds() + " s");
                failure.initCause(e);
                throw failure;
            }
            if (count < 0) {
                throw failure("the other side hung up with " + left + " of " + entry.count() + " octets to go");
            }
            left -= count;
            lastProgress = System.nanoTime();
        }
    }

    private void startTls() throws IOException {
        SSLSocket secured = (SSLSocket) tls.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        secured.setUseClientMode(self == Side.CLIENT);
        secured.setSoTimeout((int) PATIENCE.toMillis());
        secured.startHandshake();
        socket = secured;
    }

    private void startTlsInVain(Entry entry) throws IOException {
        try {
            startTls();
        } catch (IOException e) {
            // What the transcript says: the other side broke it off, by an alert or by closing the connection.
            hangUp();
            return;
        }
        throw failure("expected: " + entry.source() + "\n    but the other side completed the handshake");
    }

    private void pause(Duration pause) throws IOException {
        try {
            if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Closing with octets unread makes the kernel send a reset, which may overtake our last line: read them first. */
    private void hangUp() throws IOException {
        if (!socket.isClosed() && !(socket instanceof SSLSocket)) {
            long available = socket.getInputStream().available();
            while (available > 0) {
                available -= socket.getInputStream().skip(available);
            }
        }
        socket.close();
    }

    private void awaitEnd(Entry entry) throws IOException {
        ByteArrayOutputStream came = new ByteArrayOutputStream();
        socket.setSoTimeout((int) PATIENCE.toMillis());
        try {
            int octet = socket.getInputStream().read();
            if (octet >= 0) {
                came.write(octet);
                throw mismatch(entry, came.toByteArray(), "…");
            }
        } catch (SocketTimeoutException e) {
            AssertionError failure = mismatch(entry, came.toByteArray(), " within " + PATIENCE.toSeconds() + " s");
            failure.initCause(e);
            throw failure;
        } catch (IOException e) {
            // Hung up the hard way: a reset, or TLS ended without its closing alert. It is an end.
            lastProgress = System.nanoTime();
        }
    }

    private static int millisUntil(long end) {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
    }

    private AssertionError mismatch(Entry entry, byte[] actual, String more) {
        String came = actual.length == 0 ? "nothing" : other().letter() + ": " + Transcript.escape(actual);
        return failure("expected: " + entry.source() + "\n    but came: " + came + more);
    }

    private AssertionError failure(String what) {
        Entry entry = current;
        int number = entry == null ? 0 : entry.number();
        return new AssertionError(
                "transcript line " + number + ":\n    " + what + "\n  in\n" + transcript.around(number));
    }

    private Side other() {
        return self == Side.CLIENT ? Side.SERVER : Side.CLIENT;
    }
}
