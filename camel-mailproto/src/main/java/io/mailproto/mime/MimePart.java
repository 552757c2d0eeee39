package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;
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

    private final Octets octets;
    private final HeaderFields headers;
    private final ParameterizedValue type;
    private final long from;
    private final long to;
    private final List<MimePart> parts;
    private volatile long decodedSize = -1;

    MimePart(Octets octets, HeaderFields headers, ParameterizedValue type, long from, long to, List<MimePart> parts) {
        this.octets = octets;
        this.headers = headers;
        this.type = type;
        this.from = from;
        this.to = to;
        this.parts = parts;
    }

    public HeaderFields headers() {
        return headers;
    }

    /** Type and subtype in lower case without parameters; {@code text/plain} if there is none that makes sense. */
    public String contentType() {
        return type.value();
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
        return contentDisposition().map(ParameterizedValue::value).filter(value -> !value.isEmpty());
    }

    private Optional<ParameterizedValue> contentDisposition() {
        return headers.value("Content-Disposition").map(ParameterizedValue::parse);
    }

    /**
     * The file name, from the disposition or else from the content type, with RFC 2231 and RFC 2047 decoded. Only its
     * last segment, so that it never leads out of a directory, and without control characters.
     */
    public Optional<String> fileName() {
        String name = contentDisposition()
                .map(disposition -> disposition.parameters().get("filename"))
                .orElse(null);
        Optional<String> found = cleanFileName(name);
        return found.isPresent() ? found : cleanFileName(type.parameters().get("name"));
    }

    private static Optional<String> cleanFileName(String raw) {
        if (raw == null) {
            return Optional.empty();
        }
        String name = EncodedWords.decode(raw);
        name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        StringBuilder clean = new StringBuilder(name.length());
        name.codePoints().filter(c -> !Character.isISOControl(c)).forEach(clean::appendCodePoint);
        name = clean.toString().strip();
        return name.isEmpty() || name.equals(".") || name.equals("..") ? Optional.empty() : Optional.of(name);
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
        return headers.value("Content-Transfer-Encoding")
                .map(value -> ParameterizedValue.parse(value).value())
                .filter(value -> !value.isEmpty())
                .orElse("7bit");
    }

    static boolean isKnownEncoding(String encoding) {
        return switch (encoding) {
            case "7bit", "8bit", "binary", "base64", "quoted-printable" -> true;
            default -> false;
        };
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
     * is neither {@code text/*} nor {@code multipart/*}. A {@code message/rfc822} is one attachment.
     */
    public boolean isAttachment() {
        if (isMultipart()) {
            return false;
        }
        boolean isReadable = type.value().startsWith("text/") || type.value().startsWith("multipart/");
        return !isReadable
                || disposition().filter("attachment"::equals).isPresent()
                || fileName().isPresent();
    }

    /** A new stream of the content without its transfer encoding. Needs no closing. For one thread. */
    public InputStream open() throws IOException {
        InputStream encoded = openEncoded();
        int buffer = (int) Math.max(16, Math.min(to - from, MAX_BUFFER));
        return switch (transferEncoding()) {
            case "base64" -> isMultipart() ? encoded : new Base64Input(encoded, buffer);
            case "quoted-printable" -> isMultipart() ? encoded : new QuotedPrintableInput(encoded, buffer);
            default -> encoded;
        };
    }

    /** A new stream of the content as it is in the message. Needs no closing. For one thread. */
    public InputStream openEncoded() throws IOException {
        return octets.open(from, to - from);
    }

    /** Number of octets that {@link #open()} gives; read through once to find out, where the encoding demands it. */
    public long size() throws IOException {
        if (decodedSize < 0) {
            decodedSize = isDecodingNeeded() ? countDecoded() : encodedSize();
        }
        return decodedSize;
    }

    private boolean isDecodingNeeded() {
        String encoding = transferEncoding();
        return !isMultipart() && (encoding.equals("base64") || encoding.equals("quoted-printable"));
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
        return to - from;
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
