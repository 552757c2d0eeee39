package io.mailproto.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastSinkTest {
    private static final String TWO_MESSAGES = "EHLO client.example.com\r\nMAIL FROM:<a@example.com>\r\n"
            + "RCPT TO:<b@example.org>\r\nDATA\r\nSubject: x\r\n\r\n..\r\n.x\r\nend\r\n.\r\nMAIL FROM:<a@example.com>\r\n"
            + "RCPT TO:<b@example.org>\r\nDATA\r\n.\r\nQUIT\r\n";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10_000})
    void findsTheEndOfDataHoweverTheOctetsArrive(int step) throws Exception {
        try (FastSink sink = FastSink.open(false, new Bystanders())) {
            List<String> replies = talk(sink, TWO_MESSAGES, step);

            assertThat(sink.messages()).isEqualTo(2);
            assertThat(replies.stream().filter(line -> !line.startsWith("250-")).map(line -> line.substring(0, 3)))
                    .containsExactly("220", "250", "250", "250", "354", "250", "250", "250", "354", "250", "221");
        }
    }

    @Test
    void countsTheOctetsOfTheData() throws Exception {
        try (FastSink sink = FastSink.open(false, new Bystanders())) {
            talk(sink, "DATA\r\n12345678\r\n.\r\nQUIT\r\n", 5);

            assertThat(sink.octets()).isEqualTo("12345678\r\n".length());
        }
    }

    @Test
    void takesChunksAndCountsAMessageAtTheLastOne() throws Exception {
        try (FastSink sink = FastSink.open(true, new Bystanders())) {
            List<String> replies = talk(sink, "EHLO c\r\nBDAT 5\r\n12345BDAT 3 LAST\r\nabcQUIT\r\n", 4);

            assertThat(sink.messages()).isEqualTo(1);
            assertThat(sink.octets()).isEqualTo(8);
            assertThat(replies).contains("250-CHUNKING").endsWith("250 2.0.0 ok", "250 2.0.0 ok", "221 2.0.0 bye");
        }
    }

    /** Writes {@code text} in pieces and reads all replies to the end of the connection. */
    private static List<String> talk(FastSink sink, String text, int step) throws IOException {
        try (Socket socket =
                new Socket(sink.address().getAddress(), sink.address().getPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < octets.length; i += step) {
                out.write(octets, i, Math.min(step, octets.length - i));
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
        }
    }
}
