package io.mailproto.smtp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a server said it can do in its answer to EHLO (RFC 5321 §4.1.1.1): keywords, compared without regard to case, and
 * their parameters. Immutable. A new EHLO brings a new object; nothing is carried over.
 *
 * <pre>
 * ehlo-line = ehlo-keyword *( SP ehlo-param )
 * </pre>
 */
public final class Extensions {
    public static final String STARTTLS = "STARTTLS";
    public static final String AUTH = "AUTH";
    public static final String SIZE = "SIZE";
    public static final String PIPELINING = "PIPELINING";
    public static final String EIGHT_BIT_MIME = "8BITMIME";
    public static final String SMTPUTF8 = "SMTPUTF8";
    public static final String ENHANCEDSTATUSCODES = "ENHANCEDSTATUSCODES";
    public static final String CHUNKING = "CHUNKING";
    public static final String DSN = "DSN";
    public static final String REQUIRETLS = "REQUIRETLS";
    public static final String LIMITS = "LIMITS";

    private static final Extensions NONE = new Extensions(Map.of());

    private final Map<String, List<String>> parameters;
    private final OptionalLong maxSize;

    private Extensions(Map<String, List<String>> parameters) {
        this.parameters = parameters;
        this.maxSize = maxSize(parameters.getOrDefault(SIZE, List.of()));
    }

    /** None at all: the answer to HELO. */
    public static Extensions none() {
        return NONE;
    }

    /** Reads the answer to EHLO. The first line is the greeting; a line that is no keyword says nothing. */
    public static Extensions parse(Reply ehlo) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
            // Deviation: RFC 4954 wants "AUTH PLAIN"; servers for old clients also write "AUTH=PLAIN" (Exchange 5.5,
            // Postfix broken_sasl_auth_clients). Both may come, and mean one list.
            String text = line.regionMatches(true, 0, "AUTH=", 0, 5) ? "AUTH " + line.substring(5) : line;
            String[] words = text.strip().split("[ \t]+");
            if (isKeyword(words[0])) {
                found.computeIfAbsent(words[0].toUpperCase(Locale.ROOT), keyword -> new ArrayList<>())
                        .addAll(List.of(words).subList(1, words.length));
            }
        }
        found.replaceAll((keyword, words) -> List.copyOf(words));
        return new Extensions(Collections.unmodifiableMap(found));
    }

    /** {@code ehlo-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")}; other characters are seen and harmless. */
    private static boolean isKeyword(String word) {
        return !word.isEmpty() && word.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** Was this keyword announced? */
    public boolean offers(String keyword) {
        return parameters.containsKey(keyword.toUpperCase(Locale.ROOT));
    }

    /** The parameters of a keyword, as they came; empty if it was not announced or has none. */
    public List<String> parameters(String keyword) {
        return parameters.getOrDefault(keyword.toUpperCase(Locale.ROOT), List.of());
    }

    /** All keywords, upper case, in the server's order. */
    public Set<String> keywords() {
        return parameters.keySet();
    }

    /**
     * The largest message the server takes, in octets; empty if it did not say. RFC 1870 §4: 0 means "no fixed limit" and
     * a missing number "unknown"; neither means "nothing fits", so both are empty here.
     */
    public OptionalLong maxSize() {
        return maxSize;
    }

    private static OptionalLong maxSize(List<String> words) {
        if (words.isEmpty() || !words.get(0).matches("[0-9]{1,18}")) {
            return OptionalLong.empty();
        }
        long size = Long.parseLong(words.get(0));
        return size == 0 ? OptionalLong.empty() : OptionalLong.of(size);
    }

    /**
     * A limit that the server announced, such as {@code RCPTMAX} (RFC 9422 §4); empty if it did not. A value that is no
     * positive number says nothing.
     */
    public OptionalInt limit(String name) {
        for (String word : parameters(LIMITS)) {
            int equals = word.indexOf('=');
            boolean isNamed = equals == name.length() && word.regionMatches(true, 0, name, 0, equals);
            if (isNamed && word.substring(equals + 1).matches("0{0,6}[1-9][0-9]{0,8}")) {
                return OptionalInt.of(Integer.parseInt(word.substring(equals + 1)));
            }
        }
        return OptionalInt.empty();
    }

    /** The SASL mechanisms offered, upper case, in the server's order. */
    public Set<String> authMechanisms() {
        Set<String> names = new LinkedHashSet<>();
        for (String word : parameters(AUTH)) {
            names.add(word.toUpperCase(Locale.ROOT));
        }
        return names;
    }

    @Override
    public String toString() {
        return parameters.toString();
    }
}
