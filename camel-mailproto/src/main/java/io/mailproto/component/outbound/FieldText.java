package io.mailproto.component.outbound;

import io.mailproto.mime.Comments;
import io.mailproto.mime.EncodedWords;
import java.lang.reflect.Array;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** What header values of a Camel message are as text of a field. */
public final class FieldText {

    private static final Pattern FOLD = Pattern.compile("\r?\n(?=[ \t])");
    private static final Pattern UNSAFE_IN_NAME = Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u2028\u2029]");
    /** Encoded words that say encoded words, as nobody honest writes them, are undone so often. */
    private static final int MAX_NESTED = 5;

    private FieldText() {}

    /**
     * A value without what templates and other mails leave in it: line ends at its ends, folds (RFC 5322 §2.2.3), NUL.
     * Another line end stays, and is refused by whatever writes the field: it may be an attempt to bring in one more.
     */
    static String oneLine(String value) {
        String stripped = value.replace('\0', ' ').strip();
        return stripped.indexOf('\n') < 0 ? stripped : FOLD.matcher(stripped).replaceAll("");
    }

    /**
     * The values of a header: of a collection or an array those in it but null, else the value itself. Octets and
     * characters are one value, a text.
     */
    static List<Object> several(Object value) {
        if (value instanceof Collection<?> collection) {
            return collection.stream()
                    .filter(Objects::nonNull)
                    .map(Object.class::cast)
                    .toList();
        }
        if (!value.getClass().isArray() || value instanceof byte[] || value instanceof char[]) {
            return List.of(value);
        }
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            Object one = Array.get(value, i);
            if (one != null) {
                all.add(one);
            }
        }
        return all;
    }

    /** The values of a header, each as text; those that cannot be text are left out, and so is what is still awaited. */
    static List<String> values(Exchange exchange, Object value) {
        List<String> texts = new ArrayList<>();
        for (Object one : several(value)) {
            if (one instanceof Future) {
                // Camel's conversion would wait for it, for ever perhaps.
                continue;
            }
            String text = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, one);
            if (text != null) {
                texts.add(oneLine(text));
            }
        }
        return texts;
    }

    /** Safe for a log: without what would begin a line of its own there. */
    static String loggable(String name) {
        return UNSAFE_IN_NAME.matcher(name).replaceAll("_");
    }

    /** A date, or the text of one as mails and HTTP have it; empty for whatever else, and the mail is of now then. */
    public static Optional<OffsetDateTime> date(Object value) {
        if (value instanceof Date date) {
            return Optional.of(date.toInstant().atZone(ZoneId.systemDefault()).toOffsetDateTime());
        }
        if (value instanceof Instant instant) {
            return Optional.of(instant.atZone(ZoneId.systemDefault()).toOffsetDateTime());
        }
        if (value instanceof ZonedDateTime date) {
            return Optional.of(date.toOffsetDateTime());
        }
        if (value instanceof OffsetDateTime date) {
            return Optional.of(date);
        }
        // RFC 5322 §3.3: a comment may stand behind a date, such as (CEST).
        String text = Comments.removed(String.valueOf(value)).strip();
        try {
            return Optional.of(OffsetDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException notADate) {
            // Whatever it is, the field Date needs a date.
            return Optional.empty();
        }
    }

    /**
     * The name of an attachment, safe for those who save it: encoded words (RFC 2047) decoded, as receivers do; no path, no
     * control characters, and not only dots. Empty if nothing is left.
     */
    static String fileName(String name) {
        String decoded = decoded(name);
        String last = decoded.substring(Math.max(decoded.lastIndexOf('/'), decoded.lastIndexOf('\\')) + 1);
        String safe = UNSAFE_IN_NAME.matcher(last).replaceAll("_").strip();
        return safe.matches("\\.*") ? "" : safe;
    }

    /** With nothing left in it that a receiver could decode once more. */
    private static String decoded(String name) {
        String text = name;
        for (int i = 0; i < MAX_NESTED; i++) {
            String once = EncodedWords.decode(text);
            if (once.equals(text)) {
                return text;
            }
            text = once;
        }
        return text.replace("=?", "=_");
    }
}
