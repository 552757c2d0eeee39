package io.mailproto.smtp.client;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.OutputStream;

/** A message to send: RFC 5322 octets that are written when the server asks for them, not held in memory. */
public interface MessageContent {
    /** Its size in octets as {@link #writeTo} writes it, or -1 if that is not known beforehand. */
    long size();

    /** May it hold octets beyond ASCII? Then 8BITMIME (RFC 6152) is declared if offered. */
    boolean isEightBit();

    /** Do its header fields hold UTF-8 where only SMTPUTF8 (RFC 6531) allows that? */
    boolean needsSmtpUtf8();

    /**
     * The same message without octets beyond ASCII, for a server without 8BITMIME (RFC 6152 §3).
     *
     * @throws IOException if it must not be, or cannot be, rewritten; the text says why
     */
    default MessageContent asSevenBit() throws IOException {
        throw new IOException("it must stay as it is");
    }

    /**
     * Writes all of it. Called once per attempt, and once before to a server without 8BITMIME if the message may have octets
     * beyond ASCII; on the thread that sends; blocks on the peer. Dots need not be
     * stuffed and a missing last line end is added. The stream must not be kept; closing it is harmless.
     */
    void writeTo(OutputStream out) throws IOException;

    /** Spooled octets as they are. They count as 8-bit, since nobody has looked. */
    static MessageContent of(Octets octets) {
        return new MessageContent() {
            @Override
            public long size() {
                return octets.size();
            }

            @Override
            public boolean isEightBit() {
                return true;
            }

            @Override
            public boolean needsSmtpUtf8() {
                return false;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                octets.writeTo(out);
            }
        };
    }
}
