package io.mailproto.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How content is written so that every mail system passes it on unharmed (RFC 2045 §6), and the choice by its octets. */
enum TransferEncoding {
    SEVEN_BIT("7bit"),
    QUOTED_PRINTABLE("quoted-printable"),
    BASE64("base64");

    private static final int MAX_LINE = 998;
    private static final int BASE64_LINE = 76;
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final String label;

    TransferEncoding(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** A stream that encodes onto the target; closing it ends the encoding and leaves the target open. */
    OutputStream encoder(OutputStream target) {
        OutputStream unclosed = new Unclosed(target);
        return switch (this) {
            case SEVEN_BIT -> unclosed;
            case QUOTED_PRINTABLE -> new QuotedPrintableOutput(unclosed);
            case BASE64 -> Base64.getMimeEncoder(BASE64_LINE, CRLF).wrap(unclosed);
        };
    }

    /** Chooses for lines of text. Reads the stream to its end, without keeping it. */
    static TransferEncoding forText(InputStream content) throws IOException {
        Census census = new Census();
        byte[] chunk = new byte[8 * 1024];
        int read;
        while ((read = content.read(chunk, 0, chunk.length)) > 0) {
            census.count(chunk, read);
        }
        return census.choice();
    }

    static TransferEncoding forText(byte[] content) {
        Census census = new Census();
        census.count(content, content.length);
        return census.choice();
    }

    /** What the octets are like. */
    private static final class Census {
        private long total;
        private long toEscape;
        private int lineLength;
        private boolean hasLongLine;
        private boolean hasBareLineEnd;
        private boolean hasRiskyLine;
        private boolean hasControl;
        private boolean hasEightBit;
        private int last;

        void count(byte[] octets, int length) {
            for (int i = 0; i < length; i++) {
                int octet = octets[i] & 0xff;
                if (octet == '\n' && last == '\r') {
                    lineLength = 0;
                } else {
                    // A bare LF, or a CR that no LF followed.
                    hasBareLineEnd |= octet == '\n' || last == '\r';
                    lineLength += octet == '\r' ? 0 : 1;
                    hasLongLine |= lineLength > MAX_LINE;
                    // Servers that write mbox files put a ">" before such a line.
                    hasRiskyLine |= lineLength == 5 && octet == ' ' && endsWithFrom(octets, i);
                    toEscape +=
                            octet == '\r' || (octet >= ' ' && octet <= '~' && octet != '=') || octet == '\t' ? 0 : 1;
                }
                hasControl |= octet < ' ' && octet != '\t' && octet != '\r' && octet != '\n';
                hasEightBit |= octet >= 0x7f;
                last = octet;
            }
            total += length;
        }

        private static boolean endsWithFrom(byte[] octets, int end) {
            return end >= 4
                    && octets[end - 4] == 'F'
                    && octets[end - 3] == 'r'
                    && octets[end - 2] == 'o'
                    && octets[end - 1] == 'm';
        }

        TransferEncoding choice() {
            boolean isBare = hasBareLineEnd || last == '\r';
            if (!hasEightBit && !hasControl && !hasLongLine && !isBare && !hasRiskyLine) {
                return SEVEN_BIT;
            }
            // Three octets for each escaped one, against four for three: even at a sixth, and readable below that.
            return toEscape * 6 <= total ? QUOTED_PRINTABLE : BASE64;
        }
    }

    /** Passes everything on but the end. */
    private static final class Unclosed extends OutputStream {
        private final OutputStream target;

        Unclosed(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int octet) throws IOException {
            target.write(octet);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            target.write(octets, offset, length);
        }

        @Override
        public void flush() throws IOException {
            target.flush();
        }

        @Override
        public void close() {
            // The target goes on after this part.
        }
    }
}
