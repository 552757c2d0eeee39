package io.mailproto.examples.inbox;

import io.mailproto.examples.inbox.Tally.Station;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Tells how far the work is: one line that rewrites itself on a terminal, a new line now and then elsewhere. Used by
 * one thread.
 */
final class Progress {
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(2);

    private final PrintStream out;
    private final boolean terminal;
    private final long expected;
    private final long started = System.nanoTime();
    private long lastPrinted;
    private String lastLine = "";

    /** @param expected the number of mails to come, or 0 if nobody knows */
    Progress(PrintStream out, boolean terminal, long expected) {
        this.out = out;
        this.terminal = terminal;
        this.expected = expected;
    }

    /** Shows the present state; cheap enough to be called several times a second. */
    void show(Tally tally) {
        String line = line(tally);
        if (terminal) {
            String blanks = " ".repeat(Math.max(0, lastLine.length() - line.length()));
            out.print("\r" + line + blanks);
            out.flush();
            lastLine = line;
        } else if (!line.equals(lastLine) && System.nanoTime() - lastPrinted > PLAIN_INTERVAL.toNanos()) {
            printPlain(line);
        }
    }

    /** Shows the final state and leaves the line. */
    void finish(Tally tally) {
        String line = line(tally);
        if (terminal) {
            show(tally);
            out.println();
        } else if (!line.equals(lastLine)) {
            printPlain(line);
        }
    }

    private void printPlain(String line) {
        out.println(line);
        lastPrinted = System.nanoTime();
        lastLine = line;
    }

    private String line(Tally tally) {
        String of = expected > 0 ? "/" + expected : "";
        String line = "received %d%s, attachments %d, queued %d, relayed %d, delivered %d%s, failures %d"
                .formatted(
                        tally.get(Station.RECEIVED),
                        of,
                        tally.get(Station.ATTACHMENTS),
                        tally.get(Station.QUEUED),
                        tally.get(Station.RELAYED),
                        tally.get(Station.DELIVERED),
                        of,
                        tally.get(Station.FAILED));
        return terminal ? line + "  (%d s)".formatted((System.nanoTime() - started) / 1_000_000_000L) : line;
    }
}
