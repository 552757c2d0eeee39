package io.mailproto.mime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A message rewritten for servers that take no octets beyond ASCII (RFC 6152 §3, RFC 2045 §6): each part that has some is
 * encoded as quoted-printable or base64, with its header section changed accordingly, in multiparts and in messages within
 * messages; everything else stays octet for octet. What is signed is never touched.
 *
 * <p>The message is read twice, once to see which parts are concerned and once to write it; nothing of it is kept.
 * Immutable; usable as long as its octets are.
 */
public final class SevenBitMessage {

    /** What becomes of the body of a part. */
    enum Plan {
        AS_IT_IS,
        QUOTED_PRINTABLE,
        /** Of text, whose line ends become CRLF. */
        BASE64_TEXT,
        BASE64
    }

    private final RelayedMessage message;
    private final List<Plan> plans;

    private SevenBitMessage(RelayedMessage message, List<Plan> plans) {
        this.message = message;
        this.plans = List.copyOf(plans);
    }

    /**
     * Looks at a message; reads it once.
     *
     * @throws CannotBeSevenBit if it is signed, or has octets beyond ASCII where no encoding is allowed
     * @throws IOException if its octets cannot be read
     */
    public static SevenBitMessage of(RelayedMessage message) throws IOException {
        List<Plan> plans = new ArrayList<>();
        new SevenBitWalk(message.open(), null, plans).run();
        return new SevenBitMessage(message, plans);
    }

    /** Writes it; blocks on the target; does not close it. */
    public void writeTo(OutputStream target) throws IOException {
        new SevenBitWalk(message.open(), Objects.requireNonNull(target), new ArrayList<>(plans)).run();
    }
}
