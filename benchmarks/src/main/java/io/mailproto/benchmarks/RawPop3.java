package io.mailproto.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What Java can do without Camel: one thread, commands sent ahead as far as they fit, and each mail read by mime4j: all
 * header fields decoded, all bodies decoded to text. It takes everything for granted that a good server does, keeps
 * nothing and survives no error, so nobody could use it; it shows where the limit is.
 */
final class RawPop3 implements Closeable {
    private static final int AHEAD = 256;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private final ByteArrayOutputStream mail = new ByteArrayOutputStream(8 * 1024);
    private final MailReading reading = new MailReading();

    RawPop3(InetSocketAddress server) throws IOException {
        socket = new Socket(server.getAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        ok();
    }

    /** Empties a maildrop, or only reads it; returns how many mails it had. */
    int poll(String user, String password, boolean delete) throws IOException {
        send("USER " + user + "\r\n");
        ok();
        send("PASS " + password + "\r\n");
        ok();
        send("UIDL\r\n");
        ok();
        List<String> uids = new ArrayList<>();
        for (String line = line(); !line.equals("."); line = line()) {
            uids.add(line.substring(line.indexOf(' ') + 1));
        }
        pipelined("RETR ", uids.size(), number -> read());
        if (delete) {
            pipelined("DELE ", uids.size(), number -> {});
        }
        send("QUIT\r\n");
        ok();
        return uids.size();
    }

    /** How many characters of text there were. */
    long characters() {
        return reading.characters();
    }

    private void pipelined(String command, int count, IntConsumer body) throws IOException {
        int sent = 0;
        for (int answered = 0; answered < count; answered++) {
            if (sent - answered <= AHEAD / 2 && sent < count) {
                StringBuilder commands = new StringBuilder();
                for (; sent < count && sent - answered < AHEAD; sent++) {
                    commands.append(command).append(sent + 1).append("\r\n");
                }
                send(commands.toString());
            }
            ok();
            body.accept(answered + 1);
        }
    }

    private void read() {
        try {
            mail.reset();
            while (!lineOfMail()) {
                // The next one.
            }
            reading.read(mail.toByteArray(), mail.size());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(String commands) throws IOException {
        socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
    }

    private void ok() throws IOException {
        String line = line();
        if (!line.startsWith("+OK")) {
            throw new IOException("expected +OK, got " + line);
        }
    }

    private String line() throws IOException {
        int stop = endOfLine();
        String line = new String(buffer, start, stop - start - 2, StandardCharsets.ISO_8859_1);
        start = stop;
        return line;
    }

    /** Takes a line of a mail; true if it was the lone dot. */
    private boolean lineOfMail() throws IOException {
        int stop = endOfLine();
        boolean dotted = buffer[start] == '.';
        if (dotted && stop - start == 3) {
            start = stop;
            return true;
        }
        int from = dotted ? start + 1 : start;
        mail.write(buffer, from, stop - from);
        start = stop;
        return false;
    }

    /** Where the next line ends, behind its LF. */
    private int endOfLine() throws IOException {
        int scan = start;
        while (true) {
            for (; scan < end; scan++) {
                if (buffer[scan] == '\n') {
                    return scan + 1;
                }
            }
            System.arraycopy(buffer, start, buffer, 0, end - start);
            scan -= start;
            end -= start;
            start = 0;
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                throw new IOException("the server has hung up");
            }
            end += read;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
