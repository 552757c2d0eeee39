package io.mailproto.component.smtp;

import static io.mailproto.component.smtp.SmtpRoutes.OPTIONS;
import static io.mailproto.component.smtp.SmtpRoutes.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.testing.PeerCommand;
import io.mailproto.testing.PostfixPeer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other people's clients and a route that receives. */
@Timeout(120)
class SmtpConsumerPeersTest {
    @TempDir
    Path directory;

    private final SmtpRoutes routes = new SmtpRoutes();
    private final Queue<Message> messages = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        routes.close();
    }

    private void collect(Exchange exchange) {
        messages.add(exchange.getMessage());
    }

    private static String octets(Message message) {
        return new String(message.getBody(byte[].class), StandardCharsets.ISO_8859_1);
    }

    @Test
    void receivesFromSwaksWithPasswordOverTls() throws Exception {
        routes.withKey(directory)
                .start(
                        SERVER + "&sslContextParameters=#ssl&requireAuthentication=true&users=ann:secret",
                        this::collect);
        PeerCommand.run(
                        "swaks",
                        "--server",
                        routes.address().toString(),
                        "--tls",
                        "--auth",
                        "LOGIN",
                        "--auth-user",
                        "ann",
                        "--auth-password",
                        "secret",
                        "--from",
                        "ann@example.com",
                        "--to",
                        "bob@example.org",
                        "--header",
                        "Subject: from swaks",
                        "--body",
                        "hello\n.dot")
                .orFail();
        assertThat(messages).singleElement().satisfies(message -> {
            assertThat(message.getHeader("Subject")).isEqualTo("from swaks");
            assertThat(message.getHeader(MailConstants.AUTHENTICATED_USER)).isEqualTo("ann");
            assertThat(message.getHeader(MailConstants.TLS_PROTOCOL)).isEqualTo("TLSv1.3");
            assertThat(octets(message)).contains("\r\n\r\nhello\r\n.dot\r\n");
        });
    }

    @Test
    void showsSwaksTheRefusalOfTheRoute() throws Exception {
        routes.start(SERVER, exchange -> {
            throw new SmtpReplyException(550, "5.7.1", "not wanted here");
        });
        PeerCommand.Result result =
                PeerCommand.run("swaks", "--server", routes.address().toString(), "--to", "bob@example.org");
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains("550 5.7.1 not wanted here");
    }

    @Test
    void receivesFromPython() throws Exception {
        routes.start(SERVER, this::collect);
        PeerCommand.python("""
                import smtplib, sys
                s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]))
                for i in range(3):
                    s.sendmail('ann@example.com', ['bob@example.org', 'eve@example.org'],
                        'Subject: %d\\r\\n\\r\\n.%d\\r\\n' % (i, i))
                s.sendmail('', ['Gr\u00fc\u00dfe@example.org'], 'Subject: utf8\\r\\n\\r\\n',
                    mail_options=['SMTPUTF8'])
                s.quit()
                """, String.valueOf(routes.address().port())).run().orFail();
        assertThat(messages.stream().map(message -> message.getHeader("Subject")))
                .containsExactly("0", "1", "2", "utf8");
        assertThat(messages.stream().map(message -> message.getHeader(MailConstants.ENVELOPE_RECIPIENTS)))
                .startsWith(List.of("bob@example.org", "eve@example.org"))
                .endsWith(List.of("Gr\u00fc\u00dfe@example.org"));
        assertThat(octets(messages.element())).endsWith("Subject: 0\r\n\r\n.0\r\n");
    }

    @Test
    void receivesWhatPostfixRelaysAndHasItKeepWhatIsNotTaken() throws Exception {
        try (PostfixPeer postfix = PostfixPeer.startOrSkip(directory)) {
            int port = postfix.sink().smtp().port();
            // The route takes the place of the server that Postfix relays to.
            postfix.sink().close();
            Queue<String> refused = new ConcurrentLinkedQueue<>();
            routes.start("smtp:127.0.0.1:" + port + "?" + OPTIONS + "&recipientDomains=relay.test", exchange -> {
                if ("later".equals(exchange.getMessage().getHeader("Subject")) && refused.isEmpty()) {
                    refused.add("once");
                    throw new IllegalStateException("database is down");
                }
                collect(exchange);
            });
            for (String subject : List.of("now", "later")) {
                PeerCommand.run(
                                "swaks",
                                "--server",
                                postfix.smtp().toString(),
                                "--from",
                                "ann@example.com",
                                "--to",
                                "bob@relay.test",
                                "--header",
                                "Subject: " + subject)
                        .orFail();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> messages.size() == 1 && !refused.isEmpty());
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(postfix.log())
                    .contains("status=sent (250 2.0.0 accepted as ")
                    .contains("status=deferred (host 127.0.0.1[127.0.0.1] said: 451 4.3.0 local error"));
            // A flush that comes between the log line and the move to the deferred queue does nothing.
            await().pollInterval(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        postfix.command("postqueue", "-f");
                        return messages.size() == 2;
                    });
            assertThat(messages.stream().map(message -> message.getHeader("Subject")))
                    .containsExactly("now", "later");
        }
    }

    /** One transaction, two recipients, two outcomes: what SMTP cannot tell and LMTP can. */
    @Test
    void tellsPostfixByLmtpWhatBecameOfEachRecipient() throws Exception {
        try (PostfixPeer postfix = PostfixPeer.startOrSkip(directory)) {
            routes.start("lmtp:127.0.0.1:0?" + OPTIONS + "&recipientDomains=relay.test", exchange -> {
                collect(exchange);
                exchange.getMessage()
                        .setHeader(MailConstants.RECIPIENT_REPLIES, Map.of("eve@relay.test", "550 5.1.1 no such user"));
            });
            String transport = "lmtp:inet:127.0.0.1:" + routes.address().port();
            postfix.command("postconf", "-e", "transport_maps = inline:{ {relay.test=" + transport + "} }");
            PeerCommand.run(
                            "swaks",
                            "--server",
                            postfix.smtp().toString(),
                            "--from",
                            "ann@discard.test",
                            "--to",
                            "bob@relay.test,eve@relay.test",
                            "--header",
                            "Subject: to both")
                    .orFail();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(postfix.log())
                    .containsPattern("to=<bob@relay\\.test>.*status=sent \\(250 2\\.0\\.0 accepted as ")
                    .containsPattern(
                            "to=<eve@relay\\.test>.*status=bounced \\(host .* said: 550 5\\.1\\.1 no such user"));
            assertThat(messages).singleElement().satisfies(message -> {
                assertThat(message.getHeader("Subject")).isEqualTo("to both");
                assertThat(message.getHeader(MailConstants.ENVELOPE_RECIPIENTS))
                        .isEqualTo(List.of("bob@relay.test", "eve@relay.test"));
            });
        }
    }
}
