package io.mailproto.smtp;

import io.mailproto.fuzz.FuzzTarget;
import io.mailproto.wire.Connection;
import io.mailproto.wire.FakeSocket;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Any octets as a server's replies: they are replies within the limits or a {@link WireException}, the same in whatever
 * segments they come, and a reply that is written again is read as the same.
 */
public final class ReplyFuzz implements FuzzTarget {

    @Override
    public void run(byte[] input) throws IOException {
        List<Reply> replies = replies(List.of(input));
        if (!replies.equals(replies(FakeSocket.singly(input)))) {
            throw new AssertionError("other replies when the octets come one by one");
        }
        for (Reply reply : replies) {
            if (reply.lines().size() > ReplyReader.MAX_LINES) {
                throw new AssertionError("more lines than are taken");
            }
            int octets = reply.lines().stream().mapToInt(String::length).sum();
            if (octets > ReplyReader.MAX_OCTETS + ReplyReader.MAX_LINE) {
                throw new AssertionError("more octets than are taken");
            }
            reply.enhanced().ifPresent(status -> {
                if (status.statusClass() != reply.code() / 100) {
                    throw new AssertionError("an enhanced status of another class counts");
                }
            });
            List<Reply> again = replies(List.of(octets(reply)));
            if (!again.equals(List.of(reply))) {
                throw new AssertionError("another reply when it is written again: " + again);
            }
        }
        Extensions.parse(replies.isEmpty() ? Reply.of(250, "x") : replies.get(0));
    }

    private static byte[] octets(Reply reply) {
        return (String.join("\r\n", reply.toWireLines()) + "\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static List<Reply> replies(List<byte[]> segments) throws IOException {
        List<Reply> replies = new ArrayList<>();
        try (Connection connection = FakeSocket.receiving(segments)) {
            ReplyReader reader = new ReplyReader(connection);
            while (true) {
                replies.add(reader.readReply());
            }
        } catch (WireException end) {
            return replies;
        }
    }

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "220 mx.example.org ESMTP\r\n250-mx.example.org\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 8BITMIME\r\n",
                        "250-mx\r\n250-AUTH PLAIN LOGIN\r\n250-AUTH=LOGIN\r\n250-LIMITS RCPTMAX=5 MAILMAX=2\r\n250 SMTPUTF8\r\n",
                        "250 2.0.0 queued as 42\r\n",
                        "550 4.2.2 of another class\r\n",
                        "250-a\r\n251 b\r\n",
                        "250\r\n",
                        "250 \0\u00ff\u0085\n",
                        "99 x\r\n",
                        "600 x\r\n",
                        "354 go on\r\n421 4.3.2 bye\r\n",
                        "220 " + "x".repeat(13_000) + "\r\n",
                        "220-x\r\n".repeat(101))
                .map(FakeSocket::octets)
                .toList();
    }
}
