package io.mailproto.imap;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How servers say that an account asks too much of them: with a code of RFC 5530 §3 where it is about no single message,
 * or in words (Gmail, Exchange, Dovecot).
 */
final class Throttling {
    private static final Set<String> CODES = Set.of("UNAVAILABLE", "OVERQUOTA", "LIMIT", "THROTTLED");

    /** UNAVAILABLE in a farewell only says that the server goes. */
    private static final Set<String> FAREWELL_CODES = Set.of("OVERQUOTA", "LIMIT", "THROTTLED");

    private static final List<String> WORDS = List.of(
            "too many simultaneous",
            "maximum number of connections",
            "throttled",
            "suggested backoff time",
            "bandwidth limits",
            "authenticated but not connected");

    /** Commands that are about the account or a whole folder: with the others a code may be about one message. */
    private static final List<String> WIDE = List.of(
            "LOGIN",
            "AUTHENTICATE",
            "SELECT",
            "EXAMINE",
            "UID SEARCH",
            "UID SORT",
            "UID THREAD",
            "NOOP",
            "IDLE",
            "LIST",
            "STATUS");

    private static final Pattern SUGGESTED = Pattern.compile(
            "suggested backoff time:?\\s*(\\d{1,9})\\s*(seconds|second|s\\b)?", Pattern.CASE_INSENSITIVE);

    /** Whatever a server says, it is tried again after this time. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private Throttling() {}

    /** Is a refusal of this command one of the account as a whole? */
    static boolean isMeant(String command, ResponseText text) {
        return isMeantInWords(text)
                || (CODES.contains(text.code().name()) && WIDE.stream().anyMatch(command::startsWith));
    }

    /** Has the server ended the conversation for this reason? */
    static boolean isMeantByFarewell(ResponseText text) {
        return isMeantInWords(text) || FAREWELL_CODES.contains(text.code().name());
    }

    private static boolean isMeantInWords(ResponseText text) {
        String words = text.text().toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(words::contains);
    }

    /** How long the server wants to be let alone, at most an hour; Exchange says so in milliseconds. */
    static Optional<Duration> suggested(ResponseText text) {
        Matcher matcher = SUGGESTED.matcher(text.text());
        if (!matcher.find()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        Duration told = matcher.group(2) == null ? Duration.ofMillis(number) : Duration.ofSeconds(number);
        if (told.isZero()) {
            return Optional.empty();
        }
        return Optional.of(told.compareTo(LONGEST) > 0 ? LONGEST : told);
    }
}
