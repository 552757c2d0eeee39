package io.mailproto.mime;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Charset labels as mail uses them, and octets whose label is absent, unknown or wrong. Thread-safe: it has no state. */
public final class MailCharsets {

    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private static final char REPLACEMENT = '\uFFFD';

    private MailCharsets() {}

    /**
     * The charset that mail under a label is really written in, mostly a superset of what the label says.
     *
     * @return null if there is no such charset here
     */
    public static Charset lookup(String label) {
        String name = label.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "utf-8", "utf8", "utf_8", "unicode-1-1-utf-8", "utf8mb4", "cp65001" -> StandardCharsets.UTF_8;
            // RFC 1428 §3 and what programs write who do not know either: to be guessed, as the lowest of all is.
            case "us-ascii", "ascii", "ansi_x3.4-1968", "646", "iso646-us", "unknown-8bit", "x-unknown", "unknown" ->
                StandardCharsets.US_ASCII;
            case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1" -> StandardCharsets.ISO_8859_1;
            case "gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "windows-936", "euc-cn", "gb18030" ->
                existing("GB18030");
            case "csgb2312", "iso-ir-58", "chinese", "cn-gb", "x-euc-cn" -> existing("GB18030");
            case "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601", "ks_c_5601", "ksc_5601", "euc-kr", "euckr", "cp949" ->
                existing("x-windows-949");
            case "csksc56011987", "korean" -> existing("x-windows-949");
            case "shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "cp932", "x-ms-cp932" ->
                existing("windows-31j");
            case "iso-2022-jp", "iso-2022-jp-ms", "iso-2022-jp-1", "cp50220", "cp50221", "csiso2022jp" -> iso2022jp();
            case "big5", "big-5", "cn-big5", "x-x-big5", "cp950" -> existing("x-windows-950");
            case "cp1252", "cp-1252", "ansi", "windows1252" -> WINDOWS_1252;
            case "windows1251", "win-1251", "cp-1251" -> existing("windows-1251");
            case "koi8r", "koi-8", "koi", "koi8" -> existing("KOI8-R");
            case "koi8-ru" -> existing("KOI8-U");
            case "cp-866" -> existing("IBM866");
            // RFC 1556: the same characters, the other order of them is the reader's business.
            case "iso-8859-8-i", "iso-8859-8-e" -> existing("ISO-8859-8");
            case "iso-8859-6-i", "iso-8859-6-e" -> existing("ISO-8859-6");
            case "macintosh", "x-mac-roman" -> existing("x-MacRoman");
            case "x-mac-cyrillic" -> existing("x-MacCyrillic");
            case "x-mac-ce" -> existing("x-MacCentralEurope");
            default -> name.indexOf(' ') < 0 ? existing(name) : lookupInPieces(name);
        };
    }

    /** {@code ISO 8859-2} means ISO-8859-2; of {@code gb2312 foo} the first word is meant. */
    private static Charset lookupInPieces(String name) {
        String[] words = name.split(" +", 3);
        Charset joined = lookup(words[0] + "-" + words[1]);
        return joined != null ? joined : lookup(words[0]);
    }

    /** A text in a charset; empty if the charset lacks one of its characters, or is one that can only be read. */
    public static Optional<byte[]> encode(String text, Charset charset) {
        if (!charset.canEncode()) {
            return Optional.empty();
        }
        try {
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
            return Optional.of(Arrays.copyOf(encoded.array(), encoded.limit()));
        } catch (CharacterCodingException unmappable) {
            // The answer to the question; the caller takes UTF-8 then.
            return Optional.empty();
        }
    }

    private static Charset iso2022jp() {
        // Mail under this label often has half-width katakana and NEC characters, which the standard charset has not.
        Charset superset = existing("x-windows-iso2022jp");
        return superset != null ? superset : existing("ISO-2022-JP");
    }

    private static Charset existing(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            // Labels come from the wire; "unknown" is an answer here, not a failure.
            return null;
        }
    }

    /**
     * Decodes octets, never failing: what the charset cannot map becomes U+FFFD. A label that the octets prove wrong does
     * not count: US-ASCII with 8-bit octets, UTF-8 without a single valid character beyond ASCII, another charset of
     * several octets where UTF-8 fits and it does not, ISO-8859-1 with the quotes and dashes of windows-1252.
     *
     * @param declared null if nothing usable was declared; then it is UTF-8 if the octets are valid UTF-8, else
     *     windows-1252
     */
    static String decode(byte[] octets, int from, int length, Charset declared) {
        if (declared == null || declared.equals(StandardCharsets.US_ASCII)) {
            return guess(octets, from, length, WINDOWS_1252);
        }
        if (declared.equals(StandardCharsets.ISO_8859_1)) {
            return latin1(octets, from, length);
        }
        String text = new String(octets, from, length, declared);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        boolean isUtf8 = isUtf8(octets, from, length);
        if (!declared.equals(StandardCharsets.UTF_8)) {
            return isUtf8 && !isAscii(octets, from, length)
                    ? new String(octets, from, length, StandardCharsets.UTF_8)
                    : text;
        }
        boolean isSomethingElse = !isUtf8 && text.chars().allMatch(c -> c < 0x80 || c == REPLACEMENT);
        return isSomethingElse ? new String(octets, from, length, WINDOWS_1252) : text;
    }

    private static String latin1(byte[] octets, int from, int length) {
        String text = hasC1(octets, from, length) ? new String(octets, from, length, WINDOWS_1252) : null;
        return text != null && text.indexOf(REPLACEMENT) < 0
                ? text
                : new String(octets, from, length, StandardCharsets.ISO_8859_1);
    }

    /** Octets that ISO 8859 leaves to control characters which no text has. */
    private static boolean hasC1(byte[] octets, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (octets[i] < (byte) 0xa0) {
                return true;
            }
        }
        return false;
    }

    /** UTF-8 if the octets are valid UTF-8, else the charset given. */
    static String guess(byte[] octets, int from, int length, Charset otherwise) {
        if (isAscii(octets, from, length)) {
            return new String(octets, from, length, StandardCharsets.ISO_8859_1);
        }
        String text = new String(octets, from, length, StandardCharsets.UTF_8);
        // Only a replacement character can be the trace of malformed octets; the strict decoder is slow.
        if (text.indexOf(REPLACEMENT) < 0 || isUtf8(octets, from, length)) {
            return text;
        }
        return otherwise.equals(StandardCharsets.ISO_8859_1)
                ? latin1(octets, from, length)
                : new String(octets, from, length, otherwise);
    }

    private static boolean isUtf8(byte[] octets, int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, from, length));
            return true;
        } catch (CharacterCodingException malformed) {
            // The answer to the question, not a failure.
            return false;
        }
    }

    static boolean isAscii(byte[] octets, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (octets[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
