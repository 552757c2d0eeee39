package io.mailproto.component;

import io.mailproto.imap.SearchCriteria;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which mails a consumer wants: the bean for the option {@code searchTerm}, in place of Jakarta Mail's.
 *
 * <pre>
 *   MailSearchTerm.unseen().and(MailSearchTerm.subject("order").or(MailSearchTerm.from("shop@example.com")))
 * </pre>
 *
 * Texts are looked for anywhere and in any case, and may be any Unicode. The server searches. IMAP knows days only, so
 * moments are checked again, to the second, by what the server tells of each mail; a moment below {@link #or} stays a
 * day. Immutable and thread-safe.
 */
public final class MailSearchTerm {
    /** A moment lies within this day or the next wherever in the world the day is that a mail or a server names. */
    private static final ZoneOffset LAST_TO_BEGIN_THE_DAY = ZoneOffset.ofHours(-12);

    private static final ZoneOffset FIRST_TO_BEGIN_THE_DAY = ZoneOffset.ofHours(14);

    private final Node node;

    private sealed interface Node {}

    private record All(List<Node> nodes) implements Node {}

    private record Any(List<Node> nodes) implements Node {}

    private record Not(Node node) implements Node {}

    /** Somebody has seen it. */
    private record Seen() implements Node {}

    /** What else the server alone knows. */
    private record Key(SearchCriteria criteria) implements Node {}

    /** True from this moment on. */
    private record Since(MailMoment moment, boolean isSent) implements Node {}

    /** True until this moment. */
    private record Until(MailMoment moment, boolean isSent) implements Node {}

    private MailSearchTerm(Node node) {
        this.node = node;
    }

    // ---- making one

    /** Nobody has seen it. */
    public static MailSearchTerm unseen() {
        return new MailSearchTerm(new Seen()).not();
    }

    /** It has this flag, such as {@code FLAGGED}, {@code ANSWERED}, {@code DRAFT}, {@code SEEN}, or any other keyword. */
    public static MailSearchTerm flag(String name) {
        String flag = name.startsWith("\\") ? name.substring(1) : name;
        return switch (flag.toUpperCase(Locale.ROOT)) {
            case "SEEN" -> new MailSearchTerm(new Seen());
            case "FLAGGED", "ANSWERED", "DRAFT", "DELETED" -> key(SearchCriteria.parse(flag));
            default -> keyword(flag);
        };
    }

    private static MailSearchTerm keyword(String name) {
        if (!name.matches("[!#-&+-Z^-z|~']+")) {
            throw new IllegalArgumentException("not the name of a flag: " + name);
        }
        return key(SearchCriteria.parse("KEYWORD " + name));
    }

    /** The subject contains a text. */
    public static MailSearchTerm subject(String text) {
        return key(SearchCriteria.of("SUBJECT", text));
    }

    /** The body contains a text. */
    public static MailSearchTerm body(String text) {
        return key(SearchCriteria.of("BODY", text));
    }

    /** An address or name of the field From contains a text. */
    public static MailSearchTerm from(String text) {
        return key(SearchCriteria.of("FROM", text));
    }

    /** Likewise of To. */
    public static MailSearchTerm to(String text) {
        return key(SearchCriteria.of("TO", text));
    }

    /** Likewise of Cc. */
    public static MailSearchTerm cc(String text) {
        return key(SearchCriteria.of("CC", text));
    }

    /** It has a field of this name that contains a text; an empty text for any. */
    public static MailSearchTerm header(String field, String text) {
        return key(SearchCriteria.header(field, text));
    }

    /** Its field Date is this moment or later. */
    public static MailSearchTerm sentSince(MailMoment moment) {
        return new MailSearchTerm(new Since(moment, true));
    }

    /** Its field Date is this moment or earlier. */
    public static MailSearchTerm sentUntil(MailMoment moment) {
        return new MailSearchTerm(new Until(moment, true));
    }

    /** The server received it at this moment or later. */
    public static MailSearchTerm receivedSince(MailMoment moment) {
        return new MailSearchTerm(new Since(moment, false));
    }

    /** The server received it at this moment or earlier. */
    public static MailSearchTerm receivedUntil(MailMoment moment) {
        return new MailSearchTerm(new Until(moment, false));
    }

    /** What IMAP's own words say, such as {@code LARGER 10000}. */
    public static MailSearchTerm imap(String criteria) {
        return key(SearchCriteria.parse(criteria));
    }

    private static MailSearchTerm key(SearchCriteria criteria) {
        return new MailSearchTerm(new Key(criteria));
    }

    /** Both. */
    public MailSearchTerm and(MailSearchTerm other) {
        return new MailSearchTerm(new All(List.of(node, other.node)));
    }

    /** At least one. */
    public MailSearchTerm or(MailSearchTerm other) {
        return new MailSearchTerm(new Any(List.of(node, other.node)));
    }

    /** The opposite. */
    public MailSearchTerm not() {
        return new MailSearchTerm(node instanceof Not not ? not.node() : new Not(node));
    }

    // ---- what becomes of it

    /** What to ask the server for: all that match, and perhaps some more because of the hour. */
    public SearchCriteria criteria(Instant now) {
        return criteria(node, true, now);
    }

    private static SearchCriteria criteria(Node node, boolean wanted, Instant now) {
        if (node instanceof Not not) {
            return criteria(not.node(), !wanted, now);
        }
        if (node instanceof Seen) {
            return SearchCriteria.parse(wanted ? "SEEN" : "UNSEEN");
        }
        if (node instanceof Key key) {
            return wanted ? key.criteria() : key.criteria().not();
        }
        if (node instanceof Since since) {
            return day(since.moment(), since.isSent(), wanted, now);
        }
        if (node instanceof Until until) {
            return day(until.moment(), until.isSent(), !wanted, now);
        }
        boolean isAll = node instanceof All;
        List<Node> nodes = node instanceof All all ? all.nodes() : ((Any) node).nodes();
        SearchCriteria result = criteria(nodes.get(0), wanted, now);
        for (Node next : nodes.subList(1, nodes.size())) {
            SearchCriteria more = criteria(next, wanted, now);
            result = isAll == wanted ? result.and(more) : result.or(more);
        }
        return result;
    }

    /** RFC 3501 §6.4.4: days are compared "disregarding time and timezone", so one more on each side may be meant. */
    private static SearchCriteria day(MailMoment moment, boolean isSent, boolean isSince, Instant now) {
        Instant instant = moment.at(now);
        return isSince
                ? SearchCriteria.of(
                        isSent ? "SENTSINCE" : "SINCE",
                        instant.atOffset(LAST_TO_BEGIN_THE_DAY).toLocalDate())
                : SearchCriteria.of(
                        isSent ? "SENTBEFORE" : "BEFORE",
                        instant.atOffset(FIRST_TO_BEGIN_THE_DAY).toLocalDate().plusDays(1));
    }

    /** True if no seen mail can match. */
    public boolean isForUnseenOnly() {
        return isForUnseenOnly(node);
    }

    private static boolean isForUnseenOnly(Node node) {
        if (node instanceof All all) {
            return all.nodes().stream().anyMatch(MailSearchTerm::isForUnseenOnly);
        }
        return node instanceof Not not && not.node() instanceof Seen;
    }

    /** True if {@link #admits} must be asked about what the server has found. */
    public boolean hasMoments() {
        return hasAny(node, part -> part instanceof Since || part instanceof Until);
    }

    /** True if it is about the field Date, so that {@link #admits} needs it. */
    public boolean asksWhenSent() {
        return hasAny(
                node,
                part -> (part instanceof Since since && since.isSent())
                        || (part instanceof Until until && until.isSent()));
    }

    private static boolean hasAny(Node node, Predicate<Node> wanted) {
        if (node instanceof Not not) {
            return hasAny(not.node(), wanted);
        }
        if (node instanceof All all) {
            return all.nodes().stream().anyMatch(part -> hasAny(part, wanted));
        }
        if (node instanceof Any any) {
            return any.nodes().stream().anyMatch(part -> hasAny(part, wanted));
        }
        return wanted.test(node);
    }

    /**
     * Whether the moments of a mail that the server has found are right to the second.
     *
     * @param sent by its field Date; a mail without one matches no question about it
     * @param received by the server; where it does not tell, its own answer counts
     */
    public boolean admits(Optional<Instant> sent, Optional<Instant> received, Instant now) {
        return admits(node, true, sent, received, now);
    }

    private static boolean admits(
            Node node, boolean wanted, Optional<Instant> sent, Optional<Instant> received, Instant now) {
        if (node instanceof Not not) {
            return admits(not.node(), !wanted, sent, received, now);
        }
        if (node instanceof Since since) {
            return (since.isSent() ? sent : received)
                    .map(moment -> moment.isBefore(since.moment().at(now)) != wanted)
                    .orElse(!since.isSent());
        }
        if (node instanceof Until until) {
            return (until.isSent() ? sent : received)
                    .map(moment -> moment.isAfter(until.moment().at(now)) != wanted)
                    .orElse(!until.isSent());
        }
        if (node instanceof Key || node instanceof Seen) {
            // The server has looked.
            return true;
        }
        List<Node> nodes = node instanceof All all ? all.nodes() : ((Any) node).nodes();
        return node instanceof All == wanted
                ? nodes.stream().allMatch(next -> admits(next, wanted, sent, received, now))
                : nodes.stream().anyMatch(next -> admits(next, wanted, sent, received, now));
    }

    /** In IMAP's words, as of now. */
    @Override
    public String toString() {
        return criteria(Instant.now()).toString();
    }
}
