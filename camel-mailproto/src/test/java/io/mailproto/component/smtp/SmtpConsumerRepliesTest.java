package io.mailproto.component.smtp;

import static io.mailproto.component.smtp.SmtpRoutes.ACCEPTED;
import static io.mailproto.component.smtp.SmtpRoutes.MAIL;
import static io.mailproto.component.smtp.SmtpRoutes.QUIT;
import static io.mailproto.component.smtp.SmtpRoutes.SERVER;
import static io.mailproto.component.smtp.SmtpRoutes.UP_TO_DOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.testing.Pace;
import io.mailproto.testing.TranscriptTest;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the client is told of what the route has made of its mail. */
@Timeout(60)
class SmtpConsumerRepliesTest {
    private final SmtpRoutes routes = new SmtpRoutes();

    @AfterEach
    void stop() {
        routes.close();
    }

    private static Processor failing(Exception failure) {
        return exchange -> {
            throw failure;
        };
    }

    @TranscriptTest
    void acceptsWithAnIdThatTheRouteKnowsToo(Pace pace) throws Exception {
        routes.start(SERVER, exchange -> {});
        routes.talk(pace, UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(routes.completed).singleElement().satisfies(exchange -> assertThat(
                        exchange.getMessage().getHeader(MailConstants.QUEUE_ID, String.class))
                .matches("[0-9a-z]+-[0-9a-z]+"));
    }

    @Test
    void acceptsWhatTheRouteHasHandled() throws Exception {
        routes.route(SERVER, route -> route.onException(IOException.class)
                .handled(true)
                .end()
                .process(failing(new IOException("handled"))));
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
    }

    @ParameterizedTest
    @CsvSource({
        "250, 2.6.0, stored, 250 2.6.0 stored",
        "451, , , 451 4.0.0 message not accepted",
        "550, 5.1.1, no such user, 550 5.1.1 no such user",
        "550, , no such user, 550 5.0.0 no such user",
        // What makes no reply must not leave as one.
        "550, 4.1.1, contradiction, '451 4.3.0 local error, try again later'",
        "354, , go on, '451 4.3.0 local error, try again later'",
        "99, , , '451 4.3.0 local error, try again later'",
        "many, , , '451 4.3.0 local error, try again later'",
        "250, 2.0.0, Gr\u00fc\u00dfe, '451 4.3.0 local error, try again later'",
    })
    void repliesAsTheHeadersSay(String code, String enhanced, String text, String reply) throws Exception {
        routes.start(SERVER, exchange -> {
            exchange.getMessage().setHeader(MailConstants.REPLY_CODE, code);
            exchange.getMessage().setHeader(MailConstants.REPLY_ENHANCED_CODE, enhanced);
            exchange.getMessage().setHeader(MailConstants.REPLY_TEXT, text);
        });
        routes.talk(UP_TO_DOT + "S: " + reply + "\n" + QUIT);
    }

    @Test
    void repliesWithNoLineBreakOfTheRoute() throws Exception {
        routes.start(SERVER, exchange -> {
            exchange.getMessage().setHeader(MailConstants.REPLY_CODE, 250);
            exchange.getMessage().setHeader(MailConstants.REPLY_TEXT, "ok\r\n250 injected");
        });
        routes.talk(UP_TO_DOT + "S: 451 4.3.0 local error, try again later\n" + QUIT);
    }

    @Test
    void findsTheRefusalDeepInTheChainOfCauses() throws Exception {
        Exception refusal = new SmtpReplyException(550, "5.7.1", "not wanted", new IOException("secret"));
        routes.start(SERVER, failing(new RuntimeCamelException("a", new IllegalStateException("b", refusal))));
        routes.talk(UP_TO_DOT + "S: 550 5.7.1 not wanted\n" + QUIT);
    }

    @Test
    void endsTheSessionAfterA421OfTheRoute() throws Exception {
        routes.start(SERVER, failing(new SmtpReplyException(421, "4.3.2", "going home")));
        routes.talk(UP_TO_DOT + "S: 421 4.3.2 going home\n-- closed\n");
    }

    @TranscriptTest
    void tellsNothingOfAnExceptionAndTakesTheNextMail(Pace pace) throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        routes.start(SERVER, exchange -> {
            if (first.getCount() > 0) {
                first.countDown();
                throw new IOException("jdbc:secret@db");
            }
        });
        routes.talk(
                pace,
                UP_TO_DOT + "S: 451 4.3.0 local error, try again later\n"
                        + "C: MAIL FROM:<>\nS~ 250 .*\nC: RCPT TO:<bob@example.org>\nS~ 250 .*\n" + MAIL + ACCEPTED
                        + QUIT);
    }

    @Test
    void asksToComeAgainAfterARollback() throws Exception {
        try (SmtpRoutes rollback = new SmtpRoutes()) {
            rollback.start(SERVER, exchange -> exchange.setRollbackOnly(true));
            rollback.talk(UP_TO_DOT + "S: 451 4.3.0 local error, try again later\n" + QUIT);
        }
        try (SmtpRoutes rollback = new SmtpRoutes()) {
            rollback.route(SERVER, route -> route.markRollbackOnlyLast());
            rollback.talk(UP_TO_DOT + "S: 451 4.3.0 local error, try again later\n" + QUIT);
        }
    }

    @Test
    void rejectsForGoodAfterTheExceptionsThatMeanIt() throws Exception {
        routes.start(
                SERVER + "&rejectOn=java.lang.ArithmeticException,java.io.IOException",
                failing(new RuntimeCamelException(new java.io.FileNotFoundException("/etc/shadow"))));
        routes.talk(UP_TO_DOT + "S: 554 5.6.0 message not accepted\n" + QUIT);
    }

