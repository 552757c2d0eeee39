package io.mailproto.benchmarks;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An IMAP server that knows what our consumer says and no more, in a process of its own, so that its memory is not
 * measured. Each connection has a mailbox of its own with as many mails as the first argument says. It prints its port.
 * A client that says {@code STAT} is told how many connections are in IDLE; at {@code NEW} each of these gets one more mail.
 */
final class ScriptedImap {
    private static final String CAPABILITIES = "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE UIDPLUS ESEARCH";

    private final int mails;
    private final Set<Talk> idle = ConcurrentHashMap.newKeySet();

    private ScriptedImap(int mails) {
        this.mails = mails;
    }

    public static void main(String[] args) throws IOException {
        ScriptedImap server = new ScriptedImap(Integer.parseInt(args[0]));
        try (ServerSocket listener = new ServerSocket(0, 2000, InetAddress.getLoopbackAddress())) {
            System.out.println(listener.getLocalPort());
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                // Small stacks: there are thousands.
                new Thread(null, server.new Talk(socket), "talk", 128 * 1024).start();
            }
        }
    }

    private final class Talk implements Runnable {
        private final Socket socket;
        private final BitSet seen = new BitSet();
        private OutputStream out;
        private int count = mails;

        Talk(Socket socket) {
            this.socket = socket;
        }

        @Override
        public void run() {
            try (socket) {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 512);
                out = new BufferedOutputStream(socket.getOutputStream(), 8 * 1024);
                say("* OK [CAPABILITY " + CAPABILITIES + "] ready");
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    answer(line, in);
                }
            } catch (IOException gone) {
                // So has its mailbox.
                idle.remove(this);
            }
        }

        private void answer(String line, BufferedReader in) throws IOException {
            if (line.equals("STAT")) {
                say(String.valueOf(idle.size()));
                return;
            }
            if (line.equals("NEW")) {
                for (Talk each : idle) {
                    each.oneMore();
                }
                return;
            }
            String[] words = line.split(" ", 4);
            String verb = words[1].toUpperCase(Locale.ROOT);
            switch (verb.equals("UID") ? words[2].toUpperCase(Locale.ROOT) : verb) {
                case "CAPABILITY" -> put("* CAPABILITY " + CAPABILITIES);
                case "SELECT" ->
                    put("* " + count + " EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Deleted)\r\n* OK [UIDVALIDITY 7] .\r\n"
                            + "* OK [UIDNEXT " + (count + 1) + "] .");
                case "SEARCH" -> {
                    int first = seen.nextClearBit(1);
                    put("* ESEARCH (TAG \"" + words[0] + "\") UID" + (first > count ? "" : " ALL " + first + ":" + count));
                }
                case "FETCH" -> fetch(words[3]);
                case "STORE" -> {
                    for (String range : words[3].substring(0, words[3].indexOf(' ')).split(",")) {
                        seen.set(low(range), high(range) + 1);
                    }
                }
                case "IDLE" -> {
                    say("+ idling");
                    idle.add(this);
                    in.readLine();
                    idle.remove(this);
                }
                case "LOGOUT" -> put("* BYE .");
                default -> out.flush();
            }
            say(words[0] + " OK done");
        }

        private void fetch(String what) throws IOException {
            boolean whole = what.contains("BODY");
            for (String range : what.substring(0, what.indexOf(' ')).split(",")) {
                for (int uid = low(range); uid <= Math.min(count, high(range)); uid++) {
                    byte[] mail = TestMail.plain(uid, 3072);
                    put("* " + uid + " FETCH (UID " + uid + " FLAGS () INTERNALDATE \"17-Jul-1996 02:44:25 -0700\""
                            + (whole ? " BODY[] {" + mail.length + "}" : " RFC822.SIZE " + mail.length + ")"));
                    if (whole) {
                        out.write(mail);
                        put(")");
                    }
                }
            }
        }

        private void oneMore() throws IOException {
            count++;
            say("* " + count + " EXISTS");
        }

        private void put(String line) throws IOException {
            out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        private void say(String line) throws IOException {
            put(line);
            out.flush();
        }
    }

    private static int low(String range) {
        int colon = range.indexOf(':');
        return Integer.parseInt(colon < 0 ? range : range.substring(0, colon));
    }

    private static int high(String range) {
        return Integer.parseInt(range.substring(range.indexOf(':') + 1));
    }
}
