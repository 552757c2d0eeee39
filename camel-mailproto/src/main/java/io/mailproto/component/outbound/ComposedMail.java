package io.mailproto.component.outbound;

import io.mailproto.component.MailMessage;
import io.mailproto.mime.Attachment;
import io.mailproto.mime.MailCharsets;
import io.mailproto.mime.MessageComposer;
import io.mailproto.mime.MimePart;
import io.mailproto.mime.NamedAddress;
import io.mailproto.mime.RelayedMessage;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import jakarta.activation.DataHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mail made of a Camel message: body, alternative body, attachments and headers, by camel-mail's names and rules. */
public final class ComposedMail {

    private static final Logger LOG = LoggerFactory.getLogger(ComposedMail.class);

    private static final String CID = "cid:";
    /** What an attachment says about itself and what travels with it. */
    private static final Set<String> PART_FIELDS =
            Set.of("content-description", "content-language", "content-location");

    /** Others' mails have others, and nothing can refer to those. */
    private static final Pattern USABLE_ID = Pattern.compile("[!-;=?-~]{1,900}");

    private static final int MAX_ID = 900;

    private static final Pattern LINE_END = Pattern.compile("[\r\n]+");

    private final Exchange exchange;
    private final Message message;
    private final OutboundOptions configuration;
    private final HeaderFilterStrategy filter;
    private final Spool spool;
    private final BodyType type;
    private final List<Octets> temporary = new ArrayList<>();

    public ComposedMail(Exchange exchange, OutboundOptions configuration, HeaderFilterStrategy filter, Spool spool) {
        this.exchange = exchange;
        this.message = exchange.getMessage();
        this.configuration = configuration;
        this.filter = filter;
        this.spool = spool;
        this.type = BodyType.of(exchange, configuration);
    }

    /**
     * Writes the mail onto the spool.
     *
     * @param messageId the id to give it; null for a new one
     * @throws IllegalArgumentException if a header or option cannot be part of a mail
     */
    public OutboundMail compose(OutboundAddresses addresses, String messageId) throws IOException {
        MessageComposer composer = new MessageComposer()
                .from(addresses.from().toArray(NamedAddress[]::new))
                .to(addresses.to())
                .cc(addresses.cc());
        addresses.agent().ifPresent(composer::sender);
        if (messageId != null) {
            composer.messageId(messageId);
        }
        try {
            addSubject(composer);
            addReplyTo(composer);
            addHeaders(composer);
            addBody(composer);
            addAttachments(composer);
            Octets octets = composer.compose(spool);
            return new OutboundMail(
                    RelayedMessage.verbatim(octets),
                    composer.needsUtf8() || type.isMultipart(),
                    composer.needsUtf8(),
                    composer.messageId(),
                    configuration.isConvertEightBit(),
                    octets);
        } finally {
            temporary.forEach(Octets::release);
        }
    }

    // ---- fields

    private void addSubject(MessageComposer composer) {
        String header = configuration.isUseHeaderSubject() ? message.getHeader("Subject", String.class) : null;
        String subject = header == null ? configuration.getSubject() : header;
        if (subject != null) {
            composer.subject(FieldText.oneLine(subject));
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
        if (!message.hasHeaders()) {
            return;
        }
        FieldChoice choice = configuration.fieldChoice();
        Set<String> own = Set.of(
                BodyType.HEADER.toLowerCase(Locale.ROOT),
                configuration.getAlternativeBodyHeader().toLowerCase(Locale.ROOT));
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            String name = header.getKey();
            Object value = header.getValue();
            if (value == null
                    || !choice.isSent(name)
                    || own.contains(name.toLowerCase(Locale.ROOT))
                    || filter.applyFilterToCamelHeaders(name, value, exchange)) {
                continue;
            }
            if (!choice.isNamed(name) && !MessageComposer.isFieldName(name)) {
                LOG.debug("left out of the mail a header whose name no field can have: {}", FieldText.loggable(name));
                continue;
            }
            if (name.equalsIgnoreCase("Date")) {
                FieldText.date(value).ifPresent(composer::date);
            } else if (!MessageComposer.isReserved(name)) {
                FieldText.values(exchange, value).forEach(text -> composer.header(name, text));
            }
        }
    }

    // ---- body

