package io.mailproto.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Decodes base64 as it occurs (RFC 2045 §6.8): what is not in the alphabet is skipped, missing padding is no error, and
 * the first padding is the end, since mailing lists add their text behind it. Never fails for what the octets are. For one
 * thread; closing does nothing.
 */
final class Base64Input extends InputStream {

    private static final byte[] VALUES = new byte[256];
    private static final int PAD = -2;

    static {
        Arrays.fill(VALUES, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
        VALUES['='] = PAD;
    }

    private final InputStream in;
    private final byte[] encoded;
    private int position;
    private int limit;

    private int bits;
    private int count;
    private boolean ended;

    /** Up to three decoded octets that did not fit, last one first. */
    private final byte[] spare = new byte[3];

    private int spares;

    Base64Input(InputStream in, int bufferSize) {
        this.in = in;
        this.encoded = new byte[bufferSize];
    }

    /** 0 to 63, or less than 0 for a character that carries nothing. */
    static int value(char c) {
        return c < 256 ? VALUES[c] : -1;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (spares > 0) {
                target[at++] = spare[--spares];
                continue;
            }
            if (ended) {
                break;
            }
            at = decodeWholeQuanta(target, at, end);
            if (at < end) {
                decodeOne();
            }
        }
        return at == offset ? -1 : at - offset;
    }

    /** The common case: four good characters after another, and room for their three octets. */
    private int decodeWholeQuanta(byte[] target, int from, int end) {
        int at = from;
        if (count > 0) {
            return at;
        }
        byte[] source = encoded;
        int i = position;
        while (limit - i >= 4 && end - at >= 3) {
            int a = VALUES[source[i] & 0xff];
            int b = VALUES[source[i + 1] & 0xff];
            int c = VALUES[source[i + 2] & 0xff];
            int d = VALUES[source[i + 3] & 0xff];
            if ((a | b | c | d) < 0) {
                // Most often the line end; skip it here.
                if (a == -1) {
                    i++;
                    continue;
                }
                break;
            }
            int quantum = a << 18 | b << 12 | c << 6 | d;
            target[at] = (byte) (quantum >> 16);
            target[at + 1] = (byte) (quantum >> 8);
            target[at + 2] = (byte) quantum;
            at += 3;
            i += 4;
        }
        position = i;
        return at;
    }

    /** Takes one character, and puts aside what that completes. */
    private void decodeOne() throws IOException {
        if (position == limit) {
            limit = Math.max(0, in.read(encoded, 0, encoded.length));
            position = 0;
            if (limit == 0) {
                endOfInput();
                return;
            }
            return;
        }
        int value = VALUES[encoded[position++] & 0xff];
        if (value == PAD) {
            endOfInput();
        } else if (value >= 0) {
            bits = bits << 6 | value;
            if (++count == 4) {
                spare[2] = (byte) (bits >> 16);
                spare[1] = (byte) (bits >> 8);
                spare[0] = (byte) bits;
                spares = 3;
                bits = count = 0;
            }
        }
    }

    private void endOfInput() {
        ended = true;
        if (count == 2) {
            spare[0] = (byte) (bits >> 4);
            spares = 1;
        } else if (count == 3) {
            spare[1] = (byte) (bits >> 10);
            spare[0] = (byte) (bits >> 2);
            spares = 2;
        }
    }
}
