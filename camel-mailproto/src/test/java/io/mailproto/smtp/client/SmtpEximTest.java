package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.message;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static io.mailproto.smtp.client.Smtp.tls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.EximPeer;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client and Exim, whose log tells in which way a mail came. */
@Timeout(120)
class SmtpEximTest {
    @RegisterExtension
    static final EximPeer EXIM = EximPeer.extension();

    private static SmtpLogin alice(String password, String... mechanisms) {
        return new SmtpLogin(new Credentials(EximPeer.ALICE, Secret.of(password)), List.of(mechanisms), false);
    }

    /** The one mail with this subject that came since Exim started, as it is on disk: with bare LF. */
    private static String arrived(String user, String subject) throws IOException {
        EXIM.runQueue();
        List<String> found = new ArrayList<>();
        for (byte[] octets : EXIM.maildir(user)) {
            String mail = new String(octets, StandardCharsets.US_ASCII);
            if (mail.contains("\nSubject: " + subject + "\n")) {
                found.add(mail);
            }
        }
        // Not as AssertJ would say it: a mail may have megabytes.
        assertThat(found.size()).isEqualTo(1);
        return found.get(0);
    }

    /** What Exim has logged of the arrival of a mail: L for PIPELINING with a minus if it was not used, K for BDAT. */
    private static String arrival(TransactionReport report) throws IOException {
        String id = report.queueId().orElseThrow().replaceFirst("^OK id=", "");
        return EXIM.log()
                .lines()
                .filter(line -> line.contains(" " + id + " <= "))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, P=esmtp L.- S=",
        "true, false, P=esmtp L. S=",
        "false, true, P=esmtp L.- K S=",
        "true, true, P=esmtp L. K S="
    })
    void sendsCommandByCommandPipelinedAndInChunks(boolean pipelining, boolean chunking, String way)
            throws IOException {
        String subject = "pipelining " + pipelining + ", chunking " + chunking;
        try (SmtpClient client =
                open(EXIM.smtp(), options().withPipelining(pipelining).withChunking(chunking))) {
            TransactionReport report = client.send(
                    envelope("ann@example.com", "bob@example.test"),
                    message("Subject: " + subject + "\n\n.dot\n..two\n.\nend\n"));
            assertThat(report.isComplete()).isTrue();
            assertThat(arrival(report)).contains(way);
            client.quit();
        }
        assertThat(arrived("bob", subject)).endsWith("\n\n.dot\n..two\n.\nend\n");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void sendsThreeMebibytes(boolean chunking) throws IOException {
        String subject = "large, chunking " + chunking;
        String body = ("." + "x".repeat(76) + "\n").repeat(40_000);
        try (SmtpClient client = open(EXIM.smtp(), options().withChunking(chunking))) {
            client.send(
                    envelope("ann@example.com", "bob@example.test"), message("Subject: " + subject + "\n\n" + body));
            client.quit();
        }
        assertThat(arrived("bob", subject).endsWith("\n\n" + body)).isTrue();
    }

    /** Exim's replies have no enhanced status codes; what it refuses for now may be tried again. */
    @Test
    void tellsRefusedRecipientsFromThoseToTryAgain() throws IOException {
        try (SmtpClient client = open(EXIM.smtp(), options())) {
            TransactionReport report = client.send(
                    envelope(
                            "ann@example.com",
                            "reject@example.test",
                            "alice@example.test",
                            "defer@example.test",
                            "nosuch@example.test"),
                    message("Subject: to Alice\n\nx\n"));
            assertThat(report.recipients())
                    .extracting(RecipientResult::outcome)
                    .containsExactly(
                            RecipientResult.Outcome.REFUSED,
                            RecipientResult.Outcome.ACCEPTED,
                            RecipientResult.Outcome.REFUSED_FOR_NOW,
                            RecipientResult.Outcome.REFUSED);
            assertThat(report.enhanced()).isEmpty();

            SmtpRefused later = catchThrowableOfType(
                    SmtpRefused.class,
                    () -> client.send(envelope("ann@example.com", "defer@example.test"), message("x\n")));
            assertThat(later.reply().code()).isEqualTo(451);
            assertThat(later.isTransient()).isTrue();
            SmtpRefused never = catchThrowableOfType(
                    SmtpRefused.class,
                    () -> client.send(envelope("ann@example.com", "reject@example.test"), message("x\n")));
            assertThat(never.reply().code()).isEqualTo(550);
            assertThat(never.isTransient()).isFalse();

            // After refusals the conversation goes on.
            assertThat(client.send(envelope("ann@example.com", "alice@example.test"), message("Subject: more\n\nx\n"))
                            .isComplete())
                    .isTrue();
            client.quit();
        }
        assertThat(arrived("alice", "to Alice")).endsWith("\n\nx\n");
        assertThat(arrived("alice", "more")).endsWith("\n\nx\n");
    }

    /** Exim says 550, where others say 421 or 521, and hangs up. */
    @Test
    void keepsTheReasonWhenEximHangsUpAfterItsRefusal() throws IOException {
        try (SmtpClient client =
                open(EXIM.smtp(), options().withPipelining(false).withChunking(false))) {
            SmtpRefused refused = catchThrowableOfType(
                    SmtpRefused.class,
                    () -> client.send(envelope("ann@example.com", "drop@example.test"), message("x\n")));
            assertThat(refused.reply().code()).isEqualTo(550);
            assertThat(refused.getMessage()).contains("going away");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STARTTLS, PLAIN, A=plain:alice",
        "STARTTLS, LOGIN, A=login:alice",
        "STARTTLS, CRAM-MD5, A=cram:alice",
        "IMPLICIT, PLAIN, A=plain:alice"
    })
    void logsInOverTls(TlsMode mode, String mechanism, String login) throws IOException {
        SmtpClientOptions options = tls(mode).withLogin(alice(EximPeer.PASSWORD, mechanism));
        String subject = mode + " " + mechanism;
        try (SmtpClient client = open(mode == TlsMode.IMPLICIT ? EXIM.smtps() : EXIM.smtp(), options)) {
            TransactionReport report = client.send(
                    envelope("ann@example.com", "bob@login.test"), message("Subject: " + subject + "\n\nx\n"));
            assertThat(report.tls().orElseThrow().peerVerified()).isTrue();
            assertThat(arrival(report)).contains("P=esmtpsa ").contains(login);
            client.quit();
        }
        assertThat(arrived("bob", subject)).endsWith("\n\nx\n");
    }

    @Test
    void tellsThatThePasswordIsWrongAndThatALoginIsMissing() throws IOException {
        SmtpAuthenticationFailed failed = catchThrowableOfType(
                SmtpAuthenticationFailed.class,
                () -> open(EXIM.smtp(), tls(TlsMode.STARTTLS).withLogin(alice("nonsense"))));
        assertThat(failed.reason()).isEqualTo(SmtpAuthenticationFailed.Reason.WRONG_CREDENTIALS);
        assertThat(failed.getMessage()).doesNotContain("nonsense");

        try (SmtpClient client = open(EXIM.smtp(), tls(TlsMode.STARTTLS))) {
            SmtpRefused refused = catchThrowableOfType(
                    SmtpRefused.class,
                    () -> client.send(envelope("ann@example.com", "bob@login.test"), message("x\n")));
            assertThat(refused.getMessage()).contains("log in first");
            client.quit();
        }
    }
}
