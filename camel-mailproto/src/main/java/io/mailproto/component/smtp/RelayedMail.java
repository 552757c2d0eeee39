package io.mailproto.component.smtp;

import io.mailproto.component.Mail;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailMessage;
import io.mailproto.mime.HeaderField;
import io.mailproto.mime.HeaderFields;
import io.mailproto.mime.HeaderRewriter;
import io.mailproto.mime.RelayedMessage;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * A mail that goes on as it came: octet for octet, except for the fields whose header the route has changed. A header that
 * the route has removed, or added, changes nothing: routes remove and set headers for many reasons.
 */
final class RelayedMail {

    private static final Set<String> ADDRESSES = Set.of("from", "sender", "reply-to", "to", "cc");

    private RelayedMail() {}

    /**
     * The mail to be sent on.
     *
     * @throws IllegalArgumentException if a changed header cannot be a field
     */
    static OutboundMail of(Message message, Mail mail, RelayMode mode, HeaderFilterStrategy filter)
            throws IOException {
        HeaderFields fields = mail.headers();
        HeaderRewriter changes =
                mode == RelayMode.VERBATIM ? new HeaderRewriter() : changes(message, fields, filter);
        RelayedMessage relayed =
                changes.isEmpty() ? RelayedMessage.verbatim(mail.octets()) : changes.apply(mail.octets());
        return new OutboundMail(relayed, true, false, fields.value("Message-ID").orElse(null), null);
    }

    private static HeaderRewriter changes(Message message, HeaderFields fields, HeaderFilterStrategy filter) {
        MailHeaderMapping mapping = message instanceof MailMessage mapped && mapped.getHeaderMapping() != null
                ? mapped.getHeaderMapping()
                : new MailHeaderMapping(filter, false);
        HeaderRewriter changes = new HeaderRewriter();
        for (String name : fields.names()) {
            Object now = message.getHeader(name);
            if (now != null && !isStructure(name) && !isAsItCame(now, fields.all(name), mapping)) {
                change(changes, name, now, message);
            }
        }
        return changes;
    }

    /** What a body is made of cannot be changed by a header alone. */
    private static boolean isStructure(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("content-") || lower.equals("mime-version");
    }

    private static boolean isAsItCame(Object now, List<HeaderField> fields, MailHeaderMapping mapping) {
        List<?> values = now instanceof Collection<?> several ? List.copyOf(several) : List.of(now);
        if (values.size() != fields.size()) {
            // A list that was a single header on its way through a queue, say, is no change by the route.
            return values.size() == 1 && fields.stream().anyMatch(field -> isSame(values.get(0), field, mapping));
        }
        for (int i = 0; i < values.size(); i++) {
            if (!isSame(values.get(i), fields.get(i), mapping)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(Object value, HeaderField field, MailHeaderMapping mapping) {
        String text = String.valueOf(value);
        return text.equals(mapping.valueOf(field)) || text.equals(field.value()) || text.equals(field.decoded());
    }

    private static void change(HeaderRewriter changes, String name, Object now, Message message) {
        if (now instanceof Collection<?> several) {
            changes.remove(name);
            several.forEach(value -> changes.add(name, String.valueOf(value)));
        } else {
            String text = message.getHeader(name, String.class);
            if (text == null) {
                throw new IllegalArgumentException("the header " + name + " cannot be written as text");
            }
            if (ADDRESSES.contains(name.toLowerCase(Locale.ROOT))) {
                changes.replaceAddresses(name, OutboundAddresses.parse("header " + name, text));
            } else {
                changes.replace(name, text);
            }
        }
    }
}
