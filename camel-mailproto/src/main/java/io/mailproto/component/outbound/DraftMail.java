package io.mailproto.component.outbound;

import io.mailproto.address.EmailAddress;
import io.mailproto.mime.NamedAddress;
import io.mailproto.smtp.client.DsnRequest;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * A mail that is made of a Camel message to be kept, not to be sent: by the same rules as {@link ComposedMail}, with
 * everything taken from the message's headers, and nobody need be named as its recipient.
 */
public final class DraftMail {
    private static final String[] FIELDS = {"From", "To", "Cc", "Subject"};

    private DraftMail() {}

    /** Does the message say what a mail would have to: an author, a recipient or a subject? */
    public static boolean isDescribedBy(Message message) {
        for (String name : FIELDS) {
            if (message.getHeader(name) != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes the mail. The caller releases the octets.
     *
     * @param filter which headers of the message become fields
     * @throws IllegalArgumentException if a header cannot be part of a mail
     */
    public static Octets compose(Exchange exchange, HeaderFilterStrategy filter, Spool spool) throws IOException {
        Message message = exchange.getMessage();
        String author = OutboundAddresses.text(message, "From");
        List<NamedAddress> from =
                OutboundAddresses.parse("header From", author == null ? OutboundAddresses.NOBODY : author);
        if (from.isEmpty()) {
            throw new IllegalArgumentException("header From: there is no address");
        }
        List<NamedAddress> agents = OutboundAddresses.parse("header Sender", OutboundAddresses.text(message, "Sender"));
        OutboundAddresses addresses = new OutboundAddresses(
                from,
                // RFC 5322 §3.6.2: several authors, and one who sent it.
                !agents.isEmpty()
                        ? Optional.of(agents.get(0))
                        : from.size() > 1 ? Optional.of(from.get(0)) : Optional.empty(),
                Optional.of(from.get(0).address()),
                OutboundAddresses.parse("header To", OutboundAddresses.text(message, "To")),
                OutboundAddresses.parse("header Cc", OutboundAddresses.text(message, "Cc")),
                List.<EmailAddress>of());
        return new ComposedMail(exchange, new FromHeaders(), filter, spool)
                .compose(addresses, null)
                .owned();
    }

    /** No options at all: what a mail is to be stands in the message. */
    private static final class FromHeaders implements OutboundOptions {
        private final FieldChoice fields = new FieldChoice(null, null);

        @Override
        public String getTo() {
            return null;
        }

        @Override
        public String getCc() {
            return null;
        }

        @Override
        public String getBcc() {
            return null;
        }

        @Override
        public String getFrom() {
            return null;
        }

        @Override
        public String getSubject() {
            return null;
        }

        @Override
        public String getReplyTo() {
            return null;
        }

        @Override
        public boolean isConvertEightBit() {
            return false;
        }

        @Override
        public boolean isUseHeaderRecipients() {
            return true;
        }

        @Override
        public boolean isUseHeaderFrom() {
            return true;
        }

        @Override
        public boolean isUseHeaderSubject() {
            return true;
        }

        @Override
        public boolean isUseHeaderReplyTo() {
            return true;
        }

        @Override
        public String getEnvelopeFrom() {
            return null;
        }

        @Override
        public String getContentType() {
            return "text/plain";
        }

        @Override
        public String getAlternativeBodyHeader() {
            return "CamelMailAlternativeBody";
        }

        @Override
        public boolean isUseInlineAttachments() {
            return false;
        }

        @Override
        public boolean isIgnoreUnsupportedCharset() {
            return false;
        }

        @Override
        public ContentTypeResolver getContentTypeResolver() {
            return null;
        }

        @Override
        public RelayMode getRelay() {
            return RelayMode.VERBATIM;
        }

        @Override
        public FieldChoice fieldChoice() {
            return fields;
        }

        @Override
        public String getDsnNotify() {
            return null;
        }

        @Override
        public DsnRequest.Return getDsnReturn() {
            return null;
        }

        @Override
        public boolean isRequireTls() {
            return false;
        }
    }
}
