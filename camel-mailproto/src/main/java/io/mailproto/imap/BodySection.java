package io.mailproto.imap;

import java.util.Locale;

/**
 * A part of a message that FETCH can give: {@code BODY[section]} of RFC 3501 §6.4.5.
 *
 * <p>Two are equal if a server answers both in the same way; so the length, which an answer does not name, does not count.
 *
 * @param spec what stands between the brackets, in capitals; empty for the whole message
 * @param origin first octet of a partial answer, or {@link #NO_ORIGIN}
 * @param length how many octets to ask for from there; 0 where nothing is asked
 * @param isDecoded without its content transfer encoding ({@code BINARY[section]} of RFC 3516)?
 */
public record BodySection(String spec, long origin, long length, boolean isDecoded) {
    /** The answer is not partial. */
    public static final long NO_ORIGIN = -1;

    /** The whole message. */
    public static final BodySection WHOLE = new BodySection("", NO_ORIGIN, 0, false);

    /** The header of the message with the empty line. */
    public static final BodySection HEADER = new BodySection("HEADER", NO_ORIGIN, 0, false);

    /** The message without its header. */
    public static final BodySection TEXT = new BodySection("TEXT", NO_ORIGIN, 0, false);

    /**
     * Some fields of the header.
     *
     * @throws IllegalArgumentException if there is none or one is no field name that IMAP can ask for
     */
    public static BodySection headerFields(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("name at least one header field");
        }
        for (String name : names) {
            if (!ImapText.isAtom(name) || name.indexOf(':') >= 0) {
                throw new IllegalArgumentException("not the name of a header field: " + ImapText.shown(name));
            }
        }
        return new BodySection(
                "HEADER.FIELDS (" + String.join(" ", names).toUpperCase(Locale.ROOT) + ")", NO_ORIGIN, 0, false);
    }

    /** What a server called it. */
    static BodySection parsed(String spec, long origin) {
        // Almost always: no new object for each message.
        return spec.isEmpty() && origin == NO_ORIGIN
                ? WHOLE
                : new BodySection(spec.toUpperCase(Locale.ROOT), origin, 0, false);
    }

    /**
     * One part of a message with several.
     *
     * @param path numbers from 1 with dots between, such as {@code 2} or {@code 1.3}, as BODYSTRUCTURE counts
     */
    public static BodySection part(String path) {
        if (!path.matches("[1-9][0-9]{0,5}(\\.[1-9][0-9]{0,5}){0,99}")) {
            throw new IllegalArgumentException("not the number of a part, such as 2 or 1.3: " + ImapText.shown(path));
        }
        return new BodySection(path, NO_ORIGIN, 0, false);
    }

    /** The MIME header of one part. */
    public static BodySection partHeader(String path) {
        return new BodySection(part(path).spec() + ".MIME", NO_ORIGIN, 0, false);
    }

    /** The same without its content transfer encoding; needs BINARY (RFC 3516). */
    public BodySection decoded() {
        return new BodySection(spec, origin, length, true);
    }

    /**
     * Some octets of it.
     *
     * @param from first octet, from 0
     * @param octets how many at most, from 1; fewer come at the end
     */
    public BodySection range(long from, long octets) {
        if (from < 0 || octets < 1 || from > NumberRanges.MAX || octets > NumberRanges.MAX) {
            throw new IllegalArgumentException("a range of octets begins at 0 or later and has at least one, both at"
                    + " most " + NumberRanges.MAX + ": " + octets + " from " + from);
        }
        return new BodySection(spec, from, octets, isDecoded);
    }

    /** The same, not partial. */
    BodySection entire() {
        return new BodySection(spec, NO_ORIGIN, 0, isDecoded);
    }

    /** The data item for a FETCH command. */
    String item(boolean peek) {
        String item = (isDecoded ? "BINARY" : "BODY") + (peek ? ".PEEK[" : "[") + spec + "]";
        return length == 0 ? item : item + "<" + origin + "." + length + ">";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BodySection that
                && origin == that.origin
                && isDecoded == that.isDecoded
                && spec.equals(that.spec);
    }

    @Override
    public int hashCode() {
        return spec.hashCode() * 31 + Long.hashCode(origin) + (isDecoded ? 1 : 0);
    }
}
