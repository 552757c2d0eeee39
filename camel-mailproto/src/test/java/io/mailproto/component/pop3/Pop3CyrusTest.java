package io.mailproto.component.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.CyrusPeer;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"USER", "APOP", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"})
    void eachWayToLogIn(String mechanism) throws Exception {
        poll(uri(CYRUS.pop3(), "delete=false&authMechanisms=" + mechanism));
        assertThat(routes.failures).isEmpty();
        assertThat(routes.delivered).hasSize(3);
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
