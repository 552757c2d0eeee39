package io.mailproto.component.smtp;

import static io.mailproto.component.smtp.SmtpRoutes.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.EximPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A route that sends to Exim, and one to which Exim relays what it got. */
@Timeout(120)
class SmtpConsumerEximTest {
    @TempDir
    Path directory;

    private final SmtpRoutes routes = new SmtpRoutes();
    private final Queue<String> subjects = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        routes.close();
    }

    private void collect(Exchange exchange) {
        subjects.add(exchange.getMessage().getHeader("Subject", String.class));
    }

    private EximPeer relayingTo(Processor processor) throws Exception {
        routes.start(SERVER + "&recipientDomains=relay.test", processor);
        return EximPeer.startOrSkip(directory, routes.address().port());
    }

    private void send(EximPeer exim, String from, String subject, String body) {
        routes.context
                .createProducerTemplate()
                .sendBodyAndHeaders(
                        "smtp:" + exim.smtp() + "?useHeaderSubject=true&to=bob@relay.test&from=" + from,
                        body,
                        Map.of("Subject", subject));
    }

    private static List<String> deliveries(EximPeer exim, String mark) throws IOException {
        return exim.log()
                .lines()
                .filter(line -> line.contains(mark + " bob@relay.test "))
                .toList();
    }

    @Test
    void takesFromEximInALaterQueueRunWhatItRefusedForNow() throws Exception {
        AtomicBoolean isDown = new AtomicBoolean(true);
        try (EximPeer exim = relayingTo(exchange -> {
            if (isDown.get() && "later".equals(exchange.getMessage().getHeader("Subject"))) {
                throw new IllegalStateException("database is down");
            }
            collect(exchange);
        })) {
            for (String subject : List.of("first", "later", "last")) {
                send(exim, "ann@example.com", subject, "hello");
            }
            assertThat(exim.queued()).isEqualTo(3);

            exim.runQueueByHost();
            assertThat(subjects).containsExactlyInAnyOrder("first", "last");
            // Exim may try again what it has deferred while it still holds the connection.
            assertThat(deliveries(exim, "==")).isNotEmpty().allSatisfy(line -> assertThat(line)
                    .contains("end of data: 451 4.3.0 local error"));
            assertThat(deliveries(exim, "=>")).hasSize(2).allSatisfy(line -> assertThat(line)
                    // By BDAT in one flight with the envelope.
                    .contains(" L K ", "C=\"250 2.0.0 accepted as "));
            assertThat(exim.queued()).isEqualTo(1);

            isDown.set(false);
            exim.runQueue();
            exim.runQueue();
            assertThat(subjects).containsExactlyInAnyOrder("first", "last", "later");
            assertThat(exim.queued()).isZero();
        }
    }

    @Test
    void hasEximTellTheSenderWhatTheRouteRefusesForGood() throws Exception {
        try (EximPeer exim = relayingTo(exchange -> {
            collect(exchange);
            throw new SmtpReplyException(550, "5.7.1", "not wanted here");
        })) {
            send(exim, "alice@example.test", "unwanted", "hello");
            exim.runQueue();
            // The bounce is a message of its own.
            exim.runQueue();
            assertThat(subjects).containsExactly("unwanted");
            assertThat(exim.maildir("alice")).singleElement().satisfies(octets -> assertThat(
                            new String(octets, StandardCharsets.UTF_8))
                    .contains("bob@relay.test", "550 5.7.1 not wanted here"));
            assertThat(exim.queued()).isZero();
        }
    }

    @Test
    void passesMebibytesThroughEximUnchanged() throws Exception {
        String body = (".line " + "x".repeat(70) + "\r\n").repeat(30_000);
        Queue<Boolean> unchanged = new ConcurrentLinkedQueue<>();
        try (EximPeer exim = relayingTo(
                exchange -> unchanged.add(body.equals(exchange.getMessage().getBody(String.class))))) {
            send(exim, "ann@example.com", "large", body);
            exim.runQueue();
            assertThat(unchanged).containsExactly(true);
            assertThat(exim.queued()).isZero();
        }
    }
}
