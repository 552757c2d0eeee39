package io.mailproto.component.smtp;

import static io.mailproto.component.smtp.SmtpRoutes.MAIL;
import static io.mailproto.component.smtp.SmtpRoutes.OPTIONS;
import static io.mailproto.component.smtp.SmtpRoutes.QUIT;
import static io.mailproto.component.smtp.SmtpRoutes.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.MailConstants;
import io.mailproto.testing.Pace;
import io.mailproto.testing.PeerCommand;
import io.mailproto.testing.TranscriptTest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mail with several recipients: LMTP, and one exchange for each. */
@Timeout(60)
class SmtpConsumerRecipientsTest {
    private static final String LMTP = "lmtp:127.0.0.1:0?" + OPTIONS;
    private static final String THREE = """
            C: MAIL FROM:<ann@example.com>
            S: 250 2.1.0 sender ok
            C: RCPT TO:<a@example.org>
            S: 250 2.1.5 recipient ok
            C: RCPT TO:<b@example.org>
            S: 250 2.1.5 recipient ok
            C: RCPT TO:<c@example.org>
            S: 250 2.1.5 recipient ok
            """ + MAIL;
    private static final String LMTP_UP_TO_DOT = """
            S: 220 mx.test LMTP
            C: LHLO client.example
            S~ 250-.*
            S~ 250-PIPELINING
            S~ 250-SIZE .*
            S~ 250-8BITMIME
            S~ 250-SMTPUTF8
            S~ 250-ENHANCEDSTATUSCODES
            S~ 250-CHUNKING
            S~ 250-LIMITS .*
            S~ 250 HELP
            """ + THREE;
    private static final String SMTP_UP_TO_DOT = """
            S: 220 mx.test ESMTP
            C: HELO client.example
            S: 250 mx.test
            """ + THREE;
    private static final String ACCEPTED = "S~ 250 2\\.0\\.0 accepted as [0-9a-z-]+\n";

    @TempDir
    private Path directory;

    private final SmtpRoutes routes = new SmtpRoutes();

    @AfterEach
    void stop() {
        routes.close();
    }

    private static String recipient(Exchange exchange) {
        List<?> recipients = exchange.getMessage().getHeader(MailConstants.ENVELOPE_RECIPIENTS, List.of(), List.class);
        return recipients.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    @TranscriptTest
    void answersEachRecipientOfLmtpAsTheRouteSays(Pace pace) throws Exception {
        routes.start(LMTP, exchange -> exchange.getMessage()
                .setHeader(
                        MailConstants.RECIPIENT_REPLIES,
                        Map.of("b@example.org", "550 5.1.1 no such user", "c@example.org", "no reply")));
        routes.talk(
                pace,
                LMTP_UP_TO_DOT + ACCEPTED + "S: 550 5.1.1 no such user\nS: 451 4.3.0 local error, try again later\n"
                        + QUIT);
        assertThat(recipient(routes.completed.get(0))).isEqualTo("a@example.org b@example.org c@example.org");
    }

    @Test
    void answersAllRecipientsOfLmtpAlikeWhenTheRouteFails() throws Exception {
        routes.start(LMTP, exchange -> {
            throw new SmtpReplyException(452, "4.2.2", "disk is full");
        });
        routes.talk(LMTP_UP_TO_DOT + "S: 452 4.2.2 disk is full\n".repeat(3) + QUIT);
    }

    @Test
    void answersAllRecipientsOfLmtpWhenTheRouteIsStuck() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.start(LMTP + "&routeTimeout=100", exchange -> SmtpRoutes.await(mayEnd));
        try {
            routes.talk(LMTP_UP_TO_DOT + "S~ 451 4.3.2 .*\n".repeat(3) + "-- closed\n");
        } finally {
            mayEnd.countDown();
        }
    }

    @TranscriptTest
    void passesOnWhatTheNextServerSaysToEachRecipient(Pace pace) throws Exception {
        try (SmtpRoutes next = new SmtpRoutes()) {
            next.context.getRegistry().bind("picky", new io.mailproto.smtp.server.SmtpPolicy() {
                @Override
                public java.util.Optional<io.mailproto.smtp.Reply> rcpt(
                        io.mailproto.smtp.server.SessionFacts session,
                        java.util.Optional<io.mailproto.address.EmailAddress> sender,
                        io.mailproto.address.EmailAddress recipient) {
                    return recipient.localPart().equals("b")
                            ? java.util.Optional.of(io.mailproto.smtp.Reply.of(550, "5.1.1 unknown there"))
                            : java.util.Optional.empty();
                }
            });
            next.start(SERVER + "&policy=#picky", exchange -> {});
            routes.route(LMTP, route -> route.to("smtp:" + next.address()));
            routes.talk(pace, LMTP_UP_TO_DOT + ACCEPTED + "S: 550 5.1.1 unknown there\n" + ACCEPTED + QUIT);
        }
    }

    @TranscriptTest
    void givesEachRecipientAnExchangeAndAReplyOfItsOwn(Pace pace) throws Exception {
        routes.start(LMTP + "&splitRecipients=true", exchange -> {
            if (recipient(exchange).startsWith("b@")) {
                throw new SmtpReplyException(550, "5.1.1", "no such user");
            }
        });
        routes.talk(pace, LMTP_UP_TO_DOT + ACCEPTED + "S: 550 5.1.1 no such user\n" + ACCEPTED + QUIT);
        assertThat(routes.completed).hasSize(3);
        assertThat(routes.completed.stream().map(SmtpConsumerRecipientsTest::recipient))
                .containsExactly("a@example.org", "b@example.org", "c@example.org");
        assertThat(routes.completed.stream()
                        .map(exchange -> exchange.getMessage().getHeader(MailConstants.QUEUE_ID)))
                .doesNotHaveDuplicates();
        assertThat(routes.completed.stream()
                        .map(exchange -> exchange.getMessage().getBody(byte[].class)))
                .allSatisfy(octets -> assertThat(new String(octets, java.nio.charset.StandardCharsets.US_ASCII))
                        .endsWith("Subject: hi\r\n\r\nhello\r\n"));
    }

