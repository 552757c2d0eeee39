package io.mailproto.pop3;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a server answered to {@code CAPA} (RFC 2449 §5), or that it does not know the command. Immutable.
 */
public final class Pop3Capabilities {
    /** The server did not answer {@code CAPA}: everything optional has to be tried. */
    public static final Pop3Capabilities UNKNOWN = new Pop3Capabilities(false, Map.of());

    private static final Duration MOST_LOGIN_DELAY = Duration.ofDays(1);

    private final boolean known;
    private final Map<String, List<String>> parametersByName;

    private Pop3Capabilities(boolean known, Map<String, List<String>> parametersByName) {
        this.known = known;
        this.parametersByName = parametersByName;
    }

    /**
     * Reads the lines between the status line and the dot: {@code capa-tag *(SP param)} each. Names are compared
     * without regard to case; empty lines are skipped.
     */
    static Pop3Capabilities parse(List<String> lines) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String line : lines) {
            List<String> words = words(line);
            if (!words.isEmpty()) {
                found.put(words.get(0).toUpperCase(Locale.ROOT), List.copyOf(words.subList(1, words.size())));
            }
        }
        return new Pop3Capabilities(true, Collections.unmodifiableMap(found));
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            int space = line.indexOf(' ', at);
            int end = space < 0 ? line.length() : space;
            if (end > at) {
                words.add(line.substring(at, end));
            }
            at = end + 1;
        }
        return words;
    }

    /** Whether the server answered {@code CAPA} at all. */
    public boolean areKnown() {
        return known;
    }

    /** Whether the capability is listed; false as well when nothing is known. */
    public boolean has(String name) {
        return parametersByName.containsKey(name.toUpperCase(Locale.ROOT));
    }

    /** The words behind a capability's name; empty if it is not listed. */
    public List<String> parameters(String name) {
        return parametersByName.getOrDefault(name.toUpperCase(Locale.ROOT), List.of());
    }

    /** All names in upper case, in the server's order, each with the words behind it; unmodifiable. */
    public Map<String, List<String>> all() {
        return parametersByName;
    }

    /** Whether {@code SASL} lists the mechanism (RFC 5034 §3). */
    public boolean hasMechanism(String mechanism) {
        return parameters("SASL").stream().anyMatch(mechanism::equalsIgnoreCase);
    }

    /**
     * How long a client must wait between two logins, {@code LOGIN-DELAY} (RFC 2449 §6.5); zero if nothing is said, at most
     * a day whatever is said.
     */
    public Duration loginDelay() {
        long seconds = firstNumber("LOGIN-DELAY");
        return Duration.ofSeconds(Math.min(Math.max(seconds, 0), MOST_LOGIN_DELAY.toSeconds()));
    }

    /**
     * After how many days the server removes mails by itself, {@code EXPIRE} (RFC 2449 §6.7); empty if never, or if
     * nothing is said. 0 means that no mail may be left: what was fetched is removed at {@code QUIT}.
     */
    public OptionalInt expireDays() {
        long days = firstNumber("EXPIRE");
        return days < 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.min(days, Integer.MAX_VALUE));
    }

    private long firstNumber(String name) {
        List<String> words = parameters(name);
        return words.isEmpty()
                ? -1
                : Listing.number(words.get(0), 0, words.get(0).length());
    }

    @Override
    public String toString() {
        return known ? parametersByName.keySet().toString() : "unknown";
    }
}
