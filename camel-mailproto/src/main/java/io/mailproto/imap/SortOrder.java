package io.mailproto.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * In which order SORT shall give messages (RFC 5256 §3): by the first key, among equals by the next one, and so on.
 * Immutable.
 *
 * @param terms at least one
 */
public record SortOrder(List<Term> terms) {
    /** What messages are compared by. */
    public enum Key {
        /** When the server got it. */
        ARRIVAL,
        /** The first address of Cc. */
        CC,
        /** When it was sent, by its field Date. */
        DATE,
        /** The first address of From. */
        FROM,
        /** Its octets. */
        SIZE,
        /** The subject without "Re:" and the like. */
        SUBJECT,
        /** The first address of To. */
        TO
    }

    /**
     * One key.
     *
     * @param isReversed greatest first?
     */
    public record Term(Key key, boolean isReversed) {}

    public SortOrder {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("a sort order needs at least one of " + names());
        }
    }

    /**
     * Reads keys separated by commas, in any case: {@code date,-size}; a minus or the word {@code reverse} in front of a
     * key puts its greatest first.
     *
     * @throws IllegalArgumentException naming what is unknown, doubled or missing
     */
    public static SortOrder parse(String text) {
        List<Term> terms = new ArrayList<>();
        boolean isReversed = false;
        for (String word : text.strip().split("[\\s,]+")) {
            String name = word;
            if (name.startsWith("-")) {
                isReversed = reversedOnce(isReversed, text);
                name = name.substring(1);
            } else if (name.equalsIgnoreCase("reverse")) {
                isReversed = reversedOnce(isReversed, text);
                continue;
            }
            terms.add(new Term(key(name, text), isReversed));
            isReversed = false;
        }
        if (isReversed) {
            throw new IllegalArgumentException("no key follows the last reverse: " + ImapText.shown(text));
        }
        return new SortOrder(terms);
    }

    private static boolean reversedOnce(boolean before, String text) {
        if (before) {
            throw new IllegalArgumentException("reversed twice: " + ImapText.shown(text));
        }
        return true;
    }

    private static Key key(String name, String text) {
        for (Key key : Key.values()) {
            if (key.name().equalsIgnoreCase(name)) {
                return key;
            }
        }
        throw new IllegalArgumentException("cannot sort by \"" + ImapText.shown(name) + "\" in \""
                + ImapText.shown(text) + "\"; there are " + names() + ", each with a minus in front or not");
    }

    private static String names() {
        return Arrays.stream(Key.values())
                .map(key -> key.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /** As in the command: {@code (DATE REVERSE SIZE)}. */
    @Override
    public String toString() {
        return terms.stream()
                .map(term -> (term.isReversed() ? "REVERSE " : "") + term.key())
                .collect(Collectors.joining(" ", "(", ")"));
    }
}
