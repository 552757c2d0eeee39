package io.mailproto.memory;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** The smallest servers that have one big mail, and the smallest client that sends it. They stream it. */
final class BigMailPeers {

    private BigMailPeers() {}

    /** One connection, by lines. */
    static final class Talk implements Closeable {
        private final Socket socket;
        private final BufferedReader in;
        private final OutputStream out;

        Talk(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        }

        String hear() throws IOException {
            return in.readLine();
        }

        void say(String lines) throws IOException {
            put(lines);
            out.flush();
        }

        void put(String lines) throws IOException {
            out.write((lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** What a server does with each line it hears; false to hang up. */
    interface Answerer {
        boolean answer(String line, Talk talk) throws IOException;
    }

    /** Listens on a free loopback port; a thread for each connection. */
    static final class Server implements Closeable {
        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        /** All lines of all clients. */
        final List<String> heard = new CopyOnWriteArrayList<>();

        private final String greeting;
        private final Answerer answerer;

        Server(String greeting, Answerer answerer) throws IOException {
            this.greeting = greeting;
            this.answerer = answerer;
            daemon(this::accept);
        }

        String address() {
            return "127.0.0.1:" + listener.getLocalPort();
        }

        private void accept() {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    daemon(() -> serve(socket));
                } catch (IOException e) {
                    // Closed: nobody will come any more.
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (Talk talk = new Talk(socket)) {
                talk.say(greeting);
                String line = talk.hear();
                boolean goesOn = true;
                while (line != null && goesOn) {
                    heard.add(line);
                    goesOn = answerer.answer(line, talk);
                    line = goesOn ? talk.hear() : null;
                }
            } catch (IOException e) {
                // The client has gone; what it got is what the test looks at.
                return;
            }
        }

        private static void daemon(Runnable work) {
            Thread thread = new Thread(work, "big-mail-peer");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    /** Has the mail under UID 1 until it is marked. */
    static Server imap(BigMail mail) throws IOException {
        boolean[] seen = new boolean[1];
        return new Server("* OK [CAPABILITY IMAP4rev1] ready", (line, talk) -> {
            String[] words = line.split(" ");
            String verb = words[1].toUpperCase(Locale.ROOT);
            switch (verb.equals("UID") ? words[2].toUpperCase(Locale.ROOT) : verb) {
                case "CAPABILITY" -> talk.put("* CAPABILITY IMAP4rev1");
                case "SELECT" ->
                    talk.put(
                            "* 1 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Deleted)\r\n"
                                    + "* OK [PERMANENTFLAGS (\\Seen \\Deleted)] .\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 2] .");
                case "SEARCH" -> talk.put(seen[0] ? "* SEARCH" : "* SEARCH 1");
                case "FETCH" -> {
                    talk.put("* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {"
                            + mail.size() + "}");
                    mail.writeTo(talk.out);
                    talk.put(")");
                }
                case "STORE" -> seen[0] = true;
                case "LOGOUT" -> talk.put("* BYE .");
                default -> talk.out.flush();
            }
            talk.say(words[0] + " OK done");
            return !verb.equals("LOGOUT");
        });
    }

    /** Has the mail as number 1 until it is deleted. */
    static Server pop3(BigMail mail) throws IOException {
        boolean[] deleted = new boolean[1];
        return new Server("+OK ready", (line, talk) -> {
            String verb = line.split(" ")[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "CAPA" -> talk.say("-ERR what?");
                case "STAT" -> talk.say(deleted[0] ? "+OK 0 0" : "+OK 1 " + mail.size());
                case "UIDL" -> talk.say(deleted[0] ? "+OK\r\n." : "+OK\r\n1 big\r\n.");
                case "LIST" -> talk.say(deleted[0] ? "+OK\r\n." : "+OK\r\n1 " + mail.size() + "\r\n.");
                case "RETR" -> {
                    talk.put("+OK " + mail.size() + " octets");
                    mail.writeStuffedTo(talk.out);
                    talk.say(".");
                }
                case "DELE" -> {
                    deleted[0] = true;
                    talk.say("+OK");
                }
                default -> talk.say("+OK");
            }
            return !verb.equals("QUIT");
        });
    }

    /** Sends the mail by SMTP; returns the server's last word. */
    static String send(BigMail mail, int port) throws IOException {
        try (Talk talk = new Talk(new Socket(InetAddress.getLoopbackAddress(), port))) {
            reply(talk);
            for (String command : new String[] {
                "EHLO client.example", "MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA"
            }) {
                talk.say(command);
                reply(talk);
            }
            mail.writeStuffedTo(talk.out);
            talk.say(".");
            String last = reply(talk);
            talk.say("QUIT");
            return last;
        }
    }

    private static String reply(Talk talk) throws IOException {
        String line = talk.hear();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = talk.hear();
        }
        return line;
    }
}
