package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.aggregate.GroupedExchangeAggregationStrategy;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MailPollConsumerTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<String> delivered = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private FakePollEndpoint start(FakeMailbox mailbox, Consumer<MailPollConfiguration> options, Processor route)
            throws Exception {
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        options.accept(endpoint.getConfiguration());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(endpoint).routeId("poll").process(this::record).process(route);
            }

            private void record(Exchange exchange) {
                delivered.add(exchange.getMessage().getHeader(MailConstants.UID, String.class));
            }
        });
        context.start();
        return endpoint;
    }

    private FakePollEndpoint start(FakeMailbox mailbox, Processor route) throws Exception {
        return start(mailbox, options -> {}, route);
    }

    @Test
    void acknowledgesEachMailAfterTheRouteAndInBatches() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(1000);
        FakePollEndpoint endpoint = start(mailbox, exchange -> {});

        assertThat(endpoint.poll()).isEqualTo(1000);

        assertThat(delivered).hasSize(1000).doesNotHaveDuplicates();
        assertThat(mailbox.unsettled).isEmpty();
        assertThat(mailbox.count("settle")).isBetween(1L, 50L);
        assertThat(mailbox.count("open")).isEqualTo(1);
        assertThat(endpoint.poll()).isZero();
        assertThat(endpoint.consumer().inFlightCount()).isZero();
    }

    @Test
    void leavesAFailedMailOnTheServerAndDeliversItAgain() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(3);
        AtomicInteger failures = new AtomicInteger();
        FakePollEndpoint endpoint = start(mailbox, exchange -> {
            if ("2".equals(exchange.getMessage().getHeader(MailConstants.UID)) && failures.incrementAndGet() == 1) {
                throw new IllegalStateException("the route fails once");
            }
        });

        endpoint.poll();
        assertThat(mailbox.unsettled).containsExactly(2L);

        endpoint.poll();
        assertThat(mailbox.unsettled).isEmpty();
        assertThat(delivered).containsExactly("1", "2", "3", "2");
    }

    @Test
    void takesRollbackOnlyForFailure() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(1);
        FakePollEndpoint endpoint = start(mailbox, exchange -> exchange.setRollbackOnly(true));

        endpoint.poll();

        assertThat(mailbox.unsettled).containsExactly(1L);
    }

    @Test
    void takesAHandledExceptionForSuccess() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(1);
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(IllegalStateException.class).handled(true);
                from(endpoint).process(exchange -> {
                    throw new IllegalStateException("handled");
                });
            }
        });
        context.start();

        endpoint.poll();

        assertThat(mailbox.unsettled).isEmpty();
    }

    @RepeatedTest(5)
    void appliesALateAcknowledgementInTheNextSessionAndNeverFetchesTheMailMeanwhile() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(3);
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger completed = new AtomicInteger();
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint).to("seda:later");
                from("seda:later?concurrentConsumers=3").process(exchange -> {
                    delivered.add(exchange.getMessage().getHeader(MailConstants.UID, String.class));
                    released.await(20, TimeUnit.SECONDS);
                    completed.incrementAndGet();
                });
            }
        });
        context.start();

        assertThat(endpoint.poll()).isEqualTo(3);
        assertThat(mailbox.unsettled).hasSize(3);
        assertThat(endpoint.poll()).as("the mails are still out").isZero();

        released.countDown();
        await().atMost(Duration.ofSeconds(10)).until(() -> completed.get() == 3);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            endpoint.poll();
            assertThat(mailbox.unsettled).isEmpty();
        });
        assertThat(delivered).hasSize(3);
        assertThat(endpoint.consumer().inFlightCount()).isZero();
    }

    @Test
    void deliversAMailAgainWhoseCompletionNeverComes() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(1);
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        endpoint.getConfiguration().setInFlightTimeout(3_000);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint).process(exchange -> {
                    delivered.add("1");
                    // Takes the completions away as an exchange does that is handed over and then dropped.
                    exchange.getUnitOfWork()
                            .handoverSynchronization(
                                    context.getEndpoint("direct:x").createExchange());
                });
            }
        });
        context.start();

        endpoint.poll();
        assertThat(endpoint.poll()).isZero();

        await().atMost(Duration.ofSeconds(20)).until(() -> endpoint.poll() == 1);
        assertThat(delivered).hasSize(2);
        assertThat(mailbox.unsettled).containsExactly(1L);
    }

    @Test
    void finishesOnlyTheMailInWorkWhenItStopsAndLeavesTheRestUntouched() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(500);
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakePollEndpoint endpoint = start(mailbox, exchange -> {
            working.countDown();
            goOn.await(20, TimeUnit.SECONDS);
        });
        Thread poller = new Thread(() -> {
            try {
                endpoint.poll();
            } catch (Exception e) {
                delivered.add(e.toString());
            }
        });
        poller.start();
        assertThat(working.await(20, TimeUnit.SECONDS)).isTrue();

        Thread stopper = new Thread(context::stop);
        stopper.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> !endpoint.consumer().isBatchAllowed());
        goOn.countDown();
        poller.join(20_000);
        stopper.join(20_000);

        assertThat(delivered).containsExactly("1");
        assertThat(mailbox.unsettled).hasSize(499).doesNotContain(1L);
    }

    @RepeatedTest(3)
    void acknowledgesWhatRoutesFinishWhileCamelStops() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(20);
        CountDownLatch stopping = new CountDownLatch(1);
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint).to("seda:slow");
                from("seda:slow?concurrentConsumers=4").process(exchange -> {
                    stopping.await(20, TimeUnit.SECONDS);
                    delivered.add(exchange.getMessage().getHeader(MailConstants.UID, String.class));
                });
            }
        });
        context.start();
        assertThat(endpoint.poll()).isEqualTo(20);

        Thread stopper = new Thread(context::stop);
        stopper.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> !endpoint.consumer().isBatchAllowed());
        stopping.countDown();
        stopper.join(20_000);

        assertThat(stopper.isAlive()).isFalse();
        assertThat(delivered).hasSize(20);
        assertThat(mailbox.unsettled)
                .as("all that was processed is acknowledged")
                .isEmpty();
        assertThat(mailbox.count("open")).isEqualTo(2);
    }

    @Test
    void pausesWhileAsManyMailsAreOutAsMayBe() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(20);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger most = new AtomicInteger();
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        endpoint.getConfiguration().setMaxInFlight(4);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint).to("seda:work");
                from("seda:work?concurrentConsumers=2").process(exchange -> {
                    most.accumulateAndGet(endpoint.consumer().inFlightCount(), Math::max);
                    goOn.await(20, TimeUnit.SECONDS);
                });
            }
        });
        context.start();
        Thread poller = new Thread(() -> {
            try {
                endpoint.poll();
            } catch (Exception e) {
                delivered.add(e.toString());
            }
        });
        poller.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> endpoint.consumer().inFlightCount() == 4);

        goOn.countDown();
        poller.join(20_000);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            endpoint.poll();
            assertThat(mailbox.unsettled).isEmpty();
        });

        assertThat(most).hasValueLessThanOrEqualTo(4);
        assertThat(delivered).isEmpty();
    }

    @Test
    @Timeout(30)
    void pollsMoreMailsThanMayBeOutFromASessionThatSettlesAtItsEnd() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(20);
        mailbox.settlesAtEnd = true;
        FakePollEndpoint endpoint = start(mailbox, options -> options.setMaxInFlight(4), exchange -> {});

        assertThat(endpoint.poll()).isEqualTo(20);

        assertThat(mailbox.unsettled).isEmpty();
        assertThat(endpoint.consumer().inFlightCount()).isZero();
    }

    @Test
    void processesWhatHadArrivedWhenTheConnectionBreaksAndAcknowledgesItInTheNextSession() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(10);
        mailbox.breaksAtUid = 6;
        FakePollEndpoint endpoint = start(mailbox, exchange -> {});

        assertThatThrownBy(endpoint::poll).isInstanceOf(IOException.class).hasMessageContaining("broke");
        assertThat(delivered).containsExactly("1", "2", "3", "4", "5");

        mailbox.breaksAtUid = -1;
        assertThat(endpoint.poll()).isEqualTo(5);
        assertThat(mailbox.unsettled).isEmpty();
        assertThat(delivered).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void failsThePollWhenNoConnectionComesAboutAndWorksAgainWhenItDoes() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(2);
        mailbox.breaksAt = "open";
        FakePollEndpoint endpoint = start(mailbox, exchange -> {});

        assertThatThrownBy(endpoint::poll).hasMessageContaining("fake.example:143");

        mailbox.breaksAt = "";
        assertThat(endpoint.poll()).isEqualTo(2);
    }

    @Test
    void deliversAgainWhenTheEndThatWouldHaveCommittedDeletionsFails() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(2);
        mailbox.settlesAtEnd = true;
        mailbox.breaksAt = "end";
        FakePollEndpoint endpoint = start(mailbox, exchange -> {});

        assertThatThrownBy(endpoint::poll).hasMessageContaining("end");
        assertThat(mailbox.unsettled).hasSize(2);

        mailbox.breaksAt = "";
        assertThat(endpoint.poll()).isEqualTo(2);
        assertThat(mailbox.unsettled).isEmpty();
    }

    @Test
    void putsAMailAsideThatFailsForEver() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(2);
        FakePollEndpoint endpoint = start(mailbox, options -> options.setMaxDeliveries(3), exchange -> {
            if ("1".equals(exchange.getMessage().getHeader(MailConstants.UID))) {
                throw new IllegalStateException("poison");
            }
        });

        for (int i = 0; i < 6; i++) {
            endpoint.poll();
        }

        assertThat(delivered.stream().filter("1"::equals)).hasSize(3);
        assertThat(mailbox.unsettled).containsExactly(1L);
    }

    @Test
    void tellsBatchIndexSizeAndCompletionAlsoWhenMailsCannotBeFetched() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(4);
        mailbox.broken.add(1L);
        mailbox.broken.add(4L);
        List<List<Object>> batch = new ArrayList<>();
        FakePollEndpoint endpoint = start(
                mailbox,
                exchange -> batch.add(List.of(
                        exchange.getProperty(ExchangePropertyKey.BATCH_INDEX),
                        exchange.getProperty(ExchangePropertyKey.BATCH_COMPLETE))));

        assertThat(endpoint.poll()).isEqualTo(2);

        assertThat(batch).containsExactly(List.of(0, false), List.of(1, true));
        assertThat(mailbox.unsettled).containsExactly(1L, 4L);
    }

    @Test
    void addsAnIdempotentKeyOnlyJustBeforeItsMail() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(3);
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        repository.start();
        repository.add("2");
        List<Integer> keys = new ArrayList<>();
        FakePollEndpoint endpoint = start(
                mailbox,
                options -> {
                    options.setIdempotentRepository(repository);
                    options.setIdempotentRepositoryRemoveOnCommit(false);
                },
                exchange -> keys.add(repository.getCacheSize()));

        endpoint.poll();

        assertThat(delivered).containsExactly("1", "3");
        assertThat(keys).containsExactly(2, 3);
        assertThat(mailbox.count("fetch")).isEqualTo(1);
    }

    @Test
    void limitsAPollByFetchSizeThenByMaxMessagesPerPoll() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(10);
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        endpoint.setMaxMessagesPerPoll(4);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint).log("${header.CamelMailUid}");
            }
        });
        context.start();

        assertThat(endpoint.poll()).isEqualTo(4);
        endpoint.getConfiguration().setFetchSize(2);
        assertThat(endpoint.poll()).isEqualTo(2);
        endpoint.getConfiguration().setFetchSize(0);
        assertThat(endpoint.poll()).isZero();
        assertThat(mailbox.unsettled).hasSize(4);
    }

    @Test
    void acknowledgesWhenTheRouteEndsAlsoIfAnAggregatorStillHoldsACopy() throws Exception {
        // Documented in docs/architecture.md: copies made by aggregate, wireTap, multicast and split carry no
        // acknowledgement, as everywhere in Camel.
        FakeMailbox mailbox = new FakeMailbox(2);
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint)
                        .aggregate(constant(true), new GroupedExchangeAggregationStrategy())
                        .completionSize(100)
                        .to("mock:batch");
            }
        });
        context.start();

        endpoint.poll();

        assertThat(mailbox.unsettled).isEmpty();
    }

    @Test
    void keepsTheConnectionOffTheRoutesThread() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(2000);
        mailbox.window = 10;
        Thread[] routeThread = new Thread[1];
        FakePollEndpoint endpoint = start(mailbox, exchange -> routeThread[0] = Thread.currentThread());

        endpoint.poll();

        assertThat(routeThread[0]).isSameAs(Thread.currentThread());
        assertThat(delivered).hasSize(2000);
    }
}
