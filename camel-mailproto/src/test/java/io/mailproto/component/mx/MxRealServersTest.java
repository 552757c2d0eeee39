package io.mailproto.component.mx;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MailPartialException;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.NsdPeer;
import io.mailproto.testing.PostfixPeer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** NSD says where mail goes, Postfix takes it there, Dovecot has the mailboxes that are here. */
class MxRealServersTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final PostfixPeer POSTFIX = PostfixPeer.extension();

    @RegisterExtension
    static final NsdPeer NSD = NsdPeer.extension("""
            maildir IN MX 10 down
            maildir IN MX 20 mx
            down IN A 127.0.0.2
            mx IN A 127.0.0.1
            relay IN CNAME elsewhere
            elsewhere IN MX 10 mx
            null IN MX 0 .
            """);

    @Test
    void aMailReachesMailboxesInBothWorlds() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("direct:out")
                            .to("mx:me.example.com?from=ann@example.com&useHeaderRecipients=true&subject=to+all"
                                    + "&addressScope=any&port=" + POSTFIX.smtp().port()
                                    + "&dnsServers=127.0.0.1:" + NSD.dns().getPort()
                                    + "&localDomains=example.test&localDelivery=lmtp:" + DOVECOT.lmtp());
                }
            });
            context.start();

            Exchange sent = context.createFluentProducerTemplate()
                    .to("direct:out")
                    .withHeader(
                            "To",
                            "alice@example.test, nobody@example.test, dave@maildir.test, rae@relay.test,"
                                    + " nick@null.test, mia@missing.test, bea@broken.example")
                    .withBody("Größe")
                    .send();

            assertThat(sent.getException())
                    .isInstanceOfSatisfying(MailPartialException.class, partial -> assertThat(partial.fate())
                            .isEqualTo("accepted for alice@example.test, dave@maildir.test, rae@relay.test; refused for"
                                    + " nobody@example.test, nick@null.test, mia@missing.test, bea@broken.example"));
            Map<?, ?> results = sent.getMessage().getHeader(MailConstants.RECIPIENT_RESULTS, Map.class);
            assertThat(results.get("alice@example.test")).asString().startsWith("250 ");
            assertThat(results.get("nobody@example.test")).asString().startsWith("550 ");
            assertThat(results.get("dave@maildir.test")).asString().startsWith("250 ");
            assertThat(results.get("rae@relay.test")).asString().startsWith("250 ");
            assertThat(results.get("nick@null.test")).asString().startsWith("556 5.1.10 ");
            assertThat(results.get("mia@missing.test")).asString().startsWith("550 5.1.2 ");
            assertThat(results.get("bea@broken.example")).asString().startsWith("451 4.4.3 ");

            String id = sent.getMessage().getHeader(MailConstants.MESSAGE_ID, String.class);
            DOVECOT.awaitCount(DovecotPeer.ALICE, "INBOX", 1);
            assertThat(text(DOVECOT.messages(DovecotPeer.ALICE, "INBOX")))
                    .contains(id)
                    .contains("Subject: to all");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !POSTFIX.maildir("dave")
                    .isEmpty());
            assertThat(text(POSTFIX.maildir("dave"))).contains(id).contains("from me.example.com");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> POSTFIX.sink().messages().stream()
                    .anyMatch(message -> new String(message.text(), StandardCharsets.ISO_8859_1).contains(id)));
        }
    }

    private static String text(List<byte[]> messages) {
        return new String(messages.get(0), StandardCharsets.ISO_8859_1);
    }
}
