package io.mailproto.mime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Writes one header field: folded at 78 characters, text beyond ASCII in encoded words (RFC 5322 §2.2.3, RFC 2047). For
 * one thread.
 *
 * <p>What would end the line is refused, so that no value can bring in a field of its own.
 */
final class FieldBody {

    private static final int SOFT_LIMIT = 78;
    /** RFC 5322 §2.1.1, without the CRLF. */
    private static final int HARD_LIMIT = 998;
    /** RFC 2047 §2: a line with an encoded word has at most 76 characters, the word itself 75. */
    private static final int MAX_ENCODED_LINE = 76;

    private static final int MAX_ENCODED_WORD = 75;
    private static final String PREFIX_Q = "=?UTF-8?Q?";
    private static final String PREFIX_B = "=?UTF-8?B?";
    private static final int FRAME = PREFIX_Q.length() + 2;
    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    /** Perhaps with other fields in front. */
    private final StringBuilder field;

    private final int start;
    private int column;

    FieldBody(String name) {
        this(new StringBuilder(128), name);
    }

    /** A field behind others; {@link #end} ends it. */
    FieldBody(StringBuilder fields, String name) {
        requireName(name);
        field = fields;
        start = fields.length();
        field.append(name).append(':');
        column = name.length() + 1;
    }

    static void requireName(String name) {
        if (name.isEmpty() || name.length() > SOFT_LIMIT - 2) {
            throw new IllegalArgumentException("a header name must have 1 to " + (SOFT_LIMIT - 2) + " characters");
        }
        if (!isName(name)) {
            throw new IllegalArgumentException("a header name has a character that is not allowed there");
        }
    }

