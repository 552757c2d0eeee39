package io.mailproto.mime;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates as header fields write them, {@code Fri, 21 Nov 1997 09:55:06 -0600} (RFC 5322 §3.3 and §4.3), and as people do:
 * without week day or seconds, with a year of two digits, names of zones, comments, in the order of {@code asctime}.
 */
public final class MailDate {
    /** Longer texts are no dates, whatever they are. */
    private static final int LONGEST = 200;

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final String[] MONTH_NAMES = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final String[] DAY_NAMES = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

    private int day;
    private int month;
    private int year = -1;
    private LocalTime time;
    /** In seconds. */
    private int zone;

    private MailDate() {}

    /** The moment and its zone; empty for what is no date. Pure. */
    public static Optional<OffsetDateTime> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        MailDate date = new MailDate();
        try {
            date.takeAll(Comments.removed(text).toLowerCase(Locale.ROOT));
            if (date.day == 0 || date.month == 0 || date.year < 0 || date.time == null) {
                return Optional.empty();
            }
            return Optional.of(date.moment());
        } catch (DateTimeException | NumberFormatException noDate) {
            // "31 Feb", "25:00" and the like: the answer to the question, not a failure.
            return Optional.empty();
        }
    }

    /** A moment as a header field has it: {@code Fri, 21 Nov 1997 09:55:06 -0600}. Pure. */
    static String text(OffsetDateTime moment) {
        int year = moment.getYear();
        if (year < 1000 || year > 9999) {
            return MessageComposer.DATE.format(moment);
        }
        // By hand, since a formatter makes more objects than all the rest of a small mail's header.
        int offset = moment.getOffset().getTotalSeconds() / 60;
        StringBuilder text = new StringBuilder(31);
        text.append(DAY_NAMES[moment.getDayOfWeek().ordinal()]).append(", ");
        text.append(moment.getDayOfMonth()).append(' ');
        text.append(MONTH_NAMES[moment.getMonthValue() - 1]).append(' ').append(year);
        appendTwo(text.append(' '), moment.getHour());
        appendTwo(text.append(':'), moment.getMinute());
        appendTwo(text.append(':'), moment.getSecond());
        text.append(offset < 0 ? " -" : " +");
        appendTwo(text, Math.abs(offset) / 60);
        appendTwo(text, Math.abs(offset) % 60);
        return text.toString();
    }

    private static void appendTwo(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private OffsetDateTime moment() {
        LocalDateTime local = LocalDate.of(year, month, day).atTime(time);
        // Deviation: -1900 and the like, seen in real mail, which RFC 5322 §3.3 allows and Java does not.
        boolean isTooFar = Math.abs(zone) > ZoneOffset.MAX.getTotalSeconds();
        return isTooFar
                ? local.minusSeconds(zone).atOffset(ZoneOffset.UTC)
                : local.atOffset(ZoneOffset.ofTotalSeconds(zone));
    }

    private void takeAll(String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ' ' || text.charAt(i) == ',' || text.charAt(i) == '\t') {
                if (i > start) {
                    take(text.substring(start, i));
                }
                start = i + 1;
            }
        }
    }

    private void take(String word) {
        char first = word.charAt(0);
        if (first == '+' || first == '-') {
            zone = offset(word);
        } else if (word.indexOf(':') > 0) {
            time = timeOf(word);
        } else if (first >= '0' && first <= '9' && word.indexOf('.') > 0) {
            time = timeOf(word.replace('.', ':'));
        } else if (first >= '0' && first <= '9') {
            takeNumber(word);
        } else if (word.length() >= 3 && MONTHS.contains(word.substring(0, 3))) {
            month = MONTHS.indexOf(word.substring(0, 3)) + 1;
        } else {
            zone = namedZone(word);
        }
    }

    private void takeNumber(String word) {
        if (word.indexOf('-') > 0) {
            // 5-May-2026
            takeAll(word.replace('-', ' '));
        } else if (day == 0 && word.length() <= 2) {
            day = Integer.parseInt(word);
        } else if (year < 0) {
            int number = Integer.parseInt(word);
            // RFC 5322 §4.3
            boolean isShort = word.length() < 4;
            year = isShort && word.length() == 2 && number < 50 ? number + 2000 : isShort ? number + 1900 : number;
        }
    }

    private static LocalTime timeOf(String word) {
        int first = word.indexOf(':');
        int second = word.indexOf(':', first + 1);
        int minutes = Integer.parseInt(word.substring(first + 1, second < 0 ? word.length() : second));
        int dot = word.indexOf('.');
        int seconds = second < 0 ? 0 : Integer.parseInt(word.substring(second + 1, dot < second ? word.length() : dot));
        // A leap second is no time of Java's.
        return LocalTime.of(Integer.parseInt(word.substring(0, first)), minutes, Math.min(seconds, 59));
    }

    private static int offset(String word) {
        String digits = word.substring(1).replace(":", "");
        if (digits.length() != 4) {
            return 0;
        }
        int hours = Integer.parseInt(digits.substring(0, 2));
        int minutes = Integer.parseInt(digits.substring(2));
        if (minutes > 59) {
            throw new DateTimeException("an hour has 60 minutes");
        }
        int seconds = hours * 3600 + minutes * 60;
        return word.charAt(0) == '-' ? -seconds : seconds;
    }

    /** Names that nobody knows, and the military ones, which were defined wrongly, mean nothing (RFC 5322 §4.3). */
    private int namedZone(String word) {
        return switch (word) {
            case "edt" -> -4 * 3600;
            case "est", "cdt" -> -5 * 3600;
            case "cst", "mdt" -> -6 * 3600;
            case "mst", "pdt" -> -7 * 3600;
            case "pst" -> -8 * 3600;
            default -> zone;
        };
    }
}
