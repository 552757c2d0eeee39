package io.mailproto.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Dot-stuffs a text on its way out (RFC 5321 §4.5.2). What arrives has only CRLF line ends, and CRLF . CRLF exactly
 * once, at the end: a bare CR or LF becomes CRLF or is refused, by policy. Writes through; {@link #finish} ends the
 * text, {@link #close} does nothing.
 */
public final class DotWriter extends OutputStream {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] END = {'.', '\r', '\n'};

    private final OutputStream target;
    private final boolean reject;
    private final boolean isStuffed;
    private boolean atLineStart = true;
    /** A CR has been taken and not yet written: what follows decides. */
    private boolean pendingCr;

    private long octets;
    private byte[] one;

    /**
     * A text that goes to any stream; a conversation's is made by {@link LineWriter#dotStuffed}.
     *
     * @param policy {@code NORMALIZE} or {@code REJECT}; sending bare line endings would help others to smuggle
     */
    public DotWriter(OutputStream target, BareLineEnding policy) {
        this(target, policy, true);
    }

    /**
     * The same text for BDAT (RFC 3030), whose end is known by its length: line ends are repaired or refused all the same,
     * since the next server on the way may use DATA, but dots are left alone and {@link #finish} writes none.
     */
    public static DotWriter unstuffed(OutputStream target, BareLineEnding policy) {
        return new DotWriter(target, policy, false);
    }

    private DotWriter(OutputStream target, BareLineEnding policy, boolean isStuffed) {
        if (policy == BareLineEnding.ACCEPT) {
            throw new IllegalArgumentException("bare line endings are never sent; use NORMALIZE or REJECT");
        }
        this.target = target;
        this.reject = policy == BareLineEnding.REJECT;
        this.isStuffed = isStuffed;
    }

    @Override
    public void write(int octet) throws IOException {
        if (one == null) {
            one = new byte[1];
        }
        one[0] = (byte) octet;
        write(one, 0, 1);
    }

    @Override
    public void write(byte[] text, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, text.length);
        int end = offset + length;
        int i = offset;
        if (length > 0 && pendingCr && text[i] != '\n') {
            endBare("CR", octets - 1);
        }
        while (i < end) {
            if (atLineStart && isStuffed && text[i] == '.') {
                target.write('.');
            }
            int stop = endOfRun(text, i, end);
            if (stop > i) {
                target.write(text, i, stop - i);
                atLineStart = false;
            }
            i = stop;
            if (i < end) {
                i = lineEnd(text, i, end, offset);
            }
        }
        octets += length;
    }

    /** The index of the next CR or LF. */
    private static int endOfRun(byte[] text, int from, int end) {
        int i = from;
        while (i < end && text[i] != '\n' && text[i] != '\r') {
            i++;
        }
        return i;
    }

    private int lineEnd(byte[] text, int i, int end, int offset) throws IOException {
        if (text[i] == '\n') {
            if (pendingCr) {
                pendingCr = false;
                newLine();
            } else {
                endBare("LF", octets + i - offset);
            }
            return i + 1;
        }
        if (i + 1 == end) {
            pendingCr = true;
        } else if (text[i + 1] == '\n') {
            newLine();
            return i + 2;
        } else {
            endBare("CR", octets + i - offset);
        }
        return i + 1;
    }

    private void newLine() throws IOException {
        target.write(CRLF, 0, 2);
        atLineStart = true;
    }

    private void endBare(String which, long position) throws IOException {
        if (reject) {
            throw new BareLineEndingFound(which, position);
        }
        pendingCr = false;
        newLine();
    }

    /** Ends the last line if needed and writes the lone dot, if there is to be one; flushes nothing. */
    public void finish() throws IOException {
        if (pendingCr) {
            endBare("CR", octets - 1);
        }
        if (!isStuffed) {
            return;
        }
        if (!atLineStart) {
            newLine();
        }
        target.write(END, 0, 3);
    }

    /** Octets of the text that have been written, without stuffing. */
    public long octets() {
        return octets;
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }

    /** Does nothing: the conversation goes on. */
    @Override
    public void close() {
        // RFC 5321 §4.1.1.4: only finish() may say that the message is whole.
    }
}
