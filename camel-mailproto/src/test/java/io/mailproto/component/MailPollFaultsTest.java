package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls in which something fails that should not: nobody hangs, nothing is lost, and the cause is told. */
@Timeout(30)
class MailPollFaultsTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<String> failures = new CopyOnWriteArrayList<>();
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

    private static Throwable fault(String kind) {
        return switch (kind) {
            case "runtime" -> new IllegalStateException("a fault in the session");
            case "error" -> new StackOverflowError("a fault in the session");
            default -> null;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "open, runtime, false",
        "open, error, false",
        "list, io, false",
        "list, runtime, false",
        "list, error, false",
        "fetch, io, false",
        "fetch, runtime, false",
        "fetch, error, false",
        "settle, io, false",
        "settle, runtime, false",
        "settle, error, false",
        "end, io, false",
        "end, runtime, false",
        "end, error, false",
        "settle, runtime, true",
        "settle, error, true",
        "end, runtime, true",
        "end, error, true"
    })
    void aFaultInTheSessionFailsThePollAndLosesNothing(String phase, String kind, boolean settlesAtEnd)
            throws Exception {
        FakeMailbox mailbox = new FakeMailbox(5);
        mailbox.settlesAtEnd = settlesAtEnd;
        mailbox.breaksAt = phase;
        mailbox.breaksWith = fault(kind);
        FakePollEndpoint endpoint = start(mailbox, options -> {}, exchange -> {});

        Throwable thrown = catchThrowable(endpoint::poll);

        assertThat(thrown).isInstanceOf(Exception.class);
        assertThat(thrown).hasMessageContaining(kind.equals("io") ? "the connection broke" : "a fault in the session");

        mailbox.breaksAt = "";
        endpoint.poll();
        assertThat(mailbox.unsettled).isEmpty();
        assertThat(delivered).containsExactly("1", "2", "3", "4", "5");
        assertThat(endpoint.consumer().inFlightCount()).isZero();
    }

    @Test
    void aFaultWhileAbortingDoesNotHideWhatCameFirst() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(5);
        mailbox.breaksAt = "fetch";
        mailbox.abortBreaks = true;
        FakePollEndpoint endpoint = start(mailbox, options -> {}, exchange -> {});

        assertThatThrownBy(endpoint::poll).hasMessageContaining("fetch").satisfies(e -> assertThat(e.getSuppressed())
                .hasSize(1));
    }

    @Test
    @Timeout(15)
    void aSmallMaxInFlightDoesNotWaitForBatchesOfSettlements() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(60);
        FakePollEndpoint endpoint = start(mailbox, options -> options.setMaxInFlight(2), exchange -> {});

        assertThat(endpoint.poll()).isEqualTo(60);

        assertThat(mailbox.unsettled).isEmpty();
    }

    @Test
    void refusesAMaxInFlightThatNothingWouldPass() {
        FakeMailbox mailbox = new FakeMailbox(1);
        assertThatThrownBy(() -> start(mailbox, options -> options.setMaxInFlight(0), exchange -> {}))
                .hasStackTraceContaining("maxInFlight must be at least 1, not 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "fetch", "settle", "end"})
    void anAbortEndsTheFetcherInEachPhase(String phase) throws Exception {
        FakeMailbox mailbox = new FakeMailbox(3);
        mailbox.breaksAt = phase;
        mailbox.waitsFor = new CountDownLatch(1);
        InFlight<Long> inFlight = new InFlight<>(10, Duration.ofHours(1), System::nanoTime);
        Fetcher<Long> fetcher =
                new Fetcher<>(mailbox::open, inFlight, Fetcher.Limits.defaults(), 10, inFlight::contains, key -> {});
        inFlight.addLate(List.of(new Settlement<>(9L, Settlement.Outcome.ACCEPTED, Settlement.Orders.NONE)));
        Thread thread = new Thread(fetcher);
        thread.start();
        Thread finisher = new Thread(() -> failures.add(String.valueOf(catchThrowable(fetcher::finish))));
        if (phase.equals("end")) {
            assertThat(fetcher.awaitListing()).isTrue();
            assertThat(fetcher.listed()).isEqualTo(3);
            finisher.start();
        }
        await().until(() -> mailbox.count(phase) == 1);

        fetcher.abort("the test wants it");

        assertThat(fetcher.awaitEnd(Duration.ofSeconds(10))).isTrue();
        finisher.join(10_000);
        assertThat(failures).as("nobody hangs, and nothing is thrown").isSubsetOf("null");
        Optional<Exception> failure = fetcher.finish();
        assertThat(failure).isPresent();
        assertThat(inFlight.takeLate()).hasSize(phase.equals("settle") ? 1 : 0);
        fetcher.settle(new Settlement<>(1L, Settlement.Outcome.ACCEPTED, Settlement.Orders.NONE));
        assertThat(inFlight.takeLate()).as("kept for the next session").hasSize(1);
    }

    @Test
    void anAbortBeforeTheSessionIsOpenReachesItThen() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(3);
        CountDownLatch open = new CountDownLatch(1);
        mailbox.breaksAt = "list";
        mailbox.waitsFor = new CountDownLatch(1);
        InFlight<Long> inFlight = new InFlight<>(10, Duration.ofHours(1), System::nanoTime);
        Fetcher<Long> fetcher = new Fetcher<>(
                () -> {
                    open.await();
                    return mailbox.open();
                },
                inFlight,
                Fetcher.Limits.defaults(),
                10,
                inFlight::contains,
                key -> {});
        Thread thread = new Thread(fetcher);
        thread.start();

        fetcher.abort("the test wants it");
        open.countDown();

        assertThat(fetcher.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(mailbox.count("abort")).isPositive();
        assertThat(fetcher.awaitListing()).isFalse();
        assertThat(fetcher.finish())
                .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("aborted"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRepositoryThatFailsAfterTheRouteDoesNotKeepTheMailFromBeingSettled(boolean removeOnCommit) throws Exception {
        FakeMailbox mailbox = new FakeMailbox(2);
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository() {
            @Override
            public boolean remove(String key) {
                throw new IllegalStateException("the repository is away");
            }

            @Override
            public boolean confirm(String key) {
                throw new IllegalStateException("the repository is away");
            }
        };
        repository.start();
        FakePollEndpoint endpoint = start(
                mailbox,
                options -> {
                    options.setIdempotentRepository(repository);
                    options.setIdempotentRepositoryRemoveOnCommit(removeOnCommit);
                },
                exchange -> {
                    if ("2".equals(exchange.getMessage().getHeader(MailConstants.UID))) {
                        throw new IllegalStateException("the route fails");
                    }
                });

        endpoint.poll();

        assertThat(mailbox.unsettled).containsExactly(2L);
        assertThat(endpoint.consumer().inFlightCount()).isZero();
    }

    @Test
    void aMailWhoseExchangeIsLostIsDeliveredAgainInSpiteOfItsIdempotentKey() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(1);
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        repository.start();
        FakePollEndpoint endpoint = start(
                mailbox,
                options -> {
                    options.setIdempotentRepository(repository);
                    options.setInFlightTimeout(50);
                },
                exchange -> exchange.getUnitOfWork()
                        .handoverSynchronization(context.getEndpoint("direct:x").createExchange()));

        endpoint.poll();

        await().atMost(Duration.ofSeconds(10)).until(() -> endpoint.poll() == 1);
        assertThat(delivered).containsExactly("1", "1");
    }

    @Test
    void aWishThatIsNotUnderstoodCountsAsFailure() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(1);
        FakePollEndpoint endpoint = start(
                mailbox, options -> {}, exchange -> exchange.getMessage().setHeader(MailConstants.DELETE, "perhaps"));

        endpoint.poll();

        assertThat(mailbox.unsettled).containsExactly(1L);
        assertThat(endpoint.consumer().inFlightCount()).isZero();
        assertThat(endpoint.poll()).isEqualTo(1);
    }

    @Test
    void anErrorInTheRouteLeavesTheMailAndDoesNotCountAsOut() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(2);
        FakePollEndpoint endpoint = start(mailbox, options -> {}, exchange -> {
            throw new StackOverflowError("in the route");
        });
        // Camel itself counts the exchanges of such an error as running for ever: its stop need not wait for them.
        context.getShutdownStrategy().setTimeout(1);

        // Were it thrown, Camel would never poll again.
        Throwable thrown = catchThrowable(endpoint::poll);

        assertThat(thrown).isNull();
        assertThat(delivered).as("the other one had its turn").hasSize(2);
        assertThat(mailbox.unsettled).hasSize(2);
        assertThat(endpoint.consumer().inFlightCount()).isZero();
    }

    @Test
    void aPollAfterTheStopDoesNothing() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(2);
        FakePollEndpoint endpoint = start(mailbox, options -> {}, exchange -> {});
        context.stop();

        assertThat(endpoint.poll()).isZero();

        assertThat(mailbox.commands).isEmpty();
    }
}
