package io.mailproto.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text in mechanisms: UTF-8, well formed, without control characters. */
final class SaslText {
    private SaslText() {}

    /**
     * Refuses what must not be part of an identity or a password.
     *
     * @throws IllegalArgumentException naming what it is and where, never the value
     */
    static void check(String what, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // RFC 3454 tables C.2.1 and C.2.2, which SASLprep prohibits; line separators count as controls there.
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                throw new IllegalArgumentException("the " + what + " holds a control character at position " + (i + 1));
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                        "the " + what + " holds half a surrogate pair at position " + (i + 1));
            }
        }
    }

    static byte[] utf8(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** Decodes strictly; null when the octets are no UTF-8. */
    static String decodeOrNull(byte[] octets, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Arrays.copyOfRange(octets, from, to)))
                    .toString();
        } catch (CharacterCodingException malformed) {
            // The caller answers "malformed response"; the octets may be a secret, so nothing of them is kept.
            return null;
        }
    }

    /** Undoes {@code =2C} and {@code =3D} (RFC 5802 §5.1); null if an equals sign stands for anything else. */
    static String fromSaslName(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '=') {
                text.append(c);
            } else if (name.startsWith("=2C", i) || name.startsWith("=3D", i)) {
                text.append(name.charAt(i + 1) == '2' ? ',' : '=');
                i += 2;
            } else {
                return null;
            }
        }
        return text.toString();
    }
}
