package io.mailproto.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Decodes uuencode as it occurs: what comes before {@code begin} is skipped, or there is no such line at all; blanks at
 * the ends of lines may have been lost. The first line without octets, or {@code end}, is the end. Never fails for what
 * the octets are. For one thread; closing does nothing.
 *
 * <pre>
 * begin 644 name
 * #86)C            first character: 32 + number of octets; then four characters for three octets each
 * `
 * end
 * </pre>
 */
final class UuInput extends InputStream {

    /** A line carries 45 octets in 61 characters; one may have up to 63 in 85. */
    private static final int MAX_LINE = 256;

    private final InputStream in;
    private final byte[] encoded;
    private int position;
    private int limit;

    private final byte[] line = new byte[MAX_LINE];
    private int length;
    private final byte[] decoded = new byte[63];
    private int decodedAt;
    private int decodedEnd;
    private boolean begun;
    private boolean ended;

    UuInput(InputStream in, int bufferSize) {
        this.in = in;
        this.encoded = new byte[bufferSize];
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, target.length);
        int at = offset;
        int end = offset + count;
        while (at < end) {
            if (decodedAt == decodedEnd && !nextDecodedLine()) {
                break;
            }
            int run = Math.min(end - at, decodedEnd - decodedAt);
            System.arraycopy(decoded, decodedAt, target, at, run);
            decodedAt += run;
            at += run;
        }
        return at == offset && count > 0 ? -1 : at - offset;
    }

    private boolean nextDecodedLine() throws IOException {
        while (!ended && readLine()) {
            if (isBegin(line, 0, length)) {
                begun = true;
            } else if (isEnd()) {
                ended = true;
            } else if (isData(line, 0, length) && (begun || isWhole())) {
                begun = true;
                decodeLine();
                if (decodedEnd == 0) {
                    ended = true;
                }
                return !ended;
            }
        }
        ended = true;
        return false;
    }

    /** Without {@code begin} nearly every line of text would be one that has lost its blanks. */
    private boolean isWhole() {
        return value(line[0]) > 0 && length >= fullLength(value(line[0]));
    }

    private static int fullLength(int count) {
        return 1 + (count + 2) / 3 * 4;
    }

    private boolean isEnd() {
        return begun && (length == 0 || (length == 3 && line[0] == 'e' && line[1] == 'n' && line[2] == 'd'));
    }

    /** {@code begin}, a file mode in octal digits, a file name. */
    static boolean isBegin(byte[] octets, int from, int to) {
        if (to - from < 11 || !startsWithBegin(octets, from)) {
            return false;
        }
        int at = from + 6;
        while (at < to && octets[at] >= '0' && octets[at] <= '7') {
            at++;
        }
        int digits = at - from - 6;
        return digits >= 3 && digits <= 4 && at + 1 < to && octets[at] == ' ';
    }

    private static boolean startsWithBegin(byte[] octets, int from) {
        return octets[from] == 'b'
                && octets[from + 1] == 'e'
                && octets[from + 2] == 'g'
                && octets[from + 3] == 'i'
                && octets[from + 4] == 'n'
                && octets[from + 5] == ' ';
    }

    /** True for a line whose length fits the number at its start; at its end may be a checksum, or blanks may be lost. */
    static boolean isData(byte[] octets, int from, int to) {
        if (to == from || octets[from] < ' ' || octets[from] > '`') {
            return false;
        }
        int count = value(octets[from]);
        int length = to - from;
        if (count > 0 && (length < 2 || length > fullLength(count) + 2)) {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            if (octets[i] < ' ' || octets[i] > '`') {
                return false;
            }
        }
        return true;
    }

    private static int value(byte character) {
        return character - ' ' & 0x3f;
    }

    private void decodeLine() {
        int count = value(line[0]);
        int full = fullLength(count);
        for (int i = length; i < full; i++) {
            line[i] = ' ';
        }
        int at = 0;
        for (int i = 1; at < count; i += 4) {
            int quantum =
                    value(line[i]) << 18 | value(line[i + 1]) << 12 | value(line[i + 2]) << 6 | value(line[i + 3]);
            for (int shift = 16; shift >= 0 && at < count; shift -= 8) {
                decoded[at++] = (byte) (quantum >> shift);
            }
        }
        decodedAt = 0;
        decodedEnd = count;
    }

    /** Takes a line without its end; of a longer one than any that carries octets only the beginning. */
    private boolean readLine() throws IOException {
        length = 0;
        boolean isAny = false;
        while (true) {
            if (position == limit) {
                limit = Math.max(0, in.read(encoded, 0, encoded.length));
                position = 0;
                if (limit == 0) {
                    return isAny;
                }
            }
            isAny = true;
            byte octet = encoded[position++];
            if (octet == '\n') {
                return true;
            }
            if (octet != '\r' && length < MAX_LINE) {
                line[length++] = octet;
            }
        }
    }
}