    static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c > '~' || c == ':') {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= SOFT_LIMIT - 2;
    }

    /** Refuses what would end a line or a string: CR, LF and NUL. */
    static void requireSafe(String what, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException(what + " has a line end or NUL in it");
            }
        }
    }

    /** A field of free text. */
    static FieldBody text(String name, String value) {
        return text(new StringBuilder(128), name, value);
    }

    /** A field of free text behind others. */
    static FieldBody text(StringBuilder fields, String name, String value) {
        FieldBody body = new FieldBody(fields, name);
        requireSafe("the value of " + name, value);
        body.appendText(value.strip());
        return body;
    }

    /** A field of addresses. */
    static FieldBody addresses(String name, List<NamedAddress> addresses) {
        return addresses(new StringBuilder(128), name, addresses);
    }

    /** A field of addresses behind others. */
    static FieldBody addresses(StringBuilder fields, String name, List<NamedAddress> addresses) {
        FieldBody body = new FieldBody(fields, name);
        for (int i = 0; i < addresses.size(); i++) {
            body.appendAddress(addresses.get(i), i + 1 < addresses.size() ? "," : "");
        }
        return body;
    }

    /** One unbreakable word, behind a blank or on the next line. */
    FieldBody append(String token) {
        append(token, 0, token.length());
        return this;
    }

    private void append(String text, int from, int to) {
        int length = 1 + to - from;
        if (column + length > SOFT_LIMIT && column > 1) {
            field.append("\r\n");
            column = 0;
        }
        field.append(' ').append(text, from, to);
        column += length;
    }

    /** Ends a field that others may follow. */
    void end() {
        field.append("\r\n");
    }

    private void appendText(String value) {
        if (isPlain(value)) {
            appendPlain(value);
            return;
        }
        String[] words = value.split("(?<=[^ \t])[ ]", -1);
        int first = 0;
        int last = words.length - 1;
        while (first <= last && isPlain(words[first])) {
            first++;
        }
        while (last > first && isPlain(words[last])) {
            last--;
        }
        for (int i = 0; i < words.length; i++) {
            if (i == first) {
                appendEncoded(String.join(" ", List.of(words).subList(first, last + 1)));
                i = last;
            } else {
                append(words[i]);
            }
        }
    }

    /** In words, each with the blanks in front of it but for the one that parts it from the word before. */
    private void appendPlain(String value) {
        int from = 0;
        for (int i = 1; i < value.length(); i++) {
            char before = value.charAt(i - 1);
            if (value.charAt(i) == ' ' && before != ' ' && before != '\t') {
                append(value, from, i);
                from = i + 1;
            }
        }
        append(value, from, value.length());
    }

    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c > '~' || (c < ' ' && c != '\t')) {
                return false;
            }
        }
        return word.length() < HARD_LIMIT;
    }

    private void appendAddress(NamedAddress named, String separator) {
        // An A-label spares the peer SMTPUTF8, but only if the local part does not need that anyway.
        String address = named.address().toString();
        if (named.address().domain().needsUtf8() && !named.address().hasLocalPartBeyondAscii()) {
            String domain = named.address().domain().toString();
            address = address.substring(0, address.length() - domain.length())
                    + named.address().domain().ascii();
        }
        if (named.name().isEmpty()) {
            append(separator.isEmpty() ? address : address + separator);
            return;
        }
        if (isPlain(named.name())) {
            for (String word : quotedIfNeeded(named.name()).split(" ", -1)) {
                append(word);
            }
        } else {
            appendEncoded(named.name());
        }
        append("<" + address + ">" + separator);
    }

    /** A phrase as it is, or a quoted string where a phrase may not have what is in it. */
    static String quotedIfNeeded(String name) {
        boolean needsQuotes = name.startsWith(" ") || name.endsWith(" ") || name.contains("  ") || name.contains("=?");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isAtext = c >= 0x80 || Character.isLetterOrDigit(c) || c == ' ' || ATEXT_SPECIALS.indexOf(c) >= 0;
            needsQuotes |= !isAtext;
        }
        return needsQuotes ? quoted(name) : name;
    }

    private void appendEncoded(String text) {
        int at = 0;
        while (at < text.length()) {
            int room = Math.min(MAX_ENCODED_WORD, MAX_ENCODED_LINE - column - 1);
            if (room < FRAME + 12) {
                field.append("\r\n");
                column = 0;
                room = MAX_ENCODED_WORD;
            }
            int end = endOfWord(text, at, room - FRAME);
            append(encodedWord(text.substring(at, end)));
            at = end;
        }
    }

    /** As many whole characters as fit, at least one. */
    private static int endOfWord(String text, int from, int room) {
        int quoted = 0;
        int octets = 0;
        int i = from;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            int size = MailText.utf8Length(codePoint);
            octets += size;
            quoted += isQLiteral(codePoint) || codePoint == ' ' ? 1 : 3 * size;
            if (i > from && Math.min(quoted, (octets + 2) / 3 * 4) > room) {
                return i;
            }
            i += Character.charCount(codePoint);
        }
        return i;
    }

    private static String encodedWord(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder q = new StringBuilder(PREFIX_Q);
        for (byte octet : octets) {
            if (isQLiteral(octet)) {
                q.append((char) octet);
            } else if (octet == ' ') {
                q.append('_');
            } else {
                q.append('=').append(MailText.hex(octet >> 4)).append(MailText.hex(octet));
            }
        }
        String b = PREFIX_B + Base64.getEncoder().encodeToString(octets);
        return (q.length() <= b.length() ? q.toString() : b) + "?=";
    }

    /** RFC 2047 §5 (3): what may stand for itself also within a phrase. */
    private static boolean isQLiteral(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '!'
                || c == '*'
                || c == '+'
                || c == '-'
                || c == '/';
    }

    /**
     * True if a quoted string of a parameter can hold it in one line: ASCII without controls and not long, and nothing that
     * readers would take for an encoded word.
     */
    static boolean fitsQuoted(String value) {
        return isPlain(value)
                && value.indexOf("=?") < 0
                && value.indexOf('\t') < 0
                && value.length() <= SOFT_LIMIT - 20;
    }

    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * The {@code name} parameter of a content type. Beyond ASCII it is an encoded word, which RFC 2047 §5 forbids here and
     * which old readers, that know no RFC 2231, understand; the others take the file name of the disposition.
     */
    void appendNameForOldReaders(String name) {
        if (fitsQuoted(name)) {
            append("name=" + quoted(name));
            return;
        }
        int at = 0;
        StringBuilder words = new StringBuilder();
        while (at < name.length()) {
            int end = endOfWord(name, at, MAX_ENCODED_WORD - FRAME - "name=\"\"".length());
            words.append(at == 0 ? "" : " ").append(encodedWord(name.substring(at, end)));
            at = end;
        }
        for (String word : ("name=\"" + words + "\"").split(" ")) {
            append(word);
        }
    }

    /** The field with its last line end. Has characters beyond ASCII only where an address has them. */
    @Override
    public String toString() {
        return field.substring(start) + "\r\n";
    }
}
