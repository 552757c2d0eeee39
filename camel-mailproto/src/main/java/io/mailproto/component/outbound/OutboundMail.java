package io.mailproto.component.outbound;

import io.mailproto.mime.RelayedMessage;
import io.mailproto.mime.SevenBitMessage;
import io.mailproto.smtp.client.MessageContent;
import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A mail that is ready to be sent.
 *
 * @param message its octets
 * @param eightBit whether there may be octets beyond ASCII
 * @param needsUtf8 whether its header needs SMTPUTF8
 * @param messageId its Message-ID with angle brackets; null if it has none
 * @param isRewritable whether octets beyond ASCII may be encoded for a server that does not take them
 * @param owned octets that are given back after sending; null if somebody else owns them
 */
public record OutboundMail(
        RelayedMessage message,
        boolean eightBit,
        boolean needsUtf8,
        String messageId,
        boolean isRewritable,
        Octets owned)
        implements MessageContent {

    @Override
    public long size() {
        return message.size();
    }

    @Override
    public boolean isEightBit() {
        return eightBit;
    }

    @Override
    public boolean needsSmtpUtf8() {
        return needsUtf8;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        message.writeTo(out);
    }

    @Override
    public MessageContent asSevenBit() throws IOException {
        if (!isRewritable) {
            throw new IOException("convertEightBit=false or relay=verbatim says so");
        }
        SevenBitMessage rewritten = SevenBitMessage.of(message);
        return new MessageContent() {
            @Override
            public long size() {
                return -1;
            }

            @Override
            public boolean isEightBit() {
                return false;
            }

            @Override
            public boolean needsSmtpUtf8() {
                return needsUtf8;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                rewritten.writeTo(out);
            }
        };
    }

    /** Gives back what was spooled for sending. */
    public void release() {
        if (owned != null) {
            owned.release();
        }
    }
}
