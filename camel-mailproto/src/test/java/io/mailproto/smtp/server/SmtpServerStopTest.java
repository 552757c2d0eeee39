package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.sasl.SaslServers;
import io.mailproto.smtp.Reply;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.BareLineEnding;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How sessions end that the client does not end. */
@Timeout(60)
class SmtpServerStopTest {
    private static final String UP_TO_RCPT = """
            S: 220 mx.example.org ESMTP
            C: HELO client.example
            S: 250 mx.example.org
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 sender ok
            C: RCPT TO:<c@d>
            S: 250 2.1.5 recipient ok
            """;
    private static final String UP_TO_DOT = UP_TO_RCPT + "C: DATA\nS~ 354 .*\nC: x: y\nC: .\n";

    @RepeatedTest(50)
    void tellsIdleClientsAndLetsARunningMessageBeAnswered() throws Exception {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch recipients = new CountDownLatch(2);
        SmtpPolicy counting = new SmtpPolicy() {
            @Override
            public Optional<Reply> rcpt(SessionFacts session, Optional<EmailAddress> sender, EmailAddress recipient) {
                recipients.countDown();
                return Optional.empty();
            }
        };
        TestSmtpServer server = new TestSmtpServer(OPTIONS.with(counting), (message, path) -> {
            isRunning.countDown();
            awaitQuietly(mayEnd);
            return Reply.of(250, "2.0.0 stored");
        });
        try (ScriptedPeer idle = ScriptedPeer.talkingTo(
                        Pace.WHOLE, server.address(), UP_TO_RCPT + "S: 421 4.3.2 shutting down, closing\n-- closed\n");
                ScriptedPeer busy = ScriptedPeer.talkingTo(
                        Pace.WHOLE,
                        server.address(),
                        UP_TO_DOT + "S: 250 2.0.0 stored\nS: 421 4.3.2 shutting down, closing\n-- closed\n")) {
            Future<?> idling = TestWire.executor().submit(() -> play(idle));
            Future<?> working = TestWire.executor().submit(() -> play(busy));
            assertThat(isRunning.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(recipients.await(10, TimeUnit.SECONDS)).isTrue();

            Future<?> stopping =
                    TestWire.executor().submit(() -> server.server().stop(Duration.ofSeconds(20)));
            idling.get(10, TimeUnit.SECONDS);
            assertThat(stopping.isDone()).isFalse();
            mayEnd.countDown();
            working.get(10, TimeUnit.SECONDS);
            stopping.get(10, TimeUnit.SECONDS);

            assertThat(server.server().connections()).isZero();
        } finally {
            server.close();
        }
    }

    @Test
    void cutsOffAfterTheGraceWhatDoesNotEnd() throws Exception {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        MessageHandler slow = (message, path) -> {
            path.onReplyLost(lost::countDown);
            isRunning.countDown();
            awaitQuietly(mayEnd);
            return Reply.of(250, "2.0.0 stored");
        };
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS, slow);
                ScriptedPeer busy = ScriptedPeer.talkingTo(Pace.WHOLE, server.address(), UP_TO_DOT + "-- closed\n")) {
            Future<?> working = TestWire.executor().submit(() -> play(busy));
            assertThat(isRunning.await(10, TimeUnit.SECONDS)).isTrue();
            Future<?> stopping =
                    TestWire.executor().submit(() -> server.server().stop(Duration.ofMillis(50)));
            working.get(10, TimeUnit.SECONDS);
            mayEnd.countDown();
            stopping.get(10, TimeUnit.SECONDS);
            assertThat(lost.getCount()).isZero();
        }
    }

    @Test
    void tellsTheHandlerThatTheClientWasGoneBeforeTheReply() throws Exception {
        CountDownLatch isGone = new CountDownLatch(1);
        CountDownLatch isLost = new CountDownLatch(1);
        MessageHandler slow = (message, path) -> {
            path.onReplyLost(isLost::countDown);
            awaitQuietly(isGone);
            // Long enough that the server has a look whether the client is still there.
            awaitQuietly(new CountDownLatch(1), 300);
            return Reply.of(250, "2.0.0 stored");
        };
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS, slow)) {
            server.talk(Pace.WHOLE, UP_TO_DOT + "-- close\n");
            isGone.countDown();
            assertThat(isLost.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.messages()).hasSize(1);
        }
    }

    @Test
    void answersEarlyWhileTheHandlerIsStuck() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        MessageHandler stuck = (message, path) -> {
            path.onReplyLost(lost::countDown);
            TestWire.executor().execute(() -> path.replyEarly(Reply.of(451, "4.3.2 later")));
            awaitQuietly(mayEnd);
            return Reply.of(250, "2.0.0 stored");
        };
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS, stuck)) {
            server.talk(Pace.WHOLE, UP_TO_DOT + "S: 451 4.3.2 later\n-- closed\n");
            mayEnd.countDown();
            assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void freesTheSessionOfAClientThatIsCutOffWithinAMessage() throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(Pace.WHOLE, UP_TO_RCPT + "C: DATA\nS~ 354 .*\nC: x: y\n-- reset\n");
            await().until(() -> server.server().connections() == 0);
            assertThat(server.messages()).isEmpty();
        }
    }

    @Test
    void refusesToBecomeAnOpenRelay() throws Exception {
        InetAddress everywhere = InetAddress.getByName("0.0.0.0");
        assertThatThrownBy(() -> OPTIONS.requireSafeOn(everywhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "open relay", "recipientDomains=*", "requireAuthentication=true", "policy=#bean");

        OPTIONS.requireSafeOn(InetAddress.getLoopbackAddress());
        OPTIONS.with(new ServerRules(RecipientDomains.parse("*"), false, BareLineEnding.REJECT, Duration.ZERO))
                .requireSafeOn(everywhere);
        OPTIONS.with(new SmtpPolicy() {}).requireSafeOn(everywhere);
        SmtpServerOptions withoutKey = OPTIONS.with(new ServerSecurity(
                Optional.empty(),
                false,
                false,
                Optional.of(SaslServers.of((user, password) -> true, null, null)),
                true,
                false));
        assertThatThrownBy(() -> withoutKey.requireSafeOn(everywhere))
                .hasMessageContainingAll("sslContextParameters", "allowPlaintextLogin=true");
    }

    @Test
    void namesTheAddressThatIsInUse() throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            assertThatThrownBy(() -> SmtpServer.open(
                            SmtpServerOptions.named(Domain.parse("mx")),
                            new io.mailproto.wire.ListenOptions(server.server().localAddress(), 50, 1, 1),
                            TestWire.watchdog(),
                            new io.mailproto.spool.Spool(io.mailproto.spool.SpoolOptions.defaults()),
                            (message, path) -> Reply.of(250, "ok")))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining(
                            String.valueOf(server.server().localAddress().getPort()));
        }
    }

    private static Void play(ScriptedPeer peer) throws java.io.IOException {
        peer.play();
        return null;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        awaitQuietly(latch, 20_000);
    }

    private static void awaitQuietly(CountDownLatch latch, long millis) {
        try {
            if (latch.await(millis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
