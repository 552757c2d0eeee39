package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The header section of a message or of a part: fields in their order (RFC 5322 §2.2). Immutable, thread-safe. Names are
 * looked up without regard to case.
 *
 * <p>At most {@value HeadParser#MAX_FIELDS} fields and {@value HeadParser#MAX_OCTETS} octets are kept; see
 * {@link #truncated()}.
 */
public final class HeaderFields {

    static final HeaderFields NONE = new HeaderFields(HeadParser.ofPart(0));

    /** One read of a file is enough for most heads. */
    private static final int HEAD_BUFFER = 2 * 1024;

    private final byte[] octets;
    private final List<HeaderField> fields;
    private final boolean truncated;
    private final boolean hasOddLine;
    private final long bodyOffset;
    private final Charset eightBitCharset;

    HeaderFields(HeadParser parser) {
        this.octets = parser.octets();
        this.truncated = parser.truncated();
        this.hasOddLine = parser.hasOddLine();
        this.bodyOffset = parser.bodyOffset();
        List<HeaderField> found = new ArrayList<>(parser.count());
        for (int i = 0; i < parser.count(); i++) {
            found.add(new HeaderField(this, parser.start(i), parser.nameEnd(i), parser.bodyStart(i), parser.end(i)));
        }
        this.fields = Collections.unmodifiableList(found);
        this.eightBitCharset = parser.hasEightBit() ? declaredCharset() : MailCharsets.WINDOWS_1252;
    }

    /**
     * Reads the header section of a message and nothing behind it.
     *
     * @throws IOException if the spool fails; never for what the octets are
     */
    public static HeaderFields read(Octets message) throws IOException {
        return new HeaderFields(parse(message));
    }

    static HeadParser parse(Octets message) throws IOException {
        HeadParser parser = HeadParser.ofMessage();
        OctetLines lines = new OctetLines(message, 0, message.size(), HEAD_BUFFER);
        while (!parser.truncated() && lines.advance(HeadParser.MAX_OCTETS)) {
            if (parser.line(lines)) {
                break;
            }
        }
        parser.end(message.size());
        return parser;
    }

    /** All fields in their order; unmodifiable. */
    public List<HeaderField> all() {
        return fields;
    }

    /** The fields of a name in their order; empty if there is none. */
    public List<HeaderField> all(String name) {
        List<HeaderField> found = new ArrayList<>(1);
        for (HeaderField field : fields) {
            if (field.isNamed(name)) {
                found.add(field);
            }
        }
        return found;
    }

    /** The first field of a name. */
    public Optional<HeaderField> first(String name) {
        for (HeaderField field : fields) {
            if (field.isNamed(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /** The {@link HeaderField#value()} of the first field of a name. */
    public Optional<String> value(String name) {
        return first(name).map(HeaderField::value);
    }

    /** The {@link HeaderField#decoded()} of the first field of a name. */
    public Optional<String> decoded(String name) {
        return first(name).map(HeaderField::decoded);
    }

    /** Each name once, as its first field writes it, in the order of first fields. */
    public List<String> names() {
        // Not a nested search: a hostile head has thousands of fields.
        var seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        List<String> names = new ArrayList<>();
        for (HeaderField field : fields) {
            String name = field.name();
            if (seen.add(name)) {
                names.add(name);
            }
        }
        return names;
    }

    /** True if there were more fields or octets than are kept; those beyond the limit are not here. */
    public boolean truncated() {
        return truncated;
    }

    /** True if a line was passed over that is no field. */
    boolean hasOddLine() {
        return hasOddLine;
    }

    /** Where the body starts, or -1 if that was not found within the limit. */
    long bodyOffset() {
        return bodyOffset;
    }

    byte[] octets() {
        return octets;
    }

    Charset eightBitCharset() {
        // Null while the constructor looks for it.
        return eightBitCharset == null ? MailCharsets.WINDOWS_1252 : eightBitCharset;
    }

    private Charset declaredCharset() {
        Charset declared = value("Content-Type")
                .map(ParameterizedValue::parse)
                .map(type -> type.parameters().get("charset"))
                .map(MailCharsets::lookup)
                .orElse(null);
        boolean isOfUse = declared != null
                && !declared.equals(StandardCharsets.US_ASCII)
                && !declared.equals(StandardCharsets.UTF_8);
        return isOfUse ? declared : MailCharsets.WINDOWS_1252;
    }

    @Override
    public String toString() {
        return fields.size() + " header fields" + (truncated ? ", truncated" : "");
    }
}
