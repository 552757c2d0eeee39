package io.mailproto.pop3;

import static io.mailproto.pop3.Pop3Peers.SIMPLE;
import static io.mailproto.pop3.Pop3Peers.SPOOL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.spool.Octets;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.ConnectFailed;
import io.mailproto.wire.ConnectionLost;
import io.mailproto.wire.DeadlineExceeded;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.MinimumRate;
import io.mailproto.wire.ProtocolViolation;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that hangs up, is silent or answers garbage, in each state of the conversation. */
class Pop3BrokenPeerTest {
    private static final String GREETING = "S: +OK ready\n";
    private static final String CAPA = GREETING + "C: CAPA\n";
    private static final String USER = CAPA + "S: -ERR\nC: USER alice\n";
    private static final String PASS = USER + "S: +OK\nC: PASS secret1\n";

    /** What went before, and the words in which the error tells where it happened. */
    static Stream<Arguments> states() {
        return Stream.of(
                Arguments.of("", "waiting for the greeting"),
                Arguments.of(CAPA, "waiting for the reply to CAPA"),
                Arguments.of(CAPA + "S: +OK\nS: TOP\n", "waiting for the reply to CAPA"),
                Arguments.of(USER, "waiting for the reply to USER"),
                Arguments.of(PASS, "waiting for the reply to PASS"),
                Arguments.of(SIMPLE + "C: UIDL\n", "waiting for the reply to UIDL"),
                Arguments.of(SIMPLE + "C: UIDL\nS: +OK\nS: 1 one\n", "waiting for the reply to UIDL"),
                Arguments.of(SIMPLE + "C: UIDL\nS: +OK\nS: 1 one\nS: .\nC: RETR 1\n", "fetching message 1 by RETR"),
                Arguments.of(
                        SIMPLE + "C: UIDL\nS: +OK\nS: 1 one\nS: .\nC: RETR 1\nS: +OK\nS: half a mess\\c\n",
                        "fetching message 1 by RETR"),
                Arguments.of(
                        SIMPLE + "C: UIDL\nS: +OK\nS: 1 one\nS: .\nC: RETR 1\nS: +OK\nS: a\nS: .\nC: DELE 1\n",
                        "waiting for the reply to DELE 1"));
    }

    static Stream<Arguments> statesWithStatusLine() {
        return states().filter(state -> {
            String before = (String) state.get()[0];
            return before.isEmpty() || before.lastIndexOf("\nC: ") > before.lastIndexOf("\nS: ");
        });
    }

    private static void converse(ScriptedPeer server) throws IOException {
        try (Pop3Client client = Pop3Peers.loggedIn(server)) {
            UidListing uids = client.uidl();
            client.retr(uids.number(0), SPOOL);
            client.dele(new int[] {uids.number(0)});
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void aPeerThatHangsUpIsToldWithTheStep(String before, String step) throws Exception {
        String end = before.isEmpty() ? "S: +O\\c\n-- close\n" : "-- close\n";
        try (ScriptedPeer server = ScriptedPeer.serving(before + end)) {
            ConnectionLost lost = catchThrowableOfType(ConnectionLost.class, () -> converse(server));
            assertThat(lost).hasMessageStartingWith(server.address() + ": " + step + ": ");
            assertThat(lost.isTransient()).isTrue();
            if (before.startsWith(SIMPLE)) {
                assertThat(lost.fate()).isEqualTo("the messages are still on the server");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("statesWithStatusLine")
    void garbageIsShownWithItsStep(String before, String step) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(before + "S: <html>\\x01 500\n-- closed\n")) {
            ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class, () -> converse(server));
            assertThat(violation)
                    .hasMessageStartingWith(server.address() + ": " + step
                            + ": expected a reply that begins with +OK or -ERR, got \"<html>\\u0001 500\"");
        }
    }

    @TranscriptTest
    void aRunOfRetrThatBreaksTellsWhatIsLeft(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, Pop3Peers.PIPELINING + """
                C: RETR 1
                C: RETR 2
                C: RETR 3
                S: +OK
                S: a
                S: .
                S: +OK
                S: b
                -- close
                """)) {
            List<Integer> seen = new ArrayList<>();
            try (Pop3Client client = Pop3Peers.loggedIn(server)) {
                assertThatThrownBy(() -> client.retr(new int[] {1, 2, 3}, SPOOL, new Pop3Client.RetrSink() {
                            @Override
                            public void retrieved(int number, Octets octets) {
                                seen.add(number);
                            }

                            @Override
                            public void failed(int number, IOException why) {
                                seen.add(-number);
                            }
                        }))
                        .isInstanceOf(ConnectionLost.class)
                        .hasMessageContaining("fetching message 2");
                assertThat(client.isOpen()).isFalse();
            }
            assertThat(seen).containsExactly(1);
        }
    }

    @Test
    void aSilentPeerIsLeftAfterItsTime() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("S: +OK ready\nC: CAPA\n-- closed\n")) {
            Pop3ClientOptions impatient = Pop3Peers.options(TlsMode.NONE)
                    .withTimeouts(Pop3Timeouts.defaults().withReply(Duration.ofMillis(300)));
            assertThatThrownBy(() -> Pop3Client.open(TestWire.dialer(), server.address(), impatient))
                    .isInstanceOf(DeadlineExceeded.class)
                    .hasMessageContaining("waiting for the reply to CAPA: no answer within");
        }
    }

    @Test
    void aPeerThatDripsAMessageIsCutOffByItsRate() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                Pop3Peers.PIPELINING + "C: RETR 1\nS: +OK\nS: x\\c\n-- wait 500ms\nS: x\\c\n-- closed\n")) {
            Pop3ClientOptions options = Pop3Peers.options(TlsMode.NONE)
                    .withTimeouts(new Pop3Timeouts(
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(5),
                            new MinimumRate(1000, Duration.ofSeconds(1))));
            try (Pop3Client client = Pop3Client.open(TestWire.dialer(), server.address(), options)) {
                client.logIn(new Pop3Login(Pop3Peers.ALICE, Pop3Peers.METHODS));
                assertThatThrownBy(() -> client.retr(1, SPOOL))
                        .isInstanceOf(DeadlineExceeded.class)
                        .hasMessageContaining("slower than 1000 octets/s");
            }
        }
    }

    @Test
    void anotherThreadMayAbortAndTheReasonIsTold() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(SIMPLE + "C: NOOP\n-- closed\n")) {
            try (Pop3Client client = Pop3Peers.loggedIn(server)) {
                Future<Throwable> result =
                        TestWire.executor().submit(() -> catchThrowableOfType(WireException.class, client::noop));
                server.awaitHeard("NOOP");
                client.abort("shutting down");
                assertThat(result.get(5, TimeUnit.SECONDS)).hasMessageContaining("shutting down");
            }
        }
    }

    @Test
    void aRefusedConnectionAndAnUnknownHostAreTold() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> Pop3Client.open(
                        TestWire.dialer(), new HostPort("127.0.0.1", free), Pop3Peers.options(TlsMode.NONE)))
                .isInstanceOf(ConnectFailed.class)
                .hasMessageContaining("127.0.0.1:" + free + ": connecting: the connection was refused");
        assertThatThrownBy(() -> Pop3Client.open(
                        TestWire.dialer(), new HostPort("no-such-host.invalid", 110), Pop3Peers.options(TlsMode.NONE)))
                .isInstanceOf(ConnectFailed.class)
                .hasMessageContaining("no-such-host.invalid:110: connecting: the host name is unknown");
    }
}