    @Test
    void doesNotStartWithAnUnknownClassInRejectOn() {
        assertThatThrownBy(() -> routes.start(SERVER + "&rejectOn=no.such.Exception", exchange -> {}))
                .hasStackTraceContaining("no.such.Exception");
    }

    // ---- time

    @Test
    void asksToComeAgainWhenTheRouteIsStuckAndMarksTheExchange() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.start(SERVER + "&routeTimeout=200&slowRouteWarning=100", exchange -> SmtpRoutes.await(mayEnd));
        routes.talk(UP_TO_DOT + "S~ 451 4\\.3\\.2 .*\n-- closed\n");
        assertThat(routes.completed).isEmpty();
        mayEnd.countDown();
        await().untilAsserted(() -> assertThat(routes.completed).singleElement().satisfies(exchange -> assertThat(
                        exchange.getProperty(MailConstants.REPLY_NOT_DELIVERED_PROPERTY))
                .isEqualTo(true)));
        await().until(() ->
                routes.consumer().inFlight() == 0 && routes.consumer().connections() == 0);
    }

    @Test
    void asksToComeAgainWhenAnotherThreadIsStuckAndGoesOnWithTheSession() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch isMarked = new CountDownLatch(1);
        routes.add("seda:work", route -> route.process(exchange -> SmtpRoutes.await(mayEnd))
                .onCompletion()
                .process(exchange -> await().untilAsserted(
                                () -> assertThat(exchange.getProperty(MailConstants.REPLY_NOT_DELIVERED_PROPERTY))
                                        .isEqualTo(true)))
                .process(exchange -> isMarked.countDown())
                .end());
        routes.route(SERVER + "&routeTimeout=200", route -> route.to("seda:work"));
        routes.talk(UP_TO_DOT + "S~ 451 4\\.3\\.2 .*\n" + QUIT);
        mayEnd.countDown();
        assertThat(SmtpRoutes.await(isMarked)).isTrue();
    }

    @Test
    void releasesEverythingWhenTheCompletionNeverComes() throws Exception {
        // Handed over to an exchange that is dropped, as a full queue with discardWhenFull does.
        routes.start(SERVER + "&routeTimeout=200", exchange -> exchange.getExchangeExtension()
                .handoverCompletions(new DefaultExchange(exchange.getContext())));
        routes.talk(UP_TO_DOT + "S~ 451 4\\.3\\.2 .*\n" + QUIT);
        assertThat(routes.consumer().inFlight()).isZero();
        await().until(() -> routes.consumer().connections() == 0);
        assertThat(routes.context.getInflightRepository().size()).isZero();
    }

    @Test
    void asksToComeAgainWhenAFullQueueDropsTheExchange() throws Exception {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.add(
                "seda:work?size=1&discardWhenFull=true",
                route -> route.process(exchange -> {
                    isRunning.countDown();
                    SmtpRoutes.await(mayEnd);
                }));
        routes.route(SERVER + "&routeTimeout=1500", route -> route.to("seda:work"));
        Future<?> first = routes.talking(UP_TO_DOT + "S~ 451 4\\.3\\.2 .*\n" + QUIT);
        assertThat(SmtpRoutes.await(isRunning)).isTrue();
        Future<?> second = routes.talking(UP_TO_DOT + "S~ 451 4\\.3\\.2 .*\n" + QUIT);
        await().until(() -> routes.consumer().inFlight() == 2);
        // The first waits in the route behind the queue, the second in the queue, so the third has no place.
        routes.talk(UP_TO_DOT + "S~ 451 4\\.3\\.2 .*\n" + QUIT);
        first.get(10, TimeUnit.SECONDS);
        second.get(10, TimeUnit.SECONDS);
        assertThat(routes.consumer().inFlight()).isZero();
        mayEnd.countDown();
    }

    @Test
    void doesNotWaitForTheCopyOfAWireTap() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.add(
                "direct:copy",
                route -> route.process(exchange -> {
                    SmtpRoutes.await(mayEnd);
                    throw new IOException("of the copy");
                }));
        routes.route(SERVER, route -> route.wireTap("direct:copy"));
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        mayEnd.countDown();
    }

    @Test
    void repliesOnlyWhenTheRouteBehindTheQueueHasEnded() throws Exception {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.add(
                "seda:work",
                route -> route.process(exchange -> {
                    isRunning.countDown();
                    SmtpRoutes.await(mayEnd);
                }));
        routes.route(SERVER, route -> route.to("seda:work"));
        Future<?> client = routes.talking(UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(SmtpRoutes.await(isRunning)).isTrue();
        assertThatThrownBy(() -> client.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        mayEnd.countDown();
        client.get(10, TimeUnit.SECONDS);
    }

    @Test
    void repliesWithTheFailureOfTheRouteBehindTheQueue() throws Exception {
        routes.add("seda:work", route -> route.process(failing(new SmtpReplyException(552, "5.2.2", "mailbox full"))));
        routes.route(SERVER, route -> route.to("seda:work"));
        routes.talk(UP_TO_DOT + "S: 552 5.2.2 mailbox full\n" + QUIT);
    }

    @Test
    void repliesAfterAnotherThreadOfTheSameRoute() throws Exception {
        routes.route(SERVER, route -> route.threads(2).process(failing(new IOException("late"))));
        routes.talk(UP_TO_DOT + "S: 451 4.3.0 local error, try again later\n" + QUIT);
    }
}
