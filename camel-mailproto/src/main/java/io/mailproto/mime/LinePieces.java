package io.mailproto.mime;

import java.io.IOException;
import java.io.InputStream;

/**
 * The lines of a stream, long ones in pieces, so that no line needs more memory than the buffer. A line ends with CRLF or
 * LF; a CR LF is never cut. For one thread.
 */
final class LinePieces {
    private static final int BUFFER = 16 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private boolean atEnd;

    private int start;
    private int end;
    private int terminator;
    private boolean isLineStart = true;
    private boolean isNextLineStart = true;

    LinePieces(InputStream in) {
        this.in = in;
    }

    /** Goes to the next piece; false at the end of the stream. */
    boolean advance() throws IOException {
        isLineStart = isNextLineStart;
        int scan = position;
        while (true) {
            while (scan < limit && buffer[scan] != '\n') {
                scan++;
            }
            if (scan < limit) {
                boolean hasCr = scan > position && buffer[scan - 1] == '\r';
                piece(hasCr ? scan - 1 : scan, hasCr ? 2 : 1);
                return true;
            }
            if (atEnd) {
                piece(limit, 0);
                return end > start;
            }
            if (position > 0) {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
                limit -= position;
                scan -= position;
                position = 0;
            }
            if (limit == buffer.length) {
                // A CR may be half a line end.
                piece(buffer[limit - 1] == '\r' ? limit - 1 : limit, 0);
                return true;
            }
            int read = in.read(buffer, limit, buffer.length - limit);
            atEnd = read < 0;
            limit += Math.max(0, read);
        }
    }

    private void piece(int newEnd, int newTerminator) {
        start = position;
        end = newEnd;
        terminator = newTerminator;
        position = end + terminator;
        isNextLineStart = terminator > 0;
    }

    /** The array with the piece; valid until the next {@link #advance}; to be read only. */
    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    /** Behind the last octet, without the line end. */
    int end() {
        return end;
    }

    /** Octets of the line end behind the piece: 2, 1, or 0 if the line goes on or the stream ends. */
    int terminator() {
        return terminator;
    }

    /** Does a line begin here? */
    boolean isLineStart() {
        return isLineStart;
    }

    boolean isBlankLine() {
        return isLineStart && start == end && terminator > 0;
    }
}
