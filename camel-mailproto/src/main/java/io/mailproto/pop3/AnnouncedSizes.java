package io.mailproto.pop3;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * What {@code +OK 120 octets} in front of a message is worth. Many servers count wrongly, so it is a hint only; but one
 * that was right to the octet once counts well, and what it sends far too short has been cut off.
 */
final class AnnouncedSizes {
    /** Beyond one octet a line, for dots and line ends counted twice. */
    private static final int MISCOUNT = 16;

    private boolean exact;

    /** Whether the server was right once; not reset. */
    boolean areExact() {
        return exact;
    }

    /** The server was right in an earlier conversation. */
    void expectExact() {
        exact = true;
    }

    /** -1 if the status line tells none. */
    static long of(Pop3Reply reply) {
        return Listing.number(reply.text(), 0, reply.text().length());
    }

    /** Whether a message is only the beginning of what was announced. */
    boolean isTruncated(Pop3Reply reply, Octets octets) throws IOException {
        long announced = of(reply);
        long arrived = octets.size();
        if (!saysOctets(reply.text())) {
            return false;
        }
        if (announced == arrived) {
            exact |= arrived > 2;
            return false;
        }
        if (announced <= 2 || announced < arrived) {
            return false;
        }
        if (arrived <= 2 && lineEnds(octets) == arrived) {
            return true;
        }
        long missing = announced - arrived - MISCOUNT;
        return exact && missing > 0 && missing > lines(octets);
    }

    /** A number without a unit may be that of the message. */
    private static boolean saysOctets(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        String unit = text.substring(Listing.skipBlanks(text, at)).toLowerCase(Locale.ROOT);
        return at > 0 && (unit.startsWith("octet") || unit.startsWith("byte"));
    }

    /** How many octets of a short text are CR or LF. */
    private static long lineEnds(Octets octets) throws IOException {
        long count = 0;
        for (byte octet : octets.toByteArray()) {
            count += octet == '\r' || octet == '\n' ? 1 : 0;
        }
        return count;
    }

    private static long lines(Octets octets) throws IOException {
        long count = 0;
        byte[] chunk = new byte[8192];
        try (InputStream in = octets.open()) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                for (int i = 0; i < read; i++) {
                    count += chunk[i] == '\n' ? 1 : 0;
                }
            }
        }
        return count;
    }
}
