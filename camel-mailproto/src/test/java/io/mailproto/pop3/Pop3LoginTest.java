package io.mailproto.pop3;

import static io.mailproto.pop3.Pop3Peers.ALICE;
import static io.mailproto.pop3.Pop3Peers.METHODS;
import static io.mailproto.pop3.Pop3Peers.open;
import static io.mailproto.pop3.Pop3Peers.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TestWire;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsFailed;
import io.mailproto.wire.TlsMode;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS and the ways to log in. */
class Pop3LoginTest {
    @TranscriptTest
    void stlsForgetsWhatWasLearnedInClear(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: +OK
                S: STLS
                S: USER
                S: PIPELINING
                S: .
                C: STLS
                S: +OK begin
                -- tls
                C: CAPA
                S: +OK
                S: SASL PLAIN
                S: .
                C: AUTH PLAIN AGFsaWNlAHNlY3JldDE=
                S: +OK welcome
                C: CAPA
                S: +OK
                S: UIDL
                S: .
                """)) {
            try (Pop3Client client = Pop3Client.open(TestWire.dialer(), server.address(), options(TlsMode.STARTTLS))) {
                assertThat(client.tls()).hasValueSatisfying(facts -> assertThat(facts.peerVerified())
                        .isTrue());
                assertThat(client.capabilities().has("PIPELINING")).isFalse();
                client.logIn(new Pop3Login(ALICE, METHODS));
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void implicitTlsComesBeforeTheGreeting(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                -- tls
                S: +OK ready
                C: CAPA
                S: +OK
                S: STLS
                S: PIPELINING
                S: .
                C: USER alice
                S: +OK
                C: PASS secret1
                S: +OK
                """)) {
            try (Pop3Client client = Pop3Client.open(TestWire.dialer(), server.address(), options(TlsMode.IMPLICIT))) {
                client.logIn(new Pop3Login(ALICE, METHODS));
                assertThat(client.tls()).isPresent();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void requiredTlsThatIsNotOfferedIsAnErrorThatNamesTheWaysOut(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: +OK
                S: USER
                S: .
                -- closed
                """)) {
            assertThatThrownBy(() -> Pop3Client.open(TestWire.dialer(), server.address(), options(TlsMode.STARTTLS)))
                    .isInstanceOf(Pop3LoginImpossible.class)
                    .hasMessageContaining("does not offer STLS")
                    .hasMessageContaining("tls=implicit");
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXPIRED", "FOREIGN", "WRONG_HOST"})
    void aBadCertificateIsRefusedBeforeAnythingIsSent(TestCertificates.Kind kind) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(Pace.WHOLE, TestCertificates.server(kind), "-- tls refused\n")) {
            assertThatThrownBy(() -> Pop3Client.open(TestWire.dialer(), server.address(), options(TlsMode.IMPLICIT)))
                    .isInstanceOf(TlsFailed.class)
                    .hasMessageContaining(
                            server.address() + ": starting TLS: the certificate of 127.0.0.1 is not accepted")
                    .satisfies(e -> assertThat(((TlsFailed) e).isTransient()).isFalse());
        }
    }

    @TranscriptTest
    void aNameOrPasswordThatUserCannotCarryGoesByAuthPlain(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: +OK
                S: USER
                S: SASL PLAIN
                S: PIPELINING
                S: .
                C: AUTH PLAIN AGFsaWNlAHDDpHNzd8O2cnQ=
                S: +OK
                """)) {
            try (Pop3Client client = open(server)) {
                client.logIn(new Pop3Login(new Credentials("alice", Secret.of("pässwört")), METHODS));
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aServerWithoutSaslGetsTheNameAsUtf8(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: +OK
                S: USER
                S: PIPELINING
                S: .
                C: USER jürgen
                S: +OK
                C: PASS secret1
                S: +OK
                """)) {
            try (Pop3Client client = open(server)) {
                client.logIn(new Pop3Login(new Credentials("jürgen", Secret.of("secret1")), METHODS));
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aServerThatAsksAgainGetsTheResponseAgain(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: +OK
                S: SASL PLAIN
                S: PIPELINING
                S: .
                C: AUTH PLAIN AGFsaWNlAHNlY3JldDE=
                S: +\\s
                C: AGFsaWNlAHNlY3JldDE=
                S: -ERR [AUTH] wrong
                C: QUIT
                S: +OK
                """)) {
            try (Pop3Client client = open(server)) {
                assertThatThrownBy(() -> client.logIn(new Pop3Login(ALICE, METHODS)))
                        .isInstanceOf(Pop3Refused.class)
                        .hasMessageContaining("AUTH PLAIN: refused with \"-ERR [AUTH] wrong\"");
                client.quit();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void withoutACommonMethodNothingIsSent(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: +OK
                S: SASL GSSAPI NTLM
                S: .
                -- closed
                """)) {
            try (Pop3Client client = open(server)) {
                assertThatThrownBy(() -> client.logIn(new Pop3Login(ALICE, METHODS)))
                        .isInstanceOf(Pop3LoginImpossible.class)
                        .hasMessageContaining("[GSSAPI, NTLM]");
            }
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void passwordsDoNotCrossTheNetworkInClear() throws Exception {
        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        Assumptions.assumeTrue(outside.isPresent(), "this machine has loopback only");
        try (ServerSocket listener = new ServerSocket(0, 1, outside.get())) {
            Future<String> received = TestWire.executor().submit(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getOutputStream()
                            .write("+OK ready\r\n-ERR no capabilities\r\n".getBytes(StandardCharsets.US_ASCII));
                    InputStream in = socket.getInputStream();
                    return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
                }
            });
            HostPort server = new HostPort(outside.get().getHostAddress(), listener.getLocalPort());
            try (Pop3Client client = Pop3Client.open(TestWire.dialer(), server, options(TlsMode.AUTO))) {
                assertThatThrownBy(() -> client.logIn(new Pop3Login(ALICE, METHODS)))
                        .isInstanceOf(Pop3LoginImpossible.class)
                        .hasMessageContaining("would travel in clear")
                        .hasMessageContaining("allowPlaintextLogin=true");
            }
            assertThat(received.get()).isEqualTo("CAPA\r\n");
        }
    }

    @Test
    void methodsAreChosenByName() {
        assertThat(new Pop3Login(ALICE, List.of("login", " plain ", "apop", "SCRAM-SHA-256")).methods())
                .containsExactly("USER", "LOGIN", "PLAIN", "APOP", "SCRAM-SHA-256");
        assertThatThrownBy(() -> new Pop3Login(ALICE, List.of("NTLM")))
                .hasMessageContaining("NTLM")
                .hasMessageContaining("USER, PLAIN");
        assertThatThrownBy(() -> new Pop3Login(Credentials.external("alice"), List.of("USER")))
                .hasMessageContaining("need a password");
    }
}
