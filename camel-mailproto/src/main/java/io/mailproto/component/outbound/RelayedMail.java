package io.mailproto.component.outbound;

import io.mailproto.component.AddedAttachments;
import io.mailproto.component.Mail;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailMessage;
import io.mailproto.mime.HeaderField;
import io.mailproto.mime.HeaderFields;
import io.mailproto.mime.HeaderRewriter;
import io.mailproto.mime.MessageComposer;
import io.mailproto.mime.NamedAddress;
import io.mailproto.mime.RelayedMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mail that goes on as it came: octet for octet, except for
 *
 * <ul>
 *   <li>fields whose header the route has changed, which are rewritten at their place;
 *   <li>headers that the mail has no field for: those that would become fields of a composed mail are added at the end of
 *       the header section, others stay within the application;
 *   <li>fields that {@code dropHeaders} names, which are taken out. A header that the route has merely removed changes
 *       nothing: routes remove headers, and queues lose them, for reasons that have nothing to do with the mail, and a mail
 *       without From and Date would be the result.
 * </ul>
 */
public final class RelayedMail {

    private static final Logger LOG = LoggerFactory.getLogger(RelayedMail.class);

    private static final String MESSAGE_ID = "Message-ID";
    private static final Set<String> ADDRESSES = Set.of("from", "sender", "reply-to", "to", "cc");
    /** Nothing of what a route says about blind copies is for the eyes of the others. */
    private static final Set<String> BLIND = Set.of("bcc", "resent-bcc");

    private final Exchange exchange;
    private final Message message;
    private final Mail mail;
    private final OutboundOptions configuration;
    private final HeaderFilterStrategy filter;
    private final HeaderRewriter changes = new HeaderRewriter();
    /** The new one, if the route has given it one. */
    private String messageId;

    private boolean needsUtf8;

    RelayedMail(Exchange exchange, Mail mail, OutboundOptions configuration, HeaderFilterStrategy filter) {
        this.exchange = exchange;
        this.message = exchange.getMessage();
        this.mail = mail;
        this.configuration = configuration;
        this.filter = filter;
    }

    /**
     * The mail to be sent on.
     *
     * @throws IllegalArgumentException if a changed header cannot be a field
     */
    OutboundMail outbound() throws IOException {
        warnOfWhatIsLeftOut(exchange, mail, configuration);
        HeaderFields fields = mail.headers();
        if (configuration.getRelay() == RelayMode.CHANGED) {
            change(fields);
        }
        RelayedMessage relayed =
                changes.isEmpty() ? RelayedMessage.verbatim(mail.octets()) : changes.apply(mail.octets());
        String id = messageId != null ? messageId : fields.value(MESSAGE_ID).orElse(null);
        boolean isRewritable = configuration.isConvertEightBit() && configuration.getRelay() != RelayMode.VERBATIM;
        return new OutboundMail(relayed, true, needsUtf8, id, isRewritable, null);
    }

    /**
     * The mail is complete as it came; what the route has hung on it would otherwise be missed by the receiver only.
     *
     * @param mail null if only its octets are known
     */
    static void warnOfWhatIsLeftOut(Exchange exchange, Mail mail, OutboundOptions configuration) throws IOException {
        List<String> leftOut = new ArrayList<>();
        AddedAttachments.of(exchange, mail).forEach(name -> leftOut.add("the attachment " + name));
        Message message = exchange.getMessage();
        String alternative = configuration.getAlternativeBodyHeader();
        if (message.getHeader(alternative) != null) {
            leftOut.add("the alternative body in the header " + alternative);
        }
        if (!leftOut.isEmpty()) {
            LOG.warn(
                    "The body is a mail, which goes on as it is, without {}. To send these as well, set another body"
                            + " and Content-Type, such as the text of the mail: then a new mail is composed",
                    String.join(", ", leftOut));
        }
    }

