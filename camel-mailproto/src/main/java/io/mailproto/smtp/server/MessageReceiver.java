package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import io.mailproto.spool.Octets;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.DotReader;
import io.mailproto.wire.EndOfData;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;

/**
 * Reads a message from 354 to its final dot onto the spool. Whatever is wrong with it, it is read to its end first, so
 * that nothing of it is taken for commands.
 */
final class MessageReceiver {
    static final Reply BARE_LINE_ENDING =
            Reply.of(550, "5.6.11 message has a bare CR or LF; lines must end with CR LF");

    private static final int BUFFER = 16 * 1024;
    /** For the first octets: most messages are small. */
    private static final int SMALL_BUFFER = 4 * 1024;

    /**
     * What came of it: octets or a refusal.
     *
     * @param octets null if refused
     * @param refusal null if received
     * @param isEnding whether the session must end after the refusal, in the middle of the message
     */
    record Outcome(Octets octets, Reply refusal, boolean isEnding) {}

    private final Connection connection;
    private final SmtpServerOptions options;

    MessageReceiver(Connection connection, SmtpServerOptions options) {
        this.connection = connection;
        this.options = options;
    }

    /** Reads the message, which is closed by the caller. */
    Outcome receive(IncomingMessage message) throws WireException {
        connection.within(Deadline.in(options.timeouts().message()), Step.of("receiving a message"));
        connection.minimumRate(options.timeouts().minimumRate());
        try {
            BareLineEnding policy = options.rules().bareLineEnding();
            DotReader text = connection.in().dotStuffed(EndOfData.STRICT, policy);
            byte[] buffer = new byte[SMALL_BUFFER];
            int read;
            while ((read = text.read(buffer, 0, buffer.length)) >= 0) {
                if (!message.take(buffer, read)) {
                    return new Outcome(null, message.refusal().orElseThrow(), true);
                }
                if (text.octets() >= SMALL_BUFFER && buffer.length < BUFFER) {
                    buffer = new byte[BUFFER];
                }
            }
            if (policy == BareLineEnding.REJECT && (text.sawBareCr() || text.sawBareLf())) {
                message.refuse(BARE_LINE_ENDING);
            }
            Octets octets = message.finish();
            return new Outcome(octets, message.refusal().orElse(null), false);
        } finally {
            connection.noMinimumRate();
        }
    }
}
