package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Walks over the lines of a range of octets; a line ends with CRLF or LF. Of a long line in a file only the beginning is
 * kept, so that a body without line ends costs nothing. For one thread.
 */
final class OctetLines {

    private static final int LARGE = 32 * 1024;
    /** How far a line is looked at beyond what is to be kept of it, before the rest is skipped. */
    private static final int AHEAD = 4 * 1024;

    /** Null for octets in memory, which are read where they lie. */
    private final InputStream in;

    private byte[] buffer;
    private int position;
    private int limit;
    /** Offset, within the message, of the octet behind {@link #limit}. */
    private long offsetOfLimit;

    private boolean atEnd;

    private int start;
    private int end;
    private int next;
    private long offset;
    private int terminator;
    private boolean cut;

    OctetLines(Octets octets, long from, long to, int bufferSize) throws IOException {
        byte[] inPlace = octets.memoryOrNull();
        if (inPlace != null) {
            Objects.checkFromToIndex(from, to, octets.size());
            this.in = null;
            this.buffer = inPlace;
            this.position = (int) from;
            this.limit = (int) to;
            this.offsetOfLimit = to;
            this.atEnd = true;
            return;
        }
        this.in = octets.open(from, to - from);
        this.buffer = new byte[(int) Math.max(64, Math.min(bufferSize, to - from))];
        this.offsetOfLimit = from;
    }

    /** With a buffer for bodies. */
    static OctetLines of(Octets octets, long from, long to) throws IOException {
        return new OctetLines(octets, from, to, LARGE);
    }

    /**
     * Goes to the next line; false at the end of the range.
     *
     * @param keep how many octets of the line to keep at least, if it has so many
     */
    boolean advance(int keep) throws IOException {
        start = position;
        int scan = position;
        cut = false;
        while (true) {
            scan = indexOfLineFeed(scan);
            if (scan < limit) {
                offset = offsetOf(start);
                return endAt(scan);
            }
            if (atEnd) {
                offset = offsetOf(start);
                end = next = position = limit;
                terminator = 0;
                return start < limit;
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, limit - start);
                limit -= start;
                scan -= start;
                start = 0;
            }
            if (limit == buffer.length) {
                if (limit >= keep + AHEAD) {
                    return cutAt(keep);
                }
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            fill();
        }
    }

    private int indexOfLineFeed(int from) {
        byte[] octets = buffer;
        int to = limit;
        for (int i = from; i < to; i++) {
            if (octets[i] == '\n') {
                return i;
            }
        }
        return to;
    }

    private boolean endAt(int lineFeed) {
        boolean hasCr = lineFeed > start && buffer[lineFeed - 1] == '\r';
        end = hasCr ? lineFeed - 1 : lineFeed;
        terminator = hasCr ? 2 : 1;
        next = position = lineFeed + 1;
        return true;
    }

    /** Keeps the beginning of a line and skips the rest, through the room behind the beginning. */
    private boolean cutAt(int keep) throws IOException {
        offset = offsetOf(start);
        end = next = keep;
        cut = true;
        terminator = 0;
        byte last = buffer[limit - 1];
        while (true) {
            limit = keep;
            fill();
            if (limit == keep) {
                position = limit;
                return true;
            }
            int lineFeed = indexOfLineFeed(keep);
            if (lineFeed < limit) {
                byte before = lineFeed > keep ? buffer[lineFeed - 1] : last;
                terminator = before == '\r' ? 2 : 1;
                position = lineFeed + 1;
                return true;
            }
            last = buffer[limit - 1];
        }
    }

    private void fill() throws IOException {
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            atEnd = true;
            return;
        }
        limit += read;
        offsetOfLimit += read;
    }

    private long offsetOf(int index) {
        return offsetOfLimit - (limit - index);
    }

    /** The array that has the line from {@link #start()}; valid until the next {@link #advance}; to be read only. */
    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    /** Behind the last octet of the line, without its line end. */
    int end() {
        return end;
    }

    /** Behind the line end. */
    int next() {
        return next;
    }

    /** Where in the message the line starts. */
    long offset() {
        return offset;
    }

    /** Where in the message the next line starts. */
    long nextOffset() {
        return offsetOf(position);
    }

    /** 2 for CRLF, 1 for LF, 0 for the end of the range. */
    int terminator() {
        return terminator;
    }

    /** True if the line was longer than what was kept. */
    boolean isCut() {
        return cut;
    }

    boolean isBlank() {
        return !cut && start == end;
    }
}
