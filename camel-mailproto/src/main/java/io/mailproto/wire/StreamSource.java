package io.mailproto.wire;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Octets of a stream that is no conversation, such as a stored transcript. */
final class StreamSource implements OctetSource {

    private final InputStream in;
    private final String name;
    private final Step step;

    StreamSource(InputStream in, String name, Step step) {
        this.in = in;
        this.name = name;
        this.step = step;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length) throws WireException {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            throw new ConnectionLost(name, step, "reading failed: " + Excerpt.of(String.valueOf(e.getMessage())), e);
        }
    }

    @Override
    public int receiveWithin(Duration time, byte[] buffer, int offset, int length) throws WireException {
        return receive(buffer, offset, length);
    }

    @Override
    public ConnectionLost endOfStream() {
        return new ConnectionLost(name, step, "it ends too early", null);
    }

    @Override
    public LimitExceeded tooMuch(String what) {
        return new LimitExceeded(name, step, what, null);
    }
}
