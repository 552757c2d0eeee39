package io.mailproto.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Decodes quoted-printable as it occurs (RFC 2045 §6.7): lower-case digits are taken, a {@code =} that starts neither an
 * octet nor a soft line break stays, white space at the end of a line goes, because a transport added it. Line ends are
 * kept as they are. Never fails for what the octets are. For one thread; closing does nothing.
 */
final class QuotedPrintableInput extends InputStream {

    /** Longest run of white space that is looked behind; a longer one is content. */
    private static final int MAX_BLANKS = 256;

    private final InputStream in;
    private final byte[] encoded;
    private int position;
    private int limit;
    private boolean atEnd;
    /** How many octets of white space from the position on are known to be content. */
    private int literalBlanks;

    QuotedPrintableInput(InputStream in, int bufferSize) {
        this.in = in;
        this.encoded = new byte[Math.max(bufferSize, 4 * MAX_BLANKS)];
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        int at = offset;
        int end = offset + length;
        while (at < end && has(1)) {
            int run = Math.min(limit - position, end - at);
            int copied = copyLiteral(target, at, run);
            at += copied;
            if (at == end || copied == run) {
                continue;
            }
            at = decodeSpecial(target, at);
        }
        return at == offset && length > 0 ? -1 : at - offset;
    }

    private int copyLiteral(byte[] target, int at, int run) {
        byte[] source = encoded;
        int from = position;
        for (int i = 0; i < run; i++) {
            byte octet = source[from + i];
            boolean isBlankInside =
                    octet == ' ' && literalBlanks == 0 && from + i + 1 < limit && source[from + i + 1] > ' ';
            if (octet == '=' || octet == '\t' || (octet == ' ' && !isBlankInside)) {
                position = from + i;
                return i;
            }
            target[at + i] = octet;
        }
        position = from + run;
        return run;
    }

    /** At {@code =} or white space; takes it and writes at most one octet. */
    private int decodeSpecial(byte[] target, int at) throws IOException {
        if (encoded[position] == '=') {
            return decodeEquals(target, at);
        }
        if (literalBlanks == 0) {
            int blanks = blanksBehind(0);
            if (isLineEnd(blanks)) {
                position += blanks;
                return at;
            }
            literalBlanks = blanks;
        }
        literalBlanks--;
        target[at] = encoded[position++];
        return at + 1;
    }

    private int decodeEquals(byte[] target, int at) throws IOException {
        int high = has(2) ? Character.digit(encoded[position + 1], 16) : -1;
        int low = high >= 0 && has(3) ? Character.digit(encoded[position + 2], 16) : -1;
        if (low >= 0) {
            target[at] = (byte) (high << 4 | low);
            position += 3;
            return at + 1;
        }
        int ahead = 1 + blanksBehind(1);
        if (isLineEnd(ahead)) {
            position += ahead;
            skip('\r');
            skip('\n');
            return at;
        }
        target[at] = encoded[position++];
        return at + 1;
    }

    private void skip(char octet) throws IOException {
        if (has(1) && encoded[position] == octet) {
            position++;
        }
    }

    /** How many octets of white space follow, from so many octets ahead on; at most {@link #MAX_BLANKS}. */
    private int blanksBehind(int ahead) throws IOException {
        int blanks = 0;
        while (blanks < MAX_BLANKS && has(ahead + blanks + 1)) {
            byte octet = encoded[position + ahead + blanks];
            if (octet != ' ' && octet != '\t') {
                break;
            }
            blanks++;
        }
        return blanks;
    }

    private boolean isLineEnd(int ahead) throws IOException {
        if (!has(ahead + 1)) {
            return true;
        }
        byte octet = encoded[position + ahead];
        return octet == '\n' || (octet == '\r' && has(ahead + 2) && encoded[position + ahead + 1] == '\n');
    }

    /** True if so many octets are in the buffer from the position on, after reading more if need be. */
    private boolean has(int wanted) throws IOException {
        while (limit - position < wanted && !atEnd) {
            System.arraycopy(encoded, position, encoded, 0, limit - position);
            limit -= position;
            position = 0;
            int read = in.read(encoded, limit, encoded.length - limit);
            atEnd = read < 0;
            limit += Math.max(0, read);
        }
        return limit - position >= wanted;
    }
}
