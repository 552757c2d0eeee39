package io.mailproto.component.pop3;

import static io.mailproto.component.pop3.Pop3Routes.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that hangs up or talks nonsense in each state of a poll: what is told, and that no mail is lost. */
class Pop3ConsumerBrokenPeerTest {
    private static final String LOGGED_IN = """
            S: +OK ready
            C: CAPA
            S: +OK
            S: USER
            S: .
            C: USER alice
            S: +OK
            C: PASS secret1
            S: +OK
            C: CAPA
            """;
    private static final String UIDL = LOGGED_IN + "S: +OK\nS: UIDL\nS: .\nC: UIDL\n";
    private static final String LIST = UIDL + "S: +OK\nS: 1 a\nS: .\nC: LIST\n";
    private static final String RETR = LIST + "S: +OK\nS: 1 20\nS: .\nC: RETR 1\n";
    private static final String MAIL = "S: +OK 20 octets\nS: Subject: 1\nS:\nS: text\nS: .\n";
    private static final String DELE = RETR + MAIL + "C: DELE 1\n";
    private static final String QUIT = DELE + "S: +OK\nC: QUIT\n";

    /** How the mail goes through when the server works again. */
    private static final String ALL = QUIT + "S: +OK bye\n-- close\n";

    /** The route has done its work already: the deletion is made up for, without another delivery. */
    private static final String DELETION_ONLY =
            LIST + "S: +OK\nS: 1 20\nS: .\nC: DELE 1\nS: +OK\nC: QUIT\nS: +OK\n-- close\n";

    private static final String STILL_THERE = "the messages are still on the server";
    private static final String IN_DOUBT = "may be deleted or not; those that are not come again";

    private final Pop3Routes routes = new Pop3Routes();

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    /** The first session up to the break; what the error tells; the second session; how often the route got the mail. */
    static Stream<Arguments> states() {
        return Stream.of(
                Arguments.of(LOGGED_IN, "waiting for the reply to CAPA", "", ALL, 1),
                Arguments.of(UIDL, "waiting for the reply to UIDL", STILL_THERE, ALL, 1),
                Arguments.of(LIST, "waiting for the reply to LIST", STILL_THERE, ALL, 1),
                Arguments.of(RETR, "fetching message 1 by RETR", STILL_THERE, ALL, 1),
                Arguments.of(DELE, "waiting for the reply to DELE 1", STILL_THERE, DELETION_ONLY, 1),
                Arguments.of(QUIT, "waiting for the reply to QUIT", IN_DOUBT, ALL, 2));
    }

    /** The same in the middle of an answer of several lines. */
    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(LOGGED_IN + "S: +OK\nS: UI\\c\n", "waiting for the reply to CAPA", "", ALL, 1),
                Arguments.of(UIDL + "S: +OK\nS: 1 a\n", "waiting for the reply to UIDL", STILL_THERE, ALL, 1),
                Arguments.of(LIST + "S: +OK\nS: 1 20\n", "waiting for the reply to LIST", STILL_THERE, ALL, 1),
                Arguments.of(RETR + "S: +OK\nS: Subj\\c\n", "fetching message 1 by RETR", STILL_THERE, ALL, 1),
                Arguments.of(DELE + "S: +O\\c\n", "waiting for the reply to DELE 1", STILL_THERE, DELETION_ONLY, 1),
                Arguments.of(QUIT + "S: +O\\c\n", "waiting for the reply to QUIT", IN_DOUBT, ALL, 2));
    }

    static Stream<Arguments> statesAndAnswers() {
        return Stream.concat(states(), answers());
    }

    @ParameterizedTest
    @MethodSource("statesAndAnswers")
    void aServerThatHangsUpIsToldWithTheStepAndNoMailIsLost(
            String before, String step, String fate, String after, int deliveries) throws Exception {
        breaksAndWorksAgain(before + "-- close\n", after, deliveries, step + ": the peer closed the connection", fate);
    }

    @ParameterizedTest
    @MethodSource("states")
    void garbageIsShownWithTheStepAndNoMailIsLost(String before, String step, String fate, String after, int deliveries)
            throws Exception {
        // Whose answer it was that came out of turn is not known: the route gets the mail again.
        boolean isInDoubt = after.equals(DELETION_ONLY);
        breaksAndWorksAgain(
                before + "S: <html>\\x01 500\n-- closed\n",
                isInDoubt ? ALL : after,
                isInDoubt ? 2 : deliveries,
                step + ": expected a reply that begins with +OK or -ERR, got \"<html>\\u0001 500\"",
                fate);
    }

    private void breaksAndWorksAgain(String broken, String whole, int deliveries, String told, String fate)
            throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(broken, whole)) {
            routes.start(uri(server, "delete=true&repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
            await().untilAsserted(() -> assertThat(routes.failures)
                    .singleElement()
                    .asString()
                    .contains(server.address() + ": " + told)
                    .contains(fate)
                    .doesNotContain("secret1"));
        }
        assertThat(routes.delivered).hasSize(deliveries).containsOnly("a");
        await().until(() -> routes.consumer().inFlightCount() == 0);
    }

    @Test
    void withoutEncryptionNoPasswordGoesToAnotherMachine() throws Exception {
        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        Assumptions.assumeTrue(outside.isPresent(), "this machine has loopback only");
        try (ServerSocket listener = new ServerSocket(0, 1, outside.get())) {
            Future<String> received = TestWire.executor().submit(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getOutputStream()
                            .write("+OK ready\r\n+OK\r\nUSER\r\nSTLS\r\n.\r\n".getBytes(StandardCharsets.US_ASCII));
                    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                }
            });
            HostPort server = new HostPort(outside.get().getHostAddress(), listener.getLocalPort());
            routes.start(uri(server, "tls=none&repeatCount=1"), exchange -> {});
            await().untilAsserted(() -> assertThat(routes.failures)
                    .singleElement()
                    .asString()
                    .contains(server + ": logging in: the password would travel in clear")
                    .contains("tls=starttls")
                    .contains("allowPlaintextLogin=true")
                    .contains("nothing was sent")
                    .doesNotContain("secret1"));
            assertThat(List.of("CAPA\r\n", "CAPA\r\nQUIT\r\n")).contains(received.get());
        }
    }
}
