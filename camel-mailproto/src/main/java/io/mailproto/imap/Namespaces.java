package io.mailproto.imap;

import java.util.ArrayList;
import java.util.List;

/**
 * Where mailboxes are (RFC 2342).
 *
 * @param personal the user's own
 * @param others those of other users that can be seen
 * @param shared those that belong to nobody in particular
 */
public record Namespaces(List<Namespace> personal, List<Namespace> others, List<Namespace> shared) {
    /** The server told nothing. */
    public static final Namespaces UNKNOWN = new Namespaces(List.of(), List.of(), List.of());

    /**
     * One of them.
     *
     * @param prefix what names of its mailboxes begin with; may be empty
     * @param delimiter between levels; empty if there are none
     */
    public record Namespace(String prefix, String delimiter) {}

    public Namespaces {
        personal = List.copyOf(personal);
        others = List.copyOf(others);
        shared = List.copyOf(shared);
    }

    /** {@code "NAMESPACE" SP nil / "(" 1*( "(" string SP delimiter … ")" ) ")"} three times; leaves out what is none. */
    static Namespaces of(List<ImapValue> values) {
        return new Namespaces(group(values, 0), group(values, 1), group(values, 2));
    }

    private static List<Namespace> group(List<ImapValue> values, int index) {
        List<Namespace> found = new ArrayList<>();
        if (index < values.size()) {
            for (ImapValue value : values.get(index).elements()) {
                List<ImapValue> parts = value.elements();
                String prefix = parts.isEmpty() ? null : parts.get(0).textOrNull();
                if (prefix != null) {
                    String delimiter = parts.size() < 2 ? null : parts.get(1).textOrNull();
                    found.add(new Namespace(ModifiedUtf7.decode(prefix), delimiter == null ? "" : delimiter));
                }
            }
        }
        return found;
    }
}
