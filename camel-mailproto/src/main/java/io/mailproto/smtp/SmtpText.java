package io.mailproto.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text of command lines: octets in chars, and the characters they stand for. */
final class SmtpText {
    private SmtpText() {}

    /** Whether a char is an ASCII control character. */
    static boolean isControl(int c) {
        return c < 0x20 || c == 0x7f;
    }

    /** Without spaces and tabs at either end; other white space is a control character and stays to be refused. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * The characters that a line of octets stands for (RFC 6531 §3.3).
     *
     * @param line one char per octet
     * @throws SmtpSyntaxException 501 5.5.4 if it is neither ASCII nor well-formed UTF-8
     */
    static String decode(String line) throws SmtpSyntaxException {
        if (line.chars().allMatch(c -> c < 0x80)) {
            return line;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException malformed) {
            // Which octet it was would tell the peer nothing that it does not know.
            throw SmtpSyntaxException.of(501, "5.5.4", "line is not valid UTF-8");
        }
    }

    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
