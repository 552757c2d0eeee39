package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.BadPeer;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TestCertificates.Kind;
import io.mailproto.testing.TestWire;
import io.mailproto.testing.TranscriptTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ConnectionTlsTest {
    private static final TlsSettings TRUSTING = TlsSettings.client(TestCertificates.client());
    private static final Step STEP = Step.of("starting TLS");

    @TranscriptTest
    void upgradesInTheMiddleAndTellsTheFacts(Pace pace) throws Exception {
        String transcript = """
                S: 220 hello
                C: STARTTLS
                S: 220 go ahead
                -- tls
                C: secret
                S: 250 understood
                """;
        try (ScriptedPeer server = ScriptedPeer.serving(pace, transcript);
                Connection connection = TestWire.dialer().dial(server.address())) {
            assertThat(connection.tls()).isEmpty();
            assertThat(connection.in().readLine()).isEqualTo("220 hello");
            connection.out().send("STARTTLS");
            assertThat(connection.in().readLine()).isEqualTo("220 go ahead");

            connection.within(Deadline.in(Duration.ofSeconds(20)), STEP);
            connection.startTls(TRUSTING);

            connection.out().send("secret");
            assertThat(connection.in().readLine()).isEqualTo("250 understood");
            server.assertPlayedToTheEnd();
            TlsFacts facts = connection.tls().orElseThrow();
            assertThat(facts.protocol()).isEqualTo("TLSv1.3");
            assertThat(facts.cipher()).startsWith("TLS_");
            assertThat(facts.peerVerified()).isTrue();
        }
    }

    @Test
    void usesOnlyTheVersionsItIsLimitedTo() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(Pace.WHOLE, "-- tls\nS: hi");
                Connection connection = TestWire.dialer().dial(server.address())) {
            connection.startTls(TRUSTING.withProtocols(List.of("TLSv1.2")));
            assertThat(connection.in().readLine()).isEqualTo("hi");
            assertThat(connection.tls().orElseThrow().protocol()).isEqualTo("TLSv1.2");
        }
    }

    /** RFC 3207 §6: what came in clear before the handshake must not be taken for what comes behind it. */
    @Test
    void octetsThatCameBeforeTheHandshakeEndTheConnection() throws Exception {
        for (String injected : List.of("x", "250 injected\r\n", "\r\n")) {
            Connection connection = FakeSocket.receiving("220 go ahead\r\n" + injected);
            connection.within(Deadline.in(Duration.ofSeconds(5)), STEP);
            connection.in().readLine();
            assertThatThrownBy(() -> connection.startTls(TRUSTING))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessage("peer.example.org:25: starting TLS: expected the TLS handshake, "
                            + "got \"octets in clear in front of it\"");
            assertThat(connection.isOpen()).isFalse();

            Connection serverSide = FakeSocket.receiving("STARTTLS\r\n" + injected);
            serverSide.in().readLine();
            assertThatThrownBy(() -> serverSide.acceptTls(TlsSettings.server(TestCertificates.server())))
                    .isInstanceOf(ProtocolViolation.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"EXPIRED", "FOREIGN", "WRONG_HOST"})
    void aBadCertificateIsRefusedWithAdvice(Kind kind) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(Pace.WHOLE, TestCertificates.server(kind), "-- tls refused");
                Connection connection = TestWire.dialer().dial(new HostPort("localhost", server.port()))) {
            connection.within(Deadline.in(Duration.ofSeconds(10)), STEP);
            assertThatThrownBy(() -> connection.startTls(TRUSTING.withAdvice("do this")))
                    .isInstanceOf(TlsFailed.class)
                    .hasMessageStartingWith("localhost:" + server.port()
                            + ": starting TLS: the certificate of localhost is not accepted: ")
                    .hasMessageEndingWith("; do this")
                    .satisfies(e -> {
                        assertThat(((TlsFailed) e).isCertificateRefused()).isTrue();
                        assertThat(((TlsFailed) e).isTransient()).isFalse();
                    });
            assertThat(connection.isOpen()).isFalse();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void theHostNameIsNotCheckedIfToldSoAndTheFactsSayIt() throws Exception {
        SSLContext wrong = TestCertificates.server(Kind.WRONG_HOST);
        try (ScriptedPeer server = ScriptedPeer.serving(Pace.WHOLE, wrong, "-- tls\nS: hi");
                Connection connection = TestWire.dialer().dial(server.address())) {
            connection.startTls(TRUSTING.withoutHostnameVerification());
            assertThat(connection.in().readLine()).isEqualTo("hi");
            assertThat(connection.tls().orElseThrow().peerVerified()).isFalse();
        }
    }

    @Test
    void aPeerThatAnswersInClearIsNoTlsServer() throws Exception {
        try (BadPeer peer = BadPeer.garbage(1);
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofSeconds(10)), STEP);
            assertThatThrownBy(() -> connection.startTls(TRUSTING))
                    .isInstanceOf(TlsFailed.class)
                    .hasMessageStartingWith(peer.address() + ": starting TLS: the TLS handshake ")
                    .satisfies(e ->
                            assertThat(((TlsFailed) e).isCertificateRefused()).isFalse());
        }
    }

    @Test
    void aPeerThatGreetsInClearMakesAskWhetherThisIsTheRightPort() throws Exception {
        try (BadPeer peer = BadPeer.silentAfter("220 mx.example.org ESMTP\r\n");
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofSeconds(10)), STEP);
            assertThatThrownBy(() -> connection.startTls(TRUSTING))
                    .isInstanceOf(TlsFailed.class)
                    .hasMessageEndingWith("; does the other side speak TLS on this port?");
        }
    }

    @Test
    void aPeerThatHangsUpInTheHandshakeIsATlsFailure() throws Exception {
        try (BadPeer peer = BadPeer.closingAtOnce();
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofSeconds(10)), STEP);
            assertThatThrownBy(() -> connection.startTls(TRUSTING)).isInstanceOf(WireException.class);
            assertThat(connection.isOpen()).isFalse();
        }
    }

    @Test
    void aHandshakeThatIsNotAnsweredIsLate() throws Exception {
        try (BadPeer peer = BadPeer.silent();
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofMillis(200)), STEP);
            assertThatThrownBy(() -> connection.startTls(TRUSTING)).isInstanceOf(DeadlineExceeded.class);
        }
    }

    /** Each octet is in time for a single read; only the watchdog sees that the whole takes too long. */
    @Test
    void aHandshakeThatDripsIsLate() throws Exception {
        // The head of a TLS record of 16 KiB, and then its octets one at a time.
        String record = "\u0016\u0003\u0003\u003f\u007f" + "\u0002".repeat(1000);
        try (BadPeer peer = BadPeer.dripping(record, Duration.ofMillis(20));
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofMillis(400)), STEP);
            assertThatThrownBy(() -> connection.startTls(TRUSTING)).isInstanceOf(DeadlineExceeded.class);
        }
    }

    @TranscriptTest
    void aListenerAcceptsTls(Pace pace) throws Exception {
        ListenOptions options =
                new ListenOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10, 10, 10);
        try (Listener listener = Listener.open(options, TestWire.watchdog())) {
            listener.start(TestWire.executor(), TestWire.executor(), new TestSessions(connection -> {
                connection.out().send("220 hello");
                connection.in().readLine();
                connection.out().send("220 go");
                connection.acceptTls(TlsSettings.server(TestCertificates.server()));
                connection
                        .out()
                        .send(connection.in().readLine() + " over "
                                + connection.tls().orElseThrow().protocol());
            }));
            String transcript =
                    "S: 220 hello\nC: STARTTLS\nS: 220 go\n-- tls\nC: ping\nS: ping over TLSv1.3\n-- closed";
            try (ScriptedPeer client = ScriptedPeer.talkingTo(pace, listener.localAddress(), transcript)) {
                client.play();
            }
        }
    }
}
