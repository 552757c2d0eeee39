package io.mailproto.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a peer sends compressed, as it was before (RFC 4978: deflate without a header, RFC 1951). A little that expands to
 * very much is an attack and ends the conversation. For the thread that reads. Octets that came already are given first.
 */
final class DeflatedInput extends InputStream {
    /** Expansion up to here is nobody's business: mail with long runs of the same octets exists. */
    static final long FREE = 1L << 30;

    /** Beyond that; deflate can do 1:1032, mail is seldom above 1:20. */
    static final int MAX_RATIO = 200;

    private final InputStream in;
    private final Connection connection;
    private final long free;
    /** Not ended by hand, since another thread may close the connection meanwhile: its cleaner frees it. */
    private final Inflater inflater = new Inflater(true);

    private final byte[] buffer = new byte[16 * 1024];
    private final byte[] one = new byte[1];
    private long compressed;
    private long expanded;

    /**
     * @param early octets that were received before
     * @param free how many octets may come out whatever the ratio
     */
    DeflatedInput(InputStream in, Connection connection, byte[] early, long free) {
        this.in = in;
        this.connection = connection;
        this.free = free;
        compressed = early.length;
        inflater.setInput(early);
    }

    @Override
    public int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            while (true) {
                int read = inflater.inflate(target, offset, length);
                if (read > 0) {
                    return counted(read);
                }
                if (inflater.finished()) {
                    return -1;
                }
                if (inflater.needsDictionary()) {
                    throw connection.violation("compressed octets", "a dictionary that was never agreed upon");
                }
                int received = in.read(buffer, 0, buffer.length);
                if (received < 0) {
                    return -1;
                }
                compressed += received;
                inflater.setInput(buffer, 0, received);
            }
        } catch (DataFormatException e) {
            WireException violation = connection.violation("compressed octets", String.valueOf(e.getMessage()));
            violation.addSuppressed(e);
            throw violation;
        }
    }

    private int counted(int octets) throws WireException {
        expanded += octets;
        if (expanded > free + MAX_RATIO * compressed) {
            throw connection.tooMuch(compressed + " compressed octets that expand to more than " + expanded);
        }
        return octets;
    }
}
