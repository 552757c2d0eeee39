package io.mailproto.imap;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The octets of one literal (RFC 3501 §4.3), or why they could not be kept.
 *
 * @param octets null if they could not be kept
 * @param failure why not (the disk of the spool is full, for example); the response's place in the stream is not lost
 * @param size as announced
 */
record Literal(Octets octets, IOException failure, long size) {
    /** Longer ones are no strings that anybody would want to look at. */
    private static final int LONGEST_STRING = 1024 * 1024;

    static Literal of(Octets octets) {
        return new Literal(octets, null, octets.size());
    }

    /** As text, UTF-8 with replacement characters. */
    String text() throws ParseFailure {
        if (octets == null || size > LONGEST_STRING) {
            throw new ParseFailure("a literal of " + size + " octets where a short text belongs");
        }
        try {
            return new String(octets.toByteArray(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ParseFailure("a literal that cannot be read again: " + e.getMessage());
        }
    }

    boolean isInMemory() {
        return octets != null && octets.isInMemory();
    }

    void release() {
        if (octets != null) {
            octets.release();
        }
    }
}
