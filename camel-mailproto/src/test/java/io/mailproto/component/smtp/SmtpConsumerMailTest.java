package io.mailproto.component.smtp;

import static io.mailproto.component.smtp.SmtpRoutes.ACCEPTED;
import static io.mailproto.component.smtp.SmtpRoutes.OPTIONS;
import static io.mailproto.component.smtp.SmtpRoutes.QUIT;
import static io.mailproto.component.smtp.SmtpRoutes.SERVER;
import static io.mailproto.component.smtp.SmtpRoutes.UP_TO_DOT;
import static io.mailproto.component.smtp.SmtpRoutes.withoutTrace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.address.EmailAddress;
import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.server.SessionFacts;
import io.mailproto.smtp.server.SmtpPolicy;
import io.mailproto.testing.Pace;
import io.mailproto.testing.TranscriptTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a route sees of a mail, and who may send one. */
@Timeout(60)
class SmtpConsumerMailTest {
    @TempDir
    private Path directory;

    private final SmtpRoutes routes = new SmtpRoutes();

    @AfterEach
    void stop() {
        routes.close();
    }

    @TranscriptTest
    void givesTheRouteTheMailWithItsEnvelope(Pace pace) throws Exception {
        routes.start(SERVER, exchange -> {});
        routes.talk(pace, """
                S: 220 mx.test ESMTP
                C: HELO client.example
                S: 250 mx.test
                C: mail from:ann@example.com
                S: 250 2.1.0 sender ok
                C: rcpt to:bob@example.org
                S: 250 2.1.5 recipient ok
                C: rcpt to:eve@example.org
                S: 250 2.1.5 recipient ok
                C: DATA
                S~ 354 .*
                C: Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
                C: CamelMailReplyCode: 550
                C:
                C: hello
                C: .
                """ + ACCEPTED + QUIT);

        Exchange exchange = routes.completed.get(0);
        assertThat(exchange.getPattern()).isEqualTo(ExchangePattern.InOnly);
        assertThat(exchange.getMessage().getBody()).isInstanceOf(Mail.class);
        assertThat(exchange.getMessage().getBody(String.class)).isEqualToIgnoringNewLines("hello");
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry("Subject", "Gr\u00fc\u00dfe")
                .containsEntry(MailConstants.ENVELOPE_SENDER, "ann@example.com")
                .containsEntry(MailConstants.ENVELOPE_RECIPIENTS, List.of("bob@example.org", "eve@example.org"))
                .containsEntry(MailConstants.HELO, "client.example")
                .doesNotContainKeys(
                        MailConstants.REPLY_CODE, MailConstants.TLS_PROTOCOL, MailConstants.AUTHENTICATED_USER);
        assertThat(exchange.getMessage().getHeader(MailConstants.REMOTE_ADDRESS, String.class))
                .startsWith("127.0.0.1:");
    }

    @Test
    void writesTheOctetsToAFile() throws Exception {
        routes.route(SERVER, route -> route.to("file:" + directory + "?fileName=${header.CamelMailQueueId}.eml"));
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        try (Stream<Path> files = Files.list(directory)) {
            Path file = files.toList().get(0);
            assertThat(file.getFileName().toString()).endsWith(".eml");
            assertThat(withoutTrace(Files.readString(file, StandardCharsets.ISO_8859_1)))
                    .isEqualTo("Subject: hi\r\n\r\nhello\r\n");
        }
    }

