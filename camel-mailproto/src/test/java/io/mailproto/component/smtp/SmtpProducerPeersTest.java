package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MailPermanentException;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.PostfixPeer;
import io.mailproto.testing.TestCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Routes that send through Postfix. */
class SmtpProducerPeersTest {
    private static final String LOGIN =
            "&username=" + DovecotPeer.ALICE + "&password=" + DovecotPeer.passwordOf(DovecotPeer.ALICE);

    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final PostfixPeer POSTFIX = PostfixPeer.extension(DOVECOT);

    @TempDir
    Path directory;

    private DefaultCamelContext context;

    @BeforeEach
    void start() throws IOException {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + TestCertificates.writeTrustStore(directory.resolve("trust.p12")));
        store.setPassword(TestCertificates.STORE_PASSWORD);
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store);
        SSLContextParameters ssl = new SSLContextParameters();
        ssl.setTrustManagers(trust);
        context = new DefaultCamelContext();
        context.setSSLContextParameters(ssl);
        context.getRegistry().bind("ssl", ssl);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private Exchange send(String uri, Object body, Map<String, Object> headers) {
        return context.createProducerTemplate().send(uri, exchange -> {
            exchange.getMessage().setBody(body);
            headers.forEach(exchange.getMessage()::setHeader);
        });
    }

    @Test
    void submitsWithLoginOverImplicitTlsAndStarttls() throws Exception {
        context.getComponent("smtps", SmtpComponent.class).setUseGlobalSslContextParameters(true);
        for (String uri : new String[] {
            "smtps:" + POSTFIX.submissions() + "?to=x@discard.test",
            "smtp:" + POSTFIX.submission()
                    + "?tls=starttls&authMechanisms=LOGIN&sslContextParameters=#ssl&to=x@discard.test"
        }) {
            Exchange exchange = send(uri + LOGIN, "hello", Map.of());
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_QUEUE_ID, String.class))
                    .contains("queued as");
        }
    }

    @Test
    void trustsNobodyWhomTheJdkDoesNotKnow() {
        Exchange exchange = send("smtps:" + POSTFIX.submissions() + "?to=x@discard.test" + LOGIN, "hello", Map.of());
        assertThat(exchange.getException())
                .isInstanceOf(MailPermanentException.class)
                .hasMessageContaining("trustAllCertificates=true");
    }

    @Test
    void relaysALargeMailThroughTheSpoolOctetForOctet() throws IOException {
        DOVECOT.expungeAll(DovecotPeer.BOB, "INBOX");
        String mail = "Subject: large\r\n\r\n" + ("." + "x".repeat(76) + "\r\n").repeat(50_000);
        byte[] octets = mail.getBytes(StandardCharsets.US_ASCII);
        Exchange exchange = send(
                "smtp:" + POSTFIX.smtp() + "?to=" + DovecotPeer.BOB + "&from=ann@example.com",
                new ByteArrayInputStream(octets),
                Map.of(Exchange.CONTENT_TYPE, "message/rfc822"));
        assertThat(exchange.getException()).isNull();
        DOVECOT.awaitCount(DovecotPeer.BOB, "INBOX", 1);
        String arrived = new String(DOVECOT.messages(DovecotPeer.BOB, "INBOX").get(0), StandardCharsets.US_ASCII);
        assertThat(arrived.endsWith(mail.substring(mail.indexOf("\r\n\r\n")))).isTrue();
    }
}
