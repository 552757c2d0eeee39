package io.mailproto.smtp;

import io.mailproto.wire.Connection;
import io.mailproto.wire.LineReader;
import io.mailproto.wire.WireException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies (RFC 5321 §4.2.1):
 *
 * <pre>
 * Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
 * </pre>
 *
 * Bounded, because the peer may be anybody: {@value #MAX_LINES} lines, {@value #MAX_LINE} octets a line (what a 334
 * challenge may need, RFC 4954 §4), {@value #MAX_OCTETS} octets in all. One per connection, used by one thread.
 */
public final class ReplyReader {
    static final int MAX_LINES = 100;
    static final int MAX_LINE = 12_288;
    static final int MAX_OCTETS = 200 * 1024;

    private static final String EXPECTED = "an SMTP reply (three digits, then a space or a hyphen)";

    private final Connection connection;

    /** Sets the line limit of the connection's reader. */
    public ReplyReader(Connection connection) {
        this.connection = connection;
        connection.in().maxLine(MAX_LINE);
    }

    /**
     * Reads one reply; blocks until its last line is there, within the connection's deadline.
     *
     * @throws WireException if the connection fails or what comes is not a reply; it is closed then
     */
    public Reply readReply() throws WireException {
        List<String> texts = new ArrayList<>(1);
        int code = 0;
        int octets = 0;
        while (true) {
            String line = connection.in().readLine();
            octets += line.length();
            int lineCode = codeOf(line);
            if (lineCode < 0) {
                throw connection.violation(EXPECTED, line);
            }
            if (texts.isEmpty()) {
                code = lineCode;
            } else if (lineCode != code) {
                // Two codes in one reply mean that somebody lost count; going on could take one answer for another.
                throw connection.violation("a further line of the " + code + " reply", line);
            }
            texts.add(printable(line.length() > 4 ? line.substring(4) : ""));
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return new Reply(code, texts);
            }
            if (texts.size() >= MAX_LINES || octets > MAX_OCTETS) {
                throw connection.violation(
                        "a reply of at most " + MAX_LINES + " lines and " + MAX_OCTETS + " octets", line);
            }
        }
    }

    /** The code of a reply line, or -1 if it is none. Pure. */
    static int codeOf(String line) {
        if (line.length() < 3) {
            return -1;
        }
        for (int i = 0; i < 3; i++) {
            if (line.charAt(i) < '0' || line.charAt(i) > '9') {
                return -1;
            }
        }
        int code = (line.charAt(0) - '0') * 100 + (line.charAt(1) - '0') * 10 + line.charAt(2) - '0';
        boolean wellFormed = line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-';
        return wellFormed && code >= 200 && code <= 599 ? code : -1;
    }

    /** Text for people and logs: UTF-8 (RFC 6531 §3.7.4.2), and a question mark for every control character. */
    private static String printable(String octets) {
        String text = LineReader.utf8(octets);
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\t') {
                if (clean == null) {
                    clean = new StringBuilder(text);
                }
                clean.setCharAt(i, '?');
            }
        }
        return clean == null ? text : clean.toString();
    }
}
