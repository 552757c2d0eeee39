package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    @Test
    void readsLinesHoweverTheyAreCut() throws Exception {
        for (List<byte[]> segments :
                FakeSocket.allWays(FakeSocket.octets("one\r\n\r\ntwo\nth\rree\r\r\n\u00ff\0\r\n"))) {
            LineReader in = FakeSocket.receiving(segments).in();
            assertThat(in.readLine()).isEqualTo("one");
            assertThat(in.lastLineEndedBare()).isFalse();
            assertThat(in.readLine()).isEmpty();
            assertThat(in.lastLineEndedBare()).isFalse();
            assertThat(in.readLine()).isEqualTo("two");
            assertThat(in.lastLineEndedBare()).isTrue();
            assertThat(in.readLine()).isEqualTo("th\rree\r");
            assertThat(in.lastLineEndedBare()).isFalse();
            assertThat(in.readLine()).isEqualTo("\u00ff\0");
            assertThat(in.readLineOrEnd()).isNull();
        }
    }

    @Test
    void theEndOfTheStreamIsNoLine() throws Exception {
        LineReader in = FakeSocket.receiving("one\r\n").in();
        assertThat(in.readLine()).isEqualTo("one");
        assertThatThrownBy(in::readLine).isInstanceOf(ConnectionLost.class).hasMessageContaining("the peer closed");
    }

    @Test
    void halfALineIsALostConnectionForEveryWayOfReading() throws Exception {
        for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets("hal\r"))) {
            assertThatThrownBy(FakeSocket.receiving(segments).in()::readLine).isInstanceOf(ConnectionLost.class);
            assertThatThrownBy(FakeSocket.receiving(segments).in()::readLineOrEnd)
                    .isInstanceOf(ConnectionLost.class);
            assertThatThrownBy(FakeSocket.receiving(segments).in()::readLineOrSkip)
                    .isInstanceOf(ConnectionLost.class);
        }
    }

    @Test
    void aLineMayBeAsLongAsTheLimitButNotLonger() throws Exception {
        for (String ending : List.of("\r\n", "\n")) {
            for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets("12345" + ending + "123456" + ending))) {
                Connection connection = FakeSocket.receiving(segments);
                connection.in().maxLine(5);
                assertThat(connection.in().readLine()).isEqualTo("12345");
                assertThatThrownBy(connection.in()::readLine)
                        .isInstanceOf(LimitExceeded.class)
                        .hasMessageContaining("a line of more than 5 octets");
                assertThat(connection.isOpen()).isFalse();
            }
        }
    }

    @Test
    void aServerSkipsALongLineAndGoesOn() throws Exception {
        for (String ending : List.of("\r\n", "\n")) {
            String sent = "123456" + ending + "ok" + ending + "1234567890" + ending + "12345" + ending;
            for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets(sent))) {
                LineReader in = FakeSocket.receiving(segments).in();
                in.maxLine(5);
                assertThat(in.readLineOrSkip()).isEmpty();
                assertThat(in.lastLineTooLong()).isTrue();
                assertThat(in.readLineOrSkip()).isEqualTo("ok");
                assertThat(in.lastLineTooLong()).isFalse();
                assertThat(in.readLineOrSkip()).isEmpty();
                assertThat(in.lastLineTooLong()).isTrue();
                assertThat(in.readLineOrSkip()).isEqualTo("12345");
                assertThat(in.lastLineTooLong()).isFalse();
                assertThat(in.readLineOrSkip()).isNull();
            }
        }
    }

    @Test
    void longLinesSpanTheBuffer() throws Exception {
        String line = "0123456789".repeat(5000);
        LineReader in =
                FakeSocket.receiving(line + "\r\n" + line + "\r\nok\r\n").in();
        in.maxLine(50_000);
        assertThat(in.readLine()).isEqualTo(line);
        in.maxLine(49_999);
        assertThat(in.readLineOrSkip()).isEmpty();
        assertThat(in.readLine()).isEqualTo("ok");
    }

    @Test
    void knowsWhatIsBuffered() throws Exception {
        LineReader in = FakeSocket.receiving("one\r\ntwo\r\nthr").in();
        assertThat(in.hasBuffered()).isFalse();
        assertThat(in.hasBufferedLine()).isFalse();
        in.readLine();
        assertThat(in.hasBufferedLine()).isTrue();
        in.readLine();
        assertThat(in.hasBuffered()).isTrue();
        assertThat(in.hasBufferedLine()).isFalse();
    }

    @Test
    void octetsCanBeReadAsUtf8() {
        assertThat(LineReader.utf8("gr\u00c3\u00bcn")).isEqualTo("grün");
        assertThat(LineReader.utf8("plain")).isEqualTo("plain");
        assertThat(LineReader.utf8("\u00ff")).isEqualTo("\ufffd");
    }

    @Test
    void countedOctetsAreNeitherMoreNorLess() throws Exception {
        for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets("{6}\r\na\r\n.\r\n)\r\n"))) {
            LineReader in = FakeSocket.receiving(segments).in();
            assertThat(in.readLine()).isEqualTo("{6}");
            CountedInput literal = in.counted(6);
            assertThat(literal.left()).isEqualTo(6);
            assertThat(literal.readAllBytes()).isEqualTo(FakeSocket.octets("a\r\n.\r\n"));
            assertThat(literal.read()).isEqualTo(-1);
            assertThat(in.readLine()).isEqualTo(")");
        }
    }

    @Test
    void countedOctetsCanBeDrainedFromAnywhere() throws Exception {
        for (int taken = 0; taken <= 6; taken++) {
            LineReader in = FakeSocket.receiving("abcdef)\r\n").in();
            CountedInput literal = in.counted(6);
            assertThat(literal.readNBytes(taken)).hasSize(taken);
            literal.close();
            literal.drain();
            literal.drain();
            assertThat(literal.left()).isZero();
            assertThat(in.readLine()).isEqualTo(")");
        }
        LineReader in = FakeSocket.receiving("x\r\n").in();
        assertThat(in.counted(0).read()).isEqualTo(-1);
        assertThat(in.readLine()).isEqualTo("x");
    }

    @Test
    void fewerOctetsThanCountedIsALostConnection() throws Exception {
        CountedInput literal = FakeSocket.receiving("abc").in().counted(4);
        assertThatThrownBy(literal::readAllBytes).isInstanceOf(ConnectionLost.class);
        CountedInput drained = FakeSocket.receiving("abc").in().counted(4);
        assertThatThrownBy(drained::drain).isInstanceOf(ConnectionLost.class);
        LineReader in = FakeSocket.receiving("").in();
        assertThatThrownBy(() -> in.counted(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bigLiteralsDoNotPassThroughTheLineBuffer() throws IOException {
        byte[] big = new byte[3_000_000];
        Arrays.fill(big, (byte) 'x');
        LineReader in = FakeSocket.receiving(
                        List.of(FakeSocket.octets("{3000000}\r\n"), big, FakeSocket.octets(")\r\n")))
                .in();
        assertThat(in.readLine()).isEqualTo("{3000000}");
        assertThat(in.counted(3_000_000).readAllBytes()).isEqualTo(big);
        assertThat(in.readLine()).isEqualTo(")");
    }
}
