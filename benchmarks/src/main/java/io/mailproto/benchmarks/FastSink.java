package io.mailproto.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An SMTP server that accepts everything, keeps nothing and does as little as possible, so that a client is measured
 * and not its peer. Announces PIPELINING, 8BITMIME, SMTPUTF8 and, if asked to, CHUNKING. Replies to a group of
 * pipelined commands leave in one write.
 *
 * <p>Close it to end the listener and all sessions.
 */
final class FastSink implements Closeable {
    private final ServerSocket listener;
    private final boolean chunking;
    private final Bystanders bystanders;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong octets = new AtomicLong();

    private FastSink(ServerSocket listener, boolean chunking, Bystanders bystanders) {
        this.listener = listener;
        this.chunking = chunking;
        this.bystanders = bystanders;
    }

    /** Opens a sink on a free port of the loopback interface. Its threads are told to {@code bystanders}. */
    static FastSink open(boolean chunking, Bystanders bystanders) throws IOException {
        FastSink sink = new FastSink(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()), chunking, bystanders);
        bystanders.start("sink-acceptor", sink::accept);
        return sink;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Messages accepted since the sink was opened. */
    long messages() {
        return messages.get();
    }

    /** Connections accepted since the sink was opened. */
    long connections() {
        return connections.get();
    }

    /** Octets of message data (with dot stuffing, without the final dot) since the sink was opened. */
    long octets() {
        return octets.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                connections.incrementAndGet();
                bystanders.start("sink-session", () -> serve(socket));
            } catch (IOException closed) {
                return; // the listener was closed: the only way this loop ends
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Session(socket).run();
        } catch (IOException clientWentAway) {
            // A sink has nothing to say about clients that leave in the middle; the run notices what is missing.
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** One connection. Works on a buffer, never on single octets from the socket. */
    private final class Session {
        private static final byte[] OK = ascii("250 2.0.0 ok\r\n");
        private static final byte[] GO_ON = ascii("354 go on\r\n");
        private static final byte[] UNKNOWN = ascii("502 5.5.1 no such command\r\n");

        private final InputStream in;
        private final OutputStream out;
        private final byte[] buffer = new byte[64 * 1024];
        private final byte[] replies = new byte[16 * 1024];
        private int start;
        private int end;
        private int pending;

        private Session(Socket socket) throws IOException {
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        private void run() throws IOException {
            reply(ascii("220 sink ESMTP\r\n"));
            int lineEnd = endOfLine();
            while (lineEnd >= 0) {
                int lineStart = start;
                start = lineEnd;
                if (!answer(lineStart, lineEnd)) {
                    flush();
                    return;
                }
                lineEnd = endOfLine();
            }
        }

        private boolean answer(int lineStart, int lineEnd) throws IOException {
            switch (buffer[lineStart] & 0xDF) { // upper case
                case 'E' -> reply(greeting());
                case 'M', 'R', 'N', 'H' -> reply(OK);
                case 'D' -> {
                    reply(GO_ON);
                    skipData();
                    messages.incrementAndGet();
                    reply(OK);
                }
                case 'B' -> skipChunk(new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1));
                case 'Q' -> {
                    reply(ascii("221 2.0.0 bye\r\n"));
                    return false;
                }
                default -> reply(UNKNOWN);
            }
            return true;
        }

        private byte[] greeting() {
            return ascii("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n"
                    + (chunking ? "250-CHUNKING\r\n" : "") + "250 SIZE 0\r\n");
        }

        /** Index after the next LF, reading as needed; -1 at the end of the stream. */
        private int endOfLine() throws IOException {
            int i = start;
            while (true) {
                for (; i < end; i++) {
                    if (buffer[i] == '\n') {
                        return i + 1;
                    }
                }
                int scanned = i - start;
                if (!fill()) {
                    return -1;
                }
                i = start + scanned;
            }
        }

        /** Skips to behind CRLF.CRLF (RFC 5321 §4.1.1.4); the text begins after the CRLF of DATA. */
        private void skipData() throws IOException {
            int matched = 2; // of CR LF . CR LF
            long skipped = 0;
            while (true) {
                for (int i = start; i < end; i++) {
                    byte b = buffer[i];
                    matched = switch (matched) {
                        case 1 -> b == '\n' ? 2 : b == '\r' ? 1 : 0;
                        case 2 -> b == '.' ? 3 : b == '\r' ? 1 : 0;
                        case 3 -> b == '\r' ? 4 : 0;
                        case 4 -> b == '\n' ? 5 : b == '\r' ? 1 : 0;
                        default -> b == '\r' ? 1 : 0;
                    };
                    if (matched == 5) {
                        octets.addAndGet(skipped + (i + 1 - start) - 3);
                        start = i + 1;
                        return;
                    }
                }
                skipped += end - start;
                start = end;
                if (!fill()) {
                    throw new IOException("client left within the data");
                }
            }
        }

        /** BDAT size [LAST] (RFC 3030 §2). */
        private void skipChunk(String command) throws IOException {
            String[] words = command.trim().split(" ");
            long left = Long.parseLong(words[1]);
            octets.addAndGet(left);
            while (left > 0) {
                if (start == end && !fill()) {
                    throw new IOException("client left within a chunk");
                }
                int step = (int) Math.min(left, end - start);
                start += step;
                left -= step;
            }
            if (words.length > 2) {
                messages.incrementAndGet();
            }
            reply(OK);
        }

        /** Reads more; replies that wait go out first, since the client may be waiting for them. */
        private boolean fill() throws IOException {
            flush();
            if (start == end) {
                start = 0;
                end = 0;
            } else if (end == buffer.length) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
                if (end == buffer.length) {
                    throw new IOException("command line of more than " + buffer.length + " octets");
                }
            }
            int n = in.read(buffer, end, buffer.length - end);
            if (n < 0) {
                return false;
            }
            end += n;
            return true;
        }

        private void reply(byte[] line) throws IOException {
            if (pending + line.length > replies.length) {
                flush();
            }
            System.arraycopy(line, 0, replies, pending, line.length);
            pending += line.length;
        }

        private void flush() throws IOException {
            if (pending > 0) {
                out.write(replies, 0, pending);
                pending = 0;
            }
        }
    }

    private static byte[] ascii(String line) {
        return line.getBytes(StandardCharsets.US_ASCII);
    }
}
