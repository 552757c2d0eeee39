package io.mailproto.pop3;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolException;
import io.mailproto.spool.SpoolWriter;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.DotReader;
import io.mailproto.wire.EndOfData;
import io.mailproto.wire.LineReader;
import io.mailproto.wire.LineWriter;
import io.mailproto.wire.ProtocolViolation;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/** How POP3 frames commands, replies, listings and messages on a {@link Connection}; knows no command. */
final class Conversation {
    /** More lines than any server writes behind one {@code -ERR}. */
    private static final int MAX_ERROR_LINES = 20;

    private final Connection connection;
    private final LineReader in;
    private final LineWriter out;
    private final Pop3Timeouts timeouts;
    private final byte[] chunk = new byte[16 * 1024];
    /** True while commands of a run are in flight. */
    private boolean running;

    private boolean lastOfRunWasError;
    /** Null if there is none. */
    private Ahead ahead;

    /** A command that goes out in front of the next one, so that it takes no time of its own. */
    private record Ahead(String command, Step step, AnswerReader answer) {}

    /** Reads the rest of an answer. */
    @FunctionalInterface
    interface AnswerReader {
        void read(Pop3Reply reply) throws WireException;
    }

    Conversation(Connection connection, Pop3Timeouts timeouts) {
        this.connection = connection;
        this.in = connection.in();
        this.out = connection.out();
        this.timeouts = timeouts;
    }

    Connection connection() {
        return connection;
    }

    Pop3Timeouts timeouts() {
        return timeouts;
    }

    /** Sends a command and reads its status line. */
    Pop3Reply ask(String line, Step step) throws WireException {
        return ask(line, step, timeouts.reply());
    }

    Pop3Reply ask(String line, Step step, Duration budget) throws WireException {
        connection.within(Deadline.in(budget), step);
        Ahead first = writeAhead();
        out.send(line);
        if (first != null) {
            readAhead(first);
            connection.within(Deadline.in(budget), step);
        }
        return readReply();
    }

    /** Has a command written in front of the next one, and its answer read before the next one's. Only where the server pipelines. */
    void sendAhead(String command, Step step, AnswerReader answer) {
        ahead = new Ahead(command, step, answer);
    }

    /** What was to be sent ahead is not needed any more. */
    void forgetAhead() {
        ahead = null;
    }

    private Ahead writeAhead() throws WireException {
        Ahead first = ahead;
        ahead = null;
        if (first != null) {
            out.write(first.command());
        }
        return first;
    }

    private void readAhead(Ahead first) throws WireException {
        connection.within(Deadline.in(timeouts.reply()), first.step());
        first.answer().read(readReply());
    }

    /** As {@link #ask}, for a line that no trace may show. */
    Pop3Reply askSecret(String line, String shown, Step step) throws WireException {
        connection.within(Deadline.in(timeouts.reply()), step);
        out.sendSecret(line, shown);
        return readReply();
    }

    /** As {@link #ask}, for the dialogue of {@code AUTH}: whatever line comes. */
    String askForLine(String line, String shown, Step step) throws WireException {
        connection.within(Deadline.in(timeouts.reply()), step);
        out.sendSecret(line, shown);
        return in.readLine();
    }

    /** Lets lines hold more than ASCII, as UTF-8. */
    void allowUtf8() {
        out.allowUtf8(true);
    }

    /** Reads a status line within the current deadline. */
    Pop3Reply readReply() throws WireException {
        for (int skipped = 0; ; skipped++) {
            String line = in.readLine();
            Pop3Reply reply = Pop3Reply.parse(line);
            if (reply != null) {
                lastOfRunWasError = running && !reply.isOk();
                return reply;
            }
            // Deviation: some servers explain an -ERR to RETR on further lines, or end it with a dot. They carry
            // nothing
            // that belongs to a message, so the replies behind them keep their order. After other commands nothing but
            // a status line is taken.
            if (!lastOfRunWasError || skipped == MAX_ERROR_LINES) {
                throw connection.violation("a reply that begins with +OK or -ERR", line);
            }
        }
    }

    /**
     * Reads the lines of a listing up to the lone dot.
     *
     * @param held how many octets the lines take in memory by now
     * @param limit most octets, of what is held and of what has been read
     */
    void readLines(Consumer<String> sink, LongSupplier held, long limit) throws WireException {
        beginBody();
        String line = in.readLine();
        long octets = 0;
        boolean isFirst = true;
        boolean hasIndicators = false;
        while (!line.equals(".")) {
            boolean hasIndicator = isFromListing(line);
            if (!isFirst && hasIndicator != hasIndicators) {
                throw outOfStep(line);
            }
            hasIndicators = hasIndicator;
            isFirst = false;
            sink.accept(line.startsWith(".") ? line.substring(1) : line);
            octets += line.length() + 2;
            // Lines that name no message are not held, and come without end as well.
            if (octets > limit || held.getAsLong() > limit) {
                throw connection.tooMuch("the listing takes more than " + limit + " octets");
            }
            line = in.readLine();
        }
        connection.noMinimumRate();
    }

