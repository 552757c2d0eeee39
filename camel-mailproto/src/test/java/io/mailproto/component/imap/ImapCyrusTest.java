package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.CyrusPeer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ImapCyrusTest {
    @RegisterExtension
    static final CyrusPeer CYRUS = CyrusPeer.extension();

    private static byte[] mail(String subject) {
        return ("Subject: " + subject + "\r\n\r\ntext of " + subject + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void mailsAreFetchedOnceAndDeleted() throws Exception {
        CYRUS.fill(mail("one"), mail("two"));
        List<String> texts = new CopyOnWriteArrayList<>();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("imap:" + CYRUS.imap() + "?username=" + CyrusPeer.ALICE + "&password=" + CyrusPeer.PASSWORD
                                    + "&delete=true&startScheduler=false")
                            .routeId("poll")
                            .process(exchange -> texts.add(exchange.getMessage().getBody(String.class)));
                }
            });
            context.start();
            ImapConsumer consumer = (ImapConsumer) context.getRoute("poll").getConsumer();
            consumer.run();
            consumer.run();
        }
        assertThat(texts).containsExactly("text of one\r\n", "text of two\r\n");
        assertThat(CYRUS.count()).isZero();
    }
}
