package io.mailproto.mime;

import io.mailproto.spool.SpoolWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Small questions about text that goes into a message. */
final class MailText {

    private static final String HEX = "0123456789ABCDEF";

    private MailText() {}

    static boolean isAscii(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Upper-case digit of the lowest four bits. */
    static char hex(int bits) {
        return HEX.charAt(bits & 0xf);
    }

    static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    private static boolean hasOnlyCrlf(String text) {
        char last = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c == '\n') != (last == '\r')) {
                return false;
            }
            last = c;
        }
        return last != '\r';
    }

    /** Writes characters below 256 as the octets that they are. */
    static void writeOctets(OutputStream target, CharSequence text) throws IOException {
        if (target instanceof SpoolWriter writer) {
            writer.writeOctets(text);
        } else {
            target.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** The same text with every line end as CRLF. */
    static String withCrlf(String text) {
        if (hasOnlyCrlf(text)) {
            return text;
        }
        StringBuilder lines = new StringBuilder(text.length() + text.length() / 32);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                lines.append("\r\n");
            } else if (c == '\r') {
                lines.append("\r\n");
                i += i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
            } else {
                lines.append(c);
            }
        }
        return lines.toString();
    }
}
