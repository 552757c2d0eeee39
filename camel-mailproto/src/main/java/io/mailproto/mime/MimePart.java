package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A part of a message, or a whole message as its own outermost part: a head and a range of the message's octets.
 * Immutable, thread-safe; usable as long as the octets are. Methods that read the body may block on the disk and throw
 * {@link IOException} if the spool fails, never for what the octets are.
 */
public final class MimePart {

    private static final int MAX_BUFFER = 8 * 1024;
    /** Strings of more octets than this could not be made. */
    private static final long MAX_TEXT = 1024L * 1024 * 1024;

    private static final ParameterizedValue UNKNOWN_FILE = new ParameterizedValue("application/octet-stream", Map.of());

    private final Octets octets;
    private final HeaderFields headers;
    private final ParameterizedValue type;
    private final ParameterizedValue disposition;
    private final ContentDecoding decoding;
    private final String rawFileName;
    private final String fileName;
    private final Range range;
    private final List<MimePart> parts;
    private volatile long decodedSize = -1;

    /**
     * Where a part is within the octets.
     *
     * @param start of its head
     * @param from first octet of its content
     * @param to behind its content
     * @param mayHaveFiles false if no line of the content starts as a file in uuencode does
     */
    record Range(long start, long from, long to, boolean mayHaveFiles) {}

    MimePart(
            Octets octets,
            HeaderFields headers,
            ParameterizedValue type,
            ContentDecoding decoding,
            Range range,
            List<MimePart> parts) {
        this.octets = octets;
        this.headers = headers;
        this.type = type;
        this.disposition = headers.value("Content-Disposition")
                .map(ParameterizedValue::parse)
                .orElse(ParameterizedValue.EMPTY);
        // RFC 2045 §6.4: only such encodings of a multipart that leave it as it is.
        this.decoding = parts.isEmpty() ? decoding : ContentDecoding.NONE;
        this.rawFileName = rawFileName(disposition, type);
        this.fileName = cleanFileName(rawFileName);
        this.range = range;
        this.parts = parts;
    }

    /** A file that stands in the middle of a text, in uuencode. */
    private MimePart(MimePart text, long from, long to, String name) {
        this.octets = text.octets;
        this.headers = HeaderFields.NONE;
        this.type = UNKNOWN_FILE;
        this.disposition = new ParameterizedValue("attachment", Map.of());
        this.decoding = ContentDecoding.UUENCODE;
        this.rawFileName = name;
        this.fileName = cleanFileName(name);
        this.range = new Range(from, from, to, false);
        this.parts = List.of();
    }

    MimePart uuencoded(long start, long end, String name) {
        return new MimePart(this, start, end, name);
    }

    /** The header fields of the part; none for a file that stands in the middle of a text. */
    public HeaderFields headers() {
        return headers;
    }

    /** Type and subtype in lower case without parameters; {@code text/plain} if there is none that makes sense. */
    public String contentType() {
        return type.value();
    }

    /** The Content-Type field as it stands there, unfolded, if it makes sense; else {@link #contentType()}. */
    public String contentTypeField() {
        return headers.value("Content-Type")
                .filter(field -> ParameterizedValue.parse(field).value().equals(type.value()))
                .orElse(type.value());
    }

    /** Parameters of the content type by lower-case name, decoded as RFC 2231 says; unmodifiable. */
    public Map<String, String> parameters() {
        return type.parameters();
    }

    /** The charset that is declared, or what mail means by it; empty if none is declared or it is unknown here. */
    public Optional<Charset> charset() {
        return Optional.ofNullable(declaredCharset());
    }

    private Charset declaredCharset() {
        String label = type.parameters().get("charset");
        return label == null ? null : MailCharsets.lookup(label);
    }

    /** {@code attachment}, {@code inline} or another word in lower case; empty if there is no Content-Disposition. */
    public Optional<String> disposition() {
        return disposition.value().isEmpty() ? Optional.empty() : Optional.of(disposition.value());
    }

    /**
     * The file name, from the disposition or else from the content type, with RFC 2231 and RFC 2047 decoded. Only its
     * last segment, so that it never leads out of a directory, and without control characters.
     */
    public Optional<String> fileName() {
        return Optional.ofNullable(fileName);
    }

    /**
     * {@link #fileName()} as it is written, in encoded words (RFC 2047) if it has any; but decoded, as there, if they hide a
     * path or control characters.
     */
    public Optional<String> encodedFileName() {
        if (fileName == null || rawFileName.indexOf("=?") < 0) {
            return fileName();
        }
        // A fold between two words may have left it.
        String written = rawFileName.replace('\t', ' ').strip();
        String said = EncodedWords.decodeWithLineEnds(written);
        boolean isSafe = said.indexOf('/') < 0
                && said.indexOf('\\') < 0
                && said.chars().noneMatch(Character::isISOControl)
                && written.chars().noneMatch(Character::isISOControl);
        return isSafe ? Optional.of(written) : fileName();
    }

    private static String rawFileName(ParameterizedValue disposition, ParameterizedValue type) {
        String name = disposition.parameters().get("filename");
        return cleanFileName(name) != null ? name : type.parameters().get("name");
    }

