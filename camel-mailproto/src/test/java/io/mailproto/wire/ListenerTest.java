package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerTest {
    private static final TestSessions.Script ECHO = connection -> {
        connection.out().send("220 hello");
        String line = connection.in().readLineOrEnd();
        while (line != null) {
            connection.out().send(line);
            line = connection.in().readLineOrEnd();
        }
    };

    @Test
    void servesSeveralAtOnceAndCountsThem() throws Exception {
        TestSessions sessions = new TestSessions(ECHO);
        try (Listener listener = open(10, 10);
                ScriptedPeer one = client(listener, "S: 220 hello\nC: one\nS: one");
                ScriptedPeer two = client(listener, "S: 220 hello\nC: two\nS: two")) {
            listener.start(TestWire.executor(), TestWire.executor(), sessions);
            one.play();
            two.play();
            assertThat(listener.connections()).isEqualTo(2);
            one.hangUp();
            awaitConnections(listener, 1);
            two.hangUp();
            awaitConnections(listener, 0);
        }
        assertThat(sessions.refusals()).isEmpty();
    }

    @Test
    void refusesBeyondTheLimitAndAcceptsAgainBelowIt() throws Exception {
        TestSessions sessions = new TestSessions(ECHO);
        try (Listener listener = open(1, 10);
                ScriptedPeer one = client(listener, "S: 220 hello");
                ScriptedPeer two = client(listener, "S: 421 too many connections\n-- closed");
                ScriptedPeer three = client(listener, "S: 220 hello")) {
            listener.start(TestWire.executor(), TestWire.executor(), sessions);
            one.play();
            two.play();
            assertThat(sessions.refusals()).containsExactly("too many connections");
            one.hangUp();
            awaitConnections(listener, 0);
            three.play();
        }
    }

    @Test
    void refusesBeyondTheLimitForOneClient() throws Exception {
        TestSessions sessions = new TestSessions(ECHO);
        try (Listener listener = open(10, 2);
                ScriptedPeer one = client(listener, "S: 220 hello");
                ScriptedPeer two = client(listener, "S: 220 hello");
                ScriptedPeer three = client(listener, "S: 421 too many connections from your address\n-- closed")) {
            listener.start(TestWire.executor(), TestWire.executor(), sessions);
            one.play();
            two.play();
            three.play();
            assertThat(listener.connections()).isEqualTo(2);
        }
    }

    @Test
    void refusesBeyondTheRateOfOneClient() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ListenOptions options = new ListenOptions(anyPort, 50, 10, 10, 2, Networks.NONE);
        try (Listener listener = Listener.open(options, TestWire.watchdog());
                ScriptedPeer one = client(listener, "S: 220 hello");
                ScriptedPeer two = client(listener, "S: 220 hello");
                ScriptedPeer three = client(listener, "S: 421 too many connections from your address\n-- closed")) {
            listener.start(TestWire.executor(), TestWire.executor(), new TestSessions(ECHO));
            one.play();
            one.hangUp();
            two.play();
            three.play();
        }
    }

    /** A reset would make the client forget what it has been told (its kernel throws away what is not read yet). */
    @Test
    void lastWordsArriveAlthoughTheClientHasSaidMore() throws Exception {
        TestSessions sessions = new TestSessions(connection -> {
            connection.in().readLine();
            connection.out().send("554 go away");
        });
        try (Listener listener = open(10, 10)) {
            listener.start(TestWire.executor(), TestWire.executor(), sessions);
            for (int i = 0; i < 20; i++) {
                try (Socket client = new Socket()) {
                    client.connect(listener.localAddress(), 10_000);
                    client.setSoTimeout(10_000);
                    byte[] much = new byte[100_000];
                    much[10] = '\n';
                    client.getOutputStream().write(much);
                    // Only once all has come, and stayed unread, the server's reply is looked at.
                    assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .isEqualTo("554 go away\r\n");
                }
            }
            awaitConnections(listener, 0);
        }
    }

    @Test
    void refusesWhenThereIsNoThread() throws Exception {
        TestSessions sessions = new TestSessions(ECHO);
        Executor full = work -> {
            throw new RejectedExecutionException("no thread left");
        };
        try (Listener listener = open(10, 10);
                ScriptedPeer client = client(listener, "S: 421 too many connections\n-- closed")) {
            listener.start(TestWire.executor(), full, sessions);
            client.play();
            assertThat(listener.connections()).isZero();
        }
    }

    @Test
    void stopDismissesTheIdleAndTakesNoMore() throws Exception {
        TestSessions sessions = new TestSessions(ECHO);
        Listener listener = open(10, 10);
        listener.start(TestWire.executor(), TestWire.executor(), sessions);
        try (ScriptedPeer client = client(listener, "S: 220 hello\nC: x\nS: x\nS: 421 shutting down\n-- closed")) {
            Future<?> stopping = TestWire.executor().submit(() -> {
                awaitConnections(listener, 1);
                Awaitility.await().until(() -> client.connections() == 1);
                listener.stop(Duration.ofSeconds(20));
                return null;
            });
            // The farewell may come before or behind the echo's answer: only its arrival and the end count here.
            assertThat(playedUntilFarewell(client)).isTrue();
            stopping.get(10, TimeUnit.SECONDS);
        }
        assertThat(sessions.dismissals()).contains("shutting down");
        assertThat(listener.connections()).isZero();
        assertThat(isGreeted(listener)).isFalse();
    }

    /** Not whether something listens: another program, or this very socket, may have been given the port by then. */
    private static boolean isGreeted(Listener listener) {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), listener.localAddress().getPort())) {
            socket.setSoTimeout(500);
            return socket.getInputStream().read() == '2';
        } catch (IOException refusedOrSilent) {
            return false;
        }
    }

    private static boolean playedUntilFarewell(ScriptedPeer client) throws IOException {
        try {
            client.play();
            return true;
        } catch (AssertionError e) {
            return e.getMessage().contains("421 shutting down");
        }
    }

    @Test
    void stopWaitsForTheBusyWithinItsGrace() throws Exception {
        CountDownLatch isWorking = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        TestSessions sessions = new TestSessions(connection -> {
            isWorking.countDown();
            await(mayEnd);
            connection.out().send("250 done");
        });
        sessions.busy(true);
        Listener listener = open(10, 10);
        listener.start(TestWire.executor(), TestWire.executor(), sessions);
        try (ScriptedPeer client = client(listener, "S: 250 done\n-- closed")) {
            Future<?> playing = TestWire.executor().submit(() -> {
                client.play();
                return null;
            });
            isWorking.await();
            Future<?> stopping = TestWire.executor().submit(() -> listener.stop(Duration.ofSeconds(20)));
            Awaitility.await().until(() -> !sessions.dismissals().isEmpty());
            assertThat(stopping).isNotDone();
            mayEnd.countDown();
            stopping.get(10, TimeUnit.SECONDS);
            playing.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void stopCutsWhatIsStillBusyAfterTheGrace() throws Exception {
        CountDownLatch isWorking = new CountDownLatch(1);
        TestSessions sessions = new TestSessions(connection -> {
            isWorking.countDown();
            connection.in().readLine();
        });
        sessions.busy(true);
        Listener listener = open(10, 10);
        listener.start(TestWire.executor(), TestWire.executor(), sessions);
        try (ScriptedPeer client = client(listener, "-- closed")) {
            Future<?> playing = TestWire.executor().submit(() -> {
                client.play();
                return null;
            });
            isWorking.await();
            listener.stop(Duration.ofMillis(100));
            playing.get(10, TimeUnit.SECONDS);
            assertThat(listener.connections()).isZero();
        }
    }

    /** A connection that still waits for a thread is open, too, and must not outlive the listener. */
    @Test
    void stopEndsConnectionsThatWaitForAThread() throws Exception {
        Deque<Runnable> queue = new ArrayDeque<>();
        Listener listener = open(10, 10);
        listener.start(TestWire.executor(), queue::add, new TestSessions(ECHO));
        try (ScriptedPeer client = client(listener, "-- closed")) {
            Future<?> playing = TestWire.executor().submit(() -> {
                client.play();
                return null;
            });
            awaitConnections(listener, 1);
            long start = System.nanoTime();
            listener.stop(Duration.ofMillis(100));
            playing.get(10, TimeUnit.SECONDS);
            assertThat(listener.connections()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
        // The executor comes to it in the end: nothing happens any more.
        queue.remove().run();
        assertThat(listener.connections()).isZero();
    }

    @Test
    void aSessionThatFailsEndsOnlyItself() throws Exception {
        TestSessions failing = new TestSessions(connection -> {
            throw new IllegalStateException("a bug");
        });
        try (Listener listener = open(10, 10);
                ScriptedPeer one = client(listener, "-- closed");
                ScriptedPeer two = client(listener, "-- closed")) {
            listener.start(TestWire.executor(), TestWire.executor(), failing);
            one.play();
            two.play();
            awaitConnections(listener, 0);
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (Listener listener = open(1, 1)) {
            ListenOptions same = new ListenOptions(listener.localAddress(), 1, 1, 1);
            assertThatThrownBy(() -> Listener.open(same, TestWire.watchdog()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on ")
                    .hasMessageContaining(String.valueOf(listener.localAddress().getPort()));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitConnections(Listener listener, int count) {
        Awaitility.await().until(() -> listener.connections() == count);
    }

    private static ScriptedPeer client(Listener listener, String transcript) {
        return ScriptedPeer.talkingTo(Pace.WHOLE, listener.localAddress(), transcript);
    }

    private static Listener open(int most, int mostPerClient) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return Listener.open(new ListenOptions(anyPort, 50, most, mostPerClient), TestWire.watchdog());
    }
}
