package io.mailproto.imap;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which mailboxes LIST shall tell, and what about them (RFC 3501 §6.3.8, RFC 5258, RFC 5819, RFC 6154). What a server
 * cannot do is left out or done another way: {@link Mailboxes#list(ListQuery)}. Immutable.
 *
 * @param reference where to start; empty for the top
 * @param patterns with {@code *} for anything and {@code %} for anything within one level; any Unicode; at least one
 * @param subscribedOnly only those that are subscribed to
 * @param specialUseOnly only those that are for something
 * @param status what else to tell about each that can be selected; empty for nothing
 */
public record ListQuery(
        String reference,
        List<String> patterns,
        boolean subscribedOnly,
        boolean specialUseOnly,
        Set<StatusItem> status) {
    public ListQuery {
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("LIST needs at least one pattern");
        }
        patterns = List.copyOf(patterns);
        Set<StatusItem> ordered = EnumSet.noneOf(StatusItem.class);
        ordered.addAll(status);
        status = java.util.Collections.unmodifiableSet(ordered);
    }

    /** All mailboxes that match one of the patterns. */
    public static ListQuery of(String... patterns) {
        return new ListQuery("", List.of(patterns), false, false, Set.of());
    }

    /** The same below this reference. */
    public ListQuery below(String where) {
        return new ListQuery(where, patterns, subscribedOnly, specialUseOnly, status);
    }

    /** The same, but only those that are subscribed to. */
    public ListQuery subscribed() {
        return new ListQuery(reference, patterns, true, specialUseOnly, status);
    }

    /** The same, but only those that are for something. */
    public ListQuery forSpecialUse() {
        return new ListQuery(reference, patterns, subscribedOnly, true, status);
    }

    /** The same with the status of each. */
    public ListQuery with(StatusItem... items) {
        return new ListQuery(reference, patterns, subscribedOnly, specialUseOnly, Set.of(items));
    }

    List<String> wirePatterns() {
        List<String> wire = new ArrayList<>();
        for (String pattern : patterns) {
            wire.add(ModifiedUtf7.encode(pattern));
        }
        return wire;
    }
}
