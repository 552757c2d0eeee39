package io.mailproto.wire;

import io.mailproto.testing.TestWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A socket whose input comes in exactly the segments that a test wants, one for each read, and whose output is kept.
 * After the last segment the stream ends.
 */
public final class FakeSocket extends Socket {
    private final InputStream input;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final List<String> writes = new ArrayList<>();
    private boolean isNoDelay;
    private volatile boolean isClosed;

    private FakeSocket(InputStream input) {
        this.input = input;
    }

    /** A connection that receives these segments. */
    public static Connection receiving(List<byte[]> segments) throws IOException {
        return connection(new FakeSocket(new Segments(segments)));
    }

    /** A connection that receives this text in one segment. */
    public static Connection receiving(String text) throws IOException {
        return receiving(List.of(octets(text)));
    }

    /** A connection that receives a stream as it reads it. */
    public static Connection receiving(InputStream stream) throws IOException {
        return connection(new FakeSocket(stream));
    }

    public static Connection connection(FakeSocket socket) throws IOException {
        Watchdog watchdog = TestWire.watchdog();
        Connection connection = new Connection(new HostPort("peer.example.org", 25), socket, watchdog);
        // Nothing blocks here, and tests make thousands without closing them.
        watchdog.forget(connection);
        return connection;
    }

    /** A socket that receives these segments, to look at what is sent as well. */
    public static FakeSocket of(List<byte[]> segments) {
        return new FakeSocket(new Segments(segments));
    }

    /** A socket that receives this text in one segment, to look at what is sent as well. */
    public static FakeSocket answering(String text) {
        return new FakeSocket(new Segments(List.of(octets(text))));
    }

    /** A socket that receives nothing, to look at what is sent. */
    public static FakeSocket sending() {
        return new FakeSocket(InputStream.nullInputStream());
    }

    /** What has been sent so far. */
    public byte[] sent() {
        return sent.toByteArray();
    }

    /** The same, write by write. */
    public List<String> writes() {
        return writes;
    }

    /** Whether small segments go out at once (TCP_NODELAY). */
    public boolean isNoDelay() {
        return isNoDelay;
    }

    /** One octet for each char. */
    public static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /** All ways to cut an input: whole, octet by octet, and in two at each gap. */
    public static List<List<byte[]>> allWays(byte[] input) {
        List<List<byte[]>> ways = new ArrayList<>();
        ways.add(List.of(input));
        ways.add(singly(input));
        for (int gap = 1; gap < input.length; gap++) {
            ways.add(List.of(Arrays.copyOf(input, gap), Arrays.copyOfRange(input, gap, input.length)));
        }
        return ways;
    }

    public static List<byte[]> singly(byte[] input) {
        List<byte[]> single = new ArrayList<>();
        for (byte octet : input) {
            single.add(new byte[] {octet});
        }
        return single;
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int octet) {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) {
                sent.write(octets, offset, length);
                writes.add(text(Arrays.copyOfRange(octets, offset, offset + length)));
            }
        };
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 25);
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 49152);
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        isNoDelay = on;
    }

    @Override
    public void setKeepAlive(boolean on) {
        // There is no TCP.
    }

    @Override
    public synchronized void setSoTimeout(int timeout) throws SocketException {
        if (timeout <= 0) {
            throw new SocketException("a timeout of " + timeout + " would mean for ever");
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
    }

    @Override
    public boolean isClosed() {
        return isClosed;
    }

    private static final class Segments extends InputStream {
        private final Deque<byte[]> left;

        Segments(List<byte[]> segments) {
            left = new ArrayDeque<>(segments);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("the connection reads into its buffer");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            byte[] segment = left.poll();
            if (segment == null) {
                return -1;
            }
            int count = Math.min(length, segment.length);
            System.arraycopy(segment, 0, buffer, offset, count);
            if (count < segment.length) {
                left.addFirst(Arrays.copyOfRange(segment, count, segment.length));
            }
            return count;
        }
    }
}
