package io.mailproto.component;

import io.mailproto.mime.MimePart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/**
 * The decoded octets of a part as a message body: a stream that Camel may read again and again, and that puts nothing on
 * the heap. Lives for as long as something refers to it; needs no closing. For one thread; {@link #copy} is for others.
 */
public final class PartStreamCache extends InputStream implements StreamCache {

    private final MimePart part;
    private InputStream in;
    private long position;

    /** Over a part, which it shares. */
    public PartStreamCache(MimePart part) {
        this.part = part;
    }

    private InputStream in() throws IOException {
        if (in == null) {
            in = part.open();
        }
        return in;
    }

    @Override
    public int read() throws IOException {
        int octet = in().read();
        position += octet < 0 ? 0 : 1;
        return octet;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in().read(target, offset, length);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public void reset() {
        in = null;
        position = 0;
    }

    @Override
    public void writeTo(OutputStream target) throws IOException {
        part.open().transferTo(target);
    }

    @Override
    public StreamCache copy(Exchange exchange) {
        return new PartStreamCache(part);
    }

    @Override
    public boolean inMemory() {
        return false;
    }

    /** Read through once to find out. */
    @Override
    public long length() {
        try {
            return part.size();
        } catch (IOException e) {
            throw new UncheckedIOException("counting the octets of a part, " + part, e);
        }
    }

    @Override
    public long position() {
        return position;
    }

    /** Never content. */
    @Override
    public String toString() {
        return "PartStreamCache[" + part + "]";
    }
}
