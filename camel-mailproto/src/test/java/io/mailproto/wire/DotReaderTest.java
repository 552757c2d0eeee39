package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DotReaderTest {
    static List<SmugglingVector> vectors() {
        return SmugglingVector.all();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void onlyCrlfDotCrlfEndsAMessageHoweverItIsCut(SmugglingVector vector) throws Exception {
        for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets(vector.sent()))) {
            for (int size : new int[] {1, 2, 3, 7, 8192}) {
                LineReader in = FakeSocket.receiving(segments).in();
                DotReader reader = in.dotStuffed(EndOfData.STRICT);

                assertThat(readAll(reader, size)).isEqualTo(vector.expectedContent());

                assertThat(reader.sawBareCr()).as("bare CR").isEqualTo(vector.cr());
                assertThat(reader.sawBareLf()).as("bare LF").isEqualTo(vector.lf());
                assertThat(reader.sawNul()).as("NUL").isEqualTo(vector.octets().indexOf('\0') >= 0);
                assertThat(reader.octets()).isEqualTo(vector.expectedContent().length());
                assertThat(rest(in)).isEqualTo(vector.expectedRest());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void normalizingRepairsLineEndingsButFindsTheSameEnd(SmugglingVector vector) throws Exception {
        for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets(vector.sent()))) {
            for (int size : new int[] {1, 2, 3, 4, 8192}) {
                LineReader in = FakeSocket.receiving(segments).in();

                String content = readAll(in.dotStuffed(EndOfData.STRICT, BareLineEnding.NORMALIZE), size);

                assertThat(content.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
                assertThat(withoutLineEndings(content)).isEqualTo(withoutLineEndings(vector.expectedContent()));
                assertThat(rest(in)).isEqualTo(vector.expectedRest());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void drainingEndsAtTheSamePlace(SmugglingVector vector) throws Exception {
        for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets(vector.sent()))) {
            LineReader in = FakeSocket.receiving(segments).in();
            DotReader reader = in.dotStuffed(EndOfData.STRICT);
            if (vector.expectedContent().length() > 1) {
                assertThat(reader.read()).isNotNegative();
            }
            reader.drain();
            reader.drain();
            assertThat(reader.read()).isEqualTo(-1);
            assertThat(rest(in)).isEqualTo(vector.expectedRest());
        }
    }

    /** POP3 servers that end all their lines with LF (EndOfData.LENIENT). */
    @ParameterizedTest
    @CsvSource({
        "'a~.b~..c~.~+OK', 'a~b~.c~', '+OK'",
        "'.~+OK', '', '+OK'",
        "'a~..~.~', 'a~.~', ''",
        "'a!~.!~+OK', 'a!~', '+OK'",
        "'a~.!~x', 'a~', 'x'",
        "'a!~.~x', 'a!~', 'x'",
        "'a!.~~.~', 'a!.~~', ''",
    })
    void lenientTakesBareLfAsTheEndOfALine(String sent, String content, String rest) throws Exception {
        for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets(crlf(sent)))) {
            LineReader in = FakeSocket.receiving(segments).in();
            assertThat(readAll(in.dotStuffed(EndOfData.LENIENT), 8192)).isEqualTo(crlf(content));
            assertThat(rest(in)).isEqualTo(crlf(rest));
        }
    }

    /** POP3 servers that forget the CR behind the dot (EndOfData.LAX_DOT). */
    @ParameterizedTest
    @CsvSource({
        "'a!~.~+OK', 'a!~', '+OK'",
        "'.~+OK', '', '+OK'",
        "'a~.~b!~.~x', 'a~.~b!~', 'x'",
        "'a~.!~.~x', 'a~.!~', 'x'",
        "'a!~..~.!~.!~x', 'a!~.~.!~', 'x'",
    })
    void aLaxDotNeedsNoCrButALineEndInFrontOfIt(String sent, String content, String rest) throws Exception {
        for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets(crlf(sent)))) {
            LineReader in = FakeSocket.receiving(segments).in();
            assertThat(readAll(in.dotStuffed(EndOfData.LAX_DOT), 8192)).isEqualTo(crlf(content));
            assertThat(rest(in)).isEqualTo(crlf(rest));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a\r\n", "a\r\n.", "a\r\n.\r", ".", "a\n.\n"})
    void anEndWithoutTheDotIsALostConnection(String sent) throws Exception {
        for (List<byte[]> segments : FakeSocket.allWays(FakeSocket.octets(sent))) {
            Connection connection = FakeSocket.receiving(sent.isEmpty() ? List.of() : segments);
            connection.within(Deadline.in(Duration.ofSeconds(5)), Step.of("reading the text"));
            DotReader reader = connection.in().dotStuffed(EndOfData.STRICT);
            assertThatThrownBy(() -> readAll(reader, 8192))
                    .isInstanceOf(ConnectionLost.class)
                    .hasMessage("peer.example.org:25: reading the text: the peer closed the connection");
            assertThat(connection.isOpen()).isFalse();
        }
    }

    /** S21: one gigabyte without a line ending. */
    @Test
    void aLineWithoutEndNeedsNoMemory() throws Exception {
        long length = 1L << 30;
        InputStream endless = new InputStream() {
            private long left = length;
            private final byte[] end = FakeSocket.octets("\r\n.\r\n");

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] buffer, int offset, int count) {
                if (left == 0) {
                    left = -1;
                    System.arraycopy(end, 0, buffer, offset, end.length);
                    return end.length;
                }
                int some = (int) Math.min(left, count);
                Arrays.fill(buffer, offset, offset + some, (byte) 'a');
                left -= some;
                return some;
            }
        };
        DotReader reader = FakeSocket.receiving(endless).in().dotStuffed(EndOfData.STRICT);
        reader.drain();
        assertThat(reader.octets()).isEqualTo(length + 2);
    }

    @Test
    void dotsAtTheEdgeOfTheBufferAreUnstuffed() throws Exception {
        for (int length = 16 * 1024 - 6; length <= 16 * 1024 + 2; length++) {
            String body = "a".repeat(length) + "\r\n";
            LineReader in = FakeSocket.receiving(body + "..x\r\n.\r\nNOOP").in();
            assertThat(readAll(in.dotStuffed(EndOfData.STRICT), 8192)).isEqualTo(body + ".x\r\n");
            assertThat(rest(in)).isEqualTo("NOOP");
        }
    }

    private static String readAll(DotReader reader, int size) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[size + 2];
        int count = reader.read(buffer, 1, size);
        while (count >= 0) {
            assertThat(count).isBetween(1, size);
            all.write(buffer, 1, count);
            count = reader.read(buffer, 1, size);
        }
        assertThat(reader.read()).isEqualTo(-1);
        return FakeSocket.text(all.toByteArray());
    }

    private static String rest(LineReader in) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        int count = in.read(buffer, 0, buffer.length);
        while (count >= 0) {
            rest.write(buffer, 0, count);
            count = in.read(buffer, 0, buffer.length);
        }
        return FakeSocket.text(rest.toByteArray());
    }

    private static String withoutLineEndings(String text) {
        return text.replace("\r", "").replace("\n", "");
    }

    private static String crlf(String text) {
        return text.replace('!', '\r').replace('~', '\n');
    }
}
