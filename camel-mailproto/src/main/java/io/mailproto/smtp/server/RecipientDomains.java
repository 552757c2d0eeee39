package io.mailproto.smtp.server;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The domains that a server takes mail for. Compared without regard to case and in A-label form.
 *
 * @param domains may be empty
 * @param isAny true if every domain is meant
 */
public record RecipientDomains(Set<Domain> domains, boolean isAny) {

    /** Nothing was said about domains; the server takes all, and something else must keep strangers out. */
    public static final RecipientDomains UNSPECIFIED = new RecipientDomains(Set.of(), false);

    public RecipientDomains {
        domains = Set.copyOf(domains);
    }

    /**
     * Reads a list such as {@code example.org, example.com}, or {@code *} for every domain.
     *
     * @param text separated by commas; null or blank for {@link #UNSPECIFIED}
     * @throws IllegalArgumentException if an entry is no domain
     */
    public static RecipientDomains parse(String text) {
        if (text == null || text.isBlank()) {
            return UNSPECIFIED;
        }
        Set<Domain> domains = new LinkedHashSet<>();
        boolean isAny = false;
        for (String entry : text.split(",")) {
            String name = entry.strip();
            if (name.equals("*")) {
                isAny = true;
            } else if (!name.isEmpty()) {
                try {
                    domains.add(Domain.parse(name));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("recipientDomains: \"" + name + "\": " + e.getMessage(), e);
                }
            }
        }
        return new RecipientDomains(domains, isAny);
    }

    /** Whether nothing was said. */
    public boolean isUnspecified() {
        return !isAny && domains.isEmpty();
    }

    /** Whether mail for the address is taken. Postmaster without a domain always is (RFC 5321 §4.5.1). */
    public boolean include(EmailAddress recipient) {
        return isAny || domains.isEmpty() || recipient.domain().isNone() || domains.contains(recipient.domain());
    }
}
