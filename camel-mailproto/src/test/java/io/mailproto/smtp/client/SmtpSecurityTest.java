package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.login;
import static io.mailproto.smtp.client.Smtp.message;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static io.mailproto.smtp.client.Smtp.tls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.ProtocolViolation;
import io.mailproto.wire.TlsFailed;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS and authentication: what is secret stays so, and what was learned in clear is forgotten. */
class SmtpSecurityTest {
    private static final String BEFORE_TLS = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250-mx
            S: 250-AUTH LOGIN
            S: 250-SIZE 10
            S: 250 STARTTLS
            C: STARTTLS
            """;

    /** C4. */
    @TranscriptTest
    void replacesTheCapabilitiesAfterStarttls(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, BEFORE_TLS + """
                S: 220 go ahead
                -- tls
                C: EHLO client.example.com
                S: 250-mx
                S: 250 8BITMIME
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: more than ten octets
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, tls(TlsMode.STARTTLS))) {
                assertThat(client.extensions().keywords()).containsExactly("8BITMIME");
                assertThat(client.extensions().authMechanisms()).isEmpty();
                TransactionReport report =
                        client.send(envelope("ann@example.com", "bob@example.org"), message("more than ten octets\n"));
                assertThat(report.tls().orElseThrow().peerVerified()).isTrue();
                assertThat(report.tls().orElseThrow().protocol()).startsWith("TLSv1.");
            }
            server.assertPlayedToTheEnd();
        }
    }

    /** C1, C2: what an attacker puts behind the 220, whole or as a part of a line. */
    @ParameterizedTest
    @CsvSource({"'250-evil|250 AUTH PLAIN|'", "'250-ev'"})
    void refusesOctetsInClearBehindTheReplyToStarttls(String injected) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String line : injected.split("\\|")) {
            lines.append("S: ")
                    .append(line)
                    .append(injected.endsWith("|") ? "" : "\\c")
                    .append('\n');
        }
        try (ScriptedPeer server = ScriptedPeer.serving(BEFORE_TLS + "S: 220 go\n" + lines + "-- closed\n")) {
            assertThatThrownBy(() -> open(server, tls(TlsMode.STARTTLS)))
                    .isInstanceOf(WireException.class)
                    .isInstanceOfAny(ProtocolViolation.class, TlsFailed.class);
        }
    }

    /** C3. */
    @TranscriptTest
    void goesNoFurtherWhenTlsIsRequiredButMissing(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 AUTH PLAIN LOGIN
                C: QUIT
                """, BEFORE_TLS + """
                S: 454 TLS not available
                C: QUIT
                """, BEFORE_TLS + """
                S: 502 what
                C: QUIT
                """)) {
            SmtpClientOptions required = tls(TlsMode.STARTTLS).withLogin(login());
            SmtpRequirementUnmet unmet = catchThrowableOfType(SmtpRequirementUnmet.class, () -> open(server, required));
            assertThat(unmet.requirement()).isEqualTo(SmtpRequirementUnmet.Requirement.TLS);
            SmtpRefused later = catchThrowableOfType(SmtpRefused.class, () -> open(server, required));
            assertThat(later.phase()).isEqualTo(SmtpPhase.STARTTLS);
            assertThat(later.isTransient()).isTrue();
            SmtpRefused never = catchThrowableOfType(SmtpRefused.class, () -> open(server, required));
            assertThat(never.isTransient()).isFalse();
            server.assertPlayedToTheEnd();
        }
    }

    /** C5. */
    @ParameterizedTest
    @EnumSource(
            value = TestCertificates.Kind.class,
            names = {"EXPIRED", "FOREIGN", "WRONG_HOST"})
    void refusesACertificateThatDoesNotProveTheServer(TestCertificates.Kind kind) throws IOException {
        try (ScriptedPeer server =
                ScriptedPeer.serving(Pace.WHOLE, TestCertificates.server(kind), "-- tls refused\n")) {
            TlsSettings settings = TlsSettings.client(TestCertificates.client()).withAdvice("do this");
            TlsFailed failed = catchThrowableOfType(
                    TlsFailed.class, () -> open(server, options().withTls(TlsMode.IMPLICIT, settings)));
            assertThat(failed.isCertificateRefused()).isTrue();
            assertThat(failed.isTransient()).isFalse();
            assertThat(failed)
                    .hasMessageContaining("doing the TLS handshake")
                    .hasMessageContaining("certificate")
                    .hasMessageEndingWith("do this; no message was sent");
        }
    }

    @TranscriptTest
    void speaksTlsFromTheFirstOctetWhenImplicit(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                -- tls
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 AUTH PLAIN
                C: AUTH PLAIN AGFubgBzZWNyZXQx
                S: 235 2.7.0 ok
                C: QUIT
                S: 221 bye
                """)) {
            try (SmtpClient client = open(server, tls(TlsMode.IMPLICIT).withLogin(login()))) {
                assertThat(client.tls()).isPresent();
                client.quit();
            }
            server.assertPlayedToTheEnd();
        }
    }

    /** C6: a greeting without end. */
    @Test
    void takesNoGreetingOfAMillionLines() throws IOException {
        String greeting = "S: 220-line\n".repeat(150);
        try (ScriptedPeer server = ScriptedPeer.serving(greeting)) {
            assertThatThrownBy(() -> open(server, options()))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("at most 100 lines");
        }
    }

    @TranscriptTest
    void staysInClearTowardsLoopbackUnlessTold(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 STARTTLS
                C: QUIT
                S: 221 bye
                """)) {
            try (SmtpClient client = open(server, tls(TlsMode.AUTO))) {
                client.quit();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void logsInWithLoginStepByStep(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 AUTH=LOGIN DIGEST-MD5
                C: AUTH LOGIN
                S: 334 VXNlcm5hbWU6
                C: YW5u
                S: 334 UGFzc3dvcmQ6
                C: c2VjcmV0MQ==
                S: 235 ok
                """)) {
            open(server, options().withLogin(login())).close();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void waitsForTheChallengeWhenTheInitialResponseIsTooLong(Pace pace) throws IOException {
        String password = "p".repeat(400);
        String encoded = Base64.getEncoder().encodeToString(("\0ann\0" + password).getBytes(StandardCharsets.US_ASCII));
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 AUTH PLAIN
                C: AUTH PLAIN
                S: 334\\s
                C: %s
                S: 235 ok
                """.formatted(encoded))) {
            open(
                            server,
                            options()
                                    .withLogin(new SmtpLogin(
                                            new Credentials("ann", Secret.of(password)), List.of("plain"), false)))
                    .close();
            server.assertPlayedToTheEnd();
        }
    }

    /** Servers exist that say back what they do not understand. */
    @Test
    void tellsNoPasswordThatTheServerSaysBack() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 AUTH PLAIN
                C: AUTH PLAIN AGFubgBzZWNyZXQx
                S: 501-what is AUTH PLAIN AGFubgBzZWNyZXQx
                S: 501 or ann with secret1
                C: QUIT
                """)) {
            SmtpAuthenticationFailed failed = catchThrowableOfType(
                    SmtpAuthenticationFailed.class, () -> open(server, options().withLogin(login())));
            assertThat(failed.getMessage())
                    .contains("what is", "***")
                    .doesNotContain("secret1")
                    .doesNotContain("AGFubg");
            assertThat(failed.reply().toString()).doesNotContain("secret1").doesNotContain("AGFubg");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "535 5.7.8 wrong, WRONG_CREDENTIALS, false",
        "534 5.7.9 too weak, MECHANISM_TOO_WEAK, false",
        "530 5.7.0 STARTTLS first, ENCRYPTION_REQUIRED, false",
        "538 5.7.11 encrypt, ENCRYPTION_REQUIRED, false",
        "454 4.7.0 later, TEMPORARY, true",
        "504 5.5.4 what, OTHER, false",
        "501 5.5.2 bad, DIALOGUE_FAILED, false"
    })
    void tellsWhyAuthenticationFailed(String reply, SmtpAuthenticationFailed.Reason reason, boolean isTransient)
            throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 AUTH PLAIN
                C: AUTH PLAIN AGFubgBzZWNyZXQx
                S: %s
                C: QUIT
                """.formatted(reply))) {
            SmtpAuthenticationFailed failed = catchThrowableOfType(
                    SmtpAuthenticationFailed.class, () -> open(server, options().withLogin(login())));
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.isTransient()).isEqualTo(isTransient);
            assertThat(failed.getMessage())
                    .contains("AUTH PLAIN")
                    .contains(reply)
                    .doesNotContain("secret1");
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @CsvSource({"334 aGVsbG8=", "334 ***garbage***"})
    void cancelsADialogueThatTheMechanismDoesNotHave(String challenge) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 AUTH PLAIN
                C: AUTH PLAIN AGFubgBzZWNyZXQx
                S: %s
                C: *
                S: 501 5.7.0 cancelled
                C: QUIT
                """.formatted(challenge))) {
            SmtpAuthenticationFailed failed = catchThrowableOfType(
                    SmtpAuthenticationFailed.class, () -> open(server, options().withLogin(login())));
            assertThat(failed.reason()).isEqualTo(SmtpAuthenticationFailed.Reason.DIALOGUE_FAILED);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void namesBothSidesWhenNoMechanismIsCommon(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250 AUTH GSSAPI PLAIN
                C: QUIT
                """, """
                S: 220 mx
                C: EHLO client.example.com
                S: 250 mx
                C: QUIT
                """)) {
            assertThatThrownBy(() -> open(server, options().withLogin(login("LOGIN"))))
                    .isInstanceOf(SmtpRequirementUnmet.class)
                    .hasMessageContaining("the server offers GSSAPI, PLAIN; none of LOGIN");
            assertThatThrownBy(() -> open(server, options().withLogin(login())))
                    .isInstanceOf(SmtpRequirementUnmet.class)
                    .hasMessageContaining("does not offer AUTH");
            server.assertPlayedToTheEnd();
        }
    }
}
