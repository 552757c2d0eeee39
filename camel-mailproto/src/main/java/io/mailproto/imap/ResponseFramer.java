package io.mailproto.imap;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolException;
import io.mailproto.spool.SpoolWriter;
import io.mailproto.wire.Connection;
import io.mailproto.wire.CountedInput;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.MinimumRate;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads one complete response: a line, and as long as it ends with {@code {n}}, n octets and another line (RFC 3501
 * §4.3). The only place that decides where a response ends. Body sections go to the spool as they come, other literals
 * are kept in memory within limits.
 */
final class ResponseFramer {
    private static final int BUFFER = 16 * 1024;

    private final Connection connection;
    private final Spool spool;
    private final ImapLimits limits;
    private final Duration silence;
    private final MinimumRate rate;
    private final byte[] buffer = new byte[BUFFER];

    ResponseFramer(Connection connection, Spool spool, ImapLimits limits, Duration silence, MinimumRate rate) {
        this.connection = connection;
        this.spool = spool;
        this.limits = limits;
        this.silence = silence;
        this.rate = rate;
        connection.in().maxLine(limits.lineOctets());
    }

    /** Blocks until a response is complete, within the deadline of the connection; a literal renews it. */
    RawResponse read() throws WireException {
        String line = withoutPadding(connection.in().readLine());
        long announced = mayHoldLiterals(line) ? literalLength(line) : -1;
        if (announced < 0) {
            return RawResponse.of(line);
        }
        boolean isFetch = isFetch(line);
        List<String> texts = new ArrayList<>(2);
        List<Literal> literals = new ArrayList<>(1);
        boolean complete = false;
        long inMemory = 0;
        long textLength = line.length();
        try {
            while (announced >= 0) {
                if (literals.size() == limits.literals()) {
                    throw connection.tooMuch("a response with more than " + limits.literals() + " literals");
                }
                String text = line.substring(0, line.lastIndexOf('{'));
                text = text.endsWith("~") ? text.substring(0, text.length() - 1) : text;
                texts.add(text);
                if (isFetch && endsWithSection(text)) {
                    Literal body = body(announced);
                    literals.add(body);
                    // Small ones stay in memory, so many of them must not come: a mail has a body of each kind.
                    inMemory = withinTexts(inMemory + (body.isInMemory() ? announced : 0));
                } else {
                    inMemory = withinTexts(inMemory + announced);
                    literals.add(Literal.of(text((int) announced)));
                }
                line = connection.in().readLine();
                textLength += line.length();
                if (textLength > limits.lineOctets()) {
                    throw connection.tooMuch(
                            "a response with more than " + limits.lineOctets() + " octets beside its literals");
                }
                announced = literalLength(line);
            }
            texts.add(line);
            complete = true;
            return new RawResponse(texts, literals);
        } finally {
            if (!complete) {
                literals.forEach(Literal::release);
            }
        }
    }

    private long withinTexts(long octets) throws WireException {
        if (octets > limits.textOctets()) {
            throw connection.tooMuch(
                    "a response with more than " + limits.textOctets() + " octets of literals that are kept in memory");
        }
        return octets;
    }

    /** Deviation: NULs and spaces in front of a response have been seen (Q2). */
    private static String withoutPadding(String line) {
        int start = 0;
        while (start < line.length() && (line.charAt(start) == 0 || line.charAt(start) == ' ')) {
            start++;
        }
        return start == 0 ? line : line.substring(start);
    }

    /** Status texts, completions and continuations are text for people; "{5}" at their end announces nothing. */
    private static boolean mayHoldLiterals(String line) {
        if (!line.startsWith("* ") || !line.stripTrailing().endsWith("}")) {
            return false;
        }
        int end = line.indexOf(' ', 2);
        String word = end < 0 ? line.substring(2) : line.substring(2, end);
        return ImapStatus.ofWord(word) == null && !word.startsWith("[");
    }

    private static boolean isFetch(String line) {
        int number = line.indexOf(' ', 2);
        return number > 0
                && (line.regionMatches(true, number + 1, "FETCH", 0, 5)
                        || line.regionMatches(true, number + 1, "UIDFETCH", 0, 8));
    }

    /** Does a body follow: {@code BODY[…]}, {@code BODY[…]<0>}, {@code BINARY[…]}, {@code RFC822}? */
    private static boolean endsWithSection(String text) {
        String name = text.stripTrailing();
        if (name.endsWith("]") || name.endsWith(">")) {
            return true;
        }
        String end = name.substring(Math.max(0, name.length() - 14)).toUpperCase(Locale.ROOT);
        return end.endsWith("RFC822") || end.endsWith("RFC822.TEXT") || end.endsWith("RFC822.HEADER");
    }

    /** {@code "{" number ["+"] "}"} at the end, also with leading zeros (Q3) and trailing space (Q2); -1 if none. */
    private long literalLength(String line) throws WireException {
        String end = line.stripTrailing();
        if (!end.endsWith("}")) {
            return -1;
        }
        int open = end.lastIndexOf('{');
        if (open < 0) {
            return -1;
        }
        int stop = end.charAt(end.length() - 2) == '+' ? end.length() - 2 : end.length() - 1;
        if (stop == open + 1) {
            return -1;
        }
        long length = 0;
        for (int i = open + 1; i < stop; i++) {
            char c = end.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            length = length * 10 + (c - '0');
            if (length > limits.bodyOctets()) {
                throw connection.tooMuch("a literal longer than " + limits.bodyOctets() + " octets is announced");
            }
        }
        return length;
    }

    private Literal body(long announced) throws WireException {
        Step step = connection.step();
        Deadline renewed = Deadline.perProgress(silence);
        connection.within(renewed, step);
        connection.minimumRate(rate);
        CountedInput in = connection.in().counted(announced);
        IOException failure = null;
        try (SpoolWriter writer = spool.newWriter(announced)) {
            while (in.left() > 0) {
                int read = in.read(buffer, 0, buffer.length);
                if (failure == null) {
                    failure = keep(writer, read);
                }
            }
            return failure == null ? Literal.of(writer.finish()) : new Literal(null, failure, announced);
        } catch (SpoolException e) {
            return new Literal(null, e, announced);
        } finally {
            connection.noMinimumRate();
            connection.within(Deadline.in(silence), step);
        }
    }

    /** A full disk costs this message, not the conversation: the rest of the literal is read and dropped. */
    private IOException keep(SpoolWriter writer, int length) {
        try {
            writer.write(buffer, 0, length);
            return null;
        } catch (SpoolException e) {
            return e;
        }
    }

    private Octets text(int announced) throws WireException {
        // Announced sizes are not trusted: the array grows with what comes.
        java.io.ByteArrayOutputStream octets = new java.io.ByteArrayOutputStream(Math.min(announced, BUFFER));
        CountedInput in = connection.in().counted(announced);
        while (in.left() > 0) {
            int read = in.read(buffer, 0, buffer.length);
            octets.write(buffer, 0, read);
        }
        return Octets.of(octets.toByteArray());
    }
}
