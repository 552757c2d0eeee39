package io.mailproto.imap;

import java.util.Locale;

/**
 * A part of a message that FETCH can give: {@code BODY[section]} of RFC 3501 §6.4.5.
 *
 * @param spec what stands between the brackets, in capitals; empty for the whole message
 * @param origin first octet of a partial answer, or {@link #NO_ORIGIN}
 */
public record BodySection(String spec, long origin) {
    /** The answer is not partial. */
    public static final long NO_ORIGIN = -1;

    /** The whole message. */
    public static final BodySection WHOLE = new BodySection("", NO_ORIGIN);

    /** The header of the message with the empty line. */
    public static final BodySection HEADER = new BodySection("HEADER", NO_ORIGIN);

    /** The message without its header. */
    public static final BodySection TEXT = new BodySection("TEXT", NO_ORIGIN);

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
        return new BodySection("HEADER.FIELDS (" + String.join(" ", names).toUpperCase(Locale.ROOT) + ")", NO_ORIGIN);
    }

    /** What a server called it. */
    static BodySection parsed(String spec, long origin) {
        // Almost always: no new object for each message.
        return spec.isEmpty() && origin == NO_ORIGIN ? WHOLE : new BodySection(spec.toUpperCase(Locale.ROOT), origin);
    }

    /** The data item for a FETCH command. */
    String item(boolean peek) {
        return (peek ? "BODY.PEEK[" : "BODY[") + spec + "]";
    }
}
