package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollConsumerHealthCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Faults of camel-mail that are not repeated here. The others of them have their tests elsewhere: a stop within a batch
 * and its idempotent keys in {@link MailPollCompatibilityTest}, mail that fails for ever in {@link MailPollConsumerTest},
 * other people's mail and attachments behind seda in the IMAP tests against Dovecot, mail that comes again at every poll
 * in the POP3 ones, terms that cannot be said in those of the endpoints.
 */
class CamelMailFaultsTest {
    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3"})
    void aPollThatFailsCountsAsErrorAndTheHealthCheckIsDown(String scheme) throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(scheme + ":127.0.0.1:" + free + "?username=a&password=b&initialDelay=0&delay=50")
                        .routeId("poll")
                        .to("mock:x");
            }
        });
        context.start();
        ScheduledPollConsumer consumer =
                (ScheduledPollConsumer) context.getRoute("poll").getConsumer();

        await().atMost(Duration.ofSeconds(20)).until(() -> consumer.getErrorCounter() >= 2);

        HealthCheck.Result health = new ScheduledPollConsumerHealthCheck(consumer, "mail").call(Map.of());
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getError()).get().satisfies(error -> assertThat(error)
                .hasMessageContaining("127.0.0.1:" + free));
    }
}
