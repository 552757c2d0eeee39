package io.mailproto.mime;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;

/** Charset labels as mail uses them, and octets whose label is absent, unknown or wrong. */
final class MailCharsets {

    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private MailCharsets() {}

    /**
     * The charset that mail under a label is really written in, mostly a superset of what the label says.
     *
     * @return null if there is no such charset here
     */
    static Charset lookup(String label) {
        String name = label.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "utf-8", "utf8", "utf_8", "unicode-1-1-utf-8" -> StandardCharsets.UTF_8;
            case "us-ascii", "ascii", "ansi_x3.4-1968", "646", "iso646-us" -> StandardCharsets.US_ASCII;
            case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1" -> StandardCharsets.ISO_8859_1;
            case "gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "euc-cn", "hz-gb-2312-8bit", "gb18030" ->
                existing("GB18030");
            case "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601", "ks_c_5601", "euc-kr", "cp949" ->
                existing("x-windows-949");
            case "shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "cp932" -> existing("windows-31j");
            case "iso-2022-jp", "iso-2022-jp-ms", "cp50220", "cp50221" -> iso2022jp();
            case "big5" -> existing("x-windows-950");
            case "cp1252", "ansi", "windows1252" -> WINDOWS_1252;
            default -> existing(name);
        };
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
     * Decodes octets, never failing: what the charset cannot map becomes U+FFFD.
     *
     * @param declared null if nothing usable was declared; then, and for US-ASCII with 8-bit octets, it is UTF-8 if the
     *     octets are valid UTF-8, else windows-1252
     */
    static String decode(byte[] octets, int from, int length, Charset declared) {
        if (declared == null || declared.equals(StandardCharsets.US_ASCII)) {
            return guess(octets, from, length, WINDOWS_1252);
        }
        return new String(octets, from, length, declared);
    }

    /** UTF-8 if the octets are valid UTF-8, else the charset given. */
    static String guess(byte[] octets, int from, int length, Charset otherwise) {
        if (isAscii(octets, from, length)) {
            return new String(octets, from, length, StandardCharsets.ISO_8859_1);
        }
        String text = new String(octets, from, length, StandardCharsets.UTF_8);
        // Only a replacement character can be the trace of malformed octets; the strict decoder is slow.
        if (text.indexOf('\uFFFD') < 0 || isUtf8(octets, from, length)) {
            return text;
        }
        return new String(octets, from, length, otherwise);
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
