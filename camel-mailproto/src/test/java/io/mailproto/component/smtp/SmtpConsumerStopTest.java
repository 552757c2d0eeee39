package io.mailproto.component.smtp;

import static io.mailproto.component.smtp.SmtpRoutes.ACCEPTED;
import static io.mailproto.component.smtp.SmtpRoutes.QUIT;
import static io.mailproto.component.smtp.SmtpRoutes.ROUTE;
import static io.mailproto.component.smtp.SmtpRoutes.SERVER;
import static io.mailproto.component.smtp.SmtpRoutes.UP_TO_DOT;
import static io.mailproto.component.smtp.SmtpRoutes.UP_TO_RCPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that come together or go away, and servers that stop. */
@Timeout(60)
class SmtpConsumerStopTest {
    private static final int CLIENTS = 50;
    private static final int MAILS = 10;

    private final SmtpRoutes routes = new SmtpRoutes();

    @AfterEach
    void stop() {
        routes.close();
    }

    @RepeatedTest(3)
    void deliversEachMailOfFiftyClientsOnce() throws Exception {
        Queue<String> subjects = new ConcurrentLinkedQueue<>();
        routes.add(
                "seda:work?concurrentConsumers=4",
                route -> route.process(
                        exchange -> subjects.add(exchange.getMessage().getHeader("Subject", String.class))));
        routes.route(SERVER, route -> route.to("seda:work"));
        List<Future<?>> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            StringBuilder transcript = new StringBuilder("S~ 220 .*\nC: HELO client\nS~ 250 .*\n");
            for (int mail = 0; mail < MAILS; mail++) {
                transcript
                        .append("C: MAIL FROM:<a@b>\nS~ 250 .*\nC: RCPT TO:<c@d>\nS~ 250 .*\nC: DATA\nS~ 354 .*\n")
                        .append("C: Subject: ")
                        .append(client * MAILS + mail)
                        .append("\nC:\nC: text\nC: .\n")
                        .append(ACCEPTED);
            }
            clients.add(routes.talking(transcript + QUIT));
        }
        for (Future<?> client : clients) {
            client.get(40, TimeUnit.SECONDS);
        }
        assertThat(subjects)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, CLIENTS * MAILS)
                        .mapToObj(String::valueOf)
                        .toList());
        assertThat(routes.consumer().inFlight()).isZero();
        await().until(() -> routes.consumer().connections() == 0);
    }

    @RepeatedTest(3)
    void tellsIdleClientsAndAnswersWhatIsInTheRouteWhenStopping() throws Exception {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.start(SERVER, exchange -> {
            isRunning.countDown();
            SmtpRoutes.await(mayEnd);
        });
        Future<?> busy = routes.talking(UP_TO_DOT + ACCEPTED + "S: 421 4.3.2 shutting down, closing\n-- closed\n");
        Future<?> idle = routes.talking(UP_TO_RCPT + "S: 421 4.3.2 shutting down, closing\n-- closed\n");
        assertThat(SmtpRoutes.await(isRunning)).isTrue();
        await().until(() -> routes.consumer().connections() == 2);

        Future<?> stopping = TestWire.executor().submit(() -> routes.context.stop());
        idle.get(10, TimeUnit.SECONDS);
        assertThat(busy.isDone()).isFalse();
        mayEnd.countDown();
        busy.get(10, TimeUnit.SECONDS);
        stopping.get(10, TimeUnit.SECONDS);
        assertThat(routes.completed).hasSize(1);
    }

    @Test
    void answersWhatIsStillBehindAQueueWhenStopping() throws Exception {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.add(
                "seda:work",
                route -> route.process(exchange -> {
                    isRunning.countDown();
                    SmtpRoutes.await(mayEnd);
                }));
        routes.route(SERVER, route -> route.to("seda:work"));
        Future<?> busy = routes.talking(UP_TO_DOT + ACCEPTED + "S: 421 4.3.2 shutting down, closing\n-- closed\n");
        assertThat(SmtpRoutes.await(isRunning)).isTrue();
        Future<?> stopping = TestWire.executor().submit(() -> routes.context.stop());
        await().until(() -> routes.context.isStopping());
        mayEnd.countDown();
        busy.get(10, TimeUnit.SECONDS);
        stopping.get(10, TimeUnit.SECONDS);
    }

    @Test
    void asksToComeAgainWhenTheRouteDoesNotEndWithinTheShutdownTimeout() throws Exception {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        routes.context.getShutdownStrategy().setTimeout(1);
        routes.start(SERVER, exchange -> {
            isRunning.countDown();
            SmtpRoutes.await(mayEnd);
        });
        Future<?> client = routes.talking(UP_TO_DOT + "S~ 421 4\\.3\\.2 .*\n-- closed\n");
        assertThat(SmtpRoutes.await(isRunning)).isTrue();
        Future<?> stopping = TestWire.executor().submit(() -> routes.context.stop());
        client.get(10, TimeUnit.SECONDS);
        mayEnd.countDown();
        stopping.get(20, TimeUnit.SECONDS);
    }

    @Test
    void listensOnTheSamePortAfterASuspension() throws Exception {
        routes.start(SERVER, exchange -> {});
        HostPort address = routes.address();
        HealthCheck check = routes.consumer().getHealthCheck();
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.UP);

        String endsIdle = UP_TO_RCPT + "S: 421 4.3.2 shutting down, closing\n-- closed\n";
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, address, endsIdle)) {
            Future<?> idle = TestWire.executor().submit(() -> {
                client.play();
                return null;
            });
            client.awaitHeard("250 2.1.5 recipient ok");
            routes.context.getRouteController().suspendRoute(ROUTE);
            idle.get(10, TimeUnit.SECONDS);
        }
        // Nobody is asked by connecting: the port may be another program's meanwhile.
        assertThat(routes.consumer().localAddress()).isNull();
        assertThat(check.call().getState()).isEqualTo(HealthCheck.State.DOWN);

        routes.context.getRouteController().resumeRoute(ROUTE);
        assertThat(routes.address()).isEqualTo(address);
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        routes.context.getRouteController().stopRoute(ROUTE);
        routes.context.getRouteController().startRoute(ROUTE);
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(routes.completed).hasSize(3);
    }

    @Test
    void keepsTheMailOfAClientThatIsGoneBeforeTheReplyAndMarksIt() throws Exception {
        CountDownLatch isGone = new CountDownLatch(1);
        AtomicReference<Exchange> mail = new AtomicReference<>();
        routes.start(SERVER, exchange -> {
            mail.set(exchange);
            SmtpRoutes.await(isGone);
            // Long enough that the server has a look whether the client is still there.
            SmtpRoutes.await(new CountDownLatch(1), 300);
        });
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, routes.address(), UP_TO_DOT + "-- close\n")) {
            client.play();
        }
        isGone.countDown();
        await().until(() -> Boolean.TRUE.equals(mail.get().getProperty(MailConstants.REPLY_NOT_DELIVERED_PROPERTY)));
        assertThat(mail.get().isFailed()).isFalse();
        assertThat(routes.completed).hasSize(1);
    }
}
