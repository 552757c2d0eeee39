package io.mailproto.component.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.testing.CyrusPeer;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Polls of Cyrus, one by one, by hand. */
class Pop3CyrusTest {
    @RegisterExtension
    static final CyrusPeer CYRUS = CyrusPeer.extension();

    private final Pop3Routes routes = new Pop3Routes();

    @BeforeEach
    void threeMails() throws IOException {
        CYRUS.fill(mail("one"), mail("two"), mail("three"));
    }

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    private static byte[] mail(String subject) {
        return ("From: ann@example.com\r\nSubject: " + subject + "\r\n\r\n.dot first\r\ntext\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String uri(HostPort server, String options) {
        return Pop3Routes.uri(server, "startScheduler=false&" + options);
    }

    private void poll(String uri) throws Exception {
        routes.start(uri, exchange -> assertThat(exchange.getMessage().getBody(String.class))
                .isEqualTo(".dot first\r\ntext\r\n"));
        routes.consumer().run();
    }

    @Test
    void mailsArePolledAndDeleted() throws Exception {
        poll(uri(CYRUS.pop3(), "delete=true"));
        assertThat(routes.failures).isEmpty();
        assertThat(routes.delivered).hasSize(3).doesNotHaveDuplicates();
        assertThat(CYRUS.count()).isZero();
    }

    @Test
    void withoutDeleteMailsStayAndEachComesOnce() throws Exception {
        poll(uri(CYRUS.pop3(), "delete=false"));
        routes.consumer().run();
        assertThat(routes.failures).isEmpty();
        assertThat(routes.delivered).hasSize(3).doesNotHaveDuplicates();
        assertThat(CYRUS.count()).isEqualTo(3);
    }

    @Test
    void mailsAreChosenByTheirHeadersBeforeTheDownload() throws Exception {
        poll(uri(CYRUS.pop3(), "delete=true&filterMail=RAW(${header.Subject} == 'two')"));
        assertThat(routes.failures).isEmpty();
        assertThat(routes.delivered).hasSize(1);
        assertThat(CYRUS.count()).isEqualTo(2);
    }

    @Test
    void overTlsFromTheStart() throws Exception {
        poll(uri(CYRUS.pop3s(), "delete=true&trustAllCertificates=true").replace("pop3:", "pop3s:"));
        assertThat(routes.failures).isEmpty();
        assertThat(routes.delivered).hasSize(3);
        assertThat(CYRUS.count()).isZero();
    }

    @Test
    void afterStls() throws Exception {
        poll(uri(CYRUS.pop3(), "delete=true&tls=starttls&trustAllCertificates=true"));
        assertThat(routes.failures).isEmpty();
        assertThat(routes.delivered).hasSize(3);
        assertThat(CYRUS.count()).isZero();
    }

    @Test
    void eachWayToLogIn() {
        routes.context.start();
        for (String mechanism : List.of("USER", "APOP", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")) {
            assertThat(routes.context
                            .createProducerTemplate()
                            .requestBody(
                                    Pop3Routes.uri(CYRUS.pop3(), "operation=stat&authMechanisms=" + mechanism),
                                    null,
                                    Integer.class))
                    .as(mechanism)
                    .isEqualTo(3);
        }
    }

    @Test
    void eachOperationOfTheProducer() {
        routes.context.start();
        ProducerTemplate producer = routes.context.createProducerTemplate();
        String maildrop = Pop3Routes.uri(CYRUS.pop3(), "operation=");
        Map<?, ?> uids = (Map<?, ?>) producer.requestBody(maildrop + "uidl", (Object) "");
        assertThat(uids).hasSize(3);
        assertThat((Map<?, ?>) producer.requestBody(maildrop + "list", (Object) ""))
                .hasSize(3);
        Map<?, ?> capabilities = (Map<?, ?>) producer.requestBody(maildrop + "capa", (Object) "");
        for (String capability : List.of("PIPELINING", "TOP", "LOGIN-DELAY", "EXPIRE")) {
            assertThat(capabilities.containsKey(capability)).as(capability).isTrue();
        }
        Object second = uids.get(2);
        assertThat(producer.requestBodyAndHeader(maildrop + "retr", null, MailConstants.UID, second, String.class))
                .isEqualTo(".dot first\r\ntext\r\n");
        assertThat(producer.requestBodyAndHeader(maildrop + "top", null, MailConstants.UID, second, Mail.class)
                        .size())
                .isPositive();
        for (String command : List.of("noop", "rset")) {
            producer.requestBody(maildrop + command, (Object) null);
        }
        producer.requestBodyAndHeader(maildrop + "dele", null, MailConstants.UID, second);
        assertThat(producer.requestBody(maildrop + "stat", null, Integer.class)).isEqualTo(2);
    }

    @Test
    void aWrongPasswordIsToldButNotShown() throws Exception {
        poll(uri(CYRUS.pop3(), "delete=true").replace("password=secret1", "password=mistaken"));
        assertThat(routes.failures)
                .singleElement()
                .asString()
                .contains("[AUTH]")
                .doesNotContain("mistaken");
        assertThat(routes.delivered).isEmpty();
        assertThat(CYRUS.count()).isEqualTo(3);
    }
}
