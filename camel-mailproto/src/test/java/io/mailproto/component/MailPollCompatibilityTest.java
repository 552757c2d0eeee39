package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What routes that were written for camel-mail rely on, whatever the protocol. */
class MailPollCompatibilityTest {
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<String> delivered = new CopyOnWriteArrayList<>();
    private final List<String> reported = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private FakePollEndpoint start(
            FakeMailbox mailbox, ShutdownRunningTask task, Consumer<FakePollEndpoint> options, Processor route)
            throws Exception {
        context.getShutdownStrategy().setTimeout(20);
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        endpoint.setExceptionHandler(new Recorder());
        options.accept(endpoint);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(endpoint)
                        .routeId("poll")
                        .shutdownRunningTask(task)
                        .process(this::record)
                        .process(route);
            }

            private void record(Exchange exchange) {
                delivered.add("" + exchange.getMessage().getHeader(MailConstants.UID, String.class));
            }
        });
        context.start();
        return endpoint;
    }

    private FakePollEndpoint start(FakeMailbox mailbox, Consumer<FakePollEndpoint> options, Processor route)
            throws Exception {
        return start(mailbox, ShutdownRunningTask.CompleteCurrentTaskOnly, options, route);
    }

    private final class Recorder implements ExceptionHandler {
        @Override
        public void handleException(Throwable exception) {
            reported.add("" + exception.getMessage());
        }

        @Override
        public void handleException(String message, Throwable exception) {
            reported.add(message + ": " + exception.getMessage());
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable exception) {
            reported.add(message + ": " + exception.getMessage());
        }
    }

    @Test
    void tellsIndexSizeAndEndOfTheBatchAndTheMessageId() throws Exception {
        List<List<Object>> batch = new ArrayList<>();
        FakePollEndpoint endpoint = start(
                new FakeMailbox(3),
                options -> {},
                exchange -> batch.add(List.of(
                        exchange.getProperty(ExchangePropertyKey.BATCH_INDEX),
                        exchange.getProperty(ExchangePropertyKey.BATCH_SIZE),
                        exchange.getProperty(ExchangePropertyKey.BATCH_COMPLETE),
                        exchange.getProperty("CamelMailMessageId"))));

        endpoint.poll();

        assertThat(batch)
                .as("without a Message-ID it is the key")
                .containsExactly(List.of(0, 3, false, "1"), List.of(1, 3, false, "2"), List.of(2, 3, true, "3"));
    }

    @ParameterizedTest
    @CsvSource({"CompleteAllTasks,30", "CompleteCurrentTaskOnly,2"})
    void stopsWithinABatchAsTheRouteWantsIt(ShutdownRunningTask task, int expected) throws Exception {
        FakeMailbox mailbox = new FakeMailbox(30);
        mailbox.window = 4;
        CountDownLatch second = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        FakePollEndpoint endpoint = start(
                mailbox,
                task,
                options -> {
                    options.setStartScheduler(true);
                    options.setInitialDelay(0);
                    options.setDelay(100_000);
                    options.getConfiguration().setIdempotentRepository(repository);
                    options.getConfiguration().setIdempotentRepositoryRemoveOnCommit(false);
                },
                exchange -> {
                    second.countDown();
                    if (second.getCount() == 0) {
                        assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
                    }
                });
        assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();

        Thread stopper = new Thread(this::stopRoute);
        stopper.start();
        // Then the consumer has been told what to do about its batch.
        await().atMost(Duration.ofSeconds(20))
                .until(() -> task == ShutdownRunningTask.CompleteAllTasks
                        ? endpoint.consumer().getPendingExchangesSize() > 1
                        : !endpoint.consumer().isBatchAllowed());
        goOn.countDown();
        stopper.join(20_000);

        assertThat(delivered).hasSize(expected);
        assertThat(mailbox.unsettled).hasSize(30 - expected);
        // camel-mail adds the keys of the whole batch ahead, so that those behind a stop are never processed.
        assertThat(repository.getCacheSize()).isEqualTo(expected);
    }

    private void stopRoute() {
        try {
            context.getRouteController().stopRoute("poll");
        } catch (Exception e) {
            delivered.add(e.toString());
        }
    }

    @Test
    void sendsAnEmptyMessageWhenThereIsNoMail() throws Exception {
        List<Object> bodies = new CopyOnWriteArrayList<>();
        start(
                new FakeMailbox(0),
                endpoint -> {
                    endpoint.setStartScheduler(true);
                    endpoint.setInitialDelay(0);
                    endpoint.setDelay(50);
                    endpoint.setSendEmptyMessageWhenIdle(true);
                },
                exchange -> bodies.add(exchange.getMessage().getBody() + " "
                        + exchange.getProperty(ExchangePropertyKey.BATCH_SIZE) + " "
                        + exchange.getProperty(ExchangePropertyKey.BATCH_COMPLETE)));

        await().until(() -> bodies.size() >= 2);
        assertThat(bodies).contains("null 1 true");
    }

    @ParameterizedTest
    @CsvSource({"false,1", "true,0"})
    void reportsAMailThatCannotBeFetchedUnlessItIsToBeSkipped(boolean skip, int reports) throws Exception {
        FakeMailbox mailbox = new FakeMailbox(3);
        mailbox.broken.add(2L);
        FakePollEndpoint endpoint =
                start(mailbox, options -> options.getConfiguration().setSkipFailedMessage(skip), exchange -> {});

        endpoint.poll();

        assertThat(delivered).containsExactly("1", "3");
        assertThat(reported).hasSize(reports).allSatisfy(report -> assertThat(report)
                .contains("Mail 2 cannot be fetched"));
        assertThat(mailbox.unsettled).containsExactly(2L);
    }

    @Test
    void knowsMailsByTheKeysOfAGenerator() throws Exception {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        repository.start();
        repository.add("mail 2");
        List<Object> properties = new ArrayList<>();
        FakePollEndpoint endpoint = start(
                new FakeMailbox(3),
                options -> {
                    options.getConfiguration().setIdempotentRepository(repository);
                    options.getConfiguration().setIdempotentRepositoryRemoveOnCommit(false);
                    options.getConfiguration()
                            .setMailUidGenerator((from, mail) -> mail.subject().orElseThrow());
                },
                exchange -> {
                    properties.add(exchange.getProperty(MailConstants.MESSAGE_ID));
                    if (exchange.getProperty(MailConstants.MESSAGE_ID).equals("mail 3")) {
                        throw new IllegalStateException("fails");
                    }
                });

        endpoint.poll();

        assertThat(properties).containsExactly("mail 1", "mail 3");
        assertThat(repository.contains("mail 1")).isTrue();
        assertThat(repository.contains("mail 3"))
                .as("failed, so it comes again")
                .isFalse();
        endpoint.poll();
        assertThat(properties).containsExactly("mail 1", "mail 3", "mail 3");
    }

    @Test
    void aGeneratorThatFailsCostsOneMail() throws Exception {
        FakePollEndpoint endpoint = start(
                new FakeMailbox(2),
                options -> options.getConfiguration()
                        .setMailUidGenerator(
                                (from, mail) -> mail.subject().orElseThrow().equals("mail 1") ? null : "x"),
                exchange -> {});

        endpoint.poll();

        assertThat(delivered).containsExactly("2");
        assertThat(reported).singleElement().satisfies(report -> assertThat(report)
                .contains("mailUidGenerator gave no key"));
    }

    @Test
    void takesAKeyOutOfTheRepositoryWhenItsMailIsDoneUnlessItIsToBeKept() throws Exception {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        List<Boolean> during = new ArrayList<>();
        FakePollEndpoint endpoint = start(
                new FakeMailbox(1),
                options -> options.getConfiguration().setIdempotentRepository(repository),
                exchange -> during.add(repository.contains("1")));

        endpoint.poll();

        assertThat(during).containsExactly(true);
        assertThat(repository.contains("1")).isFalse();
    }

    @Test
    void givesTheMessageIdOrAHashOfTheHeaderAsCamelMailDoes() throws Exception {
        MessageIdUidGenerator generator = new MessageIdUidGenerator();
        assertThat(generator.generateUid(null, mail("message-id: <a@b>\r\nSubject: x\r\n\r\n")))
                .isEqualTo("<a@b>");
        String hash = generator.generateUid(null, mail("Subject: x\r\n\r\nbody"));
        assertThat(hash)
                .isEqualTo(generator.generateUid(null, mail("Subject: x\r\n\r\nother body")))
                .isNotEqualTo(generator.generateUid(null, mail("Subject: y\r\n\r\nbody")));
    }

    private static Mail mail(String text) {
        return Mail.of(io.mailproto.spool.Octets.of(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }
}
