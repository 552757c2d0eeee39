package io.mailproto.component.outbound;

import io.mailproto.component.Mail;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.AttachmentMessage;

/**
 * What makes a mail the one it is: author, fields, body and attachments, but not who gets it. By it a redelivery is told from
 * another mail that the same exchange sends to the same endpoint, such as a report about the first. In case of doubt two mails
 * are different: one that comes twice does less harm than one that never comes.
 */
public final class MailIdentity {

    /** Fields of a mail whatever the options say; those of recipients are left out. */
    private static final Set<String> FIELDS =
            Set.of("from", "sender", "reply-to", "subject", "content-type", BodyType.HEADER.toLowerCase(Locale.ROOT));

    private static final Set<String> RECIPIENTS = Set.of("to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc");

    private final OutboundAddresses author;
    private final Map<String, String> fields;
    private final Object body;
    private final Map<String, Object> attachments;

    private MailIdentity(
            OutboundAddresses author, Map<String, String> fields, Object body, Map<String, Object> attachments) {
        this.author = author;
        this.fields = fields;
        this.body = body;
        this.attachments = attachments;
    }

    public static MailIdentity of(Exchange exchange, OutboundAddresses addresses, OutboundOptions configuration)
            throws IOException {
        Message message = exchange.getMessage();
        // A text that can change is kept as it is now.
        Object body = message.getBody() instanceof CharSequence text ? text.toString() : message.getBody();
        return new MailIdentity(
                addresses,
                fields(message, configuration),
                body,
                body instanceof Mail ? Map.of() : attachments(exchange));
    }

    private static Map<String, String> fields(Message message, OutboundOptions configuration) throws IOException {
        if (!message.hasHeaders()) {
            return Map.of();
        }
        FieldChoice choice = configuration.fieldChoice();
        Set<String> ofTheMail = message.getBody() instanceof Mail mail
                ? Set.copyOf(mail.headers().names().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList())
                : Set.of();
        Map<String, String> fields = new TreeMap<>();
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            String lower = header.getKey().toLowerCase(Locale.ROOT);
            boolean isPart = FIELDS.contains(lower)
                    || choice.isSent(lower)
                    || ofTheMail.contains(lower)
                    || lower.equalsIgnoreCase(configuration.getAlternativeBodyHeader());
            if (isPart && !RECIPIENTS.contains(lower)) {
                fields.put(lower, String.valueOf(header.getValue()));
            }
        }
        return fields;
    }

    private static Map<String, Object> attachments(Exchange exchange) {
        AttachmentMessage attached = exchange.getMessage(AttachmentMessage.class);
        if (attached == null || !attached.hasAttachments()) {
            return Map.of();
        }
        // Handlers are made anew where a received mail is copied; what they read from stays.
        Map<String, Object> sources = new LinkedHashMap<>();
        for (Map.Entry<String, Attachment> one : attached.getAttachmentObjects().entrySet()) {
            sources.put(one.getKey(), one.getValue().getDataHandler().getDataSource());
        }
        return sources;
    }

    /** Would both be the same mail, but for its recipients? */
    public boolean isSame(MailIdentity that) {
        return author.from().equals(that.author.from())
                && author.agent().equals(that.author.agent())
                && author.sender().equals(that.author.sender())
                && fields.equals(that.fields)
                && attachments.equals(that.attachments)
                && Objects.deepEquals(body, that.body);
    }
}
