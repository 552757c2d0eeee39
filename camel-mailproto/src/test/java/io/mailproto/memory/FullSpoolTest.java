package io.mailproto.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.Mail;
import io.mailproto.testing.SmallDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.ScheduledPollConsumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A poll whose spool is of no use: the mail stays as it is on the server, and a later poll delivers it. */
class FullSpoolTest {

    /** Commands that change something on the server. */
    private static final String CHANGES = "DELE .*|\\S+ (UID )?(STORE|COPY|MOVE|EXPUNGE).*";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BigMail mail = new BigMail(600_000);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3"})
    void aMissingDirectoryCostsThePollButNotTheMail(String scheme) throws Exception {
        Path missing = Files.createDirectory(directory.resolve("missing"));
        try (Poll poll = new Poll(scheme, missing)) {
            Files.delete(missing);
            poll.begin();
            poll.awaitFailure("spool " + missing, "NoSuchFileException");

            Files.createDirectory(missing);

            poll.awaitDelivery();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3"})
    void aFullDiskCostsThePollButNotTheMail(String scheme) throws Exception {
        try (SmallDisk disk = SmallDisk.mountOrSkip(directory)) {
            Path filler = Files.write(disk.path().resolve("filler"), new byte[700_000]);
            try (Poll poll = new Poll(scheme, disk.path())) {
                poll.begin();
                poll.awaitFailure("spool " + disk.path(), "No space left on device");

                Files.delete(filler);

                poll.awaitDelivery();
            }
        }
    }

    private final class Poll implements Closeable {
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final List<String> delivered = new CopyOnWriteArrayList<>();
        private final DefaultCamelContext context = new DefaultCamelContext();
        private final BigMailPeers.Server server;

        Poll(String scheme, Path spool) throws Exception {
            server = scheme.equals("imap") ? BigMailPeers.imap(mail) : BigMailPeers.pop3(mail);
            context.getRegistry().bind("failures", new Recorder());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(scheme + ":" + server.address() + "?username=a&password=b&delete=true&initialDelay=0&delay=50"
                                    + "&startScheduler=false&mapMailMessage=false&exceptionHandler=%23failures&spoolDirectory="
                                    + spool)
                            .routeId("poll")
                            .process(exchange -> delivered.add(digestOf(exchange)));
                }
            });
            context.start();
        }

        void begin() {
            ((ScheduledPollConsumer) context.getRoute("poll").getConsumer()).startScheduler();
        }

        private String digestOf(Exchange exchange) throws IOException {
            MessageDigest digest = BigMail.sha256();
            exchange.getMessage().getBody(Mail.class).octets().writeTo(BigMail.into(digest));
            return BigMail.hex(digest);
        }

        void awaitFailure(String spool, String cause) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(failures).anySatisfy(failure -> assertThat(failure)
                    .as("the exception itself names peer, step, mail, spool and cause")
                    .startsWith(server.address() + ": fetching mail a@" + server.address())
                    .contains(spool)
                    .contains(cause)
                    .endsWith("; it stays on the server")));
            await().atMost(PATIENCE).until(() -> failures.size() > 2);
            assertThat(delivered).isEmpty();
            assertThat(server.heard)
                    .as("the mail is asked for again and otherwise left alone")
                    .noneMatch(line -> line.matches(CHANGES));
        }

        void awaitDelivery() throws IOException {
            await().atMost(PATIENCE).until(() -> server.heard.stream().anyMatch(line -> line.matches(CHANGES)));
            assertThat(delivered).containsExactly(mail.digest());
        }

        @Override
        public void close() throws IOException {
            context.close();
            server.close();
        }

        private final class Recorder implements ExceptionHandler {
            @Override
            public void handleException(Throwable exception) {
                failures.add("" + exception.getMessage());
            }

            @Override
            public void handleException(String message, Throwable exception) {
                failures.add("" + exception.getMessage());
            }

            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                failures.add(message + ": " + exception.getMessage());
            }
        }
    }
}
