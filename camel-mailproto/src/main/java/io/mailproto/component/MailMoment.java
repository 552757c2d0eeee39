package io.mailproto.component;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.TimeUtils;

/**
 * A point in time, or one that moves along with the clock, such as 24 hours ago. Immutable.
 *
 * @param fixed the point in time; empty for one that moves
 * @param offset what a moving one is from now; negative for the past
 */
public record MailMoment(Optional<Instant> fixed, Duration offset) {
    private static final Pattern RELATIVE = Pattern.compile("now(?:\\s*([+-])\\s*(\\S.*))?");
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);

    public MailMoment {
        Objects.requireNonNull(fixed, "fixed");
        Objects.requireNonNull(offset, "offset");
    }

    /** A point in time. */
    public static MailMoment of(Instant instant) {
        return new MailMoment(Optional.of(instant), Duration.ZERO);
    }

    /** So long before now, whenever now is. */
    public static MailMoment ago(Duration duration) {
        return new MailMoment(Optional.empty(), duration.negated());
    }

    /**
     * Reads {@code 2026-01-31 23:59:59} or {@code 2026-01-31} (its first second), both in the zone of this machine, or
     * {@code now}, {@code now-24h}, {@code now - 5h30m}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static MailMoment parse(String text) {
        String stripped = text.strip();
        Matcher relative = RELATIVE.matcher(stripped);
        try {
            if (relative.matches()) {
                return new MailMoment(Optional.empty(), offset(relative));
            }
            LocalDateTime local = stripped.length() > "2026-01-31".length()
                    ? LocalDateTime.parse(stripped, SECONDS)
                    : LocalDate.parse(stripped, DAY).atStartOfDay();
            return of(local.atZone(ZoneId.systemDefault()).toInstant());
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "no moment: \"" + text + "\"; write 2026-01-31 23:59:59, 2026-01-31, now or now-24h", e);
        }
    }

    private static Duration offset(Matcher relative) {
        if (relative.group(1) == null) {
            return Duration.ZERO;
        }
        Duration distance = Duration.ofMillis(TimeUtils.toMilliSeconds(relative.group(2)));
        return relative.group(1).equals("-") ? distance.negated() : distance;
    }

    /** Which point in time it is. */
    public Instant at(Instant now) {
        return fixed.orElseGet(() -> now.plus(offset));
    }
}
