package io.mailproto.smtp.client;

import io.mailproto.smtp.Reply;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.DotWriter;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/** From 354 to the reply to the final dot. */
final class SmtpBody {
    private final SmtpDialogue dialogue;
    private final SmtpClientOptions options;
    private final MessageContent content;

    SmtpBody(SmtpDialogue dialogue, SmtpClientOptions options, MessageContent content) {
        this.dialogue = dialogue;
        this.options = options;
        this.content = content;
    }

    /**
     * Writes the message and its end and waits for the reply.
     *
     * @return the reply to the final dot, or the refusal that came in the middle of the message
     */
    Reply send(Supplier<TransactionReport> report) throws IOException {
        Reply early = write();
        if (early != null) {
            return early;
        }
        return await(report);
    }

    /** Sends what is left, the dot at least, and waits for the reply to it. */
    Reply await(Supplier<TransactionReport> report) throws IOException {
        Connection connection = dialogue.connection();
        try {
            // From here on nobody knows what becomes of the message until the reply is here: the dot is in this flush.
            dialogue.begin(SmtpPhase.FINAL_DOT);
            dialogue.flush();
            Reply reply = dialogue.read();
            if (reply.isIntermediate()) {
                throw dialogue.unexpected("2yz, 4yz or 5yz", reply);
            }
            return reply;
        } catch (WireException lost) {
            Reply last = lastWords(connection);
            if (last != null) {
                return last;
            }
            throw new SmtpOutcomeUnknown(lost, report.get());
        }
    }

    /** Everything up to the final dot, which stays in the buffer. Null, or the refusal that the server left with. */
    Reply write() throws IOException {
        Connection connection = dialogue.connection();
        connection.within(Deadline.perProgress(options.timeouts().of(SmtpPhase.BODY)), SmtpPhase.BODY.step());
        options.minimumRate().ifPresent(connection::minimumRate);
        DotWriter dots = connection.out().dotStuffed(options.bareLineEnding());
        Guarded guarded = new Guarded(dots);
        try {
            content.writeTo(guarded);
            guarded.finish();
        } catch (IOException | RuntimeException e) {
            // Whatever it was: without its dot the message is not whole, and the dot must never come.
            connection.close();
            if (guarded.lost == null) {
                throw new SmtpContentFailed(connection.peer(), e);
            }
            Reply last = lastWords(connection);
            if (last != null) {
                return last;
            }
            throw guarded.lost;
        } finally {
            connection.noMinimumRate();
        }
        return null;
    }

    /**
     * A server that closes in the middle of a message has often said why (552, 421), as Postfix and Exim look for, too.
     * Only a refusal counts: nothing positive can be meant before the end.
     */
    private Reply lastWords(Connection connection) {
        if (!connection.in().hasBufferedLine()) {
            return null;
        }
        try {
            Reply reply = dialogue.read();
            return reply.isTransient() || reply.isPermanent() ? reply : null;
        } catch (WireException noReply) {
            // What came before the end is no reply; the failure of the connection is what counts.
            return null;
        }
    }

    /**
     * Keeps apart who failed: a message may be read from another connection while it is written to this one. Closing it
     * does nothing.
     */
    private static final class Guarded extends OutputStream {
        private final DotWriter dots;
        private WireException lost;

        Guarded(DotWriter dots) {
            this.dots = dots;
        }

        @Override
        public void write(int octet) throws IOException {
            try {
                dots.write(octet);
            } catch (WireException e) {
                lost = e;
                throw e;
            }
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            try {
                dots.write(octets, offset, length);
            } catch (WireException e) {
                lost = e;
                throw e;
            }
        }

        void finish() throws IOException {
            try {
                dots.finish();
            } catch (WireException e) {
                lost = e;
                throw e;
            }
        }
    }
}
