package io.mailproto.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A conversation as text, playable from either end by {@link ScriptedPeer}. Immutable.
 *
 * <pre>
 * S: 220 mx ESMTP            exactly this line, ended by CRLF, from the server
 * C~ EHLO .*                 a line from the client that matches the regular expression as a whole
 * C:                         an empty line
 * -- tls                     both sides shake hands (also as the first line: implicit TLS)
 * -- tls refused             the other side is expected to break the handshake off
 * -- {123}                   123 arbitrary octets from the side that spoke last; "-- C {123}" names the side
 * -- wait 200ms              the scripted peer does nothing for this time (ms or s)
 * -- close                   the scripted peer hangs up
 * -- closed                  the scripted peer waits until the other side has hung up, which it may do already while
 *                            the lines just before are being said
 * -- reset                   the scripted peer cuts the connection with a TCP reset
 * # a remark                 ignored, as blank lines are
 * </pre>
 *
 * Text is UTF-8. Escapes in exact lines: {@code \xHH} one octet; {@code \r} and {@code \n} a bare CR or LF;
 * {@code \\} a backslash; at the end of a line {@code \s} a space and {@code \c} "no CRLF follows". Every other
 * backslash stands for itself, so IMAP flags can be written as they are ({@code \Seen}; a lower-case one that begins
 * with r, n or x needs two backslashes). In a Java text block each backslash is doubled.
 */
public final class Transcript {
    private static final Pattern OCTETS = Pattern.compile("(?:([CS]) )?\\{(\\d+)}");
    private static final Pattern WAIT = Pattern.compile("wait (\\d+)(ms|s)");

    /** What happens in one line of the text. */
    enum Kind {
        LINE,
        PATTERN,
        OCTETS,
        TLS,
        TLS_REFUSED,
        WAIT,
        CLOSE,
        CLOSED,
        RESET
    }

    /**
     * One line of the text, understood.
     *
     * @param number the line's number in the text, from 1
     * @param source the line as it stands there
     * @param side who speaks; the side that spoke last for a directive; null before anybody spoke
     * @param octets what is sent or expected with the line's end, for {@link Kind#LINE}
     * @param pattern for {@link Kind#PATTERN}
     * @param count how many octets ({@link Kind#OCTETS}) or milliseconds ({@link Kind#WAIT})
     */
    record Entry(int number, String source, Kind kind, Side side, byte[] octets, Pattern pattern, long count) {
        boolean isSpokenBy(Side speaker) {
            return side == speaker && (kind == Kind.LINE || kind == Kind.PATTERN || kind == Kind.OCTETS);
        }

        boolean endsTheConnection() {
            return kind == Kind.CLOSE || kind == Kind.CLOSED || kind == Kind.RESET || kind == Kind.TLS_REFUSED;
        }

        Duration pause() {
            return Duration.ofMillis(count);
        }
    }

    private final List<String> source;
    private final List<Entry> entries;

    private Transcript(List<String> source, List<Entry> entries) {
        this.source = source;
        this.entries = entries;
    }

    /**
     * Understands a text.
     *
     * @throws IllegalArgumentException naming line number and line that make no sense
     */
    public static Transcript parse(String text) {
        // Not String.lines(): a CR may be meant.
        List<String> lines = Arrays.asList(text.split("\n", -1));
        List<Entry> entries = new ArrayList<>();
        Side last = null;
        for (int i = 0; i < lines.size(); i++) {
            Optional<Entry> entry = entry(i + 1, lines.get(i), last);
            if (entry.isPresent()) {
                if (!entries.isEmpty() && entries.get(entries.size() - 1).endsTheConnection()) {
                    throw nonsense(i + 1, lines.get(i), "the connection has ended before");
                }
                entries.add(entry.get());
                last = entry.get().side();
            }
        }
        return new Transcript(List.copyOf(lines), List.copyOf(entries));
    }

    List<Entry> entries() {
        return entries;
    }

    /** @throws IllegalArgumentException if this side has a line that can only be listened for */
    void requirePlayableBy(Side side) {
        for (Entry entry : entries) {
            if (entry.kind() == Kind.PATTERN && entry.side() == side) {
                throw nonsense(entry.number(), entry.source(), "a pattern cannot be said, only listened for");
            }
        }
    }

    /** The line with its number, and up to three lines before and after it; the line itself is marked with an arrow. */
    String around(int number) {
        StringBuilder text = new StringBuilder();
        for (int n = Math.max(1, number - 3); n <= Math.min(source.size(), number + 3); n++) {
            text.append(n == number ? "  > " : "    ")
                    .append(String.format("%3d  ", n))
                    .append(source.get(n - 1))
                    .append('\n');
        }
        return text.toString();
    }