    private void addBody(MessageComposer composer) throws IOException {
        type.charset().ifPresent(composer::charset);
        String alternative = message.getHeader(configuration.getAlternativeBodyHeader(), String.class);
        Object body = message.getBody();
        if (type.isMultipart()) {
            addMultipart(composer, body);
        } else if (alternative != null) {
            addBodyWithAlternative(composer.text(alternative), body);
        } else if (!fileName().isEmpty() && !(type.isHtml() && !attachments().isEmpty())) {
            addContent(composer, body);
        } else if (type.isHtml()) {
            composer.html(text());
        } else if (type.isPlain()) {
            composer.text(type.withoutCharset(), text());
        } else if (type.isText() && body instanceof CharSequence) {
            composer.text(type.withoutCharset(), text());
        } else {
            addContent(composer, body);
        }
    }

    /**
     * What the route has made is written as it is, as by camel-mail. A body that is no multipart, whatever its type says,
     * is the text that it is.
     */
    private void addMultipart(MessageComposer composer, Object body) throws IOException {
        Octets octets = body instanceof CharSequence text
                ? EncodedText.of(text.toString(), type).octets()
                : spooledBody(body);
        if (!composer.multipart(type.value(), octets)) {
            composer.text(text());
        }
    }

    /** camel-mail: the alternative is the plain text, and the body the better of the two, whatever it is. */
    private void addBodyWithAlternative(MessageComposer composer, Object body) throws IOException {
        if (type.isHtml() || type.isPlain()) {
            // Plain is what nobody has said otherwise; an alternative to it makes sense only if it is markup.
            composer.html(text());
        } else if (type.isText() && body instanceof CharSequence) {
            composer.html(type.withoutCharset(), text());
        } else {
            addContent(composer, body);
        }
    }

    private void addContent(MessageComposer composer, Object body) throws IOException {
        if (body instanceof CharSequence text) {
            EncodedText encoded = EncodedText.of(text.toString(), type);
            addFile(composer, encoded.type(), encoded.octets());
        } else {
            addFile(composer, type.value(), spooledBody(body));
        }
    }

    private void addFile(MessageComposer composer, String contentType, Octets octets) throws IOException {
        String name = fileName();
        String nameless = name.isEmpty() ? null : BodyType.cleaned(contentType);
        composer.content(name, nameless == null ? contentType : nameless, octets::open);
    }

    /** Of a received mail that is one file, as long as that is the body; else empty. */
    private String fileName() throws IOException {
        if (!(message instanceof MailMessage received) || !received.isBodyOriginal()) {
            return "";
        }
        MimePart root = received.getMail().parsed().root();
        return root.isMultipart() ? "" : FieldText.fileName(root.fileName().orElse(""));
    }

    /** A string as octets and the type that says how to read them: UTF-8 for what the charset asked for lacks. */
    private record EncodedText(String type, Octets octets) {
        static EncodedText of(String text, BodyType type) {
            Charset wanted = type.charsetOrUtf8();
            Optional<byte[]> encoded = MailCharsets.encode(text, wanted);
            Charset used = encoded.isPresent() ? wanted : StandardCharsets.UTF_8;
            byte[] octets = encoded.orElseGet(() -> text.getBytes(StandardCharsets.UTF_8));
            return new EncodedText(type.labelled(used), Octets.of(octets));
        }
    }

    /** The body as text, by Camel's own conversion: octets are read as CamelCharsetName says, else as UTF-8. */
    private String text() {
        Object body = message.getBody();
        if (body == null) {
            return "";
        }
        String text = message.getBody(String.class);
        if (text == null) {
            throw new IllegalArgumentException(
                    "the body of type " + body.getClass().getName() + " is no text");
        }
        return text;
    }

    private Octets spooledBody(Object body) throws IOException {
        InputStream in = message.getBody(InputStream.class);
        if (in == null && body != null) {
            throw new IllegalArgumentException(
                    "the body of type " + body.getClass().getName() + " is no octets");
        }
        return keep(in == null ? InputStream.nullInputStream() : in);
    }

    private Octets keep(InputStream in) throws IOException {
        try (in) {
            Octets octets = spool.copy(in);
            temporary.add(octets);
            return octets;
        }
    }

    // ---- attachments