    private void change(HeaderFields fields) throws IOException {
        FieldChoice choice = configuration.fieldChoice();
        MailHeaderMapping mapping = message instanceof MailMessage mapped && mapped.getHeaderMapping() != null
                ? mapped.getHeaderMapping()
                : new MailHeaderMapping(filter, false);
        Set<String> present = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : fields.names()) {
            present.add(name);
            Object now = message.getHeader(name);
            if (choice.isDropped(name)) {
                changes.remove(name);
            } else if (now != null
                    && !FieldChoice.isStructure(name)
                    && !BLIND.contains(name.toLowerCase(Locale.ROOT))
                    && !isAsItCame(now, fields.all(name), mapping)) {
                rewrite(name, now);
            }
        }
        if (fields.truncated()) {
            // Of a header section beyond all limits not all names are known, so that nothing can be said to be missing.
            return;
        }
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            String name = header.getKey();
            if (header.getValue() != null && !present.contains(name) && isNew(name, header.getValue(), choice)) {
                add(name, header.getValue());
            }
        }
    }

    /** Where a composed mail needs leave to take a header, such as useHeaderSubject, a relayed one takes it as well. */
    private boolean isNew(String name, Object value, FieldChoice choice) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isMail = ADDRESSES.contains(lower) || lower.equals("subject") || choice.isSent(name);
        return isMail
                && !choice.isDropped(name)
                && !FieldChoice.isStructure(name)
                && !BLIND.contains(lower)
                && !filter.applyFilterToCamelHeaders(name, value, exchange);
    }

    private static boolean isAsItCame(Object now, List<HeaderField> fields, MailHeaderMapping mapping) {
        List<Object> values = FieldText.several(now);
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

    private void rewrite(String name, Object now) throws IOException {
        if (isAddresses(name)) {
            replaceAddresses(name);
            return;
        }
        if (name.equalsIgnoreCase("Date")) {
            // What is no date, such as "tomorrow", leaves that of the mail as it is.
            FieldText.date(now).ifPresent(changes::replaceDate);
            return;
        }
        if (name.equalsIgnoreCase(MESSAGE_ID)) {
            messageId = changes.replaceMessageId(texts(name, now).get(0));
            return;
        }
        List<String> values = texts(name, now);
        if (values.size() == 1) {
            changes.replace(name, values.get(0));
        } else {
            changes.remove(name);
            values.forEach(value -> changes.add(name, value));
        }
    }

    private void add(String name, Object value) throws IOException {
        if (isAddresses(name)) {
            replaceAddresses(name);
        } else if (name.equalsIgnoreCase("Date")) {
            // Without a date of its own the mail was written when its first server took it; a route's Date may be
            // HTTP's.
            return;
        } else if (name.equalsIgnoreCase(MESSAGE_ID)) {
            messageId = changes.replaceMessageId(texts(name, value).get(0));
        } else if (!configuration.fieldChoice().isNamed(name)
                && !name.equalsIgnoreCase("Subject")
                && !MessageComposer.isFieldName(name)) {
            LOG.debug("left out of the mail a header whose name no field can have: {}", FieldText.loggable(name));
        } else {
            // What cannot be text stays behind, as when composing.
            FieldText.values(exchange, value).forEach(text -> changes.add(name, text));
        }
    }

    private static boolean isAddresses(String name) {
        return ADDRESSES.contains(name.toLowerCase(Locale.ROOT));
    }

    private void replaceAddresses(String name) throws IOException {
        List<NamedAddress> addresses = addresses(name);
        changes.replaceAddresses(name, addresses);
        boolean needsSender = name.equalsIgnoreCase("From")
                && addresses.size() > 1
                && mail.headers().first("Sender").isEmpty()
                && OutboundAddresses.text(message, "Sender") == null;
        if (needsSender) {
            // RFC 5322 §3.6.2: several authors, and one who sent it.
            changes.replaceAddresses("Sender", addresses.subList(0, 1));
        }
    }

    private List<NamedAddress> addresses(String name) {
        List<NamedAddress> addresses = OutboundAddresses.parse("header " + name, OutboundAddresses.text(message, name));
        if (addresses.isEmpty() && name.equalsIgnoreCase("From")) {
            throw new IllegalArgumentException("header From: there is no address");
        }
        needsUtf8 |= addresses.stream()
                .anyMatch(named -> named.address().localPart().chars().anyMatch(c -> c >= 0x80));
        return addresses;
    }

    private List<String> texts(String name, Object value) {
        List<String> texts = FieldText.values(exchange, value);
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("the header " + name + " cannot be written as text");
        }
        return texts;
    }
}
