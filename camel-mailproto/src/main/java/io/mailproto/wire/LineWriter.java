package io.mailproto.wire;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The sending half of a {@link Connection}: the one place where commands and replies become octets. For the thread that
 * owns the conversation. A line is encoded first and its octets are checked then, so that no character of any script
 * can turn into a CR or LF behind the check; a line that must not be sent is refused before any octet of it is
 * buffered, and the conversation can go on.
 */
public final class LineWriter {

    private static final int BUFFER = 16 * 1024;
    /** Until more is written at once: most of what a server says is short. */
    private static final int SMALL = 512;

    private static final byte[] CRLF = {'\r', '\n'};

    private final Connection connection;
    private final Trace trace;
    private final SentSecrets secrets;
    private byte[] buffer = new byte[SMALL];
    private final OutputStream raw = new Raw();
    private int used;
    private boolean utf8;

    LineWriter(Connection connection, Trace trace, SentSecrets secrets) {
        this.connection = connection;
        this.trace = trace;
        this.secrets = secrets;
    }

    /** Whether lines may have characters beyond ASCII, as UTF-8; at first not. */
    public void allowUtf8(boolean allow) {
        utf8 = allow;
    }

    /**
     * Buffers a line and its CRLF; may send earlier ones to make room.
     *
     * @throws IllegalArgumentException if it has a control character, half a surrogate pair or, unless allowed, a
     *     character beyond ASCII; nothing has been written then
     */
    public void write(String line) throws WireException {
        write(line, line);
    }

    /**
     * As {@link #write}, but the trace and the error show another text, and what differs is hidden by {@link
     * Connection#hide} from now on.
     */
    public void writeSecret(String line, String shown) throws WireException {
        secrets.add(line, shown);
        write(line, shown);
    }

    /** {@link #write} and {@link #flush}. */
    public void send(String line) throws WireException {
        write(line, line);
        flush();
    }

    /** {@link #writeSecret} and {@link #flush}. */
    public void sendSecret(String line, String shown) throws WireException {
        writeSecret(line, shown);
        flush();
    }

    private void write(String line, String shown) throws WireException {
        if (isPlain(line)) {
            putPlain(line);
        } else {
            byte[] octets = encode(line);
            put(octets, 0, octets.length);
        }
        put(CRLF, 0, 2);
        if (trace.isOn()) {
            trace.sent(shown);
        }
    }

    private void putPlain(String line) throws WireException {
        if (line.length() > buffer.length - used) {
            byte[] octets = line.getBytes(StandardCharsets.US_ASCII);
            put(octets, 0, octets.length);
            return;
        }
        for (int i = 0; i < line.length(); i++) {
            buffer[used++] = (byte) line.charAt(i);
        }
    }

    /** Nearly every line is: nothing but printable ASCII. */
    private static boolean isPlain(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < 0x20 || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private byte[] encode(String line) {
        ByteBuffer encoded;
        try {
            encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(line));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a line to be sent has half a character in it", e);
        }
        byte[] octets = new byte[encoded.remaining()];
        encoded.get(octets);
        for (int i = 0; i < octets.length; i++) {
            byte octet = octets[i];
            if (octet < 0 && !utf8) {
                throw new IllegalArgumentException("a line to be sent has a character beyond ASCII at octet " + i
                        + ", which the peer does not take");
            }
            // C2 80 to C2 9F are the control characters U+0080 to U+009F; U+2028 and U+2029 end lines for some.
            boolean isControl = (octet >= 0 && octet < 0x20)
                    || octet == 0x7f
                    || (octet == (byte) 0xc2 && i + 1 < octets.length && (octets[i + 1] & 0xff) < 0xa0)
                    || (octet == (byte) 0xe2
                            && i + 2 < octets.length
                            && octets[i + 1] == (byte) 0x80
                            && (octets[i + 2] == (byte) 0xa8 || octets[i + 2] == (byte) 0xa9));
            if (isControl) {
                throw new IllegalArgumentException("a line to be sent has a control character at octet " + i);
            }
        }
        return octets;
    }

    private void put(byte[] octets, int offset, int length) throws WireException {
        if (length > buffer.length - used && buffer.length < BUFFER) {
            buffer = Arrays.copyOf(buffer, BUFFER);
        }
        if (length > buffer.length - used) {
            flush();
            if (length >= buffer.length) {
                connection.transmit(octets, offset, length);
                return;
            }
        }
        System.arraycopy(octets, offset, buffer, used, length);
        used += length;
    }

    /** Sends what is buffered; blocks while the peer does not read. */
    public void flush() throws WireException {
        if (used > 0) {
            int length = used;
            used = 0;
            connection.transmit(buffer, 0, length);
        }
    }

    /** Octets that are buffered and not yet sent. */
    public int pending() {
        return used;
    }

    /** Octets as they are, for literals and bodies, into the same buffer. Closing it flushes and no more. */
    public OutputStream raw() {
        return raw;
    }

    /**
     * Begins a dot-stuffed text.
     *
     * @param policy {@code NORMALIZE} or {@code REJECT}; sending bare line endings would help others to smuggle
     */
    public DotWriter dotStuffed(BareLineEnding policy) {
        return new DotWriter(raw, policy);
    }

    private final class Raw extends OutputStream {

        private final byte[] one = new byte[1];

        @Override
        public void write(int octet) throws WireException {
            one[0] = (byte) octet;
            put(one, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws WireException {
            Objects.checkFromIndexSize(offset, length, octets.length);
            put(octets, offset, length);
        }

        @Override
        public void flush() throws WireException {
            LineWriter.this.flush();
        }

        @Override
        public void close() throws WireException {
            LineWriter.this.flush();
        }
    }
}
