package io.mailproto.component.outbound;

import io.mailproto.mime.RelayedMessage;
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
 * @param owned octets that are given back after sending; null if somebody else owns them
 */
public record OutboundMail(RelayedMessage message, boolean eightBit, boolean needsUtf8, String messageId, Octets owned)
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

    /** Gives back what was spooled for sending. */
    public void release() {
        if (owned != null) {
            owned.release();
        }
    }
}
