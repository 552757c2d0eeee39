package io.mailproto.component.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import io.mailproto.wire.HostPort;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class Pop3ConsumerRealServersTest {
    @RegisterExtension
    static final DovecotPeer dovecot = DovecotPeer.extension();

    @RegisterExtension
    static final GreenMailPeer greenMail = GreenMailPeer.extension();

    private static final String USER = DovecotPeer.ALICE;
    private static final byte[] MAIL = "Subject: hi\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Pop3Routes routes = new Pop3Routes();

    @BeforeEach
    void empty() throws Exception {
        dovecot.expungeAll(USER, "INBOX");
        greenMail.purge();
    }

    @AfterEach
    void stop() throws Exception {
        routes.close();
    }

    private static String uri(HostPort server, String options) {
        return Pop3Routes.uri(server, options).replace("username=alice", "username=" + USER);
    }

    @Test
    void moreMailsThanMayBeInFlightGoThroughDovecotAndAreDeletedInOnePoll() throws Exception {
        int count = 2500;
        dovecot.preload(USER, "INBOX", count, 2000);
        routes.start(uri(dovecot.pop3(), "delete=true&repeatCount=1"), exchange -> assertThat(
                        exchange.getMessage().getBody(String.class))
                .contains("quick brown fox"));
        await().atMost(Duration.ofSeconds(60)).until(() -> routes.delivered.size() >= count);
        dovecot.awaitCount(USER, "INBOX", 0);
        assertThat(routes.delivered).hasSize(count).doesNotHaveDuplicates();
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void withoutDeleteDovecotKeepsTheMailAndEachComesOnce() throws Exception {
        dovecot.save(USER, "INBOX", MAIL);
        routes.start(uri(dovecot.pop3(), ""), exchange -> {});
        await().until(() -> routes.delivered.size() == 1);
        dovecot.save(USER, "INBOX", MAIL);
        await().atMost(Duration.ofSeconds(20)).until(() -> routes.delivered.size() == 2);
        assertThat(routes.delivered).doesNotHaveDuplicates();
        assertThat(dovecot.count(USER, "INBOX")).isEqualTo(2);
    }

    @Test
    void overTlsPollAfterPollWorks() throws Exception {
        dovecot.save(USER, "INBOX", MAIL);
        routes.start(
                uri(dovecot.pop3s(), "delete=true&trustAllCertificates=true").replace("pop3:", "pop3s:"),
                exchange -> {});
        await().atMost(Duration.ofSeconds(20)).until(() -> routes.delivered.size() == 1);
        dovecot.save(USER, "INBOX", MAIL);
        await().atMost(Duration.ofSeconds(20)).until(() -> routes.delivered.size() == 2);
        dovecot.awaitCount(USER, "INBOX", 0);
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void stoppedInTheMiddleOfABatchTheRestStaysUntouched() throws Exception {
        dovecot.preload(USER, "INBOX", 20, 500);
        CountDownLatch third = new CountDownLatch(3);
        CountDownLatch stopping = new CountDownLatch(1);
        routes.start(uri(dovecot.pop3(), "delete=true"), exchange -> {
            third.countDown();
            if (third.getCount() == 0) {
                assertThat(stopping.await(10, TimeUnit.SECONDS)).isTrue();
            }
        });
        assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
        Thread stopper = new Thread(() -> routes.context.stop(), "stopper");
        stopper.start();
        await().until(() -> routes.context.isStopping() || routes.context.isStopped());
        stopping.countDown();
        stopper.join(30_000);
        assertThat(routes.context.isStopped()).isTrue();

        int processed = routes.delivered.size();
        assertThat(processed).isBetween(3, 19);
        assertThat(dovecot.count(USER, "INBOX")).isEqualTo(20 - processed);
    }

    @Test
    void anAcknowledgementThatComesAfterThePollDeletesInTheNextOne() throws Exception {
        dovecot.save(USER, "INBOX", MAIL);
        CountDownLatch polledAgain = new CountDownLatch(1);
        routes.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:slow").process(exchange -> assertThat(polledAgain.await(20, TimeUnit.SECONDS))
                        .isTrue());
            }
        });
        routes.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(dovecot.pop3(), "delete=true&delay=200"))
                        .routeId("poll")
                        .process(exchange -> routes.delivered.add(exchange.getExchangeId()))
                        .to("seda:slow");
            }
        });
        routes.context.start();
        await().until(() -> routes.delivered.size() == 1 && routes.consumer().inFlightCount() == 1);
        long sessions = sessions();
        await().atMost(Duration.ofSeconds(20)).until(() -> sessions() >= sessions + 2);
        assertThat(routes.delivered).hasSize(1);
        assertThat(dovecot.count(USER, "INBOX")).isEqualTo(1);
        polledAgain.countDown();
        dovecot.awaitCount(USER, "INBOX", 0);
        assertThat(routes.delivered).hasSize(1);
        await().until(() -> routes.consumer().inFlightCount() == 0);
    }

    /** How many POP3 sessions of the user Dovecot has seen end. */
    private static long sessions() throws Exception {
        return dovecot.log()
                .lines()
                .filter(line -> line.contains("pop3(" + USER + ")") && line.contains("Disconnected"))
                .count();
    }

    @Test
    void sessionsThatAnAdministratorCutsAreMadeAnew() throws Exception {
        dovecot.preload(USER, "INBOX", 3, 500);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        routes.start(uri(dovecot.pop3(), "delete=true"), exchange -> {
            first.countDown();
            assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
        });
        assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
        dovecot.kick(USER);
        cut.countDown();
        dovecot.awaitCount(USER, "INBOX", 0);
        assertThat(routes.delivered).hasSize(3).doesNotHaveDuplicates();
        assertThat(routes.failures).isNotEmpty().allMatch(text -> text.contains("localhost:"));
    }

    @Test
    void aWrongPasswordIsToldButNotShown() throws Exception {
        routes.start(
                uri(dovecot.pop3(), "repeatCount=1").replace("password=secret1", "password=mistaken"), exchange -> {});
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(routes.failures)
                .singleElement()
                .asString()
                .contains("[AUTH]")
                .doesNotContain("mistaken"));
    }

    @Test
    void greenMailIsPolledAndItsMailDeleted() throws Exception {
        greenMail.deliver(USER, MAIL);
        greenMail.deliver(USER, MAIL);
        routes.start(uri(greenMail.pop3(), "delete=true"), exchange -> {});
        await().atMost(Duration.ofSeconds(20))
                .until(() -> greenMail.messages(USER).isEmpty());
        assertThat(routes.delivered).hasSize(2);
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void aFilterKeepsDovecotsUnwantedMailsOnTheServer() throws Exception {
        dovecot.save(USER, "INBOX", MAIL);
        dovecot.save(USER, "INBOX", "Subject: invoice 7\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII));
        dovecot.save(USER, "INBOX", MAIL);
        routes.start(
                uri(dovecot.pop3(), "delete=true&filterMail=RAW(${header.Subject} startsWith 'invoice')"),
                exchange ->
                        assertThat(exchange.getMessage().getHeader("Subject")).isEqualTo("invoice 7"));
        dovecot.awaitCount(USER, "INBOX", 2);
        assertThat(routes.delivered).hasSize(1);
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void aProducerDoesEachOperationOnDovecot() throws Exception {
        everyOperation(uri(dovecot.pop3(), ""), "dovecot");
        assertThat(dovecot.count(USER, "INBOX")).isEqualTo(1);
        Map<?, ?> capabilities = (Map<?, ?>)
                routes.context.createProducerTemplate().requestBody(uri(dovecot.pop3(), "operation=capa"), "");
        assertThat(capabilities.containsKey("UIDL")).isTrue();
        Map<String, Object> first = Map.of(MailConstants.POP3_NUMBER, 1, MailConstants.POP3_TOP_LINES, 1);
        Mail top = (Mail) routes.context
                .createProducerTemplate()
                .requestBodyAndHeaders(uri(dovecot.pop3(), "operation=top"), "", first);
        assertThat(top.text()).isEqualTo("text\r\n");
    }

    @Test
    void aProducerDoesEachOperationOnGreenMail() throws Exception {
        everyOperation(uri(greenMail.pop3(), ""), "greenmail");
        assertThat(greenMail.messages(USER)).hasSize(1);
    }

    private void everyOperation(String uri, String server) throws Exception {
        for (int i = 0; i < 2; i++) {
            if (server.equals("dovecot")) {
                dovecot.save(USER, "INBOX", MAIL);
            } else {
                greenMail.deliver(USER, MAIL);
            }
        }
        routes.context.start();
        ProducerTemplate template = routes.context.createProducerTemplate();
        assertThat(template.requestBody(uri + "&operation=stat", (Object) "")).isEqualTo(2);
        assertThat((Map<?, ?>) template.requestBody(uri + "&operation=list", (Object) ""))
                .hasSize(2);
        Map<?, ?> uids = (Map<?, ?>) template.requestBody(uri + "&operation=uidl", (Object) "");
        assertThat(uids).hasSize(2);
        Map<String, Object> second = Map.of(MailConstants.UID, uids.get(2));
        Mail mail = (Mail) template.requestBodyAndHeaders(uri + "&operation=retr", "", second);
        assertThat(mail.subject()).contains("hi");
        assertThat(mail.text()).startsWith("text");
        template.requestBody(uri + "&operation=noop", (Object) "");
        template.requestBody(uri + "&operation=rset", (Object) "");
        template.requestBodyAndHeaders(uri + "&operation=dele", "", second);
        assertThat(template.requestBody(uri + "&operation=stat", (Object) "")).isEqualTo(1);
    }
}