    /**
     * Deviation: servers exist that write {@code +OK} in front of every line. In front of some, or without a number
     * behind it, it is the answer to another command.
     *
     * @return whether the line begins with it
     */
    private boolean isFromListing(String line) throws WireException {
        Pop3Reply status = Pop3Reply.parse(line);
        if (status == null) {
            return false;
        }
        char first = status.text().isEmpty() ? '0' : status.text().charAt(0);
        if (!status.isOk() || first < '1' || first > '9') {
            throw outOfStep(line);
        }
        return true;
    }

    private ProtocolViolation outOfStep(String line) {
        return connection.violation("a line of the listing, not one answer more than there were commands", line);
    }

    /**
     * Reads a message up to the lone dot, right behind its status line.
     *
     * @param announced its size as far as the server told, or -1
     * @throws SpoolException if it cannot be kept; it has been read to its end then and the conversation is in step
     */
    Octets readMessage(Spool spool, long announced) throws IOException {
        // Deviation: servers exist that end all lines with LF only, the dot's too. Only where the status line shows
        // that
        // it is such a server, because elsewhere LF.LF may stand in the middle of a message. CRLF.LF cannot: a server
        // that ends a line by CRLF stuffs the dot behind it. Others forget the CR behind the dot.
        DotReader body = in.dotStuffed(in.lastLineEndedBare() ? EndOfData.LENIENT : EndOfData.LAX_DOT);
        beginBody();
        try (SpoolWriter writer = spool.newWriter(announced)) {
            for (int read = body.read(chunk, 0, chunk.length); read >= 0; read = body.read(chunk, 0, chunk.length)) {
                writer.write(chunk, 0, read);
            }
            return writer.finish();
        } catch (SpoolException e) {
            body.drain();
            throw e;
        } finally {
            connection.noMinimumRate();
        }
    }

    private void beginBody() {
        connection.within(Deadline.perProgress(timeouts.reply()), connection.step());
        connection.minimumRate(timeouts.body());
    }

    /** Takes the replies of a run of commands, in their order. */
    @FunctionalInterface
    interface ReplySink {
        /** Must read what belongs to the reply. */
        void accept(int index, Pop3Reply reply) throws IOException;
    }

    /**
     * Sends commands of one kind with up to a window of them in flight, and reads their replies. When half of the window
     * is answered it is filled up again, so that the server never waits and writes stay few.
     *
     * @throws IOException as the sink does as well; the connection is closed then, since replies are outstanding
     */
    void pipeline(int count, IntFunction<String> command, IntFunction<Step> step, Pop3Window window, ReplySink sink)
            throws IOException {
        boolean complete = false;
        running = true;
        try {
            int[] lengths = new int[Math.min(window.replies(), count)];
            int sent = 0;
            Ahead first = count > 0 ? writeAhead() : null;
            int octets = first == null ? 0 : first.command().length() + 2;
            for (int answered = 0; answered < count; answered++) {
                connection.within(Deadline.in(timeouts.reply()), step.apply(answered));
                if (sent - answered <= lengths.length / 2) {
                    String next = sent < count ? command.apply(sent) : null;
                    while (next != null && fits(next, sent - answered, octets, lengths.length, window)) {
                        out.write(next);
                        lengths[sent % lengths.length] = next.length() + 2;
                        octets += next.length() + 2;
                        sent++;
                        next = sent < count ? command.apply(sent) : null;
                    }
                    out.flush();
                }
                if (first != null) {
                    octets -= first.command().length() + 2;
                    readAhead(first);
                    first = null;
                    connection.within(Deadline.in(timeouts.reply()), step.apply(answered));
                }
                Pop3Reply reply = readReply();
                octets -= lengths[answered % lengths.length];
                sink.accept(answered, reply);
            }
            complete = true;
        } finally {
            running = false;
            if (!complete) {
                connection.close();
            }
        }
    }

    private static boolean fits(String command, int inFlight, int octets, int places, Pop3Window window) {
        return inFlight == 0 || (inFlight < places && octets + command.length() + 2 <= window.commandOctets());
    }
}
