package io.mailproto.mime;

/** Small questions about text that goes into a message. */
final class MailText {

    private static final String HEX = "0123456789ABCDEF";

    private MailText() {}

    static boolean isAscii(String text) {
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

    /** The same text with every line end as CRLF. */
    static String withCrlf(String text) {
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
