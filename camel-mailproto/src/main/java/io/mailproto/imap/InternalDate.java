package io.mailproto.imap;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code date-time} of RFC 3501 §9: {@code "17-Jul-1996 02:44:25 -0700"}, the day may be one digit after a space. */
final class InternalDate {
    private static final String MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("dd-MMM-uuuu HH:mm:ss xx", Locale.ENGLISH);

    private InternalDate() {}

    /** As APPEND wants it; the first day has two digits, which every server understands. */
    static String format(OffsetDateTime date) {
        return FORMAT.format(date);
    }

    /** Null if it is none, such as {@code 00-Jan-0000} (seen from Domino): a message without a date is still one. */
    static OffsetDateTime parse(String text) {
        String[] parts = text.strip().split("[-: ]", 7);
        if (parts.length != 7 || parts[6].length() != 5 || parts[1].length() != 3) {
            return null;
        }
        int month = MONTHS.indexOf(parts[1].toUpperCase(Locale.ROOT));
        try {
            int zone = Integer.parseInt(parts[6].substring(1));
            int seconds = (zone / 100 * 60 + zone % 100) * 60;
            return OffsetDateTime.of(
                    Integer.parseInt(parts[2]),
                    month % 3 == 0 ? month / 3 + 1 : 0,
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[3]),
                    Integer.parseInt(parts[4]),
                    Math.min(59, Integer.parseInt(parts[5])),
                    0,
                    ZoneOffset.ofTotalSeconds(parts[6].charAt(0) == '-' ? -seconds : seconds));
        } catch (DateTimeException | NumberFormatException noDate) {
            return null;
        }
    }
}
