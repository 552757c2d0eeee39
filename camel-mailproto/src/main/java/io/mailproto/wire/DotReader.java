package io.mailproto.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A dot-stuffed text as a stream of its octets: the leading dot of a line removed, ended by the line that is a lone dot
 * (RFC 5321 §4.5.2, RFC 1939 §3). Only CRLF counts as a line's end, except as {@link EndOfData} says; anything
 * else would let two servers see two different ends of one text. Must be read to its end, or drained, before the
 * conversation goes on. Constant memory.
 *
 * <pre>
 *                  '.'          CR             LF
 *  LINE_START ───────► DOT ───────► DOT_CR ───────► END
 *      ▲  other │       │ other        │ other: the CR was content
 *      │        ▼       ▼              ▼
 *      │  LF   BODY ◄───┴──────────  (as CR)
 *      └──── CR ◄── CR
 * </pre>
 */
public final class DotReader extends InputStream {

    private enum State {
        LINE_START,
        DOT,
        DOT_CR,
        BODY,
        CR,
        END
    }

    /** One octet in makes three out at the most: CR LF for a bare CR, and the octet itself. */
    private static final int MOST_OUT = 3;

    private final LineReader reader;
    private final boolean lenient;
    private final boolean laxDot;
    private final boolean normalize;
    private State state = State.LINE_START;
    private boolean bareCr;
    private boolean bareLf;
    private boolean nul;
    private long octets;

    private byte[] target;
    private int out;
    private final byte[] spare = new byte[MOST_OUT];
    private int spareStart;
    private int spareEnd;
    private byte[] one;

    DotReader(LineReader reader, EndOfData rule, BareLineEnding policy) {
        this.reader = reader;
        this.lenient = rule == EndOfData.LENIENT;
        this.laxDot = rule != EndOfData.STRICT;
        this.normalize = policy == BareLineEnding.NORMALIZE;
    }

    /** True if a CR without LF has been read so far. */
    public boolean sawBareCr() {
        return bareCr;
    }

    /** True if an LF without CR has been read so far. */
    public boolean sawBareLf() {
        return bareLf;
    }

    /** True if a NUL has been read so far. */
    public boolean sawNul() {
        return nul;
    }

    /** How many octets of the text have been read so far, without stuffing and end. */
    public long octets() {
        return octets;
    }

    @Override
    public int read() throws IOException {
        if (one == null) {
            one = new byte[1];
        }
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws WireException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        int read = takeSpare(buffer, offset, length);
        while (read == 0 && state != State.END) {
            reader.refillOrFail();
            if (length >= MOST_OUT) {
                target = buffer;
                out = offset;
                step(offset, offset + length - MOST_OUT);
                read = out - offset;
            } else {
                target = spare;
                out = 0;
                step(0, 0);
                spareStart = 0;
                spareEnd = out;
                read = takeSpare(buffer, offset, length);
            }
        }
        octets += read;
        if (read == 0) {
            return -1;
        }
        return read;
    }

    private int takeSpare(byte[] buffer, int offset, int length) {
        int count = Math.min(length, spareEnd - spareStart);
        System.arraycopy(spare, spareStart, buffer, offset, count);
        spareStart += count;
        return count;
    }

    /** Works through received octets while the output has not passed a position, so that any octet still fits. */
    private void step(int firstOut, int lastOut) {
        byte[] in = reader.buffer();
        int i = reader.start();
        int end = reader.end();
        while (i < end && out <= lastOut && state != State.END) {
            if (state == State.BODY) {
                int run = plainRun(in, i, Math.min(end, i + lastOut + MOST_OUT - out));
                System.arraycopy(in, i, target, out, run);
                out += run;
                i += run;
                if (run > 0) {
                    continue;
                }
            }
            byte c = in[i++];
            switch (state) {
                case BODY -> body(c);
                case CR -> afterCr(c);
                case LINE_START -> {
                    if (c == '.') {
                        state = State.DOT;
                    } else {
                        body(c);
                    }
                }
                case DOT -> afterDot(c);
                case DOT_CR -> {
                    if (c == '\n') {
                        state = State.END;
                    } else {
                        afterCr(c);
                    }
                }
                case END -> throw new IllegalStateException("the text has ended");
            }
        }
        reader.consumeTo(i);
        if (state == State.END) {
            reader.traceBody(octets + out - firstOut);
        }
    }

    /** How many octets from here on are content and nothing else. */
    private static int plainRun(byte[] in, int from, int end) {
        int i = from;
        while (i < end && in[i] != '\r' && in[i] != '\n' && in[i] != 0) {
            i++;
        }
        return i - from;
    }

    private void body(byte c) {
        if (c == '\r') {
            state = State.CR;
            return;
        }
        if (c == '\n') {
            bareLf = true;
            if (normalize) {
                target[out++] = '\r';
            }
            target[out++] = '\n';
            state = lenient ? State.LINE_START : State.BODY;
            return;
        }
        nul |= c == 0;
        target[out++] = c;
        state = State.BODY;
    }

    /** A CR is pending that has not been given out. */
    private void afterCr(byte c) {
        if (c == '\n') {
            target[out++] = '\r';
            target[out++] = '\n';
            state = State.LINE_START;
            return;
        }
        bareCr = true;
        if (!normalize) {
            target[out++] = '\r';
        } else if (c != '\r') {
            target[out++] = '\r';
            target[out++] = '\n';
        }
        // Not at the start of a line: the CR alone does not end one.
        body(c);
    }

    private void afterDot(byte c) {
        if (c == '\r') {
            state = State.DOT_CR;
        } else if (c == '\n' && laxDot) {
            bareLf = true;
            state = State.END;
        } else {
            // RFC 5321 §4.5.2: one dot is removed, whatever follows it.
            body(c);
        }
    }

    /** Reads and forgets the rest. */
    public void drain() throws WireException {
        byte[] sink = new byte[8192];
        while (state != State.END || spareStart < spareEnd) {
            if (read(sink, 0, sink.length) < 0) {
                return;
            }
        }
    }
}
