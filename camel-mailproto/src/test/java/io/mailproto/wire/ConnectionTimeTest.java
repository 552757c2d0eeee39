package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.BadPeer;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines, the watchdog, minimum rates and abort, against peers that do not do their part. */
@Timeout(30)
class ConnectionTimeTest {
    private static final Step STEP = Step.of("waiting for the greeting").knowing("nothing was sent");

    @Test
    void aReadEndsAtTheDeadline() throws Exception {
        try (BadPeer peer = BadPeer.silent();
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofMillis(100)), STEP);
            assertThatThrownBy(connection.in()::readLine)
                    .isInstanceOf(DeadlineExceeded.class)
                    .hasMessage(
                            peer.address() + ": waiting for the greeting: no answer within 100 ms; nothing was sent")
                    .satisfies(e -> {
                        MailFailure failure = (MailFailure) e;
                        assertThat(failure.peer()).isEqualTo(peer.address().toString());
                        assertThat(failure.step()).isEqualTo("waiting for the greeting");
                        assertThat(failure.fate()).isEqualTo("nothing was sent");
                        assertThat(failure.isTransient()).isTrue();
                    });
            assertThat(connection.isOpen()).isFalse();
        }
    }

    @Test
    void aReadThatTheWatchdogGuardsEndsAtTheDeadlineToo() throws Exception {
        try (BadPeer peer = BadPeer.silentAfter("hello\r\n");
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.watchReads();
            // One with a timeout of its own in front of it must not leave that behind.
            assertThat(connection.in().await(Duration.ofSeconds(20))).isTrue();
            connection.within(Deadline.in(Duration.ofMillis(100)), STEP);
            assertThat(connection.in().readLine()).isEqualTo("hello");
            assertThatThrownBy(connection.in()::readLine)
                    .isInstanceOf(DeadlineExceeded.class)
                    .hasMessage(
                            peer.address() + ": waiting for the greeting: no answer within 100 ms; nothing was sent");
            assertThat(connection.isOpen()).isFalse();
        }
    }

    @Test
    void aWatchdogThatStopsEndsTheReadsThatItGuards() throws Exception {
        ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();
        Watchdog watchdog = new Watchdog(rounds);
        try (BadPeer peer = BadPeer.silent();
                Connection connection = new Dialer(DialOptions.defaults(), watchdog).dial(peer.address())) {
            connection.watchReads();
            connection.within(Deadline.in(Duration.ofMinutes(5)), STEP);
            Future<String> line = TestWire.executor().submit(connection.in()::readLine);
            watchdog.close();
            // If the read had not begun yet, it has its own timeout and must be ended like any other.
            if (connection.isOpen()) {
                connection.abort("the test is over");
            }
            assertThatThrownBy(() -> line.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(ConnectionLost.class);
        } finally {
            rounds.shutdownNow();
        }
    }

    @Test
    void aDeadlineCoversTheWholeStepAndNotEachRead() throws Exception {
        try (BadPeer peer = BadPeer.dripping("a", Duration.ofMillis(10));
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofMillis(300)), STEP);
            long start = System.nanoTime();
            assertThatThrownBy(connection.in()::readLine).isInstanceOf(DeadlineExceeded.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(299), Duration.ofSeconds(3));
        }
    }

    @Test
    void aRenewingDeadlineEndsOnlyWhenNothingMoves() throws Exception {
        try (BadPeer peer = BadPeer.dripping("a", Duration.ofMillis(10));
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.perProgress(Duration.ofMillis(500)), STEP);
            // A second of dripping is twice the time.
            assertThat(connection.in().counted(100).readAllBytes()).hasSize(100);
        }
        try (BadPeer peer = BadPeer.silentAfter("abc");
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.perProgress(Duration.ofMillis(100)), STEP);
            assertThatThrownBy(() -> connection.in().counted(4).readAllBytes()).isInstanceOf(DeadlineExceeded.class);
        }
    }

    @Test
    void aPeerBelowTheMinimumRateIsCutOff() throws Exception {
        try (BadPeer peer = BadPeer.dripping("a", Duration.ofMillis(10));
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.perProgress(Duration.ofSeconds(20)), STEP);
            connection.minimumRate(new MinimumRate(10_000, Duration.ofMillis(200)));
            assertThatThrownBy(() -> connection.in().counted(1_000_000).readAllBytes())
                    .isInstanceOf(DeadlineExceeded.class)
                    .hasMessageContaining("slower than 10000 octets/s");
        }
    }

    @Test
    void aWriteThatThePeerDoesNotReadIsCutByTheWatchdog() throws Exception {
        try (BadPeer peer = BadPeer.silent();
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofMillis(300)), STEP);
            long start = System.nanoTime();
            assertThatThrownBy(() -> writeForEver(connection))
                    .isInstanceOf(DeadlineExceeded.class)
                    .hasMessageContaining("no answer within 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(299), Duration.ofSeconds(5));
            assertThat(connection.isOpen()).isFalse();
        }
    }

    @Test
    void oneBigSlowWriteIsNotLateWhileItMoves() throws Exception {
        // More than the kernel buffers: the reader takes it over seconds, each piece well within the deadline, also when
        // the machine is so busy that one of the pieces waits for its turn.
        int octets = 12_000_000;
        try (SlowReader peer = new SlowReader(octets, Duration.ofMillis(10));
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.perProgress(Duration.ofMillis(2000)), STEP);
            connection.out().raw().write(new byte[octets]);
            connection.out().flush();
            assertThat(peer.awaitAll()).isEqualTo(octets);
            assertThat(peer.took()).isGreaterThan(Duration.ofMillis(3000));
        }
    }

    @Test
    void abortWakesAThreadThatReads() throws Exception {
        try (BadPeer peer = BadPeer.silent();
                Connection connection = TestWire.dialer().dial(peer.address())) {
            CountDownLatch isStarted = new CountDownLatch(1);
            connection.within(Deadline.in(Duration.ofSeconds(20)), STEP);
            Future<String> reading = TestWire.executor().submit(() -> {
                isStarted.countDown();
                return connection.in().readLine();
            });
            isStarted.await();
            connection.abort("shutting down");
            assertThatThrownBy(() -> reading.get(5, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(ConnectionLost.class)
                    .hasMessageContaining("aborted: shutting down");
        }
    }

    @Test
    void abortWakesAThreadThatWrites() throws Exception {
        try (BadPeer peer = BadPeer.silent();
                Connection connection = TestWire.dialer().dial(peer.address())) {
            CountDownLatch isStarted = new CountDownLatch(1);
            connection.within(Deadline.in(Duration.ofSeconds(20)), STEP);
            Future<?> writing = TestWire.executor().submit(() -> {
                isStarted.countDown();
                writeForEver(connection);
                return null;
            });
            isStarted.await();
            connection.abort("shutting down");
            assertThatThrownBy(() -> writing.get(5, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(ConnectionLost.class)
                    .hasMessageContaining("aborted: shutting down");
        }
    }

    @Test
    void aClosedConnectionSaysSo() throws Exception {
        try (BadPeer peer = BadPeer.silent()) {
            Connection connection = TestWire.dialer().dial(peer.address());
            connection.close();
            connection.close();
            assertThatThrownBy(() -> connection.out().send("NOOP")).isInstanceOf(ConnectionLost.class);
            assertThatThrownBy(connection.in()::readLine).isInstanceOf(ConnectionLost.class);
        }
    }

    @Test
    void aResetNamesPeerStepAndCause() throws Exception {
        try (BadPeer peer = BadPeer.resettingAfter("220 hello\r\n");
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofSeconds(5)), STEP);
            assertThat(connection.in().readLine()).isEqualTo("220 hello");
            connection.out().send("EHLO x");
            assertThatThrownBy(connection.in()::readLine)
                    .isInstanceOf(ConnectionLost.class)
                    .hasMessageStartingWith(peer.address() + ": waiting for the greeting: the connection broke: ")
                    .hasMessageEndingWith("; nothing was sent");
        }
    }

    @Test
    void awaitTellsWhetherSomethingCameWithoutHarm() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.serving(Pace.WHOLE, "C: go\nS: now\n-- close");
                Connection connection = TestWire.dialer().dial(peer.address())) {
            connection.within(Deadline.in(Duration.ofSeconds(5)), STEP);
            assertThat(connection.in().await(Duration.ofMillis(20))).isFalse();
            connection.out().send("go");
            assertThat(connection.in().await(Duration.ofSeconds(5))).isTrue();
            assertThat(connection.in().readLine()).isEqualTo("now");
            assertThatThrownBy(() -> connection.in().await(Duration.ofSeconds(5)))
                    .isInstanceOf(ConnectionLost.class);
        }
    }

    @Test
    void theWatchdogForgetsClosedConnections() throws Exception {
        ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();
        try (BadPeer peer = BadPeer.silent();
                Watchdog watchdog = new Watchdog(rounds)) {
            Connection connection = new Dialer(DialOptions.defaults(), watchdog).dial(peer.address());
            assertThat(watchdog.connections()).isEqualTo(1);
            connection.close();
            assertThat(watchdog.connections()).isZero();
        } finally {
            rounds.shutdownNow();
        }
    }

    private static void writeForEver(Connection connection) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        for (int i = 0; i < 10_000; i++) {
            connection.out().raw().write(chunk);
        }
        throw new AssertionError("640 MB were written to a peer that does not read");
    }
}
