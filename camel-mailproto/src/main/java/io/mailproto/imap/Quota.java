package io.mailproto.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How much of something is used, and how much may be (RFC 9208).
 *
 * @param root the name of the account or part of it that is limited; often empty
 * @param resources what is limited; empty if nothing is
 */
public record Quota(String root, List<Resource> resources) {
    /**
     * One limit.
     *
     * @param name STORAGE, MESSAGE, MAILBOX or another, in capitals
     * @param usage what is used; STORAGE in units of 1024 octets
     * @param limit what may be used, in the same units
     */
    public record Resource(String name, long usage, long limit) {
        /** Is there no room left? */
        public boolean isExhausted() {
            return usage >= limit;
        }
    }

    public Quota {
        resources = List.copyOf(resources);
    }

    /** The limit of this name. */
    public Optional<Resource> resource(String name) {
        return resources.stream()
                .filter(resource -> resource.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** {@code "QUOTA" SP astring SP "(" *(name SP usage SP limit) ")"}; leaves out what is none. */
    static Quota of(List<ImapValue> values) {
        String root = values.isEmpty() ? null : values.get(0).textOrNull();
        List<Resource> resources = new ArrayList<>();
        List<ImapValue> triplets =
                values.size() < 2 ? List.of() : values.get(values.size() - 1).elements();
        for (int i = 0; i + 2 < triplets.size(); i += 3) {
            String name = triplets.get(i).textOrNull();
            Long usage = ImapValue.number(triplets.get(i + 1));
            Long limit = ImapValue.number(triplets.get(i + 2));
            if (name != null && usage != null && limit != null) {
                resources.add(new Resource(name.toUpperCase(Locale.ROOT), usage, limit));
            }
        }
        return new Quota(root == null ? "" : root, resources);
    }
}
