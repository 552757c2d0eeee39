package io.mailproto.mime;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates as header fields write them: {@code Fri, 21 Nov 1997 09:55:06 -0600} (RFC 5322 §3.3), and as people do. */
public final class MailDate {
    /** Longer texts are no dates, whatever they are. */
    private static final int LONGEST = 200;

    private static final Pattern DATE = Pattern.compile(
            "(?:[A-Za-z]{3,9},?\\s+)?(\\d{1,2})[\\s-]+([A-Za-z]{3})[A-Za-z]*"
                    + "[\\s-]+(\\d{2,4})\\s+(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?(?:\\.\\d+)?\\s*([+-]\\d{4}|[A-Za-z]*).*");

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    /** RFC 5322 §4.3, in hours; all others are as good as UTC. */
    private static final Map<String, Integer> ZONES =
            Map.of("EST", -5, "EDT", -4, "CST", -6, "CDT", -5, "MST", -7, "MDT", -6, "PST", -8, "PDT", -7);

    private MailDate() {}

    /** Reads a date, comments left out, years of two and three digits as RFC 5322 §4.3 wants them; empty if it is none. */
    public static Optional<OffsetDateTime> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher date = DATE.matcher(text.replaceAll("\\([^()]*\\)", " ").strip().replaceAll("\\s+", " "));
        if (!date.matches()) {
            return Optional.empty();
        }
        int month = MONTHS.indexOf(date.group(2).toLowerCase(Locale.ROOT)) + 1;
        if (month == 0) {
            return Optional.empty();
        }
        try {
            // A leap second is no time in Java.
            int second = date.group(6) == null ? 0 : Math.min(59, Integer.parseInt(date.group(6)));
            return Optional.of(OffsetDateTime.of(
                    year(date.group(3)),
                    month,
                    Integer.parseInt(date.group(1)),
                    Integer.parseInt(date.group(4)),
                    Integer.parseInt(date.group(5)),
                    second,
                    0,
                    zone(date.group(7))));
        } catch (DateTimeException noSuchDay) {
            // The 31st of February and the like.
            return Optional.empty();
        }
    }

    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return switch (digits.length()) {
            case 2 -> year < 50 ? 2000 + year : 1900 + year;
            case 3 -> 1900 + year;
            default -> year;
        };
    }

    private static ZoneOffset zone(String zone) {
        if (zone.startsWith("+") || zone.startsWith("-")) {
            int sign = zone.startsWith("-") ? -1 : 1;
            int hours = Integer.parseInt(zone.substring(1, 3));
            int minutes = Integer.parseInt(zone.substring(3, 5));
            return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
        }
        return ZoneOffset.ofHours(ZONES.getOrDefault(zone.toUpperCase(Locale.ROOT), 0));
    }
}
