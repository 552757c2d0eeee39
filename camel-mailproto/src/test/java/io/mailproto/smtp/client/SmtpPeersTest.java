package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.message;
import static io.mailproto.smtp.client.Smtp.octets;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static io.mailproto.smtp.client.Smtp.tls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.spool.Octets;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import io.mailproto.testing.PostfixPeer;
import io.mailproto.testing.SmtpSinkPeer;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client and the servers of the world. */
class SmtpPeersTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final PostfixPeer POSTFIX = PostfixPeer.extension(DOVECOT);

    private static SmtpLogin alice(String... mechanisms) {
        return new SmtpLogin(
                new Credentials(DovecotPeer.ALICE, Secret.of(DovecotPeer.passwordOf(DovecotPeer.ALICE))),
                List.of(mechanisms),
                false);
    }

    @Test
    void deliversToPostfixWithSomeRecipientsRefused() throws IOException {
        DOVECOT.expungeAll(DovecotPeer.BOB, "INBOX");
        try (SmtpClient client = open(POSTFIX.smtp(), options())) {
            assertThat(client.extensions().offers("PIPELINING")).isTrue();
            TransactionReport report = client.send(
                    envelope(
                            "ann@example.com",
                            "reject@example.test",
                            DovecotPeer.BOB,
                            "defer@example.test",
                            "nosuch@example.test"),
                    message("Subject: to Bob\n\n.dot\n..two\n.\nend"));

            assertThat(report.delivered()).extracting(Object::toString).containsExactly(DovecotPeer.BOB);
            assertThat(report.recipients())
                    .extracting(RecipientResult::outcome)
                    .containsExactly(
                            RecipientResult.Outcome.REFUSED,
                            RecipientResult.Outcome.ACCEPTED,
                            RecipientResult.Outcome.REFUSED_FOR_NOW,
                            RecipientResult.Outcome.REFUSED);
            assertThat(report.queueId().orElseThrow()).contains("queued as");
            client.quit();
        }
        DOVECOT.awaitCount(DovecotPeer.BOB, "INBOX", 1);
        String arrived = new String(DOVECOT.messages(DovecotPeer.BOB, "INBOX").get(0), StandardCharsets.US_ASCII);
        assertThat(arrived).contains("Subject: to Bob\r\n").endsWith("\r\n\r\n.dot\r\n..two\r\n.\r\nend\r\n");
    }

    @Test
    void endsWhenPostfixGoesAwayAtARecipient() throws IOException {
        try (SmtpClient client = open(POSTFIX.smtp(), options())) {
            SmtpRefused refused = catchThrowableOfType(
                    SmtpRefused.class,
                    () -> client.send(envelope("ann@example.com", "drop@example.test"), message("x\n")));
            assertThat(refused.reply().code()).isEqualTo(521);
            assertThat(client.isUsable()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void submitsOverStarttlsAndImplicitTls(String mechanism) throws IOException {
        SmtpClientOptions starttls = tls(TlsMode.STARTTLS).withLogin(alice(mechanism));
        try (SmtpClient client = open(POSTFIX.submission(), starttls)) {
            TransactionReport report =
                    client.send(envelope(DovecotPeer.ALICE, "x@discard.test"), message("Subject: s\n\nx\n"));
            assertThat(report.tls().orElseThrow().peerVerified()).isTrue();
            client.quit();
        }
        SmtpClientOptions implicit = tls(TlsMode.IMPLICIT).withLogin(alice(mechanism));
        try (SmtpClient client = open(POSTFIX.submissions(), implicit)) {
            assertThat(client.send(envelope(DovecotPeer.ALICE, "x@discard.test"), message("Subject: s\n\nx\n"))
                            .isComplete())
                    .isTrue();
            client.quit();
        }
    }

    @Test
    void tellsThatThePasswordIsWrongAndThatALoginIsMissing() throws IOException {
        SmtpLogin wrong = new SmtpLogin(new Credentials(DovecotPeer.ALICE, Secret.of("nonsense")), List.of(), false);
        SmtpAuthenticationFailed failed = catchThrowableOfType(
                SmtpAuthenticationFailed.class,
                () -> open(POSTFIX.submissions(), tls(TlsMode.IMPLICIT).withLogin(wrong)));
        assertThat(failed.reason()).isEqualTo(SmtpAuthenticationFailed.Reason.WRONG_CREDENTIALS);
        assertThat(failed.getMessage()).doesNotContain("nonsense");

        try (SmtpClient client = open(POSTFIX.submissions(), tls(TlsMode.IMPLICIT))) {
            assertThatThrownBy(() -> client.send(envelope(DovecotPeer.ALICE, "x@discard.test"), message("x\n")))
                    .isInstanceOf(SmtpRefused.class);
            client.noop();
            assertThat(client.verify("alice@example.test").code()).isBetween(250, 599);
        }
    }

    /** vectors of outbound smuggling: whatever the body holds, one message arrives. */
    @Test
    void sendsOneMessageWhateverLineEndsItsBodyHas() throws IOException {
        DOVECOT.expungeAll(DovecotPeer.CAROL, "INBOX");
        List<String> vectors = List.of(
                "\r\r\n.\r\n", "\n.\n", "\n.\r\n", "\r\n.\n", "\n.\r", "\r.\r", "\r.\n", "\r.\r\n", "\r\n.\r\r\n");
        try (SmtpClient client = open(POSTFIX.smtp(), options())) {
            for (String vector : vectors) {
                client.send(
                        envelope("ann@example.com", DovecotPeer.CAROL),
                        octets("Subject: x\r\n\r\nbody" + vector
                                + "MAIL FROM:<evil@x.test>\r\nRCPT TO:<alice@example.test>\r\nDATA\r\nhi\r\n"));
            }
            client.quit();
        }
        DOVECOT.awaitCount(DovecotPeer.CAROL, "INBOX", vectors.size());
    }

    @Test
    void sendsManyRecipientsInFlights(@TempDir Path directory) throws IOException {
        try (SmtpSinkPeer sink = SmtpSinkPeer.startOrSkip(directory);
                SmtpClient client = open(sink.smtp(), options())) {
            String[] recipients = new String[300];
            for (int i = 0; i < recipients.length; i++) {
                recipients[i] = "recipient-number-" + i + "@example.org";
            }
            byte[] body = "x".repeat(70).concat("\r\n").repeat(20_000).getBytes(StandardCharsets.US_ASCII);
            TransactionReport report =
                    client.send(envelope("ann@example.com", recipients), MessageContent.of(Octets.of(body)));
            assertThat(report.delivered()).hasSize(300);
            client.quit();
            Awaitility.await().until(() -> sink.messages().size() == 1);
            assertThat(sink.messages().get(0).recipientArguments()).hasSize(300);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-f CONNECT, GREETING, false",
        "-r CONNECT, GREETING, true",
        "-f MAIL, MAIL, false",
        "-r MAIL, MAIL, true",
        "-f RCPT, RCPT, false",
        "-r RCPT, RCPT, true",
        "-f DATA, DATA, false",
        "-r DATA, DATA, true",
        "-f ., FINAL_DOT, false",
        "-r ., FINAL_DOT, true",
        "-Q MAIL, MAIL, true",
        "-Q ., FINAL_DOT, true"
    })
    void takesEachFaultOfTheSinkForWhatItIs(
            String options, SmtpPhase phase, boolean isTransient, @TempDir Path directory) throws IOException {
        try (SmtpSinkPeer sink = SmtpSinkPeer.startOrSkip(directory, options.split(" "))) {
            SmtpRefused refused = catchThrowableOfType(SmtpRefused.class, () -> sendOne(sink));
            assertThat(refused).isNotNull();
            assertThat(refused.phase()).isEqualTo(phase);
            assertThat(refused.isTransient()).isEqualTo(isTransient);
        }
    }

    @Test
    void talksToASinkWithoutEsmtpAndToOneThatHangsUp(@TempDir Path directory) throws IOException {
        try (SmtpSinkPeer old = SmtpSinkPeer.startOrSkip(directory.resolve("old"), "-e")) {
            sendOne(old);
        }
        try (SmtpSinkPeer gone = SmtpSinkPeer.startOrSkip(directory.resolve("gone"), "-q", ".")) {
            assertThatThrownBy(() -> sendOne(gone)).isInstanceOf(SmtpOutcomeUnknown.class);
        }
        try (SmtpSinkPeer gone = SmtpSinkPeer.startOrSkip(directory.resolve("mute"), "-w", "3")) {
            SmtpClientOptions impatient =
                    options().withPipelining(false).withTimeouts(SmtpTimeouts.all(Duration.ofSeconds(1)));
            try (SmtpClient client = open(gone.smtp(), impatient)) {
                assertThatThrownBy(() -> client.send(envelope("ann@example.com", "bob@example.org"), message("x\n")))
                        .hasMessageContaining("waiting for the reply to DATA: no answer within 1 s");
            }
        }
    }

    private static void sendOne(SmtpSinkPeer sink) throws IOException {
        try (SmtpClient client = open(sink.smtp(), options())) {
            client.send(envelope("ann@example.com", "bob@example.org"), message("Subject: x\n\nx\n"));
            client.quit();
        }
    }

    @Test
    void deliversToGreenMail() throws IOException {
        try (GreenMailPeer greenMail = GreenMailPeer.start();
                SmtpClient client = open(greenMail.smtp(), options())) {
            client.send(envelope("ann@example.com", DovecotPeer.ALICE), message("Subject: g\n\n.x\n"));
            client.quit();
            String arrived = new String(greenMail.messages(DovecotPeer.ALICE).get(0), StandardCharsets.US_ASCII);
            assertThat(arrived).contains("Subject: g").endsWith("\r\n.x");
        }
    }
}
