package io.mailproto.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A known number of octets out of a conversation, such as an IMAP literal. Must be read to its end, or drained, before
 * the conversation goes on. Closing does nothing: only {@link #drain} reads the rest.
 */
public final class CountedInput extends InputStream {

    private final LineReader reader;
    private final long total;
    private long left;
    private byte[] one;

    CountedInput(LineReader reader, long octets) {
        if (octets < 0) {
            throw new IllegalArgumentException("a number of octets must not be negative: " + octets);
        }
        this.reader = reader;
        this.total = octets;
        this.left = octets;
    }

    /** Octets that are still to be read. */
    public long left() {
        return left;
    }

    @Override
    public int read() throws IOException {
        if (one == null) {
            one = new byte[1];
        }
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws WireException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        int read = reader.read(target, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw reader.endOfStream();
        }
        left -= read;
        if (left == 0) {
            reader.traceBody(total);
        }
        return read;
    }

    /** Reads and forgets the rest. */
    public void drain() throws WireException {
        byte[] sink = new byte[(int) Math.min(8192, Math.max(left, 1))];
        while (left > 0) {
            read(sink, 0, sink.length);
        }
    }
}
