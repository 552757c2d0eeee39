package io.mailproto.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/** Reads a part of {@link Octets}; for one thread. Small reads of a file go through a buffer. */
final class OctetsInputStream extends InputStream {

    private static final int BUFFER = 8 * 1024;
    private static final int COPY_BUFFER = 64 * 1024;

    private final Octets octets;
    private final long end;
    private long position;
    private long mark;
    private byte[] buffer;
    private int bufferStart;
    private int bufferEnd;
    private byte[] one;

    OctetsInputStream(Octets octets, long from, long end) {
        this.octets = octets;
        this.position = from;
        this.mark = from;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        if (one == null) {
            one = new byte[1];
        }
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        int wanted = (int) Math.min(length, end - position);
        int read = octets.isInMemory() || (wanted >= BUFFER && bufferStart == bufferEnd)
                ? octets.readAt(position, target, offset, wanted)
                : readBuffered(target, offset, wanted);
        position += read;
        return read;
    }

    private int readBuffered(byte[] target, int offset, int wanted) throws IOException {
        if (bufferStart == bufferEnd) {
            if (buffer == null) {
                buffer = new byte[BUFFER];
            }
            bufferStart = 0;
            bufferEnd = octets.readAt(position, buffer, 0, (int) Math.min(BUFFER, end - position));
        }
        int read = Math.min(wanted, bufferEnd - bufferStart);
        System.arraycopy(buffer, bufferStart, target, offset, read);
        bufferStart += read;
        return read;
    }

    @Override
    public long transferTo(OutputStream target) throws IOException {
        long start = position;
        byte[] chunk = new byte[(int) Math.min(Math.max(end - position, 1), COPY_BUFFER)];
        int read;
        while ((read = read(chunk, 0, chunk.length)) > 0) {
            target.write(chunk, 0, read);
        }
        return position - start;
    }

    @Override
    public long skip(long count) {
        if (count <= 0) {
            return 0;
        }
        long skipped = Math.min(count, end - position);
        moveTo(position + skipped);
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(end - position, Integer.MAX_VALUE);
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public void mark(int readLimit) {
        mark = position;
    }

    @Override
    public void reset() {
        moveTo(mark);
    }

    private void moveTo(long target) {
        position = target;
        bufferStart = bufferEnd;
    }
}