    private static String cleanFileName(String raw) {
        if (raw == null) {
            return null;
        }
        String name = EncodedWords.decode(raw);
        name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        if (name.chars().anyMatch(Character::isISOControl)) {
            StringBuilder clean = new StringBuilder(name.length());
            name.codePoints().filter(c -> !Character.isISOControl(c)).forEach(clean::appendCodePoint);
            name = clean.toString();
        }
        name = name.strip();
        return name.isEmpty() || name.equals(".") || name.equals("..") ? null : name;
    }

    /** The Content-ID without its angle brackets, as {@code cid:} links name it. */
    public Optional<String> contentId() {
        return headers.value("Content-ID")
                .map(id -> id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id)
                .map(String::strip)
                .filter(id -> !id.isEmpty());
    }

    /** The Content-Transfer-Encoding in lower case; {@code 7bit} if there is none. */
    public String transferEncoding() {
        return transferEncoding(headers);
    }

    static String transferEncoding(HeaderFields headers) {
        String value = headers.value("Content-Transfer-Encoding").orElse("");
        boolean isPlain = value.indexOf(';') < 0 && value.indexOf('(') < 0;
        String encoding = isPlain
                ? value.toLowerCase(Locale.ROOT)
                : ParameterizedValue.parse(value).value();
        return encoding.isEmpty() ? "7bit" : encoding;
    }

    ContentDecoding decoding() {
        return decoding;
    }

    /** Where the content starts within the message. */
    long from() {
        return range.from();
    }

    boolean mayHaveFiles() {
        return range.mayHaveFiles();
    }

    Octets octets() {
        return octets;
    }

    /** The parts of a multipart; empty for a leaf, also for a multipart in which none could be found. */
    public List<MimePart> parts() {
        return parts;
    }

    /** True if it has parts. */
    public boolean isMultipart() {
        return !parts.isEmpty();
    }

    /** True for a leaf of type {@code text/*}. */
    public boolean isText() {
        return parts.isEmpty() && type.value().startsWith("text/");
    }

    /**
     * True for a leaf that is no part of the readable text: disposition {@code attachment}, or a file name, or a type that
     * people do not read: neither {@code text/*} nor {@code multipart/*}, or a calendar, a visiting card, a copy of header
     * fields. A {@code message/rfc822} is one attachment.
     */
    public boolean isAttachment() {
        return parts.isEmpty() && (fileName != null || disposition.value().equals("attachment") || !isReadable());
    }

    private boolean isReadable() {
        return switch (type.value()) {
            case "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rfc822-headers" -> false;
            default -> type.value().startsWith("text/") || type.value().startsWith("multipart/");
        };
    }

    /** A new stream of the content without its transfer encoding. Needs no closing. For one thread. */
    public InputStream open() throws IOException {
        InputStream encoded = openEncoded();
        int buffer = (int) Math.max(16, Math.min(encodedSize(), MAX_BUFFER));
        return decoding.decode(encoded, buffer);
    }

    /** A new stream of the content as it is in the message. Needs no closing. For one thread. */
    public InputStream openEncoded() throws IOException {
        return octets.open(range.from(), encodedSize());
    }

    /**
     * A new stream of the part's header section and content as they are in the message: what a signature is made over
     * (RFC 1847 §2.1). Needs no closing. For one thread.
     */
    public InputStream openEntire() throws IOException {
        return octets.open(range.start(), range.to() - range.start());
    }

    /** Number of octets that {@link #open()} gives; read through once to find out, where the encoding demands it. */
    public long size() throws IOException {
        if (decodedSize < 0) {
            decodedSize = decoding.changesContent() ? countDecoded() : encodedSize();
        }
        return decodedSize;
    }

    private long countDecoded() throws IOException {
        InputStream in = open();
        byte[] chunk = new byte[MAX_BUFFER];
        long total = 0;
        int read;
        while ((read = in.read(chunk, 0, chunk.length)) > 0) {
            total += read;
        }
        return total;
    }

    /** Number of octets of the content as it is in the message. */
    public long encodedSize() {
        return range.to() - range.from();
    }

    /**
     * The content as text, with the line ends it has. Charset: the declared one or what mail means by it; UTF-8 or
     * windows-1252 if it is missing, unknown or contradicts the octets. All of it comes onto the heap.
     *
     * @throws IOException if the spool fails, or beyond 1 GiB, for which there is no String
     */
    public String text() throws IOException {
        if (encodedSize() > MAX_TEXT) {
            throw new IOException(
                    "a text of " + encodedSize() + " octets is too large for a String; read it as a stream");
        }
        byte[] inPlace = decoding == ContentDecoding.NONE ? octets.memoryOrNull() : null;
        if (inPlace != null) {
            return MailCharsets.decode(inPlace, (int) range.from(), (int) encodedSize(), declaredCharset());
        }
        byte[] buffer = new byte[(int) encodedSize()];
        InputStream in = open();
        int length = 0;
        int read;
        // No encoding makes content longer than it is in the message.
        while (length < buffer.length && (read = in.read(buffer, length, buffer.length - length)) > 0) {
            length += read;
        }
        return MailCharsets.decode(buffer, 0, length, declaredCharset());
    }

    @Override
    public String toString() {
        return type.value() + ", " + (isMultipart() ? parts.size() + " parts" : encodedSize() + " octets");
    }
}
