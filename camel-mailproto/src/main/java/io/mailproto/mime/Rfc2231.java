package io.mailproto.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Parameter values in UTF-8 and percent signs (RFC 2231 §4). */
final class Rfc2231 {

    private static final String PLAIN_SPECIALS = "!#$&+-.^_`{|}~";

    private Rfc2231() {}

    /** The encoded value in pieces of at most so many characters; no piece ends within a character. */
    static List<String> pieces(String value, int maxLength) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder(maxLength);
        value.codePoints().forEach(codePoint -> {
            String encoded = encode(codePoint);
            if (piece.length() + encoded.length() > maxLength) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
            piece.append(encoded);
        });
        pieces.add(piece.toString());
        return pieces;
    }

    private static String encode(int codePoint) {
        boolean isLetterOrDigit = codePoint < 0x80 && Character.isLetterOrDigit(codePoint);
        if (isLetterOrDigit || (codePoint < 0x80 && PLAIN_SPECIALS.indexOf(codePoint) >= 0)) {
            return String.valueOf((char) codePoint);
        }
        StringBuilder encoded = new StringBuilder(12);
        for (byte octet : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            encoded.append('%').append(MailText.hex(octet >> 4)).append(MailText.hex(octet));
        }
        return encoded.toString();
    }
}
