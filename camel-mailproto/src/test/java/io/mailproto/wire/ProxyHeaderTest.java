package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.testing.TranscriptTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients behind a proxy, and those who only say so. */
@Timeout(60)
class ProxyHeaderTest {
    private static final String V2 = "C: \\r\\n\\r\\n\\x00\\r\\nQUIT\\n\\c\n";
    private static final TestSessions.Script WHO = connection -> {
        connection
                .out()
                .send("220 " + connection.remoteAddress().getAddress().getHostAddress() + " "
                        + connection.remoteAddress().getPort() + " " + connection.peer() + " "
                        + connection.isLoopback());
        connection.out().send(connection.in().readLine());
    };

    private static void talk(Pace pace, String proxies, String transcript) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ListenOptions options = new ListenOptions(anyPort, 50, 10, 1, 0, Networks.parse(proxies));
        try (Listener listener = Listener.open(options, TestWire.watchdog())) {
            listener.start(TestWire.executor(), TestWire.executor(), new TestSessions(WHO));
            try (ScriptedPeer client = ScriptedPeer.talkingTo(pace, listener.localAddress(), transcript)) {
                client.play();
            }
            Awaitility.await().until(() -> listener.connections() == 0);
        }
    }

    @TranscriptTest
    void tellsTheClient(Pace pace) throws Exception {
        talk(pace, "127.0.0.1", """
                C: PROXY TCP4 192.0.2.7 192.0.2.1 56324 25
                C: EHLO x
                S: 220 192.0.2.7 56324 192.0.2.7:56324 false
                S: EHLO x
                """);
        talk(pace, "127.0.0.0/8", """
                C: PROXY TCP6 2001:db8::7 2001:db8::1 1 25
                C: EHLO x
                S: 220 2001:db8:0:0:0:0:0:7 1 [2001:db8:0:0:0:0:0:7]:1 false
                S: EHLO x
                """);
        talk(pace, "127.0.0.1", "C: PROXY UNKNOWN\nS~ 220 127.0.0.1 .* true\nC: x\nS: x\n");
        talk(pace, "127.0.0.1", V2 + """
                C: \\x21\\x11\\x00\\x10\\xc0\\x00\\x02\\x07\\xc0\\x00\\x02\\x01\\xdc\\x04\\x00\\x19tlv!\\c
                C: EHLO x
                S: 220 192.0.2.7 56324 192.0.2.7:56324 false
                S: EHLO x
                """);
        talk(pace, "127.0.0.1", V2 + "C: \\x20\\x00\\x00\\x00\\c\nS~ 220 127.0.0.1 .* true\nC: x\nS: x\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO client.example\\r\\n",
                "PROXY TCP4 192.0.2.7 192.0.2.1 56324\\r\\n",
                "PROXY TCP4 192.0.2.7 192.0.2.1 56324 25\\n",
                "PROXY TCP4 192.0.2.999 192.0.2.1 56324 25\\r\\n",
                "PROXY TCP4 localhost 192.0.2.1 56324 25\\r\\n",
                "PROXY TCP4 2001:db8::7 192.0.2.1 56324 25\\r\\n",
                "PROXY TCP4 192.0.2.7 192.0.2.1 99999 25\\r\\n",
                "PROXY UDP4 192.0.2.7 192.0.2.1 56324 25\\r\\n",
                "\\r\\n\\r\\n\\x00\\r\\nQUIT\\n\\x11\\x11\\x00\\x0c",
                "\\r\\n\\r\\n\\x00\\r\\nQUIT\\n\\x22\\x11\\x00\\x0c",
                "\\r\\n\\r\\n\\x00\\r\\nQUIT\\n\\x21\\x11\\xff\\xff",
                "\\r\\n\\r\\n\\x00\\r\\nQUIT\\n\\x21\\x11\\x00\\x04abcd",
            })
    void hangsUpOnAProxyThatDoesNotTell(String header) throws Exception {
        talk(Pace.WHOLE, "127.0.0.1", "C: " + header + "\\c\n-- closed\n");
    }

    @TranscriptTest
    void readsNoLineWithoutEnd(Pace pace) throws Exception {
        talk(pace, "127.0.0.1", "C: PROXY TCP4 " + "1".repeat(96) + "\\c\n-- closed\n");
    }

    @TranscriptTest
    void takesNoHeaderFromOthers(Pace pace) throws Exception {
        talk(pace, "192.0.2.0/24", """
                S~ 220 127.0.0.1 .* true
                C: PROXY TCP4 192.0.2.7 192.0.2.1 56324 25
                S: PROXY TCP4 192.0.2.7 192.0.2.1 56324 25
                """);
    }

    @TranscriptTest
    void countsTheClientsAndNotTheProxy(Pace pace) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ListenOptions options = new ListenOptions(anyPort, 50, 10, 1, 0, Networks.parse("127.0.0.1"));
        try (Listener listener = Listener.open(options, TestWire.watchdog())) {
            listener.start(TestWire.executor(), TestWire.executor(), new TestSessions(WHO));
            try (ScriptedPeer one = from(pace, listener, "192.0.2.7", "S~ 220 192.0.2.7 .*\n");
                    ScriptedPeer two = from(pace, listener, "192.0.2.8", "S~ 220 192.0.2.8 .*\n");
                    ScriptedPeer again = from(
                            pace,
                            listener,
                            "192.0.2.7",
                            "S: 421 too many connections from your address\n-- closed\n")) {
                one.play();
                two.play();
                again.play();
                assertThat(listener.connections()).isBetween(2, 3);
            }
            Awaitility.await().until(() -> listener.connections() == 0);
        }
    }

    private static ScriptedPeer from(Pace pace, Listener listener, String client, String rest) throws IOException {
        return ScriptedPeer.talkingTo(
                pace, listener.localAddress(), "C: PROXY TCP4 " + client + " 192.0.2.1 1 25\n" + rest);
    }
}