    private static Optional<Entry> entry(int number, String raw, Side last) {
        String line = raw.stripLeading();
        if (line.isBlank() || line.startsWith("#")) {
            return Optional.empty();
        }
        if (line.startsWith("-- ")) {
            return Optional.of(directive(number, line.strip(), last));
        }
        if (line.length() >= 2 && (line.charAt(0) == 'C' || line.charAt(0) == 'S')) {
            Side side = Side.of(line.charAt(0));
            char how = line.charAt(1);
            if (how == ':' && (line.length() == 2 || line.charAt(2) == ' ')) {
                byte[] octets = unescape(line.length() == 2 ? "" : line.substring(3));
                return Optional.of(new Entry(number, line, Kind.LINE, side, octets, null, octets.length));
            }
            if (how == '~' && line.length() > 3 && line.charAt(2) == ' ') {
                return Optional.of(new Entry(number, line, Kind.PATTERN, side, null, regex(number, line), 0));
            }
        }
        throw nonsense(number, line, "begin with 'C: ', 'S: ', 'C~ ', 'S~ ', '-- ' or '#'");
    }

    private static Entry directive(int number, String line, Side last) {
        String what = line.substring(3).strip();
        Matcher octets = OCTETS.matcher(what);
        if (octets.matches()) {
            Side side = octets.group(1) == null ? last : Side.of(octets.group(1).charAt(0));
            if (side == null) {
                throw nonsense(number, line, "say whose octets these are: '-- C {n}' or '-- S {n}'");
            }
            return new Entry(number, line, Kind.OCTETS, side, null, null, Long.parseLong(octets.group(2)));
        }
        Matcher wait = WAIT.matcher(what);
        if (wait.matches()) {
            long millis = Long.parseLong(wait.group(1)) * (wait.group(2).equals("s") ? 1000 : 1);
            return new Entry(number, line, Kind.WAIT, last, null, null, millis);
        }
        Kind kind =
                switch (what) {
                    case "tls" -> Kind.TLS;
                    case "tls refused" -> Kind.TLS_REFUSED;
                    case "close" -> Kind.CLOSE;
                    case "closed" -> Kind.CLOSED;
                    case "reset" -> Kind.RESET;
                    default ->
                        throw nonsense(
                                number, line, "directives are tls, tls refused, {n}, wait, close, closed, reset");
                };
        return new Entry(number, line, kind, last, null, null, 0);
    }

    private static Pattern regex(int number, String line) {
        try {
            return Pattern.compile(line.substring(3));
        } catch (PatternSyntaxException e) {
            throw nonsense(number, line, e.getMessage());
        }
    }

    private static IllegalArgumentException nonsense(int number, String line, String hint) {
        return new IllegalArgumentException("transcript line " + number + ": " + line + ": " + hint);
    }

    /** The octets of an exact line, with CRLF unless the line ends with {@code \c}. */
    private static byte[] unescape(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(i + 1);
                boolean isAtEnd = i + 2 == text.length();
                if (next == 'c' && isAtEnd) {
                    return octets.toByteArray();
                }
                if (next == 'x' && i + 3 < text.length() && isHex(text.charAt(i + 2)) && isHex(text.charAt(i + 3))) {
                    octets.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
                    i += 4;
                    continue;
                }
                int plain =
                        switch (next) {
                            case 'r' -> '\r';
                            case 'n' -> '\n';
                            case '\\' -> '\\';
                            case 's' -> isAtEnd ? ' ' : -1;
                            default -> -1;
                        };
                if (plain >= 0) {
                    octets.write(plain);
                    i += 2;
                    continue;
                }
            }
            int codePoint = text.codePointAt(i);
            octets.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            i += Character.charCount(codePoint);
        }
        octets.write('\r');
        octets.write('\n');
        return octets.toByteArray();
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0;
    }

    /** Octets as they would stand in a transcript line: a closing CRLF left out, everything odd escaped. */
    static String escape(byte[] octets) {
        int end = octets.length;
        String tail = "\\c";
        if (end >= 2 && octets[end - 2] == '\r' && octets[end - 1] == '\n') {
            end -= 2;
            tail = "";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < end; i++) {
            int octet = octets[i] & 0xff;
            if (octet == '\r') {
                text.append("\\r");
            } else if (octet == '\n') {
                text.append("\\n");
            } else if (octet < 0x20 || octet > 0x7e) {
                text.append(String.format("\\x%02x", octet));
            } else {
                text.append((char) octet);
            }
        }
        return text.append(tail).toString();
    }
}
