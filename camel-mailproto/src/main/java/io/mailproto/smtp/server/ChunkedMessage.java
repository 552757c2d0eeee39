package io.mailproto.smtp.server;

import io.mailproto.address.Envelope;
import io.mailproto.smtp.Reply;
import io.mailproto.spool.Octets;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.Connection;
import io.mailproto.wire.CountedInput;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.time.Duration;
import java.util.Optional;

/**
 * A message that comes in chunks (RFC 3030 §2). Each chunk is read to its end whatever is wrong with it, so that nothing
 * of it is taken for commands.
 */
final class ChunkedMessage implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    private final Connection connection;
    private final SmtpServerOptions options;
    private final String id;
    private final Envelope envelope;
    private final IncomingMessage message;
    private final LineEndings lines;
    /** For all chunks together. */
    private final Deadline deadline;

    private final byte[] buffer = new byte[BUFFER];
    private final byte[] checked = new byte[LineEndings.roomFor(BUFFER)];

    ChunkedMessage(
            Connection connection, SmtpServerOptions options, String id, Envelope envelope, IncomingMessage message) {
        this.connection = connection;
        this.options = options;
        this.id = id;
        this.envelope = envelope;
        this.message = message;
        this.lines = new LineEndings(options.rules().bareLineEnding());
        this.deadline = Deadline.in(options.timeouts().message());
    }

    String id() {
        return id;
    }

    Envelope envelope() {
        return envelope;
    }

    /** Reads a chunk; false if patience ended in the middle of it, with {@link #refusal} telling why. */
    boolean read(long octets) throws WireException {
        connection.within(deadline, Step.of("receiving a message"));
        connection.minimumRate(options.timeouts().minimumRate());
        try {
            CountedInput chunk = connection.in().counted(octets);
            int read;
            while ((read = chunk.read(buffer, 0, buffer.length)) >= 0) {
                if (!message.take(checked, lines.pass(buffer, read, checked))) {
                    return false;
                }
            }
            return true;
        } finally {
            connection.noMinimumRate();
        }
    }

    /** Why the message is refused, as far as is known by now. */
    Optional<Reply> refusal() {
        return message.refusal();
    }

    /** The last chunk has come: the whole message, or null if it is refused. */
    Octets finish() {
        message.take(checked, lines.end(checked));
        if (lines.isBareFound() && options.rules().bareLineEnding() == BareLineEnding.REJECT) {
            message.refuse(MessageReceiver.BARE_LINE_ENDING);
        }
        return message.finish();
    }

    /**
     * Reads and forgets a chunk that nobody can do anything with; false if it is too big for that and the session must
     * end.
     */
    static boolean skip(Connection connection, SmtpServerOptions options, long octets) throws WireException {
        if (octets > IncomingMessage.patience(options.limits())) {
            return false;
        }
        ServerTimeouts timeouts = options.timeouts();
        Duration time = timeouts.message();
        connection.within(Deadline.in(time), Step.of("skipping a chunk"));
        connection.minimumRate(timeouts.minimumRate());
        try {
            connection.in().counted(octets).drain();
            return true;
        } finally {
            connection.noMinimumRate();
        }
    }

    @Override
    public void close() {
        message.close();
    }
}
