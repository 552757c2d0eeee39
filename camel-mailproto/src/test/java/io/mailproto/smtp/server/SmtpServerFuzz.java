package io.mailproto.smtp.server;

import io.mailproto.address.Domain;
import io.mailproto.fuzz.FuzzTarget;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.ReplyReader;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.ClientRate;
import io.mailproto.wire.Connection;
import io.mailproto.wire.FakeSocket;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Any octets as a client's side of a conversation with the server. It answers with replies and nothing else, hands over no
 * message beyond its limits, fails only as a {@link WireException}, and takes the octets for the same commands and
 * messages whether they come at once or one by one: otherwise something in a message could become a command.
 */
public final class SmtpServerFuzz implements FuzzTarget {
    private static final int MAX_SIZE = 2000;
    private static final int MAX_RECIPIENTS = 3;
    /** What a server may say to an octet of its client, HELP and the greeting aside. */
    private static final int MOST_OUT = 400;

    private final Spool spool =
            new Spool(new SpoolOptions(64 * 1024, SpoolOptions.defaults().directory()));

    private record Course(List<String> messages, List<Reply> replies) {}

    /** The first octet chooses the server's dialect and its rule for bare line endings. */
    @Override
    public void run(byte[] input) throws IOException {
        if (input.length < 2) {
            return;
        }
        SmtpServerOptions options = options(input[0] & 0xff);
        byte[] sent = Arrays.copyOfRange(input, 1, input.length);
        Course whole = course(options, List.of(sent));
        Course single = course(options, FakeSocket.singly(sent));
        // Who does not wait for the reply to DATA is cut off there; up to there, both are the same.
        List<Reply> replies = whole.replies;
        boolean isCutOff =
                !replies.isEmpty() && replies.get(replies.size() - 1).toString().contains("must wait for");
        if (isCutOff) {
            replies = replies.subList(0, replies.size() - 1);
        }
        require(isPrefix(replies, single.replies, isCutOff), "other replies: " + replies + " and " + single.replies);
        require(isPrefix(whole.messages, single.messages, isCutOff), "other messages");
    }

    private static boolean isPrefix(List<?> part, List<?> all, boolean mayBeShorter) {
        return mayBeShorter
                ? part.size() <= all.size() && all.subList(0, part.size()).equals(part)
                : part.equals(all);
    }

    private static SmtpServerOptions options(int choice) {
        BareLineEnding[] policies = BareLineEnding.values();
        return SmtpServerOptions.named(Domain.parse("mx.example.org"))
                .with((choice & 1) == 0 ? ServerDialect.SMTP : ServerDialect.LMTP)
                .with(new ServerLimits(MAX_SIZE, MAX_RECIPIENTS, 20, Duration.ZERO, 3, 5))
                .with(new ServerRules(
                        RecipientDomains.UNSPECIFIED,
                        (choice & 2) != 0,
                        policies[(choice >> 2) % policies.length],
                        Duration.ZERO));
    }

    private Course course(SmtpServerOptions options, List<byte[]> segments) throws IOException {
        FakeSocket socket = FakeSocket.of(segments);
        List<String> messages = new ArrayList<>();
        AtomicLong ids = new AtomicLong();
        int received = segments.stream().mapToInt(segment -> segment.length).sum();
        try (Connection connection = FakeSocket.connection(socket)) {
            new SmtpServerSession(
                            connection,
                            options,
                            spool,
                            (message, path) -> accept(message, messages),
                            new ClientRate(0),
                            () -> "id-" + ids.incrementAndGet())
                    .serve();
        } catch (WireException end) {
            require(end.getMessage() != null && !end.getMessage().isBlank(), "failed without a word");
        }
        require(socket.sent().length <= 2000 + MOST_OUT * received, "says far more than it is told");
        return new Course(messages, replies(socket.sent()));
    }

    private static Reply accept(ReceivedMessage message, List<String> messages) {
        String text = textOf(message);
        require(text.length() <= MAX_SIZE * 2, "a message beyond the limit");
        int recipients = message.envelope().recipients().size();
        require(recipients >= 1 && recipients <= MAX_RECIPIENTS, "a message for " + recipients);
        messages.add(message.envelope() + " " + text);
        message.octets().release();
        return Reply.of(250, "2.0.0 ok");
    }

    /** Without our Received field, which has the time in it; it ends where a line begins with something else than a tab. */
    private static String textOf(ReceivedMessage message) {
        try {
            String all = FakeSocket.text(message.octets().toByteArray());
            int end = all.indexOf("\r\n");
            while (all.startsWith("\t", end + 2)) {
                end = all.indexOf("\r\n", end + 2);
            }
            return all.substring(end + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the server has said must be replies to its last octet. */
    private static List<Reply> replies(byte[] sent) throws IOException {
        List<Reply> replies = new ArrayList<>();
        try (Connection connection = FakeSocket.receiving(List.of(sent))) {
            ReplyReader reader = new ReplyReader(connection);
            while (connection.in().hasBuffered() || replies.isEmpty()) {
                replies.add(reader.readReply());
            }
        } catch (WireException broken) {
            throw new AssertionError("no reply: " + FakeSocket.text(sent), broken);
        }
        return replies;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public List<byte[]> seeds() {
        String hello = "EHLO client.example\r\n";
        String envelope = "MAIL FROM:<ann@example.com>\r\nRCPT TO:<bob@example.org>\r\n";
        return Stream.of(
                        hello + envelope + "DATA\r\nSubject: x\r\n\r\nhi\r\n.\r\nQUIT\r\n",
                        hello + envelope + "BDAT 5\r\nhello" + "BDAT 7 LAST\r\n there\r\nQUIT\r\n",
                        hello + envelope + "BDAT 0 LAST\r\nNOOP\r\n",
                        hello + envelope + "RCPT TO:<b@c>\r\nRCPT TO:<c@c>\r\nRCPT TO:<d@c>\r\nRSET\r\nDATA\r\n",
                        hello + "BDAT 25 LAST\r\nMAIL FROM:<e@x>\r\nQUIT\r\nNOOP\r\n",
                        hello + envelope + "BDAT 3\r\nabcDATA\r\nBDAT 99999999999999999999 LAST\r\n",
                        hello + envelope + "DATA\r\n" + "Received: x\r\n".repeat(6) + "\r\n.\r\nRCPT TO:<b@c>\r\n",
                        hello + envelope + "DATA\r\na\n.\nMAIL FROM:<evil@x>\r\n\r\n.\r\n",
                        hello + envelope + "DATA\r\n" + "a".repeat(2100) + "\r\n.\r\nNOOP\r\n",
                        "HELO x\r\nMAIL FROM:<> SIZE=10 BODY=8BITMIME\r\nRCPT TO:<Postmaster>\r\nVRFY ann\r\nDATA\r\n.\r\n",
                        hello + "MAIL FROM:<a@b> SMTPUTF8 SIZE=99999999999999999999\r\nRCPT TO:<\u00c3\u00bc@x>\r\n",
                        hello + "EXPN list\r\nHELP\r\nNOOP x\r\nAUTH PLAIN AGEAYg==\r\n*\r\nSTARTTLS\r\n",
                        "LHLO x\r\n" + envelope + "RCPT TO:<b@c>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n",
                        "GET / HTTP/1.1\r\nHost: x\r\n",
                        "EHLO x\nMAIL FROM:<a@b>\n",
                        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n" + hello,
                        "NOOP " + "x".repeat(3000) + "\r\nNOOP\r\n")
                .flatMap(text -> Stream.of("\0", "\1", "\6", "\12").map(choice -> choice + text))
                .map(FakeSocket::octets)
                .toList();
    }
}
