package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DotWriterTest {
    private static final String END = "\r\n.\r\n";

    static List<SmugglingVector> vectors() {
        return SmugglingVector.all();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void nothingInABodyCanEndItForAnyServer(SmugglingVector vector) throws Exception {
        for (String body : List.of(vector.asBody(), vector.octets())) {
            for (List<byte[]> pieces : FakeSocket.allWays(FakeSocket.octets(body))) {
                String wire = write(BareLineEnding.NORMALIZE, pieces);

                // A CRLF before: the end may be the first line.
                String seen = "\r\n" + wire;
                assertThat(seen).endsWith(END);
                assertThat(seen.indexOf(END)).as("only one end in %s", wire).isEqualTo(seen.length() - END.length());
                // No server can take a bare CR or LF for a line ending where there is none.
                assertThat(wire.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
                String received = receive(wire);
                assertThat(received.replace("\r\n", ""))
                        .isEqualTo(body.replace("\r", "").replace("\n", ""));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void rejectingRefusesBareLineEndingsAndNothingElse(SmugglingVector vector) throws Exception {
        String body = vector.asBody();
        String bare = body.replace("\r\n", "");
        boolean isClean = bare.indexOf('\r') < 0 && bare.indexOf('\n') < 0;
        for (List<byte[]> pieces : FakeSocket.allWays(FakeSocket.octets(body))) {
            if (isClean) {
                assertThat(receive(write(BareLineEnding.REJECT, pieces))).isEqualTo(body);
            } else {
                assertThatThrownBy(() -> write(BareLineEnding.REJECT, pieces))
                        .isInstanceOf(BareLineEndingFound.class)
                        .hasMessageContaining("at octet " + firstBare(body));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "empty, '', .!~",
        "one line, a!~, a!~.!~",
        "no line ending at the end, a, a!~.!~",
        "CR at the end, a!, a!~.!~",
        "LF at the end, a~, a!~.!~",
        "only CR, !, !~.!~",
        "only a dot, ., ..!~.!~",
        "begins with a dot, .a!~, ..a!~.!~",
        "two dots, ..!~, ...!~.!~",
        "LF CR, ~!, !~!~.!~",
        "CR CR LF, !!~, !~!~.!~",
        "a dot after a bare LF, a~.b, a!~..b!~.!~",
        "a dot after a bare CR, a!.b, a!~..b!~.!~",
    })
    void writes(String name, String body, String expected) throws Exception {
        for (List<byte[]> pieces : FakeSocket.allWays(FakeSocket.octets(crlf(body)))) {
            assertThat(write(BareLineEnding.NORMALIZE, pieces)).as(name).isEqualTo(crlf(expected));
        }
    }

    @Test
    void dotsAtTheEdgeOfTheBufferAreStuffed() throws Exception {
        for (int length = 16 * 1024 - 6; length <= 16 * 1024 + 2; length++) {
            String line = "a".repeat(length);
            byte[] body = FakeSocket.octets(line + "\r\n.\r\n.b\r\n");
            String expected = line + "\r\n..\r\n..b\r\n.\r\n";
            assertThat(write(BareLineEnding.NORMALIZE, List.of(body))).isEqualTo(expected);
            assertThat(write(BareLineEnding.NORMALIZE, FakeSocket.singly(body))).isEqualTo(expected);
        }
    }

    @Test
    void everyWayToWriteIsTheSame() throws Exception {
        FakeSocket socket = FakeSocket.sending();
        Connection connection = FakeSocket.connection(socket);
        DotWriter writer = connection.out().dotStuffed(BareLineEnding.NORMALIZE);
        writer.write('.');
        writer.write(FakeSocket.octets("xx\r\n.yxx"), 2, 4);
        writer.write(new byte[0]);
        writer.write('\n');
        writer.flush();
        writer.close();
        writer.finish();
        connection.out().flush();
        assertThat(FakeSocket.text(socket.sent())).isEqualTo("..\r\n..y\r\n.\r\n");
        assertThat(writer.octets()).isEqualTo(6);
    }

    @Test
    void willNotLeaveBareLineEndingsAsTheyAre() throws Exception {
        LineWriter out = FakeSocket.receiving("").out();
        assertThatThrownBy(() -> out.dotStuffed(BareLineEnding.ACCEPT)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String write(BareLineEnding policy, List<byte[]> pieces) throws IOException {
        FakeSocket socket = FakeSocket.sending();
        LineWriter out = FakeSocket.connection(socket).out();
        DotWriter writer = out.dotStuffed(policy);
        for (byte[] piece : pieces) {
            writer.write(piece);
        }
        writer.finish();
        out.flush();
        return FakeSocket.text(socket.sent());
    }

    private static String receive(String wire) throws IOException {
        DotReader reader = FakeSocket.receiving(wire).in().dotStuffed(EndOfData.STRICT);
        return FakeSocket.text(reader.readAllBytes());
    }

    private static int firstBare(String body) {
        for (int i = 0; i < body.length(); i++) {
            if (body.startsWith("\r\n", i)) {
                i++;
            } else if (body.charAt(i) == '\r' || body.charAt(i) == '\n') {
                return i;
            }
        }
        throw new AssertionError(body);
    }

    private static String crlf(String text) {
        return text.replace('!', '\r').replace('~', '\n');
    }
}
