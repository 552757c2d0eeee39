package io.mailproto.component.smtp;

import io.mailproto.mime.Attachment;
import io.mailproto.mime.MessageComposer;
import io.mailproto.mime.RelayedMessage;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.spi.HeaderFilterStrategy;

/** A mail made of a Camel message: body, alternative body, attachments and headers, by camel-mail's names and rules. */
final class ComposedMail {

    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([^\";\\s]+)\"?", Pattern.CASE_INSENSITIVE);
    private static final String CONTENT_TYPE = "contentType";

    private final Exchange exchange;
    private final Message message;
    private final SmtpConfiguration configuration;
    private final HeaderFilterStrategy filter;
    private final Spool spool;
    private final List<Octets> temporary = new ArrayList<>();

    ComposedMail(Exchange exchange, SmtpConfiguration configuration, HeaderFilterStrategy filter, Spool spool) {
        this.exchange = exchange;
        this.message = exchange.getMessage();
        this.configuration = configuration;
        this.filter = filter;
        this.spool = spool;
    }

    /**
     * Writes the mail onto the spool.
     *
     * @param messageId the id to give it; null for a new one
     * @throws IllegalArgumentException if a header or option cannot be part of a mail
     */
    OutboundMail compose(OutboundAddresses addresses, String messageId) throws IOException {
        MessageComposer composer = new MessageComposer()
                .from(addresses.from())
                .to(addresses.to())
                .cc(addresses.cc());
        if (messageId != null) {
            composer.messageId(messageId);
        }
        addSubject(composer);
        addReplyTo(composer);
        addHeaders(composer);
        addBody(composer);
        addAttachments(composer);
        try {
            Octets octets = composer.compose(spool);
            return new OutboundMail(
                    RelayedMessage.verbatim(octets),
                    composer.needsUtf8(),
                    composer.needsUtf8(),
                    composer.messageId(),
                    octets);
        } finally {
            temporary.forEach(Octets::release);
        }
    }

    private void addSubject(MessageComposer composer) {
        String header = configuration.isUseHeaderSubject() ? message.getHeader("Subject", String.class) : null;
        String subject = header == null ? configuration.getSubject() : header;
        if (subject != null) {
            composer.subject(subject);
        }
    }

    private void addReplyTo(MessageComposer composer) {
        String header = configuration.isUseHeaderReplyTo() ? OutboundAddresses.text(message, "Reply-To") : null;
        composer.replyTo(
                header == null
                        ? OutboundAddresses.parse("option replyTo", configuration.getReplyTo())
                        : OutboundAddresses.parse("header Reply-To", header));
    }

    private void addHeaders(MessageComposer composer) {
        Set<String> own = Set.of(
                CONTENT_TYPE.toLowerCase(Locale.ROOT),
                configuration.getAlternativeBodyHeader().toLowerCase(Locale.ROOT));
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            String name = header.getKey();
            Object value = header.getValue();
            if (value == null
                    || own.contains(name.toLowerCase(Locale.ROOT))
                    || filter.applyFilterToCamelHeaders(name, value, exchange)) {
                continue;
            }
            if (name.equalsIgnoreCase("Date")) {
                addDate(composer, value);
            } else if (!MessageComposer.isReserved(name)) {
                addHeader(composer, name, value);
            }
        }
    }

    private void addHeader(MessageComposer composer, String name, Object value) {
        Collection<?> values = value instanceof Collection<?> several ? several : List.of(value);
        for (Object one : values) {
            String text = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, one);
            if (text != null) {
                composer.header(name, text);
            }
        }
    }

    private static void addDate(MessageComposer composer, Object value) {
        try {
            composer.date(OffsetDateTime.parse(String.valueOf(value).strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeParseException notADate) {
            // Whatever it is, the field Date needs a date: the composer's own, now.
            return;
        }
    }

    private void addBody(MessageComposer composer) throws IOException {
        String type = contentType();
        String lower = type.toLowerCase(Locale.ROOT).strip();
        Charset charset = charset(type);
        composer.charset(charset);
        String alternative = message.getHeader(configuration.getAlternativeBodyHeader(), String.class);
        if (lower.startsWith("text/html")) {
            composer.html(text(charset));
            if (alternative != null) {
                composer.text(alternative);
            }
        } else if (alternative != null) {
            // camel-mail: the alternative is the plain text, so the body is the markup.
            composer.text(alternative).html(text(charset));
        } else if (lower.startsWith("text/plain") || lower.startsWith("multipart/") || lower.isEmpty()) {
            composer.text(text(charset));
        } else {
            // Neither text nor HTML: it travels as a part of its own type, as readers show it.
            composer.attach(Attachment.of("", type, spooledBody()));
        }
    }

    private String contentType() {
        for (String name : List.of(CONTENT_TYPE, Exchange.CONTENT_TYPE)) {
            String value = message.getHeader(name, String.class);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return configuration.getContentType() == null ? "text/plain" : configuration.getContentType();
    }

    private Charset charset(String contentType) {
        Matcher matcher = CHARSET.matcher(contentType);
        String name = matcher.find() ? matcher.group(1) : exchange.getProperty(Exchange.CHARSET_NAME, String.class);
        if (name == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            if (configuration.isIgnoreUnsupportedCharset()) {
                return StandardCharsets.UTF_8;
            }
            throw new IllegalArgumentException(
                    "the charset of the content type is unknown; ignoreUnsupportedCharset=true takes UTF-8 instead",
                    unknown);
        }
    }

    /** The body as text; octets are read in the charset of the content type. */
    private String text(Charset charset) throws IOException {
        Object body = message.getBody();
        if (body == null) {
            return "";
        }
        if (body instanceof byte[] octets) {
            return new String(octets, charset);
        }
        String text = message.getBody(String.class);
        if (text == null) {
            throw new IllegalArgumentException("the body of type " + body.getClass().getName() + " is no text");
        }
        return text;
    }

    private Octets spooledBody() throws IOException {
        InputStream body = message.getBody(InputStream.class);
        return keep(body == null ? InputStream.nullInputStream() : body);
    }

    private Octets keep(InputStream in) throws IOException {
        try (in) {
            Octets octets = spool.copy(in);
            temporary.add(octets);
            return octets;
        }
    }

    private void addAttachments(MessageComposer composer) throws IOException {
        AttachmentMessage attached = exchange.getMessage(AttachmentMessage.class);
        if (attached == null || !attached.hasAttachments()) {
            return;
        }
        for (Map.Entry<String, org.apache.camel.attachment.Attachment> entry :
                attached.getAttachmentObjects().entrySet()) {
            String name = entry.getKey();
            String type = entry.getValue().getDataHandler().getContentType();
            String safeType = type == null || type.isBlank() ? "application/octet-stream" : type;
            Octets octets = keep(AttachmentOctets.open(exchange, entry.getValue().getDataHandler(), charset(safeType)));
            boolean isInline = name.startsWith("cid:");
            composer.attach(
                    isInline
                            ? Attachment.inline(name.substring(4), name.substring(4), safeType, octets::open)
                            : Attachment.of(name, safeType, octets));
        }
    }
}
