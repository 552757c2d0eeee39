package io.mailproto.smtp.client;

import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.client.SmtpRequirementUnmet.Requirement;
import io.mailproto.wire.Connection;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Octets beyond ASCII towards a server that does not offer 8BITMIME: they must not go out (RFC 6152 §3), so the message
 * is rewritten without them, or refused.
 */
final class EightBitContent {
    private final Connection connection;
    private final Extensions extensions;

    EightBitContent(Connection connection, Extensions extensions) {
        this.connection = connection;
        this.extensions = extensions;
    }

    /**
     * The message as it can go to this server. Reads it once if it may have such octets and the server does not take them.
     *
     * @throws SmtpRequirementUnmet if it cannot
     * @throws SmtpContentFailed if it cannot be read
     */
    MessageContent suited(MessageContent content) throws IOException {
        if (!content.isEightBit() || extensions.offers(Extensions.EIGHT_BIT_MIME)) {
            return content;
        }
        Search search = new Search();
        try {
            content.writeTo(search);
        } catch (IOException e) {
            throw new SmtpContentFailed(connection.peer(), e);
        }
        if (!search.isFound) {
            return content;
        }
        try {
            return content.asSevenBit();
        } catch (IOException e) {
            SmtpRequirementUnmet unmet = new SmtpRequirementUnmet(
                    connection.peer(),
                    SmtpPhase.MAIL.step(),
                    Requirement.EIGHT_BIT_MIME,
                    "the message has octets beyond ASCII, the server does not offer 8BITMIME, and the message is not"
                            + " rewritten without them: " + e.getMessage());
            unmet.addSuppressed(e);
            throw unmet;
        }
    }

    private static final class Search extends OutputStream {
        private boolean isFound;

        @Override
        public void write(int octet) {
            isFound |= (byte) octet < 0;
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            for (int i = offset; i < offset + length && !isFound; i++) {
                isFound = octets[i] < 0;
            }
        }
    }
}
