package io.mailproto.mime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One header field as it was found: a name and a body (RFC 5322 §2.2). Immutable, thread-safe.
 *
 * <p>The octets are kept; text is made when asked for.
 */
public final class HeaderField {

    private final HeaderFields section;
    private final int start;
    private final int nameEnd;
    private final int bodyStart;
    private final int end;

    HeaderField(HeaderFields section, int start, int nameEnd, int bodyStart, int end) {
        this.section = section;
        this.start = start;
        this.nameEnd = nameEnd;
        this.bodyStart = bodyStart;
        this.end = end;
    }

    /** As written, for example {@code Subject} or {@code SUBJECT}. */
    public String name() {
        return new String(section.octets(), start, nameEnd - start, StandardCharsets.ISO_8859_1);
    }

    /** True if this is the field's name; case does not count. */
    public boolean isNamed(String name) {
        if (name.length() != nameEnd - start) {
            return false;
        }
        byte[] octets = section.octets();
        for (int i = 0; i < name.length(); i++) {
            char wanted = name.charAt(i);
            char found = (char) (octets[start + i] & 0xff);
            if (wanted != found && lower(wanted) != lower(found)) {
                return false;
            }
        }
        return true;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    /** Name, colon and body with their folds and the last line end, as they came. */
    public byte[] octets() {
        return Arrays.copyOfRange(section.octets(), start, end);
    }

    /**
     * The body, unfolded and without white space at its ends; encoded words are left as they are. Octets beyond ASCII are
     * read as UTF-8 if they are that, else in the charset of the message's {@code Content-Type}, else as windows-1252.
     */
    public String value() {
        byte[] octets = section.octets();
        int from = bodyStart;
        int to = end;
        while (from < to && isSpace(octets[from])) {
            from++;
        }
        while (to > from && isSpace(octets[to - 1])) {
            to--;
        }
        byte[] line = octets;
        int length = to - from;
        if (hasLineEnd(octets, from, to)) {
            line = new byte[length];
            length = 0;
            // RFC 5322 §2.2.3: unfolding removes the CRLF and keeps the white space behind it.
            for (int i = from; i < to; i++) {
                if (octets[i] != '\r' && octets[i] != '\n') {
                    line[length++] = octets[i];
                }
            }
            from = 0;
        }
        return MailCharsets.guess(line, from, length, section.eightBitCharset());
    }

    /** {@link #value()} with its encoded words decoded (RFC 2047), wherever they stand; never has CR, LF or NUL. */
    public String decoded() {
        String text = EncodedWords.decode(value());
        return text.indexOf(0) < 0 ? text : text.replace('\0', ' ');
    }

    /** True if it has an encoded word in an unknown charset, which is left as it is. */
    boolean hasUnknownWord() {
        byte[] octets = section.octets();
        for (int i = bodyStart; i + 1 < end; i++) {
            if (octets[i] == '=' && octets[i + 1] == '?') {
                return EncodedWords.hasUnknown(value());
            }
        }
        return false;
    }

    private static boolean hasLineEnd(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            if (octets[i] == '\r' || octets[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
    }

    @Override
    public String toString() {
        return name() + ": " + value();
    }
}
