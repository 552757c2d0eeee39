package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A message as it goes on: ranges of the octets it came as, and new header fields between them. Immutable, thread-safe,
 * usable as long as the octets are; read as often as one likes.
 */
public final class RelayedMessage {

    /** Octets of the message from here to there, or new ones. */
    private record Segment(Octets octets, long from, long length) {}

    private final List<Segment> segments;
    private final long size;

    private RelayedMessage(List<Segment> segments) {
        this.segments = List.copyOf(segments);
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.length();
        }
        this.size = sum;
    }

    /** A message that goes on unchanged. */
    public static RelayedMessage verbatim(Octets message) {
        return new RelayedMessage(message.size() == 0 ? List.of() : List.of(new Segment(message, 0, message.size())));
    }

    /** Number of octets. */
    public long size() {
        return size;
    }

    /** A new stream from the first octet. Needs no closing. For one thread. */
    public InputStream open() {
        return new Stream(segments);
    }

    /** Writes all octets; blocks on the target; does not close it. */
    public void writeTo(OutputStream target) throws IOException {
        for (Segment segment : segments) {
            segment.octets().writeTo(target, segment.from(), segment.length());
        }
    }

    @Override
    public String toString() {
        return size + " octets in " + segments.size() + " segments";
    }

    /** Puts segments in a row. For one thread. */
    static final class Builder {
        private final Octets message;
        private final List<Segment> segments = new ArrayList<>();

        Builder(Octets message) {
            this.message = message;
        }

        void range(long from, long to) {
            if (to > from) {
                segments.add(new Segment(message, from, to - from));
            }
        }

        void text(String fields) {
            if (!fields.isEmpty()) {
                byte[] octets = fields.getBytes(StandardCharsets.UTF_8);
                segments.add(new Segment(Octets.of(octets), 0, octets.length));
            }
        }

        boolean isEmpty() {
            return segments.isEmpty();
        }

        RelayedMessage build() {
            return new RelayedMessage(segments);
        }
    }

    private static final class Stream extends InputStream {
        private final List<Segment> segments;
        private int next;
        private InputStream current = InputStream.nullInputStream();

        Stream(List<Segment> segments) {
            this.segments = segments;
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
            while (true) {
                int read = current.read(target, offset, length);
                if (read > 0) {
                    return read;
                }
                if (next == segments.size()) {
                    return -1;
                }
                Segment segment = segments.get(next++);
                current = segment.octets().open(segment.from(), segment.length());
            }
        }
    }
}
