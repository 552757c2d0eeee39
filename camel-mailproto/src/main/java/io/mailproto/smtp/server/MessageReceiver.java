package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolException;
import io.mailproto.spool.SpoolWriter;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.DotReader;
import io.mailproto.wire.EndOfData;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a message from 354 to its final dot onto the spool. Whatever is wrong with it, it is read to its end first, so
 * that nothing of it is taken for commands.
 */
final class MessageReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(MessageReceiver.class);
    private static final int BUFFER = 16 * 1024;

    /** A message that is too big is read on for this much at least, since few clients listen before they are through. */
    private static final long LEAST_PATIENCE = 16L * 1024 * 1024;

    /**
     * What came of it: octets or a refusal.
     *
     * @param octets null if refused
     * @param refusal null if received
     * @param isEnding whether the session must end after the refusal, in the middle of the message
     */
    record Outcome(Octets octets, Reply refusal, boolean isEnding) {}

    private final Connection connection;
    private final Spool spool;
    private final SmtpServerOptions options;

    private Reply refusal;

    MessageReceiver(Connection connection, Spool spool, SmtpServerOptions options) {
        this.connection = connection;
        this.spool = spool;
        this.options = options;
    }

    /**
     * Reads the message.
     *
     * @param receivedField goes on top
     * @param announcedOctets what the client said, or -1
     */
    Outcome receive(String receivedField, long announcedOctets) throws WireException {
        connection.within(Deadline.in(options.timeouts().message()), Step.of("receiving a message"));
        connection.minimumRate(options.timeouts().minimumRate());
        try (SpoolWriter writer = spool.newWriter(announcedOctets)) {
            keep(writer, receivedField.getBytes(StandardCharsets.UTF_8));
            DotReader text =
                    connection.in().dotStuffed(EndOfData.STRICT, options.rules().bareLineEnding());
            if (!copy(text, writer)) {
                return new Outcome(null, refusal, true);
            }
            if (options.rules().bareLineEnding() == BareLineEnding.REJECT && (text.sawBareCr() || text.sawBareLf())) {
                refuse(Reply.of(550, "5.6.11 message has a bare CR or LF; lines must end with CR LF"));
            }
            Octets octets = refusal == null ? finished(writer) : null;
            return new Outcome(octets, refusal, false);
        } finally {
            connection.noMinimumRate();
        }
    }

    /** Copies up to the final dot; false if patience ended before. */
    private boolean copy(DotReader text, SpoolWriter writer) throws WireException {
        HopCounter hops = new HopCounter();
        ServerLimits limits = options.limits();
        long patience = limits.maxMessageSize() + Math.max(limits.maxMessageSize(), LEAST_PATIENCE);
        byte[] buffer = new byte[BUFFER];
        int read;
        while ((read = text.read(buffer, 0, buffer.length)) >= 0) {
            hops.pass(buffer, 0, read);
            if (hops.hops() > limits.maxHops()) {
                refuse(Reply.of(554, "5.4.6 too many Received fields, the message runs in a loop"));
            }
            if (limits.isTooBig(text.octets())) {
                refuse(tooBig(limits));
                if (text.octets() > patience) {
                    return false;
                }
            }
            if (refusal == null) {
                keep(writer, buffer, read);
            } else {
                writer.abandon();
            }
        }
        return true;
    }

    static Reply tooBig(ServerLimits limits) {
        return Reply.of(552, "5.3.4 message is bigger than " + limits.maxMessageSize() + " octets");
    }

    /** The first reason is the one that is told. */
    private void refuse(Reply reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    private void keep(SpoolWriter writer, byte[] octets) {
        keep(writer, octets, octets.length);
    }

    private void keep(SpoolWriter writer, byte[] octets, int length) {
        try {
            writer.write(octets, 0, length);
        } catch (SpoolException e) {
            spoolFailed(e);
        }
    }

    private Octets finished(SpoolWriter writer) {
        try {
            return writer.finish();
        } catch (SpoolException e) {
            spoolFailed(e);
            return null;
        }
    }

    private void spoolFailed(SpoolException e) {
        LOG.warn(
                "{}: a message is refused for now because it cannot be kept; make room or set spoolDirectory",
                connection.peer(),
                e);
        refuse(Reply.of(452, "4.3.1 cannot store the message at the moment"));
    }
}