    @Test
    void makesOneReplyOfSeveralExchanges() throws Exception {
        Map<String, SmtpReplyException> refusals = new HashMap<>();
        routes.start(SERVER + "&splitRecipients=true", exchange -> {
            SmtpReplyException refusal = refusals.get(recipient(exchange).substring(0, 1));
            if (refusal != null) {
                throw refusal;
            }
        });
        routes.talk(SMTP_UP_TO_DOT + ACCEPTED + QUIT);

        refusals.put("b", new SmtpReplyException(550, "5.1.1", "no such user"));
        routes.talk(SMTP_UP_TO_DOT + "S: 554 5.6.0 not accepted for b@example.org; accepted for the others\n" + QUIT);

        refusals.put("c", new SmtpReplyException(452, "4.2.2", "full"));
        routes.talk(SMTP_UP_TO_DOT + "S: 452 4.2.2 full\n" + QUIT);

        refusals.put("a", new SmtpReplyException(551, "5.1.6", "moved"));
        refusals.put("c", refusals.get("b"));
        routes.talk(SMTP_UP_TO_DOT + "S: 551 5.1.6 moved\n" + QUIT);
    }

    @Test
    void beginsNoFurtherExchangeWhenTheTimeIsOver() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.start(SERVER + "&splitRecipients=true&routeTimeout=100", exchange -> SmtpRoutes.await(mayEnd));
        try {
            routes.talk(SMTP_UP_TO_DOT + "S~ 451 4.3.2 .*\n-- closed\n");
        } finally {
            mayEnd.countDown();
        }
        org.awaitility.Awaitility.await().until(() -> routes.consumer().connections() == 0);
        assertThat(routes.completed).hasSize(1);
    }

    @Test
    void receivesFromPythonAndSwaksWithLmtp() throws Exception {
        routes.start(LMTP, exchange -> exchange.getMessage()
                .setHeader(MailConstants.RECIPIENT_REPLIES, Map.of("eve@example.org", "550 5.1.1 no such user")));
        String port = String.valueOf(routes.address().port());
        PeerCommand.python("""
                import smtplib, sys
                s = smtplib.LMTP('127.0.0.1', int(sys.argv[1]))
                s.sendmail('ann@example.com', ['bob@example.org'], 'Subject: python\\r\\n\\r\\n')
                s.quit()
                """, port).run().orFail();
        PeerCommand.Result swaks = PeerCommand.run(
                "swaks",
                "--protocol",
                "LMTP",
                "--server",
                "127.0.0.1",
                "--port",
                port,
                "--to",
                "bob@example.org,eve@example.org",
                "--header",
                "Subject: swaks");
        assertThat(swaks.output()).contains("250 2.0.0 accepted as").contains("550 5.1.1 no such user");
        assertThat(routes.completed.stream()
                        .map(exchange -> exchange.getMessage().getHeader("Subject")))
                .containsExactly("python", "swaks");
    }

    @Test
    void handsOnWhatTheClientWantsToHearOfTheDelivery() throws Exception {
        routes.withKey(directory)
                .start(SERVER + "&offerDsn=true&offerRequireTls=true&sslContextParameters=#ssl", exchange -> {});
        String capabilities = """
                C: EHLO client.example
                S: 250-mx.test
                S: 250-PIPELINING
                S~ 250-SIZE .*
                S: 250-8BITMIME
                S: 250-SMTPUTF8
                S: 250-ENHANCEDSTATUSCODES
                S: 250-CHUNKING
                S: 250-DSN
                """;
        routes.talkTls("S: 220 mx.test ESMTP\n" + capabilities + """
                S~ 250-LIMITS .*
                S: 250-STARTTLS
                S: 250 HELP
                C: STARTTLS
                S~ 220 .*
                -- tls
                """ + capabilities + """
                S: 250-REQUIRETLS
                S~ 250-LIMITS .*
                S: 250 HELP
                C: MAIL FROM:<ann@example.com> RET=hdrs ENVID=a+2Bb REQUIRETLS
                S~ 250 .*
                C: RCPT TO:<bob@example.org> NOTIFY=SUCCESS ORCPT=rfc822;bob@example.org
                S~ 250 .*
                """ + MAIL + ACCEPTED + QUIT);
        assertThat(routes.completed.get(0).getMessage().getHeaders())
                .containsEntry(MailConstants.DSN_RETURN, "HDRS")
                .containsEntry(MailConstants.DSN_ENVELOPE_ID, "a+b")
                .containsEntry(MailConstants.REQUIRE_TLS, true)
                .containsEntry(
                        MailConstants.DSN_RECIPIENTS,
                        Map.of("bob@example.org", "NOTIFY=SUCCESS ORCPT=rfc822;bob@example.org"));
    }

    @Test
    void isAnAliasToo() throws Exception {
        routes.start("mailproto-lmtp:127.0.0.1:0?" + OPTIONS, exchange -> {});
        routes.talk("S: 220 mx.test LMTP\n" + QUIT);
        assertThatThrownBy(() -> routes.context.getEndpoint("lmtp:localhost:0?noSuchOption=1"))
                .hasStackTraceContaining("noSuchOption");
    }
}
