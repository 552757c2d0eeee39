package io.mailproto.mime;

import io.mailproto.address.Domain;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a message (RFC 5322, MIME) from its ingredients. Strict: names and values that would break the message, or bring
 * fields of their own into it, are refused with {@link IllegalArgumentException} when they are given. There is no Bcc: who
 * gets a blind copy is the envelope's matter.
 *
 * <p>Set up by one thread; {@link #writeTo} may then be called several times and gives the same octets each time, as long
 * as the attachments do.
 *
 * <pre>{@code
 * new MessageComposer()
 *         .from(NamedAddress.parse("Ann <ann@example.com>"))
 *         .to(NamedAddress.parseList("bob@example.org"))
 *         .subject("Figures")
 *         .text("See the file.")
 *         .attach(Attachment.of("figures.csv", "text/csv", octets))
 *         .writeTo(out);
 * }</pre>
 */
public final class MessageComposer {

    static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    /** Fields that the composer writes itself, or that nobody else must see. */
    private static final Set<String> RESERVED = Set.of(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "resent-bcc",
            "subject",
            "date",
            "message-id",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "content-disposition",
            "content-id");

    private static final String PLAIN = "text/plain";
    private static final String HTML = "text/html";

    private record Extra(String name, String value) {}

    private List<NamedAddress> from = List.of();
    private Optional<NamedAddress> sender = Optional.empty();
    private List<NamedAddress> replyTo = List.of();
    private List<NamedAddress> to = List.of();
    private List<NamedAddress> cc = List.of();
    private String subject = "";
    private OffsetDateTime date = OffsetDateTime.now();
    private String messageId;
    private final List<Extra> extras = new ArrayList<>();
    private String textType = PLAIN;
    private String text;
    private String htmlType = HTML;
    private String html;
    private Charset charset;
    private Attachment content;
    private MimeBody.Made multipart;
    private final List<Attachment> attachments = new ArrayList<>();
    private MimeBody body;

    public MessageComposer from(NamedAddress... authors) {
        this.from = List.of(authors);
        return this;
    }

    /** Who sent it for the authors; needed if there are several (RFC 5322 §3.6.2). */
    public MessageComposer sender(NamedAddress agent) {
        this.sender = Optional.of(agent);
        return this;
    }

    public MessageComposer replyTo(List<NamedAddress> addresses) {
        this.replyTo = List.copyOf(addresses);
        return this;
    }

    public MessageComposer to(List<NamedAddress> addresses) {
        this.to = List.copyOf(addresses);
        return this;
    }

    public MessageComposer cc(List<NamedAddress> addresses) {
        this.cc = List.copyOf(addresses);
        return this;
    }

    public MessageComposer subject(String words) {
        FieldBody.requireSafe("the subject", words);
        this.subject = words;
        return this;
    }

    /** When it was written; the moment this composer was made, if not set. */
    public MessageComposer date(OffsetDateTime moment) {
        this.date = moment;
        return this;
    }

    /**
     * The Message-ID, with or without its angle brackets; a new one in the domain of the first author, if not set.
     *
     * @throws IllegalArgumentException if it has white space, control characters, brackets or characters beyond ASCII
     */
    public MessageComposer messageId(String id) {
        this.messageId = MessageIds.inBrackets(id);
        return this;
    }

    /**
     * One more field. A text beyond ASCII is encoded; encoded words that the value has already stay as they are.
     *
     * @throws IllegalArgumentException if the name is no field name or belongs to the composer, or the value has CR, LF or
     *     NUL
     */
    public MessageComposer header(String name, String value) {
        FieldBody.requireName(name);
        if (isReserved(name)) {
            throw new IllegalArgumentException("the field " + name + " cannot be given as an extra header");
        }
        FieldBody.requireSafe("the value of " + name, value);
        extras.add(new Extra(name, value));
        return this;
    }

    /** True if a field can have this name (RFC 5322 §2.2): printable ASCII without colon and blank, at most 76 characters. */
    public static boolean isFieldName(String name) {
        return FieldBody.isName(name);
    }

    /** True for the fields that {@link #header} refuses, whatever the case. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The plain body; its line ends become CRLF. */
    public MessageComposer text(String plain) {
        this.text = plain;
        return this;
    }

    /**
     * A plain body of another type, such as {@code text/calendar; method=REQUEST}.
     *
     * @throws IllegalArgumentException if it is no content type, is a multipart, or names a charset, which belongs to
     *     {@link #charset}
     */
    public MessageComposer text(String contentType, String plain) {
        this.textType = requireTextType(contentType);
        this.text = plain;
        return this;
    }

    private static String requireTextType(String contentType) {
        if (contentType.equals(PLAIN) || contentType.equals(HTML)) {
            return contentType;
        }
        MediaTypes.require("the content type of the body", contentType);
        ParameterizedValue type = ParameterizedValue.parse(contentType);
        if (type.value().startsWith("multipart/") || type.parameters().containsKey("charset")) {
            throw new IllegalArgumentException("the content type of the body must be no multipart and name no charset");
        }
        return contentType.strip();
    }

    /**
     * A body that is a multipart already, parts and boundaries: it is written as it is, its octets beyond ASCII too.
     * Attachments come beside it. They are not looked into, but that the boundary occurs.
     *
     * @param contentType with its parameter boundary
     * @param made to stay readable until the message is composed
     * @return false, with nothing changed, if the octets are no multipart of that boundary
     * @throws IOException if they cannot be read
     * @throws IllegalArgumentException if it is no content type
     */
    public boolean multipart(String contentType, Octets made) throws IOException {
        MediaTypes.require("the content type of the body", contentType);
        String boundary = ParameterizedValue.parse(contentType).parameters().get("boundary");
        if (boundary == null || !MimeBody.Made.hasDelimiter(made, boundary)) {
            return false;
        }
        this.multipart = new MimeBody.Made(contentType.strip(), made);
        return true;
    }

    /** The HTML body; together with a plain one they become alternatives. */
    public MessageComposer html(String markup) {
        this.html = markup;
        return this;
    }

    /**
     * A text of another type in the place of HTML, such as {@code text/calendar; method=REQUEST}.
     *
     * @throws IllegalArgumentException if it is no content type, is a multipart, or names a charset, which belongs to
     *     {@link #charset}
     */
    public MessageComposer html(String contentType, String rich) {
        this.htmlType = requireTextType(contentType);
        this.html = rich;
        return this;
    }

    /**
     * A body of any type, instead of HTML: its octets come back as they are. Together with a plain one they become
     * alternatives.
     *
     * @param contentType with its parameters; a multipart travels as {@code application/octet-stream}, and so does a
     *     message that has more than lines of ASCII
     * @throws IllegalArgumentException if it is no content type
     */
    public MessageComposer content(String contentType, Attachment.Source octets) {
        return content("", contentType, octets);
    }

    /** As {@link #content(String, Attachment.Source)}, with the name of a file; the type names none. */
    public MessageComposer content(String fileName, String contentType, Attachment.Source octets) {
        this.content = Attachment.of(fileName, contentType, octets);
        return this;
    }

    /**
     * The charset of both bodies. UTF-8 if not set, named US-ASCII where that is enough, and for a body with characters
     * that the charset does not have.
     */
    public MessageComposer charset(Charset bodies) {
        this.charset = bodies;
        return this;
    }

    public MessageComposer attach(Attachment file) {
        attachments.add(file);
        return this;
    }

    /** True if an address can only be written in UTF-8, so that the message needs SMTPUTF8 (RFC 6531). */
    public boolean needsUtf8() {
        return needUtf8(from)
                || needUtf8(replyTo)
                || needUtf8(to)
                || needUtf8(cc)
                || (sender.isPresent() && sender.get().address().hasLocalPartBeyondAscii());
    }

    private static boolean needUtf8(List<NamedAddress> addresses) {
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.get(i).address().hasLocalPartBeyondAscii()) {
                return true;
            }
        }
        return false;
    }

    /** The Message-ID with its angle brackets, as it is or will be written. */
    public String messageId() {
        if (messageId == null) {
            messageId = MessageIds.next(
                    from.isEmpty() ? Domain.NONE : from.get(0).address().domain());
        }
        return messageId;
    }

    /**
     * Writes the message with CRLF line ends, the last one included. Attachments are streamed. Blocks on the target and on
     * the attachments; does not close or flush the target.
     *
     * <p>Attachments and {@link #content} come back octet for octet. Line ends of texts are CRLF then, and a text that is the
     * whole body and does not end with a line end may have got one.
     *
     * @throws IOException from the target or an attachment; what was written then is no whole message
     */
    public void writeTo(OutputStream target) throws IOException {
        if (body == null) {
            body = body();
        }
        StringBuilder head = new StringBuilder(512);
        new FieldBody(head, "Date").append(MailDate.text(date)).end();
        appendAddresses(head, "From", from);
        appendAddresses(head, "Sender", sender.isPresent() ? List.of(sender.get()) : List.of());
        appendAddresses(head, "Reply-To", replyTo);
        appendAddresses(head, "To", to);
        appendAddresses(head, "Cc", cc);
        if (!subject.isBlank()) {
            FieldBody.text(head, "Subject", subject).end();
        }
        new FieldBody(head, "Message-ID").append(messageId()).end();
        for (Extra extra : extras) {
            FieldBody.text(head, extra.name(), extra.value()).end();
        }
        head.append("MIME-Version: 1.0\r\n");
        writeHead(target, head);
        body.writeTo(target, true);
    }

    private static void writeHead(OutputStream target, StringBuilder head) throws IOException {
        if (MailText.isAscii(head)) {
            MailText.writeOctets(target, head);
        } else {
            target.write(head.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes the message onto a spool, to be released as soon as it has been sent ({@link Spool#newPassingWriter}). */
    public Octets compose(Spool spool) throws IOException {
        try (SpoolWriter writer = spool.newPassingWriter()) {
            writeTo(writer);
            return writer.finish();
        }
    }

    private MimeBody body() {
        if (multipart != null) {
            return MimeBody.of(multipart, attachments);
        }
        if (content == null) {
            return MimeBody.of(textType, text, htmlType, html, charset, attachments);
        }
        return MimeBody.of(content, text == null ? null : new MimeBody.Text(textType, text, charset), attachments);
    }

    private static void appendAddresses(StringBuilder head, String name, List<NamedAddress> addresses) {
        if (!addresses.isEmpty()) {
            FieldBody.addresses(head, name, addresses).end();
        }
    }
}