    /** But for the one that the body is already. */
    private Map<String, org.apache.camel.attachment.Attachment> attachments() throws IOException {
        AttachmentMessage attached = exchange.getMessage(AttachmentMessage.class);
        if (attached == null || !attached.hasAttachments()) {
            return Map.of();
        }
        Map<String, org.apache.camel.attachment.Attachment> beside =
                new LinkedHashMap<>(attached.getAttachmentObjects());
        if (message instanceof MailMessage received) {
            for (String key : List.copyOf(beside.keySet())) {
                if (received.isBody(beside.get(key))) {
                    beside.remove(key);
                }
            }
        }
        return beside;
    }

    private void addAttachments(MessageComposer composer) throws IOException {
        for (Map.Entry<String, org.apache.camel.attachment.Attachment> entry :
                attachments().entrySet()) {
            composer.attach(attachment(entry.getKey(), entry.getValue()));
        }
    }

    private Attachment attachment(String key, org.apache.camel.attachment.Attachment attachment) throws IOException {
        boolean isReferred = key.regionMatches(true, 0, CID, 0, CID.length());
        Optional<String> id = isReferred
                ? Optional.of(contentId(key.substring(CID.length())))
                : Optional.ofNullable(attachment.getHeader("Content-ID"))
                        .map(ComposedMail::withoutBrackets)
                        .filter(found -> USABLE_ID.matcher(found).matches());
        String name = FieldText.fileName(isReferred ? key.substring(CID.length()) : key);
        DataHandler handler = attachment.getDataHandler();
        BodyType attachmentType = BodyType.ofAttachment(exchange, configuration, attachmentType(name, attachment));
        EncodedText text = AttachmentOctets.text(handler)
                .map(found -> EncodedText.of(found, attachmentType))
                .orElse(null);
        Octets octets = text == null ? keep(open(key, handler)) : text.octets();
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : attachment.getHeaderNames()) {
            if (PART_FIELDS.contains(field.toLowerCase(Locale.ROOT))) {
                fields.put(
                        field,
                        LINE_END.matcher(FieldText.oneLine(attachment.getHeader(field)))
                                .replaceAll(" "));
            }
        }
        boolean isInline = isReferred || configuration.isUseInlineAttachments();
        String written = text == null ? attachmentType.value() : text.type();
        return new Attachment(name, written, id, isInline, fields, octets::open);
    }

    private InputStream open(String key, DataHandler handler) throws IOException {
        InputStream in = AttachmentOctets.open(exchange, handler);
        if (in == null) {
            throw new IllegalArgumentException("the attachment " + FieldText.loggable(key)
                    + " cannot be sent: its data source ("
                    + handler.getDataSource().getClass().getName() + ") gives no input stream");
        }
        return in;
    }

    /**
     * The Content-ID for {@code cid:name}. What cannot stand in one is percent-encoded, as it is in the URL (RFC 2392 §2,
     * RFC 3986 §2.1). Blanks within stay, which mail programs take.
     */
    private static String contentId(String name) {
        StringBuilder id = new StringBuilder(name.length());
        for (byte octet : name.strip().getBytes(StandardCharsets.UTF_8)) {
            boolean isUsable = octet >= ' ' && octet <= '~' && octet != '<' && octet != '>';
            if (isUsable) {
                id.append((char) octet);
            } else {
                id.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        // Nothing can refer to nothing, but the part stands with the HTML all the same.
        return id.isEmpty() || id.length() > MAX_ID ? UUID.randomUUID() + "@localhost" : id.toString();
    }

    /** By the resolver, else as the attachment says, else unknown. */
    private String attachmentType(String name, org.apache.camel.attachment.Attachment attachment) {
        ContentTypeResolver resolver = configuration.getContentTypeResolver();
        String resolved = resolver == null ? null : resolver.resolveContentType(name);
        if (resolved != null) {
            return BodyType.repaired(resolved);
        }
        String said = BodyType.cleaned(attachment.getHeader("Content-Type"));
        if (said == null) {
            said = BodyType.cleaned(AttachmentOctets.contentType(attachment.getDataHandler()));
        }
        return said == null ? "application/octet-stream" : said;
    }

    private static String withoutBrackets(String id) {
        String bare = id.strip();
        return bare.startsWith("<") && bare.endsWith(">") ? bare.substring(1, bare.length() - 1) : bare;
    }
}
