package io.mailproto.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * What Java can do without Camel: one thread, windows of messages of which the next is asked for before this one is read,
 * each mail decoded by mime4j ({@link MailReading}), each window marked as seen. As {@link RawPop3} it takes everything for
 * granted, bounds nothing and survives no error, so nobody could use it; it shows where the limit is.
 */
final class RawImap implements Closeable {
    private static final int WINDOW = 256;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private final MailReading reading = new MailReading();
    private byte[] mail = new byte[8 * 1024];
    private int mails;

    RawImap(InetSocketAddress server) throws IOException {
        socket = new Socket(server.getAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        line();
    }

    /** Reads and marks what is unseen in the inbox; returns how many mails that were. */
    int poll(String user, String password) throws IOException {
        send("a LOGIN " + user + " " + password + "\r\nb SELECT INBOX\r\nc UID SEARCH UNSEEN\r\n");
        long[] uids = {};
        String line = line();
        while (!line.startsWith("c ")) {
            if (line.startsWith("* SEARCH")) {
                uids = Arrays.stream(line.substring(8).trim().split(" "))
                        .filter(word -> !word.isEmpty())
                        .mapToLong(Long::parseLong)
                        .toArray();
            }
            line = line();
        }
        Deque<String> windows = new ArrayDeque<>();
        for (int i = 0; i < uids.length; i += WINDOW) {
            windows.add(uids[i] + ":" + uids[Math.min(uids.length, i + WINDOW) - 1]);
        }
        String current = windows.poll();
        if (current != null) {
            fetch(current);
        }
        while (current != null) {
            String next = windows.poll();
            if (next != null) {
                fetch(next);
            }
            readWindow();
            send("s UID STORE " + current + " +FLAGS.SILENT (\\Seen)\r\n");
            current = next;
        }
        send("q LOGOUT\r\n");
        while (!line.startsWith("q ")) {
            line = line();
        }
        return mails;
    }

    private void fetch(String set) throws IOException {
        send("f UID FETCH " + set + " (UID FLAGS BODY.PEEK[])\r\n");
    }

    private void readWindow() throws IOException {
        for (String line = line(); !line.startsWith("f "); line = line()) {
            if (line.endsWith("}")) {
                int length = Integer.parseInt(line.substring(line.lastIndexOf('{') + 1, line.length() - 1));
                literal(length);
                reading.read(mail, length);
                mails++;
                line();
            } else if (line.contains(" NO ") || line.contains(" BAD ")) {
                throw new IOException(line);
            }
        }
    }

    /** How many characters of text there were. */
    long characters() {
        return reading.characters();
    }

    private void send(String commands) throws IOException {
        socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
    }

    private void literal(int length) throws IOException {
        if (mail.length < length) {
            mail = new byte[length];
        }
        int done = Math.min(length, end - start);
        System.arraycopy(buffer, start, mail, 0, done);
        start += done;
        if (in.readNBytes(mail, done, length - done) < length - done) {
            throw new IOException("the server has hung up");
        }
    }

    private String line() throws IOException {
        StringBuilder line = null;
        while (true) {
            for (int i = start; i < end; i++) {
                if (buffer[i] == '\n') {
                    String last = new String(buffer, start, i - start, StandardCharsets.ISO_8859_1);
                    start = i + 1;
                    String whole = line == null ? last : line.append(last).toString();
                    return whole.endsWith("\r") ? whole.substring(0, whole.length() - 1) : whole;
                }
            }
            line = line == null ? new StringBuilder() : line;
            line.append(new String(buffer, start, end - start, StandardCharsets.ISO_8859_1));
            start = 0;
            end = in.read(buffer);
            if (end < 0) {
                throw new IOException("the server has hung up");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
