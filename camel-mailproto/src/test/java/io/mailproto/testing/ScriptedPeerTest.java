package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/** The kit plays against itself, and against plain sockets that misbehave. */
class ScriptedPeerTest {
    private static final String CONVERSATION = """
            S: 220-mx
            S: 220 ESMTP
            C: EHLO client.example.com
            S: 250 mx
            C: DATA
            C: Subject: hi
            C:
            C: ..dot \\x00\\xff \\r \\n \\s
            C: .
            S: 250 ok
            -- wait 20ms
            C: FETCH
            S: {100}
            -- {100}
            S: )
            C: APPEND {70000}
            S: + go
            -- C {70000}
            S: ok
            """;

    @TranscriptTest
    void bothRolesPlayTheSameText(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, CONVERSATION);
                ScriptedPeer client = ScriptedPeer.talkingTo(pace, server.address(), CONVERSATION)) {
            client.play();
            server.assertPlayedToTheEnd();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @TranscriptTest
    void bothRolesShakeHandsInTheMiddleOrAtTheStart(Pace pace) throws Exception {
        String startTls = "S: hi\nC: STARTTLS\nS: go\n-- tls\nC: secret\nS: ok\n-- {30}\nC: bye";
        String implicit = "-- tls\nS: hi\nC: bye";
        for (String text : new String[] {startTls, implicit}) {
            try (ScriptedPeer server = ScriptedPeer.serving(pace, text);
                    ScriptedPeer client = ScriptedPeer.talkingTo(pace, server.address(), text)) {
                client.play();
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void oneHangsUpAndTheOtherNotices(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, "S: 421 go away\n-- close");
                ScriptedPeer client = ScriptedPeer.talkingTo(pace, server.address(), "S: 421 go away\n-- closed")) {
            client.play();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void whoHasHeardEnoughMayHangUpBeforeAllIsSaidIfTheTextEndsWithThat() throws Exception {
        for (String end : new String[] {"\n-- closed", "", "\n-- close"}) {
            try (ScriptedPeer server = ScriptedPeer.serving("-- S {100000000}" + end)) {
                try (Socket socket = connect(server)) {
                    assertThat(socket.getInputStream().read()).isEqualTo('a');
                }
                if (end.equals("\n-- closed")) {
                    server.assertPlayedToTheEnd();
                } else {
                    assertThatThrownBy(server::assertPlayedToTheEnd)
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining("the connection broke");
                }
            }
        }
    }

    @TranscriptTest
    void playsOneTranscriptForEachConnection(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, "S: first", "S: second");
                ScriptedPeer one = ScriptedPeer.talkingTo(pace, server.address(), "S: first");
                ScriptedPeer two = ScriptedPeer.talkingTo(pace, server.address(), "S: second");
                ScriptedPeer three = ScriptedPeer.talkingTo(pace, server.address(), "-- closed")) {
            one.play();
            two.play();
            three.play();
            server.assertPlayedToTheEnd();
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void aMismatchSaysLineExpectedActualAndContext() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 one
                C: EHLO two
                S: 250 three
                C: MAIL FROM:<a@example.com>
                S: 250 five
                S: 250 six
                C: seven
                C: eight
                """)) {
            try (Socket socket = connect(server)) {
                say(socket, "EHLO two\r\nmail from:<b@example.com>\r\n");
                assertThatThrownBy(server::assertPlayedToTheEnd)
                        .isInstanceOf(AssertionError.class)
                        .hasMessage("""
                        transcript line 4:
                            expected: C: MAIL FROM:<a@example.com>
                            but came: C: mail from:<b@example.com>
                          in
                              1  S: 220 one
                              2  C: EHLO two
                              3  S: 250 three
                          >   4  C: MAIL FROM:<a@example.com>
                              5  S: 250 five
                              6  S: 250 six
                              7  C: seven
                        """);
            }
        }
    }

    @Test
    void aPatternThatDoesNotMatchIsAMismatch() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("C~ EHLO [a-z]+")) {
            try (Socket socket = connect(server)) {
                say(socket, "EHLO 42\r\n");
                assertThatThrownBy(server::assertPlayedToTheEnd).hasMessageContaining("""
                        expected: C~ EHLO [a-z]+
                            but came: C: EHLO 42
                        """);
            }
        }
    }

    @Test
    void hangingUpInTheMiddleOfALineShowsWhatCame() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("C: QUIT")) {
            try (Socket socket = connect(server)) {
                say(socket, "QU");
            }
            assertThatThrownBy(server::assertPlayedToTheEnd)
                    .hasMessageContaining("but came: C: QU\\c, and then the other side hung up");
        }
    }

    @Test
    void aBareLineFeedDoesNotEndALine() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("C: QUIT")) {
            try (Socket socket = connect(server)) {
                say(socket, "QUIT\nQUIT\r\n");
                assertThatThrownBy(server::assertPlayedToTheEnd).hasMessageContaining("but came: C: QUIT\\nQUIT");
            }
        }
    }

    @Test
    void octetsAfterTheLastLineAreAFailure() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("S: 220 hi")) {
            try (Socket socket = connect(server)) {
                say(socket, "more\r\n");
                assertThat(socket.getInputStream().readAllBytes()).startsWith('2');
                assertThatThrownBy(server::assertPlayedToTheEnd)
                        .hasMessageContaining("transcript was over, but then came:")
                        .hasMessageContaining("C: more");
            }
        }
    }

    @Test
    void closeTellsTheMismatchIfNobodyAsked() throws Exception {
        assertThatThrownBy(() -> {
                    try (ScriptedPeer server = ScriptedPeer.serving("C: QUIT")) {
                        try (Socket socket = connect(server)) {
                            say(socket, "HELP\r\n");
                            assertThat(socket.getInputStream().read()).isEqualTo(-1);
                            throw new IOException("what the code under test sees");
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getSuppressed()[0])
                        .isExactlyInstanceOf(AssertionError.class)
                        .hasMessageContaining("but came: C: HELP"));
    }

    @Test
    void closingInTheMiddleIsNoFailureAndEndsTheConnection() throws Exception {
        ScriptedPeer server = ScriptedPeer.serving("S: 220 hi\nC: QUIT");
        try (Socket socket = connect(server)) {
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(8)).hasSize(8);
            server.close();
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);
    }

    @Test
    void aResetIsAReset() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("C: x\n-- reset")) {
            try (Socket socket = connect(server)) {
                say(socket, "x\r\n");
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aClientThatRefusesTheCertificateIsExpectedWhereTheTextSaysSo() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                Pace.WHOLE, TestCertificates.server(TestCertificates.Kind.FOREIGN), "-- tls refused")) {
            try (Socket socket = connect(server)) {
                SSLSocketFactory factory = TestCertificates.client().getSocketFactory();
                SSLSocket secured = (SSLSocket) factory.createSocket(socket, "localhost", server.port(), true);
                assertThatThrownBy(secured::startHandshake).isInstanceOf(IOException.class);
            }
            server.assertPlayedToTheEnd();
        }
    }

    private static Socket connect(ScriptedPeer server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
