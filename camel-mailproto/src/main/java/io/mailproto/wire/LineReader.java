package io.mailproto.wire;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The receiving half of a {@link Connection}: lines, counted octets and dot-stuffed text out of one buffer. For the
 * thread that owns the conversation. Lines end with CRLF; LF alone is taken too, and {@link #lastLineEndedBare()} tells.
 * A line is given as a string of one char per octet (ISO-8859-1), so that nothing is lost; {@link #utf8} reads it anew.
 */
public final class LineReader {

    /** Far above RFC 5321's 512 and RFC 1939's; IMAP raises it. */
    static final int DEFAULT_MAX_LINE = 8192;

    private static final int BUFFER = 16 * 1024;
    /** Until more comes at once, and again while nothing comes: a server may have ten thousand clients that are silent. */
    private static final int SMALL = 512;
    /** How long nothing has to come before a large buffer is given back. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final OctetSource source;
    private final Trace trace;
    private final SentSecrets secrets;
    private byte[] buffer = new byte[SMALL];
    private int start;
    private int end;
    private int maxLine = DEFAULT_MAX_LINE;
    private boolean endedBare;
    private boolean tooLong;
    private UnaryOperator<String> redactor = UnaryOperator.identity();

    LineReader(OctetSource source, Trace trace, SentSecrets secrets) {
        this.source = source;
        this.trace = trace;
        this.secrets = secrets;
    }

    /**
     * Reads a stream that is no conversation, such as a stored transcript; without deadlines.
     *
     * @param name stands for the peer in errors
     */
    public static LineReader over(InputStream in, String name, Step step) {
        return new LineReader(new StreamSource(in, name, step), new Trace(name), new SentSecrets());
    }

    /** Longest line that is taken, without its ending. */
    public void maxLine(int octets) {
        maxLine = octets;
    }

    /** What the trace shows of a received line, so that secrets stay out of it. */
    public void redactor(UnaryOperator<String> newRedactor) {
        redactor = newRedactor;
    }

    /**
     * Blocks until a line is there.
     *
     * @throws ConnectionLost at the end of the stream
     * @throws LimitExceeded if the line is longer than {@link #maxLine}
     */
    public String readLine() throws WireException {
        String line = nextLine(false);
        if (line == null) {
            throw source.endOfStream();
        }
        return line;
    }

    /** As {@link #readLine}, but null if the stream ends before a line begins. */
    public String readLineOrEnd() throws WireException {
        return nextLine(false);
    }

    /**
     * As {@link #readLineOrEnd}, but a line that is too long is skipped up to its LF, in constant memory; then
     * {@link #lastLineTooLong} is true and the empty string is returned.
     */
    public String readLineOrSkip() throws WireException {
        return nextLine(true);
    }

    /** True if the last line was longer than allowed and has been skipped. */
    public boolean lastLineTooLong() {
        return tooLong;
    }

    /** True if the last line ended with LF without CR. */
    public boolean lastLineEndedBare() {
        return endedBare;
    }

    private String nextLine(boolean skipLong) throws WireException {
        tooLong = false;
        ByteArrayOutputStream head = null;
        while (true) {
            int newline = indexOfLf();
            int stop = newline < 0 ? end : newline;
            int length = stop - start + (head == null ? 0 : head.size());
            // One more for the CR in front of the LF.
            if (length > maxLine + 1) {
                if (!skipLong) {
                    throw source.tooMuch("a line of more than " + maxLine + " octets came");
                }
                tooLong = true;
            }
            if (newline >= 0) {
                String line = take(head, newline);
                start = newline + 1;
                if (!tooLong && line.length() > maxLine) {
                    if (!skipLong) {
                        throw source.tooMuch("a line of more than " + maxLine + " octets came");
                    }
                    tooLong = true;
                    line = "";
                }
                if (trace.isOn()) {
                    trace.received(tooLong ? "(line too long)" : secrets.hide(redactor.apply(line)));
                }
                return line;
            }
            if (!tooLong && end > start) {
                head = head == null ? new ByteArrayOutputStream(256) : head;
                head.write(buffer, start, end - start);
            } else if (tooLong) {
                head = null;
            }
            start = end;
            if (fill() < 0) {
                if (head == null && !tooLong) {
                    return null;
                }
                throw source.endOfStream();
            }
        }
    }

    private int indexOfLf() {
        for (int i = start; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** The line that ends before the LF at an index, without its CR. */
    private String take(ByteArrayOutputStream head, int newline) {
        if (tooLong) {
            endedBare = false;
            return "";
        }
        if (head == null) {
            endedBare = newline == start || buffer[newline - 1] != '\r';
            return new String(buffer, start, newline - start - (endedBare ? 0 : 1), StandardCharsets.ISO_8859_1);
        }
        head.write(buffer, start, newline - start);
        String line = head.toString(StandardCharsets.ISO_8859_1);
        endedBare = !line.endsWith("\r");
        return endedBare ? line : line.substring(0, line.length() - 1);
    }

    /** Reads a line's octets as UTF-8; what is malformed becomes U+FFFD. */
    public static String utf8(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) >= 0x80) {
                return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            }
        }
        return line;
    }

    /** Exactly so many octets, as a stream that must be read to its end before the next line. */
    public CountedInput counted(long octets) {
        growFor(octets);
        return new CountedInput(this, octets);
    }

    /** A dot-stuffed text up to its lone dot, as it came; must be read to its end before the next line. */
    public DotReader dotStuffed(EndOfData rule) {
        return dotStuffed(rule, BareLineEnding.ACCEPT);
    }

    /** As {@link #dotStuffed(EndOfData)}; with {@code NORMALIZE} the text has only CRLF. */
    public DotReader dotStuffed(EndOfData rule, BareLineEnding policy) {
        growFor(BUFFER);
        return new DotReader(this, rule, policy);
    }

    /** True if octets have been received that nobody has read yet. */
    public boolean hasBuffered() {
        return start < end;
    }

    /** The octets that have been received and that nobody has read yet; they are gone from here then. */
    byte[] takeBuffered() {
        byte[] rest = Arrays.copyOfRange(buffer, start, end);
        start = end;
        return rest;
    }

    /** The next octet that nobody has read yet, 0 to 255, without waiting for any; -1 if there is none. */
    public int peek() {
        return start < end ? buffer[start] & 0xff : -1;
    }

    /** True if a whole line has been received that nobody has read yet, so that reading it will not block. */
    public boolean hasBufferedLine() {
        return indexOfLf() >= 0;
    }

    /**
     * Waits for octets, whatever the deadline; for IDLE and for keeping a source.
     *
     * @return false if none came in time, without harm to the connection
     */
    public boolean await(Duration time) throws WireException {
        if (hasBuffered()) {
            return true;
        }
        if (buffer.length > SMALL && time.compareTo(QUIET) > 0) {
            if (receiveWithin(QUIET)) {
                return true;
            }
            buffer = new byte[SMALL];
            return receiveWithin(time.minus(QUIET));
        }
        return receiveWithin(time);
    }

    private boolean receiveWithin(Duration time) throws WireException {
        start = 0;
        end = 0;
        int read = source.receiveWithin(time, buffer, 0, buffer.length);
        if (read < 0) {
            throw source.endOfStream();
        }
        end = read;
        return read > 0;
    }

    /** Makes room for what is to come; what is buffered stays. */
    private void growFor(long octets) {
        if (buffer.length < BUFFER && octets > buffer.length) {
            byte[] larger = new byte[BUFFER];
            System.arraycopy(buffer, start, larger, 0, end - start);
            buffer = larger;
            end -= start;
            start = 0;
        }
    }

    /** Octets as they come, at least one; -1 at the end of the stream. */
    public int read(byte[] target, int offset, int length) throws WireException {
        if (start == end) {
            if (length >= BUFFER) {
                return source.receive(target, offset, length);
            }
            if (fill() < 0) {
                return -1;
            }
        }
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, target, offset, count);
        start += count;
        return count;
    }

    // For DotReader, which works on the buffer itself.

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    void consumeTo(int position) {
        start = position;
    }

    /** Refills the empty buffer; blocks; -1 at the end of the stream. */
    int fill() throws WireException {
        if (end == buffer.length) {
            // It was full, so more is likely to wait.
            start = end;
            growFor(BUFFER);
        }
        start = 0;
        end = 0;
        int read = source.receive(buffer, 0, buffer.length);
        end = Math.max(read, 0);
        return read;
    }

    /**
     * Before the connection is closed because a write failed: takes in what has come, since a peer that stops reading has
     * often said why. The lines can be read as long as {@link #hasBufferedLine} is true.
     */
    void keepLastWords(Connection connection) {
        growFor(BUFFER);
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end < buffer.length && !hasBufferedLine()) {
            end += Math.max(0, connection.receiveLastWords(buffer, end, buffer.length - end));
        }
    }

    void refillOrFail() throws WireException {
        if (start == end && fill() < 0) {
            throw source.endOfStream();
        }
    }

    ConnectionLost endOfStream() {
        return source.endOfStream();
    }

    void traceBody(long octets) {
        if (trace.isOn()) {
            trace.received("(" + octets + " octets)");
        }
    }
}
