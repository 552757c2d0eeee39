package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.smtp.Reply;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.wire.ClientRate;
import io.mailproto.wire.Connection;
import io.mailproto.wire.ConnectionLost;
import io.mailproto.wire.FakeSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How replies leave: those to commands that came together in one write, and nothing waits for the client's
 * acknowledgement. Two small writes in a row would wait 40 ms for it where the client delays it (RFC 2920 §3.2, RFC 896).
 */
class SmtpServerRepliesTest {
    private static final String ENVELOPE = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\n";

    /** What the server writes to a client whose octets come in these segments, write by write. */
    private static List<String> writes(String... segments) throws IOException {
        List<byte[]> received = new ArrayList<>();
        for (String segment : segments) {
            received.add(FakeSocket.octets(segment));
        }
        FakeSocket socket = FakeSocket.of(received);
        try (Connection connection = FakeSocket.connection(socket)) {
            assertThat(socket.isNoDelay()).isTrue();
            SmtpServerSession session = new SmtpServerSession(
                    connection,
                    OPTIONS,
                    new Spool(SpoolOptions.defaults()),
                    (message, path) -> Reply.of(250, "2.0.0 stored"),
                    new ClientRate(0),
                    () -> "id");
            assertThatThrownBy(session::serve).isInstanceOf(ConnectionLost.class);
        }
        return socket.writes();
    }

    @Test
    void repliesToAGroupOfCommandsWithOneWrite() throws IOException {
        List<String> writes =
                writes("HELO a\r\n", ENVELOPE + "DATA\r\n", "hi\r\n.\r\n", ENVELOPE + "DATA\r\n", ".\r\n");

        assertThat(writes).hasSize(6);
        assertThat(List.of(writes.get(2).split("\r\n")))
                .hasSize(4)
                .last()
                .asString()
                .startsWith("354 ");
        assertThat(writes.get(3)).isEqualTo("250 2.0.0 stored\r\n");
        assertThat(writes.get(4).split("\r\n")).hasSize(4);
    }

    /** Messages as chunks with their envelopes, all in one segment, as a client with many messages sends them. */
    @Test
    void holdsNoReplyBackWhileAMessageIsHandedOver() throws IOException {
        List<String> writes = writes(
                "HELO a\r\n", ENVELOPE + "BDAT 4 LAST\r\nhi\r\n" + ENVELOPE + "BDAT 4 LAST\r\nhi\r\n" + ENVELOPE);

        String envelope = "250 2.1.0 sender ok\r\n250 2.1.5 recipient ok\r\n250 2.1.5 recipient ok\r\n";
        String stored = "250 2.0.0 stored\r\n";
        assertThat(writes.subList(2, writes.size())).containsExactly(envelope, stored, envelope, stored, envelope);
    }

    @Test
    void writesALongReplyAtOnce() throws IOException {
        List<String> writes = writes("EHLO a\r\n", "HELP\r\n");

        assertThat(writes).hasSize(3);
        assertThat(writes.get(1)).startsWith("250-").contains("\r\n250 ").endsWith("\r\n");
    }

    @Test
    void doesNotWaitForTheRestOfACommand() throws IOException {
        List<String> writes = writes("HELO a\r\nNOOP\r\nNO", "OP\r\n");

        assertThat(writes).hasSize(3);
        assertThat(writes.get(1)).isEqualTo("250 mx.example.org\r\n250 2.0.0 ok\r\n");
    }
}
