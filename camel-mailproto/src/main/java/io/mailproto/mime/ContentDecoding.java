package io.mailproto.mime;

import java.io.InputStream;
import java.util.Locale;

/** What undoes a Content-Transfer-Encoding (RFC 2045 §6), under the names that mail gives them. */
enum ContentDecoding {
    NONE,
    BASE64,
    QUOTED_PRINTABLE,
    /** Never standardized, still met: {@code x-uuencode}. */
    UUENCODE,
    /** The content is given as it is. */
    UNKNOWN;

    /** Of a value in any case; {@code Quoted Printable} and {@code 8 bit} are met too. */
    static ContentDecoding of(String encoding) {
        String name = encoding.toLowerCase(Locale.ROOT);
        return switch (name) {
            case "7bit", "8bit", "binary", "" -> NONE;
            case "base64" -> BASE64;
            case "quoted-printable" -> QUOTED_PRINTABLE;
            default -> ofOddName(name);
        };
    }

    private static ContentDecoding ofOddName(String name) {
        return switch (name.replaceAll("[^a-z0-9]", "")) {
            case "7bit", "8bit", "7bits", "8bits", "binary", "none", "plain" -> NONE;
            case "base64" -> BASE64;
            case "quotedprintable" -> QUOTED_PRINTABLE;
            case "uuencode", "xuuencode", "uue", "xuue" -> UUENCODE;
            default -> UNKNOWN;
        };
    }

    boolean changesContent() {
        return this != NONE && this != UNKNOWN;
    }

    /** The decoded content; the buffer is so many octets at most. */
    InputStream decode(InputStream encoded, int buffer) {
        return switch (this) {
            case BASE64 -> new Base64Input(encoded, buffer);
            case QUOTED_PRINTABLE -> new QuotedPrintableInput(encoded, buffer);
            case UUENCODE -> new UuInput(encoded, buffer);
            case NONE, UNKNOWN -> encoded;
        };
    }
}
