package io.mailproto.imap;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** What a server says it can (RFC 3501 §7.2.1). Names are compared without case. Immutable. */
public final class Capabilities {
    private static final Capabilities NONE = new Capabilities(Set.of());

    private final Set<String> names;

    private Capabilities(Set<String> names) {
        this.names = names;
    }

    /** Nothing known. */
    public static Capabilities none() {
        return NONE;
    }

    /** From the words of a CAPABILITY response or response code. */
    public static Capabilities of(Collection<String> words) {
        Set<String> names = new LinkedHashSet<>();
        String previous = "";
        for (String word : words) {
            String name = word.toUpperCase(Locale.ROOT);
            if (name.equals("+") && previous.equals("LITERAL")) {
                // Deviation: "LITERAL +" with a space has been seen in the field; the RFC 7888 word has none.
                name = "LITERAL+";
            }
            if (!name.isEmpty()) {
                names.add(name);
            }
            previous = name;
        }
        return new Capabilities(names);
    }

    /** Is this capability there, for example {@code MOVE}, {@code AUTH=PLAIN}? */
    public boolean has(String name) {
        return names.contains(name.toUpperCase(Locale.ROOT));
    }

    /** The number behind a name, as in {@code MESSAGELIMIT=1000}; -1 if there is none. */
    public long number(String name) {
        String start = name.toUpperCase(Locale.ROOT) + "=";
        for (String offered : names) {
            if (offered.startsWith(start) && offered.substring(start.length()).matches("[0-9]{1,18}")) {
                return Long.parseLong(offered.substring(start.length()));
            }
        }
        return -1;
    }

    /** Is the SASL mechanism offered? */
    public boolean offersMechanism(String mechanism) {
        return has("AUTH=" + mechanism);
    }

    /** All names, in capitals, in the server's order. */
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(names);
    }

    @Override
    public String toString() {
        return String.join(" ", names);
    }
}
