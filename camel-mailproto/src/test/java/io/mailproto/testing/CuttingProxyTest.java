package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.CuttingProxy.Direction;
import io.mailproto.testing.CuttingProxy.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In front of a server that says two lines, takes one, says another and closes. */
@Timeout(30)
class CuttingProxyTest {
    private static final String SCRIPT = "S: 220-one\nS: 220 two\nC: QUIT\nS: 221 three\n-- close";
    private static final String WHOLE = "220-one\r\n220 two\r\n221 three\r\n";

    private ScriptedPeer server;
    private CuttingProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedPeer.serving(Pace.WHOLE, SCRIPT, SCRIPT);
        proxy = CuttingProxy.to(server.address());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        try {
            server.close();
        } catch (AssertionError e) {
            // The server suffers, too; that is what the proxy is for.
            assertThat(e).hasMessageContaining("transcript line");
        }
    }

    @Test
    void relaysWholeAndCounts() throws Exception {
        assertThat(converse("QUIT\r\n")).isEqualTo(WHOLE);
        assertThat(proxy.lines(Direction.TO_CLIENT)).isEqualTo(3);
        assertThat(proxy.octets(Direction.TO_SERVER)).isEqualTo(6);
        assertThat(proxy.strikes()).isZero();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0, ''",
        "1, 220-one~",
        "2, 220-one~220 two~",
    })
    void closesAfterLinesOfTheServer(int lines, String expected) throws Exception {
        proxy.breakNext(Fault.afterLines(Direction.TO_CLIENT, lines).closing());
        assertThat(read()).isEqualTo(expected.replace("~", "\r\n"));
        assertThat(proxy.strikes()).isEqualTo(1);
        assertThat(converse("QUIT\r\n")).isEqualTo(WHOLE);
    }

    @Test
    void closesInALineOrAfterOctets() throws Exception {
        proxy.breakNext(Fault.inLine(Direction.TO_CLIENT, 2));
        assertThat(read()).isEqualTo("220-one\r\n2");
        proxy.breakNext(Fault.afterOctets(Direction.TO_CLIENT, 3));
        assertThat(read()).isEqualTo("220");
    }

    @Test
    void cutsWhatTheClientSays() throws Exception {
        proxy.breakNext(Fault.afterOctets(Direction.TO_SERVER, 2));
        try (Socket socket = connect()) {
            InputStream in = socket.getInputStream();
            in.readNBytes(18);
            socket.getOutputStream().write("QU".getBytes(StandardCharsets.US_ASCII));
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThatThrownBy(server::assertPlayedToTheEnd).hasMessageContaining("but came: C: QU\\c");
    }

    @Test
    void resets() throws Exception {
        proxy.breakNext(Fault.afterOctets(Direction.TO_SERVER, 1).resetting());
        try (Socket socket = connect()) {
            InputStream in = socket.getInputStream();
            in.readNBytes(18);
            socket.getOutputStream().write('x');
            assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void stallsWithoutClosing() throws Exception {
        proxy.breakNext(Fault.afterLines(Direction.TO_CLIENT, 1).stalling());
        try (Socket socket = connect()) {
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(9)).hasSize(9);
            socket.setSoTimeout(100);
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void delaysOnceOrAlways() throws Exception {
        proxy.breakNext(Fault.afterLines(Direction.TO_CLIENT, 1).delaying(Duration.ofMillis(100)));
        long start = System.nanoTime();
        assertThat(converse("QUIT\r\n")).isEqualTo(WHOLE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(99));

        proxy.latency(Duration.ofMillis(40));
        start = System.nanoTime();
        assertThat(converse("QUIT\r\n")).isEqualTo(WHOLE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(119));
    }

    private String read() throws IOException {
        try (Socket socket = connect()) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String converse(String words) throws IOException {
        try (Socket socket = connect()) {
            byte[] greeting = socket.getInputStream().readNBytes(18);
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
            byte[] rest = socket.getInputStream().readAllBytes();
            return new String(greeting, StandardCharsets.US_ASCII) + new String(rest, StandardCharsets.US_ASCII);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(proxy.address().host(), proxy.address().port());
    }
}
