package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolException;
import io.mailproto.spool.SpoolWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message that is being received onto the spool, or has a reason by now why it will be refused. */
final class IncomingMessage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingMessage.class);

    /** A message that is too big is read on for this much at least, since few clients listen before they are through. */
    private static final long LEAST_PATIENCE = 16L * 1024 * 1024;

    private final String peer;
    private final ServerLimits limits;
    private final SpoolWriter writer;
    private final HopCounter hops = new HopCounter();
    private long octets;
    private Reply refusal;

    /**
     * A message of which nothing has come yet.
     *
     * @param receivedField goes on top
     * @param announcedOctets what the client said, or -1
     */
    IncomingMessage(String peer, ServerLimits limits, Spool spool, String receivedField, long announcedOctets) {
        this.peer = peer;
        this.limits = limits;
        this.writer = spool.newWriter(announcedOctets);
        byte[] field = receivedField.getBytes(StandardCharsets.UTF_8);
        keep(field, field.length);
    }

    /** Takes the next octets; false if so many have come that not even a refusal is worth waiting for. */
    boolean take(byte[] buffer, int length) {
        octets += length;
        hops.pass(buffer, 0, length);
        if (hops.hops() > limits.maxHops()) {
            refuse(Reply.of(554, "5.4.6 too many Received fields, the message runs in a loop"));
        }
        if (limits.isTooBig(octets)) {
            refuse(tooBig(limits));
            if (octets > patience(limits)) {
                return false;
            }
        }
        if (refusal == null) {
            keep(buffer, length);
        } else {
            writer.abandon();
        }
        return true;
    }

    /** How many octets are read at the most of what is refused. */
    static long patience(ServerLimits limits) {
        return limits.maxMessageSize() + Math.max(limits.maxMessageSize(), LEAST_PATIENCE);
    }

    static Reply tooBig(ServerLimits limits) {
        return Reply.of(552, "5.3.4 message is bigger than " + limits.maxMessageSize() + " octets");
    }

    /** The first reason is the one that is told. */
    void refuse(Reply reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    /** Why it is refused, as far as is known by now. */
    Optional<Reply> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The whole message; null if it is refused. */
    Octets finish() {
        if (refusal != null) {
            return null;
        }
        try {
            return writer.finish();
        } catch (SpoolException e) {
            spoolFailed(e);
            return null;
        }
    }

    private void keep(byte[] buffer, int length) {
        try {
            writer.write(buffer, 0, length);
        } catch (SpoolException e) {
            spoolFailed(e);
        }
    }

    private void spoolFailed(SpoolException e) {
        LOG.warn(
                "{}: a message is refused for now because it cannot be kept; make room or set spoolDirectory", peer, e);
        refuse(Reply.of(452, "4.3.1 cannot store the message at the moment"));
    }

    /** Throws away what has come, unless it was {@link #finish finished}. */
    @Override
    public void close() {
        writer.close();
    }
}
