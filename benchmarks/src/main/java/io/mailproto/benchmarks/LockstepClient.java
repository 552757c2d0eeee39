package io.mailproto.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An SMTP client that does as little as possible and waits for each reply, as smtp-source does. For one thread. */
final class LockstepClient implements Closeable {
    private static final byte[] MAIL = octets("MAIL FROM:<sender@example.com>\r\n");
    private static final byte[] RCPT = octets("RCPT TO:<bench@example.org>\r\n");
    private static final byte[] DATA = octets("DATA\r\n");
    private static final byte[] END = octets("\r\n.\r\n");
    private static final byte[] NOOP = octets("NOOP\r\n");

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[512];

    private LockstepClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Connects to a port of this machine and says EHLO. */
    static LockstepClient connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        LockstepClient client = new LockstepClient(socket);
        client.expect('2');
        client.out.write(octets("EHLO client.example.com\r\n"));
        client.expect('2');
        return client;
    }

    /** Sends a message that has no line with a dot at its start and returns when it has been accepted. */
    void send(byte[] message) throws IOException {
        say(MAIL, '2');
        say(RCPT, '2');
        say(DATA, '3');
        byte[] all = new byte[message.length + END.length];
        System.arraycopy(message, 0, all, 0, message.length);
        System.arraycopy(END, 0, all, message.length, END.length);
        say(all, '2');
    }

    void noop() throws IOException {
        say(NOOP, '2');
    }

    private void say(byte[] octets, char first) throws IOException {
        out.write(octets);
        expect(first);
    }

    /** Reads up to the end of a reply's last line. */
    private void expect(char first) throws IOException {
        int used = 0;
        while (true) {
            int read = in.read(buffer, used, buffer.length - used);
            if (read < 0) {
                throw new IOException("the server has hung up");
            }
            used += read;
            if (buffer[used - 1] == '\n' && isLast(used)) {
                if (buffer[0] != first) {
                    throw new IOException("unexpected: " + new String(buffer, 0, used, StandardCharsets.US_ASCII));
                }
                return;
            }
        }
    }

    private boolean isLast(int used) {
        int start = used - 1;
        while (start > 0 && buffer[start - 1] != '\n') {
            start--;
        }
        return used - start < 5 || buffer[start + 3] != '-';
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
