package io.mailproto.component;

import io.mailproto.mime.HeaderFields;
import io.mailproto.mime.MimePart;
import io.mailproto.mime.ParsedMail;
import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/**
 * A received message: its RFC 5322 octets, parsed only when somebody asks. Immutable and thread-safe. For Camel it is a
 * stream cache of the octets that never needs a reset: every conversion reads from the first octet, and every copy is the
 * same mail. As {@code InputStream} or {@code byte[]} it is the octets unchanged, as {@code String} the readable text.
 *
 * <p>Methods may block on the disk and throw {@link IOException} if the spool fails; never for what the octets are.
 */
public final class Mail implements StreamCache {

    private final Octets octets;
    private final ParsedMail parsed;

    private Mail(Octets octets) {
        this.octets = octets;
        this.parsed = ParsedMail.of(octets);
    }

    /** A mail over octets, which it shares. */
    public static Mail of(Octets octets) {
        return new Mail(octets);
    }

    /** The octets as they came. */
    public Octets octets() {
        return octets;
    }

    /** Number of octets. */
    public long size() {
        return octets.size();
    }

    /** Everything the message says about itself. */
    public ParsedMail parsed() {
        return parsed;
    }

    /** The header fields. */
    public HeaderFields headers() throws IOException {
        return parsed.headers();
    }

    /** The decoded subject. */
    public Optional<String> subject() throws IOException {
        return parsed.headers().decoded("Subject");
    }

    /** The readable text: the first {@code text/plain} part, else the first {@code text/*}, else empty. */
    public String text() throws IOException {
        return parsed.text();
    }

    /** The first HTML part. */
    public Optional<String> html() throws IOException {
        return parsed.html();
    }

    /** The attachments in their order. */
    public List<MimePart> attachments() throws IOException {
        return parsed.attachments();
    }

    /** A new stream of the octets. */
    public InputStream open() throws IOException {
        return octets.open();
    }

    /** Does nothing: every stream starts at the first octet. */
    @Override
    public void reset() {
        // Nothing is consumed by reading.
    }

    @Override
    public void writeTo(OutputStream target) throws IOException {
        octets.writeTo(target);
    }

    /** The same mail: it is immutable and its octets live as long as it can be reached. */
    @Override
    public StreamCache copy(Exchange exchange) {
        return this;
    }

    @Override
    public boolean inMemory() {
        return octets.isInMemory();
    }

    @Override
    public long length() {
        return octets.size();
    }

    @Override
    public long position() {
        return -1;
    }

    /** Size only; never content. */
    @Override
    public String toString() {
        return "Mail[" + octets + "]";
    }
}