    @Test
    void takesMailUnderTlsFromUsersOnly() throws Exception {
        routes.withKey(directory)
                .start(
                        SERVER + "&sslContextParameters=#ssl&requireAuthentication=true&users=ann:secret,bob:other",
                        exchange -> {});
        routes.talkTls("""
                S: 220 mx.test ESMTP
                C: STARTTLS
                S: 220 2.0.0 ready to start TLS
                -- tls
                C: HELO client.example
                S: 250 mx.test
                C: MAIL FROM:<a@b>
                S: 530 5.7.0 authentication required
                C: AUTH PLAIN AGFubgBvdGhlcg==
                S: 535 5.7.8 user name or password is wrong
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: 235 2.7.0 authenticated
                C: MAIL FROM:<a@b>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<c@d>
                S: 250 2.1.5 recipient ok
                C: DATA
                S~ 354 .*
                C: x: y
                C: .
                """ + ACCEPTED + QUIT);
        assertThat(routes.completed.get(0).getMessage().getHeader(MailConstants.AUTHENTICATED_USER))
                .isEqualTo("ann");
        assertThat(routes.completed.get(0).getMessage().getHeader(MailConstants.TLS_PROTOCOL, String.class))
                .startsWith("TLSv1.");
    }

    @Test
    void asksThePolicyBean() throws Exception {
        routes.context.getRegistry().bind("users", new SmtpPolicy() {
            @Override
            public Optional<Reply> rcpt(SessionFacts session, Optional<EmailAddress> sender, EmailAddress recipient) {
                return recipient.localPart().equals("bob")
                        ? Optional.of(Reply.of(550, "5.1.1 no such user"))
                        : Optional.empty();
            }
        });
        routes.start("smtp:0.0.0.0:0?" + OPTIONS + "&policy=#users", exchange -> {});
        routes.talk("""
                S: 220 mx.test ESMTP
                C: HELO client.example
                S: 250 mx.test
                C: MAIL FROM:<>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<bob@example.org>
                S: 550 5.1.1 no such user
                """);
    }

    @Test
    void takesMailForItsDomainsOnly() throws Exception {
        routes.start(SERVER + "&recipientDomains=example.org,example.net", exchange -> {});
        routes.talk("""
                S: 220 mx.test ESMTP
                C: HELO client.example
                S: 250 mx.test
                C: MAIL FROM:<>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<bob@elsewhere.example>
                S: 550 5.7.1 no mail for this domain is taken here
                C: RCPT TO:<bob@example.net>
                S: 250 2.1.5 recipient ok
                """);
    }

    @Test
    void asksToComeAgainWhenTheSpoolIsFullAndTakesMailWhenItIsNot() throws Exception {
        Path spool = directory.resolve("spool");
        routes.start(SERVER + "&spoolThreshold=0&spoolDirectory=" + spool, exchange -> {});
        routes.talk(UP_TO_DOT + "S: 452 4.3.1 cannot store the message at the moment\n" + QUIT);
        assertThat(routes.completed).isEmpty();
        Files.createDirectory(spool);
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(routes.completed).hasSize(1);
    }

    @Test
    void refusesToBecomeAnOpenRelayAndSaysHowNot() {
        assertThatThrownBy(() -> routes.start("smtp:0.0.0.0:0?" + OPTIONS, exchange -> {}))
                .hasStackTraceContaining("open relay")
                .hasStackTraceContaining("recipientDomains=*")
                .hasStackTraceContaining("requireAuthentication=true");
    }

    @Test
    void refusesToAskForPasswordsInClear() {
        assertThatThrownBy(() -> routes.start(
                        "smtp:0.0.0.0:0?" + OPTIONS + "&requireAuthentication=true&users=a:b", exchange -> {}))
                .hasStackTraceContaining("sslContextParameters")
                .hasStackTraceContaining("allowPlaintextLogin=true");
    }

    @Test
    void saysWhichOptionMakesNoSense() {
        assertThatThrownBy(() -> routes.start(SERVER + "&requireAuthentication=true", exchange -> {}))
                .hasStackTraceContaining("needs users or an authenticator");
        assertThatThrownBy(() -> new SmtpRoutes().start("smtps:127.0.0.1:0?" + OPTIONS, exchange -> {}))
                .hasStackTraceContaining("sslContextParameters");
        assertThatThrownBy(() -> new SmtpRoutes().start(SERVER + "&users=ann", exchange -> {}))
                .hasStackTraceContaining("users must be like");
        assertThatThrownBy(() -> new SmtpRoutes().start(SERVER + "&maxRecipients=0", exchange -> {}))
                .hasStackTraceContaining("maxRecipients");
    }
}
