package io.mailproto.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The body of {@code Content-Type} and {@code Content-Disposition}: a value and parameters (RFC 2045 §5.1), with
 * parameters in pieces and other charsets (RFC 2231).
 *
 * <pre>value *(";" attribute "=" (token / quoted-string))</pre>
 *
 * @param value lower case, without comments and white space; may be anything, even empty
 * @param parameters by lower-case name; of a repeated one the first
 */
record ParameterizedValue(String value, Map<String, String> parameters) {

    static final ParameterizedValue EMPTY = new ParameterizedValue("", Map.of());

    /** Quotes that never end are looked for so often, each time to the end of the text. */
    private static final int MAX_ENDLESS = 20;

    static ParameterizedValue parse(String text) {
        Semicolons semicolons = new Semicolons(text);
        int end = semicolons.next(0);
        end = endWithoutSemicolon(text, end);
        String value = Comments.removed(text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        if (end >= text.length()) {
            return new ParameterizedValue(value, Map.of());
        }
        Map<String, String> plain = new LinkedHashMap<>();
        Map<String, Pieces> pieces = new LinkedHashMap<>(0);
        int at = end;
        while (at < text.length()) {
            at++;
            int next = semicolons.next(at);
            int equals = at;
            while (equals < next && text.charAt(equals) != '=') {
                equals++;
            }
            if (equals < next) {
                String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
                take(name, text.substring(equals + 1, next).strip(), plain, pieces);
            }
            at = next;
        }
        // A name given both ways was written so for old readers; the extended one is the better.
        if (!pieces.isEmpty()) {
            pieces.forEach((name, found) -> plain.put(name, found.join()));
        }
        return new ParameterizedValue(value, Collections.unmodifiableMap(plain));
    }

    /** Deviation: {@code text/plain charset=us-ascii} lacks its semicolon, seen in mail of web forms. */
    private static int endWithoutSemicolon(String text, int end) {
        int equals = text.indexOf('=');
        if (equals < 0 || equals >= end || text.lastIndexOf('(', end) >= 0) {
            return end;
        }
        int blank = text.lastIndexOf(' ', equals);
        return blank > 0 && text.lastIndexOf('/', blank) > 0 ? blank : end;
    }

    /** Finds where parameters end. */
    private static final class Semicolons {

        private final String text;
        private int endless;

        Semicolons(String text) {
            this.text = text;
        }

        /** Index of the next semicolon that is not within quotes, or the length. */
        int next(int from) {
            boolean quoted = false;
            for (int i = from; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\' && quoted) {
                    i += isEscape(text, i) ? 1 : 0;
                } else if (c == '"') {
                    quoted = endless < MAX_ENDLESS && !quoted;
                } else if (c == ';' && !quoted) {
                    return i;
                }
            }
            // A quote that never ends: take the semicolon after all, or all parameters behind it are lost.
            endless += quoted ? 1 : 0;
            int semicolon = quoted ? text.indexOf(';', from) : -1;
            return semicolon < 0 ? text.length() : semicolon;
        }
    }

    private static void take(String name, String raw, Map<String, String> plain, Map<String, Pieces> pieces) {
        int star = name.indexOf('*');
        if (star <= 0) {
            plain.putIfAbsent(name, unquote(name, raw));
            return;
        }
        boolean isExtended = name.endsWith("*");
        String number = name.substring(star + 1, Math.max(star + 1, name.length() - (isExtended ? 1 : 0)));
        int index = number.isEmpty() ? 0 : pieceNumber(number);
        if (index >= 0) {
            pieces.computeIfAbsent(name.substring(0, star), key -> new Pieces())
                    .put(index, unquote(name, raw), isExtended);
        }
    }

    private static int pieceNumber(String digits) {
        if (digits.length() > 4) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 10);
            if (digit < 0) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static String unquote(String name, String raw) {
        if (!raw.startsWith("\"")) {
            // RFC 2045 §5.1 allows a comment here, but people have file names like "report (2).pdf" without quotes.
            int comment = name.startsWith("filename") || name.startsWith("name") ? -1 : raw.indexOf('(');
            return comment < 0 ? raw : raw.substring(0, comment).strip();
        }
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 1; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '"') {
                break;
            }
            if (c == '\\' && isEscape(raw, i)) {
                c = raw.charAt(++i);
            }
            text.append(c);
        }
        return text.toString();
    }

    /** Deviation: a backslash before another character is one, since file names come as {@code "C:\temp\a.txt"}. */
    private static boolean isEscape(String text, int backslash) {
        return backslash + 1 < text.length()
                && (text.charAt(backslash + 1) == '"' || text.charAt(backslash + 1) == '\\');
    }

    /** {@code name*0*=utf-8''a%20; name*1="b"} (RFC 2231 §3 and §4). */
    private static final class Pieces {

        private final TreeMap<Integer, Piece> byNumber = new TreeMap<>();

        private record Piece(String text, boolean isExtended) {}

        void put(int number, String text, boolean isExtended) {
            byNumber.putIfAbsent(number, new Piece(text, isExtended));
        }

        String join() {
            Piece first = byNumber.firstEntry().getValue();
            Charset charset = null;
            String rest = first.text();
            if (first.isExtended()) {
                int charsetEnd = rest.indexOf('\'');
                int languageEnd = charsetEnd < 0 ? -1 : rest.indexOf('\'', charsetEnd + 1);
                if (languageEnd >= 0) {
                    charset = MailCharsets.lookup(rest.substring(0, charsetEnd));
                    rest = rest.substring(languageEnd + 1);
                }
            }
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            Charset literal = charset == null ? StandardCharsets.UTF_8 : charset;
            int expected = byNumber.firstKey();
            for (var entry : byNumber.entrySet()) {
                if (entry.getKey() != expected) {
                    // A piece is missing; what comes behind it does not belong here.
                    break;
                }
                String text = expected == byNumber.firstKey()
                        ? rest
                        : entry.getValue().text();
                octets.writeBytes(
                        entry.getValue().isExtended() ? percentDecoded(text, literal) : text.getBytes(literal));
                expected++;
            }
            byte[] all = octets.toByteArray();
            return MailCharsets.decode(all, 0, all.length, charset);
        }

        private static byte[] percentDecoded(String text, Charset charset) {
            ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (low >= 0) {
                    octets.write(high << 4 | low);
                    i += 2;
                } else if (c < 0x80) {
                    octets.write(c);
                } else {
                    octets.writeBytes(String.valueOf(c).getBytes(charset));
                }
            }
            return octets.toByteArray();
        }
    }
}
