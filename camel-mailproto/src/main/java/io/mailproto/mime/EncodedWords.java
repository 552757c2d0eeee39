package io.mailproto.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;

/**
 * Encoded words in header text (RFC 2047), read as they occur: inside quotes, glued to other text, with blanks inside,
 * without padding, with a character cut in two by the end of a word. A word whose charset or encoding is unknown is left
 * as it is. Pure.
 *
 * <pre>encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?="</pre>
 */
public final class EncodedWords {

    private static final int MAX_UNDECODABLE = 200;

    private EncodedWords() {}

    /** The text with its encoded words decoded; CR, LF and NUL that come out of them become blanks. */
    public static String decode(String text) {
        int first = text.indexOf("=?");
        return first < 0 ? text : decode(text, first, false);
    }

    /** As {@link #decode} without its blanks: only to look at what others may find there. */
    static String decodeWithLineEnds(String text) {
        int first = text.indexOf("=?");
        return first < 0 ? text : decode(text, first, true);
    }

    /** True if something has the form of an encoded word, and its charset is unknown. */
    static boolean hasUnknown(String text) {
        int looked = 0;
        for (int at = text.indexOf("=?"); at >= 0 && looked < MAX_UNDECODABLE; at = text.indexOf("=?", at + 2)) {
            looked++;
            int charsetEnd = text.indexOf('?', at + 2);
            boolean hasForm = charsetEnd > at + 2
                    && charsetEnd + 3 < text.length()
                    && text.charAt(charsetEnd + 2) == '?'
                    && "BbQq".indexOf(text.charAt(charsetEnd + 1)) >= 0
                    && text.indexOf("?=", charsetEnd + 3) >= 0;
            if (hasForm && Word.at(text, at) == null && isBadLabel(text.substring(at + 2, charsetEnd))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBadLabel(String label) {
        int language = label.indexOf('*');
        return MailCharsets.lookup(language < 0 ? label : label.substring(0, language)) == null;
    }

    private static String decode(String text, int first, boolean keepLineEnds) {
        StringBuilder decoded = new StringBuilder(text.length());
        // Octets of adjacent words in one charset are put together before they become characters.
        ByteArrayOutputStream pending = new ByteArrayOutputStream(text.length());
        Charset pendingCharset = null;
        int undecodable = 0;
        int copied = 0;
        int at = first;
        while (at >= 0) {
            Word word = Word.at(text, at);
            if (word == null) {
                // Asking for unknown charsets is slow, and nobody honest has many of them in one text.
                at = ++undecodable == MAX_UNDECODABLE ? -1 : text.indexOf("=?", at + 2);
                continue;
            }
            boolean isAdjacent = pendingCharset != null && isBlank(text, copied, at);
            if (pendingCharset != null && !(isAdjacent && pendingCharset.equals(word.charset))) {
                flush(pending, pendingCharset, decoded, keepLineEnds);
            }
            if (!isAdjacent) {
                decoded.append(text, copied, at);
            }
            pendingCharset = word.charset;
            word.decodeTo(text, pending);
            copied = word.end;
            at = text.indexOf("=?", copied);
        }
        if (pendingCharset != null) {
            flush(pending, pendingCharset, decoded, keepLineEnds);
        }
        return decoded.append(text, copied, text.length()).toString();
    }

    private static void flush(
            ByteArrayOutputStream octets, Charset charset, StringBuilder target, boolean keepLineEnds) {
        byte[] all = octets.toByteArray();
        octets.reset();
        String text = MailCharsets.decode(all, 0, all.length, charset);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A decoded line end would let a sender write header fields of his own wherever the value goes next.
            boolean isEnd = c == '\r' || c == '\n' || c == 0;
            target.append(isEnd && !keepLineEnds ? ' ' : c);
        }
    }

    private static boolean isBlank(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return false;
            }
        }
        return true;
    }

    private record Word(Charset charset, boolean isBase64, int textStart, int textEnd, int end) {

        /** The encoded word that starts here, or null if what starts here is none that can be decoded. */
        static Word at(String text, int start) {
            int charsetEnd = text.indexOf('?', start + 2);
            if (charsetEnd < 0 || charsetEnd + 2 >= text.length() || text.charAt(charsetEnd + 2) != '?') {
                return null;
            }
            char encoding = text.charAt(charsetEnd + 1);
            boolean isBase64 = encoding == 'B' || encoding == 'b';
            if (!isBase64 && encoding != 'Q' && encoding != 'q') {
                return null;
            }
            int textStart = charsetEnd + 3;
            int textEnd = text.indexOf("?=", textStart);
            // A question mark within base64: this word lost its end, and another one starts there.
            if (textEnd < 0 || (isBase64 && text.indexOf('?', textStart) != textEnd)) {
                return null;
            }
            String label = text.substring(start + 2, charsetEnd);
            int language = label.indexOf('*');
            Charset charset = MailCharsets.lookup(language < 0 ? label : label.substring(0, language));
            return charset == null ? null : new Word(charset, isBase64, textStart, textEnd, textEnd + 2);
        }

        void decodeTo(String text, ByteArrayOutputStream target) {
            if (isBase64) {
                decodeBase64(text, target);
            } else {
                decodeQ(text, target);
            }
        }

        private void decodeBase64(String text, ByteArrayOutputStream target) {
            int bits = 0;
            int count = 0;
            for (int i = textStart; i < textEnd; i++) {
                int value = Base64Input.value(text.charAt(i));
                if (value < 0) {
                    continue;
                }
                bits = bits << 6 | value;
                if (++count == 4) {
                    target.write(bits >> 16);
                    target.write(bits >> 8);
                    target.write(bits);
                    bits = count = 0;
                }
            }
            if (count == 2) {
                target.write(bits >> 4);
            } else if (count == 3) {
                target.write(bits >> 10);
                target.write(bits >> 2);
            }
        }

        private void decodeQ(String text, ByteArrayOutputStream target) {
            for (int i = textStart; i < textEnd; i++) {
                char c = text.charAt(i);
                if (c == '_') {
                    target.write(' ');
                } else if (c == '=' && hex(text, i + 1) >= 0 && hex(text, i + 2) >= 0) {
                    target.write(hex(text, i + 1) << 4 | hex(text, i + 2));
                    i += 2;
                } else if (c < 0x80) {
                    target.write(c);
                } else {
                    target.writeBytes(String.valueOf(c).getBytes(charset));
                }
            }
        }

        private int hex(String text, int index) {
            return index < textEnd ? Character.digit(text.charAt(index), 16) : -1;
        }
    }
}
