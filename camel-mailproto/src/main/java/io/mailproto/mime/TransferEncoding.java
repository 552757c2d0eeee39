package io.mailproto.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** How content is written so that every mail system passes it on unharmed (RFC 2045 §6), and the choice by its octets. */
enum TransferEncoding {
    SEVEN_BIT("7bit"),
    QUOTED_PRINTABLE("quoted-printable"),
    BASE64("base64");

    private static final int MAX_LINE = 998;
    private static final int BASE64_LINE = 76;
    private static final int LINES_AT_ONCE = 128;
    private static final byte[] NOTHING = {};
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final String label;

    TransferEncoding(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /**
     * Writes content, encoded. Reads it to its end and does not close it.
     *
     * @param isLast true if the message ends behind it, so that a line end must come; other than in base64 it then belongs
     *     to the content
     */
    void write(InputStream content, OutputStream target, boolean isLast) throws IOException {
        LineEndWatch watch = new LineEndWatch(target);
        switch (this) {
            case SEVEN_BIT -> content.transferTo(watch);
            case QUOTED_PRINTABLE -> {
                QuotedPrintableOutput encoder = new QuotedPrintableOutput(watch);
                content.transferTo(encoder);
                encoder.close();
            }
            case BASE64 -> writeBase64(content, watch);
        }
        target.write(isLast && !watch.isAtLineStart() ? CRLF : NOTHING);
    }

    /** In chunks of whole lines: the JDK's wrapping stream takes three octets at a time and is several times slower. */
    private static void writeBase64(InputStream content, OutputStream target) throws IOException {
        Base64.Encoder encoder = Base64.getMimeEncoder(BASE64_LINE, CRLF);
        byte[] chunk = new byte[LINES_AT_ONCE * BASE64_LINE / 4 * 3];
        byte[] encoded = new byte[LINES_AT_ONCE * (BASE64_LINE + 2)];
        int length = content.readNBytes(chunk, 0, chunk.length);
        for (boolean isFirst = true; length > 0; isFirst = false) {
            byte[] octets = length == chunk.length ? chunk : Arrays.copyOf(chunk, length);
            int written = encoder.encode(octets, encoded);
            target.write(isFirst ? NOTHING : CRLF);
            target.write(encoded, 0, written);
            length = content.readNBytes(chunk, 0, chunk.length);
        }
    }

    /**
     * Chooses for lines of text. Reads the stream to its end, without keeping it.
     *
     * @param isExact true if only base64 will do for content that does not end with a line end: a soft line break at the end
     *     of a message, quoted-printable's way to say so, is not understood where a server has dropped the last line end
     */
    static TransferEncoding forText(InputStream content, boolean isExact) throws IOException {
        Census census = new Census();
        byte[] chunk = new byte[8 * 1024];
        int read;
        while ((read = content.read(chunk, 0, chunk.length)) > 0) {
            census.count(chunk, read);
        }
        return census.choice(isExact);
    }

    /** As {@link #forText}, for a text of nothing but ASCII. */
    static TransferEncoding forAscii(String text) {
        Census census = new Census();
        for (int i = 0; i < text.length(); i++) {
            census.count(text.charAt(i));
        }
        return census.choice(false);
    }

    /** What the octets are like. */
    private static final class Census {
        private static final int FROM = 'F' << 24 | 'r' << 16 | 'o' << 8 | 'm';

        private long total;
        private long toEscape;
        private int lineLength;
        private boolean hasLongLine;
        private boolean hasBareLineEnd;
        private boolean hasRiskyLine;
        private boolean hasControl;
        private boolean hasEightBit;
        private int last;
        private int lastFour;

        void count(byte[] octets, int length) {
            for (int i = 0; i < length; i++) {
                count(octets[i] & 0xff);
            }
        }

        void count(int octet) {
            if (octet == '\n' && last == '\r') {
                lineLength = 0;
            } else {
                // A bare LF, or a CR that no LF followed.
                hasBareLineEnd |= octet == '\n' || last == '\r';
                lineLength += octet == '\r' ? 0 : 1;
                hasLongLine |= lineLength > MAX_LINE;
                // Servers that write mbox files put a ">" before such a line.
                hasRiskyLine |= lineLength == 5 && octet == ' ' && lastFour == FROM;
                toEscape += octet == '\r' || (octet >= ' ' && octet <= '~' && octet != '=') || octet == '\t' ? 0 : 1;
            }
            hasControl |= octet < ' ' && octet != '\t' && octet != '\r' && octet != '\n';
            hasEightBit |= octet >= 0x7f;
            last = octet;
            lastFour = lastFour << 8 | octet;
            total++;
        }

        TransferEncoding choice(boolean isExact) {
            boolean isBare = hasBareLineEnd || last == '\r';
            if (isExact && last != '\n' && total > 0) {
                return BASE64;
            }
            if (!hasEightBit && !hasControl && !hasLongLine && !isBare && !hasRiskyLine) {
                return SEVEN_BIT;
            }
            // Three octets for each escaped one, against four for three: even at a sixth, and readable below that.
            return toEscape * 6 <= total ? QUOTED_PRINTABLE : BASE64;
        }
    }

    /** Knows whether what went through ends with a line end. */
    private static final class LineEndWatch extends OutputStream {
        private final OutputStream target;
        private int last = '\n';

        LineEndWatch(OutputStream target) {
            this.target = target;
        }

        boolean isAtLineStart() {
            return last == '\n';
        }

        @Override
        public void write(int octet) throws IOException {
            target.write(octet);
            last = octet & 0xff;
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            target.write(octets, offset, length);
            last = length > 0 ? octets[offset + length - 1] : last;
        }
    }
}
