package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.MailPermanentException;
import io.mailproto.testing.GreenMailPeer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Octets beyond ASCII towards GreenMail, which does not offer 8BITMIME. */
class SmtpEightBitTest {
    private static final String USER = "bob@example.com";
    private static final String HEAD = """
            From: ann@example.com\r
            Subject: x\r
            MIME-Version: 1.0\r
            Content-Type: text/plain; charset=utf-8\r
            """;
    private static final String EIGHT_BIT =
            "Content-Transfer-Encoding: 8bit\r\n\r\nGrüße aus Köln, and then much more that is ASCII\r\n";

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    private static final DefaultCamelContext CONTEXT = new DefaultCamelContext();

    @BeforeAll
    static void start() {
        CONTEXT.start();
    }

    @AfterAll
    static void stop() {
        CONTEXT.stop();
    }

    @BeforeEach
    void purge() throws Exception {
        GREENMAIL.purge();
    }

    private static Exchange send(String options, String mail) {
        return CONTEXT.createProducerTemplate()
                .send("smtp:" + GREENMAIL.smtp() + "?to=" + USER + "&from=ann@example.com" + options, exchange -> {
                    exchange.getMessage().setBody(mail.getBytes(StandardCharsets.UTF_8));
                    exchange.getMessage().setHeaders(Map.of(Exchange.CONTENT_TYPE, "message/rfc822"));
                });
    }

    @Test
    void arriveEncoded() throws Exception {
        assertThat(send("", HEAD + EIGHT_BIT).getException()).isNull();

        List<byte[]> messages = GREENMAIL.messages(USER);
        assertThat(messages).hasSize(1);
        assertThat(new String(messages.get(0), StandardCharsets.US_ASCII))
                .contains(
                        HEAD
                                + "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe aus K=C3=B6ln, and then much more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"&convertEightBit=false", "&relay=verbatim"})
    void areNotSentIfToldSo(String option) throws Exception {
        assertThat(send(option, HEAD + EIGHT_BIT).getException())
                .isInstanceOf(MailPermanentException.class)
                .hasMessageContaining("8BITMIME")
                .hasMessageContaining("convertEightBit");
        assertThat(GREENMAIL.messages(USER)).isEmpty();
    }

    @Test
    void areNotSentWhereASignatureWouldBreak() throws Exception {
        assertThat(send("", "DKIM-Signature: v=1; b=x\r\n" + HEAD + EIGHT_BIT).getException())
                .isInstanceOf(MailPermanentException.class)
                .hasMessageContaining("dkim-signature");
        assertThat(GREENMAIL.messages(USER)).isEmpty();
    }
}
