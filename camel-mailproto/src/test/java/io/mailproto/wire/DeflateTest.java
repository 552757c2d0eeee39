package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

/** RFC 4978: compressed below lines. */
class DeflateTest {
    private static byte[] compressed(String... texts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        DeflaterOutputStream out = new DeflaterOutputStream(all, new Deflater(9, true), 512, true);
        for (String text : texts) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
        return all.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static List<String> linesOf(List<byte[]> segments) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = FakeSocket.receiving(segments)) {
            lines.add(connection.in().readLine());
            connection.startDeflate();
            for (String line = connection.in().readLineOrEnd();
                    line != null;
                    line = connection.in().readLineOrEnd()) {
                lines.add(line);
            }
        }
        return lines;
    }

    @Test
    void whatComesBehindTheAgreementIsCompressedHoweverItIsCut() throws IOException {
        byte[] all =
                joined("a1 OK\r\n".getBytes(StandardCharsets.ISO_8859_1), compressed("* 1 EXISTS\r\n", "a2 OK\r\n"));
        List<byte[]> octets = new ArrayList<>();
        for (byte octet : all) {
            octets.add(new byte[] {octet});
        }
        assertThat(linesOf(List.of(all))).containsExactly("a1 OK", "* 1 EXISTS", "a2 OK");
        assertThat(linesOf(octets)).containsExactly("a1 OK", "* 1 EXISTS", "a2 OK");
    }

    @Test
    void whatIsSentArrivesWithEachFlush() throws IOException {
        FakeSocket socket = FakeSocket.sending();
        Connection connection = FakeSocket.connection(socket);
        connection.startDeflate();
        connection.out().send("a1 NOOP");
        int first = socket.sent().length;
        connection.out().send("a2 LOGOUT");
        assertThat(first).isPositive().isLessThan(socket.sent().length);
        byte[] plain = new byte[20];
        int length = new InflaterInputStream(new ByteArrayInputStream(socket.sent()), new Inflater(true))
                .readNBytes(plain, 0, plain.length);
        assertThat(new String(plain, 0, length, StandardCharsets.ISO_8859_1)).isEqualTo("a1 NOOP\r\na2 LOGOUT\r\n");
    }

    @Test
    void aLittleThatBecomesVeryMuchEndsTheConversation() throws IOException {
        byte[] bomb = compressed("x".repeat(10_000_000));
        assertThat(bomb.length).isLessThan(20_000);
        Connection connection = FakeSocket.receiving("");
        DeflatedInput in = new DeflatedInput(new ByteArrayInputStream(bomb), connection, new byte[0], 1_000_000);
        assertThatThrownBy(() -> in.transferTo(java.io.OutputStream.nullOutputStream()))
                .isInstanceOf(LimitExceeded.class)
                .hasMessageContaining("compressed octets that expand to more than");
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void octetsThatAreNotCompressedEndTheConversation() throws IOException {
        assertThatThrownBy(() -> linesOf(List.of("a1 OK\r\n* BYE in clear\r\n".getBytes(StandardCharsets.ISO_8859_1))))
                .isInstanceOf(WireException.class);
        byte[] invalid = {(byte) 0xFF, (byte) 0xFF, 0, 1};
        assertThatThrownBy(() -> linesOf(List.of(joined("a1 OK\r\n".getBytes(StandardCharsets.ISO_8859_1), invalid))))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("expected compressed octets");
    }

    @Test
    void aCutInTheMiddleIsTold() throws IOException {
        byte[] all = compressed("* 1 EXISTS\r\n* 2 EXIS");
        assertThatThrownBy(() -> linesOf(List.of(joined("a1 OK\r\n".getBytes(StandardCharsets.ISO_8859_1), all))))
                .isInstanceOf(ConnectionLost.class);
    }
}
