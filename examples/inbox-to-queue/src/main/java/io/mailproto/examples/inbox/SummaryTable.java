package io.mailproto.examples.inbox;

import io.mailproto.examples.inbox.Tally.Station;
import java.time.Duration;
import java.util.Locale;

/** The table at the end of a run. */
final class SummaryTable {
    private SummaryTable() {}

    static String of(Tally tally, Duration elapsed) {
        StringBuilder table = new StringBuilder(rule());
        for (Station station : Station.values()) {
            table.append(row(station.label(), Long.toString(tally.get(station))));
        }
        double seconds = elapsed.toNanos() / 1e9;
        double rate = seconds > 0 ? tally.get(Station.DELIVERED) / seconds : 0;
        table.append(row("seconds", String.format(Locale.ROOT, "%.1f", seconds)));
        table.append(row("messages per second", String.format(Locale.ROOT, "%.1f", rate)));
        return table.append(rule()).toString();
    }

    private static String row(String label, String value) {
        return "| %-22s | %10s |%n".formatted(label, value);
    }

    private static String rule() {
        return "+%s+%s+%n".formatted("-".repeat(24), "-".repeat(12));
    }
}
