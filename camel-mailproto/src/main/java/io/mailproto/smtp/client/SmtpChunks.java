package io.mailproto.smtp.client;

import io.mailproto.smtp.Reply;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.DotWriter;
import io.mailproto.wire.LineWriter;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The message as chunks (RFC 3030): {@code BDAT size [LAST]}, each followed by so many octets and answered on its own. No
 * dot is looked for or added, and a small message can go out together with its envelope.
 */
final class SmtpChunks {
    /** A message up to this size is one chunk. */
    static final int CHUNK = 64 * 1024;

    /** Chunks whose replies may be outstanding: the replies to these fit into every receive buffer. */
    private static final int WINDOW = 8;

    private final SmtpDialogue dialogue;
    private final SmtpClientOptions options;
    private final MessageContent content;
    private final ChunkBuffer buffer;

    SmtpChunks(SmtpDialogue dialogue, SmtpClientOptions options, MessageContent content) {
        this.dialogue = dialogue;
        this.options = options;
        this.content = content;
        this.buffer = dialogue.chunk();
    }

    /** Is the message so small that it is one chunk? */
    boolean isOne() {
        return content.size() >= 0 && content.size() <= CHUNK;
    }

    /** Reads a small message into the buffer, before anything of it is sent. */
    void collect() throws SmtpContentFailed {
        buffer.clear();
        DotWriter repaired = DotWriter.unstuffed(buffer, options.bareLineEnding());
        try {
            content.writeTo(repaired);
            repaired.finish();
        } catch (IOException | RuntimeException e) {
            throw new SmtpContentFailed(dialogue.connection().peer(), e);
        }
    }

    /** Writes the small message that was collected; the caller flushes and waits for the reply. */
    void writeOne() throws WireException {
        LineWriter out = dialogue.connection().out();
        out.write("BDAT " + buffer.size() + " LAST");
        writeBuffer(out);
    }

    private void writeBuffer(LineWriter out) throws WireException {
        try {
            out.raw().write(buffer.octets(), 0, buffer.size());
        } catch (WireException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("writing to a connection fails with a WireException only", e);
        }
    }

    /**
     * Writes a message of any size and waits for the replies.
     *
     * @return the reply to the last chunk, or the refusal that came before
     * @throws Unfinished if the connection failed when the last chunk may have gone
     */
    Reply stream() throws IOException {
        Connection connection = dialogue.connection();
        buffer.clear();
        Chunked chunked = new Chunked();
        options.minimumRate().ifPresent(connection::minimumRate);
        try {
            DotWriter repaired = DotWriter.unstuffed(chunked, options.bareLineEnding());
            content.writeTo(repaired);
            repaired.finish();
        } catch (IOException | RuntimeException e) {
            if (chunked.refusal != null) {
                return chunked.refusal;
            }
            // Without its last chunk the message is not whole, and that must never come.
            connection.close();
            if (chunked.lost == null) {
                throw new SmtpContentFailed(connection.peer(), e);
            }
            throw chunked.lost;
        } finally {
            connection.noMinimumRate();
        }
        return chunked.last();
    }

    /** The connection failed when the server may have had the whole message. */
    static final class Unfinished extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient WireException lost;

        Unfinished(WireException lost) {
            super(lost);
            this.lost = lost;
        }

        WireException lost() {
            return lost;
        }
    }

    /** Sends a chunk whenever one is full, and takes care that not too many replies are outstanding. */
    private final class Chunked extends OutputStream {
        private WireException lost;
        private Reply refusal;
        private int outstanding;

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            int from = offset;
            int end = offset + length;
            while (from < end) {
                int part = Math.min(end - from, CHUNK - buffer.size());
                buffer.write(octets, from, part);
                from += part;
                if (buffer.size() == CHUNK) {
                    sendChunk();
                }
            }
        }

        private void sendChunk() throws IOException {
            try {
                dialogue.connection()
                        .within(Deadline.perProgress(options.timeouts().of(SmtpPhase.BODY)), SmtpPhase.BODY.step());
                LineWriter out = dialogue.connection().out();
                out.write("BDAT " + buffer.size());
                writeBuffer(out);
                out.flush();
                buffer.clear();
                outstanding++;
                while (outstanding >= WINDOW || (outstanding > 0 && dialogue.hasReply())) {
                    takeReply(dialogue.await(SmtpPhase.DATA));
                }
            } catch (WireException e) {
                lost = e;
                throw e;
            }
            if (refusal != null) {
                throw new IOException("refused in the middle of the message");
            }
        }

        private void takeReply(Reply reply) throws WireException {
            outstanding--;
            if (reply.isIntermediate()) {
                throw dialogue.unexpected("2yz, 4yz or 5yz", reply);
            }
            if (!reply.isPositive() && refusal == null) {
                refusal = reply;
                // The others are answered too, and their answers would be taken for those to the next commands.
                while (outstanding > 0 && dialogue.connection().isOpen()) {
                    outstanding--;
                    dialogue.await(SmtpPhase.DATA);
                }
            }
        }

        private Reply last() throws IOException {
            try {
                dialogue.begin(SmtpPhase.LAST_CHUNK);
                writeOne();
                dialogue.flush();
                while (outstanding > 0) {
                    takeReply(dialogue.await(SmtpPhase.LAST_CHUNK));
                    if (refusal != null) {
                        // The last chunk is answered as well.
                        if (dialogue.connection().isOpen()) {
                            dialogue.await(SmtpPhase.LAST_CHUNK);
                        }
                        return refusal;
                    }
                }
                return dialogue.await(SmtpPhase.LAST_CHUNK);
            } catch (WireException e) {
                throw new Unfinished(e);
            }
        }
    }
}
