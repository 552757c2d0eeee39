package io.mailproto.pop3;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The timestamp in a greeting that makes {@code APOP} possible (RFC 1939 §7). Pure.
 *
 * @param text with its angle brackets
 */
record ApopTimestamp(String text) {
    /** No server's is longer; the hash is computed over all of it. */
    private static final int MAX_LENGTH = 255;

    /**
     * Finds it: {@code "<" 1*VCHAR "@" 1*VCHAR ">"}, the last one of the line. Nothing else is taken, since collisions of
     * MD5 that reveal passwords need octets that no message id has (CVE-2007-1558). In one pass, whatever the greeting.
     */
    static Optional<ApopTimestamp> in(String greeting) {
        int end = greeting.lastIndexOf('>');
        int start = end < 0 ? -1 : greeting.lastIndexOf('<', end);
        if (start < 0 || end - start + 1 > MAX_LENGTH) {
            return Optional.empty();
        }
        int at = -1;
        for (int i = start + 1; i < end; i++) {
            char c = greeting.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '>' || (c == '@' && at >= 0)) {
                return Optional.empty();
            }
            at = c == '@' ? i : at;
        }
        return at <= start + 1 || at == end - 1
                ? Optional.empty()
                : Optional.of(new ApopTimestamp(greeting.substring(start, end + 1)));
    }

    /** The digest to send: MD5 over timestamp and password, as 32 lower-case hexadecimal digits. */
    String digest(String password) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(text.getBytes(StandardCharsets.US_ASCII));
            md5.update(password.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no MD5, so APOP is not possible", e);
        }
    }
}
