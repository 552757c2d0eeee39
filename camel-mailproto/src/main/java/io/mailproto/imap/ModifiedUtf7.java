package io.mailproto.imap;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Modified UTF-7 for mailbox names (RFC 3501 §5.1.3): printable US-ASCII as it is, {@code &} as {@code &-}, everything
 * else as UTF-16 in base64 with {@code ,} for {@code /} and without padding, between {@code &} and {@code -}.
 */
final class ModifiedUtf7 {
    private ModifiedUtf7() {}

    static String encode(String name) {
        StringBuilder out = new StringBuilder(name.length() + 8);
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c == '&') {
                out.append("&-");
                at++;
            } else if (isPrintable(c)) {
                out.append(c);
                at++;
            } else {
                int end = at;
                while (end < name.length() && !isPrintable(name.charAt(end))) {
                    end++;
                }
                byte[] utf16 = name.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
                String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
                out.append('&').append(base64.replace('/', ',')).append('-');
                at = end;
            }
        }
        return out.toString();
    }

    /** What is no modified UTF-7 stays as it is: better a strange name than a mailbox nobody can reach. */
    static String decode(String wire) {
        if (wire.indexOf('&') < 0) {
            return wire;
        }
        StringBuilder out = new StringBuilder(wire.length());
        int at = 0;
        while (at < wire.length()) {
            char c = wire.charAt(at);
            int end = c == '&' ? wire.indexOf('-', at) : -1;
            if (end < 0) {
                out.append(c);
                at++;
            } else if (end == at + 1) {
                out.append('&');
                at = end + 1;
            } else {
                String shifted = shifted(wire.substring(at + 1, end));
                out.append(shifted == null ? wire.substring(at, end + 1) : shifted);
                at = end + 1;
            }
        }
        return out.toString();
    }

    private static String shifted(String base64) {
        byte[] utf16;
        try {
            utf16 = Base64.getDecoder().decode(base64.replace(',', '/'));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        return utf16.length % 2 == 0 ? new String(utf16, StandardCharsets.UTF_16BE) : null;
    }

    private static boolean isPrintable(char c) {
        return c >= 0x20 && c <= 0x7E;
    }
}
