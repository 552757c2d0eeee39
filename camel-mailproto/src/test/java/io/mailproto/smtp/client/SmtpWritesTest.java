package io.mailproto.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.Reply;
import io.mailproto.wire.FakeSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In how many writes a message goes out. What is sent in two small ones waits for the acknowledgement of the first, 40 ms on
 * many systems, unless TCP_NODELAY is set; and each costs a system call and a packet.
 */
class SmtpWritesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 1024, 10_240})
    void aSmallMessageGoesOutInOneWriteWithItsEnvelopeWhereThereIsChunking(int size) throws IOException {
        FakeSocket socket = FakeSocket.answering("250 ok\r\n250 ok\r\n250 taken\r\n");
        send(socket, size, "CHUNKING", "PIPELINING");
        assertThat(socket.writes()).hasSize(1);
        assertThat(socket.isNoDelay()).isTrue();
        assertThat(new String(socket.sent(), StandardCharsets.US_ASCII))
                .startsWith("MAIL FROM:<ann@example.com>\r\nRCPT TO:<bob@example.org>\r\nBDAT " + size + " LAST\r\n")
                .endsWith("x".repeat(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1024, 10_240})
    void aSmallMessageFollowsItsEnvelopeInOneWriteWhereThereIsPipeliningOnly(int size) throws IOException {
        FakeSocket socket = FakeSocket.answering("250 ok\r\n250 ok\r\n354 go on\r\n250 taken\r\n");
        send(socket, size, "PIPELINING");
        assertThat(socket.writes()).hasSize(2);
        assertThat(new String(socket.sent(), StandardCharsets.US_ASCII)).endsWith("x\r\n.\r\n");
    }

    private static void send(FakeSocket socket, int size, String... extensions) throws IOException {
        String[] lines = new String[extensions.length + 1];
        lines[0] = "mx";
        System.arraycopy(extensions, 0, lines, 1, extensions.length);
        SmtpDialogue dialogue = new SmtpDialogue(FakeSocket.connection(socket), SmtpTimeouts.defaults());
        SmtpTransaction transaction = new SmtpTransaction(
                dialogue,
                Smtp.options(),
                Extensions.parse(Reply.of(250, lines)),
                Smtp.envelope("ann@example.com", "bob@example.org"),
                Smtp.sevenBit("x".repeat(size)),
                DeliveryRequest.USUAL);
        assertThat(transaction.run(true).isTaken()).isTrue();
    }
}
