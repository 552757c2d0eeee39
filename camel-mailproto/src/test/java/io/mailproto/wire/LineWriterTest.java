package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineWriterTest {
    private final FakeSocket socket = FakeSocket.sending();
    private final LineWriter out;

    LineWriterTest() throws Exception {
        out = FakeSocket.connection(socket).out();
    }

    @Test
    void writeBuffersAndSendSends() throws Exception {
        out.write("MAIL FROM:<a@example.com>");
        out.write("");
        assertThat(socket.sent()).isEmpty();
        assertThat(out.pending()).isEqualTo(29);
        out.send("RCPT TO:<b@example.org>");
        assertThat(FakeSocket.text(socket.sent()))
                .isEqualTo("MAIL FROM:<a@example.com>\r\n\r\nRCPT TO:<b@example.org>\r\n");
        assertThat(out.pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nb",
                "a\rb",
                "a\nb",
                "a\0b",
                "a\tb",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                "a\u2028b",
                "a\u2029b",
                "\ud800",
                "\udc00x"
            })
    void refusesWhatCouldEndALineOrIsNoText(String line) throws Exception {
        out.allowUtf8(true);
        out.write("before");
        assertThatThrownBy(() -> out.write(line)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.sendSecret(line, "***")).isInstanceOf(IllegalArgumentException.class);
        out.send("after");
        assertThat(FakeSocket.text(socket.sent())).isEqualTo("before\r\nafter\r\n");
    }

    /** U+010D and U+560A end with the octets of CR and LF where only the low octet of a char is sent. */
    @ParameterizedTest
    @ValueSource(strings = {"\u010d\u010a", "\u560d\u560a"})
    void charactersThatLookLikeLineEndingsWhenCutStayWhatTheyAre(String text) throws Exception {
        assertThatThrownBy(() -> out.write(text)).isInstanceOf(IllegalArgumentException.class);
        out.allowUtf8(true);
        out.send(text);
        assertThat(new String(socket.sent(), StandardCharsets.UTF_8)).isEqualTo(text + "\r\n");
    }

    @Test
    void aRefusedSecretIsNotInTheError() {
        assertThatThrownBy(() -> out.sendSecret("PASS geheim\u00fc", "PASS ***"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("geheim");
    }

    @Test
    void rawOctetsGoThroughTheSameBuffer() throws Exception {
        OutputStream raw = out.raw();
        out.write("{3}");
        raw.write('\r');
        raw.write(new byte[] {0, 1, 2, 3}, 1, 2);
        assertThat(socket.sent()).isEmpty();
        raw.close();
        raw.write('x');
        raw.flush();
        assertThat(FakeSocket.text(socket.sent())).isEqualTo("{3}\r\n\r\u0001\u0002x");
    }

    @Test
    void sizesAroundTheBufferKeepTheirOrder() throws Exception {
        StringBuilder expected = new StringBuilder();
        for (int size : new int[] {1, 16 * 1024 - 1, 16 * 1024, 2, 16 * 1024 + 1, 100_000, 3}) {
            String text = String.valueOf((char) ('a' + size % 26)).repeat(size);
            out.raw().write(FakeSocket.octets(text));
            expected.append(text);
        }
        out.flush();
        assertThat(FakeSocket.text(socket.sent())).isEqualTo(expected.toString());
    }
}
