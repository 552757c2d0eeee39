package io.mailproto.component.outbound;

import io.mailproto.component.MailConstants;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * What a redelivery must know, kept in the exchange: who has the mail, who may have it, and its Message-ID. By endpoint,
 * since a route may send to several, and for each of several mails. It is about one mail: with another one from the same
 * exchange to the same endpoint it ends.
 */
public final class AcceptedRecipients {

    /** Exchange property: the Message-ID, so that the rest gets the same mail in a redelivery. */
    private static final String MESSAGE_IDS_PROPERTY = "CamelMailMessageIds";

    /** Exchange property: the recipients of a mail of several for whom nobody knows. */
    private static final String UNCERTAIN_PROPERTY = "CamelMailUncertainRecipients";

    /** Exchange property: which mail the others speak of. */
    private static final String IDENTITIES_PROPERTY = "CamelMailIdentities";

    private final Exchange exchange;
    private final String key;
    private MailIdentity identity;

    /** @param key the endpoint, or the endpoint and the number of the mail */
    public AcceptedRecipients(Exchange exchange, String key) {
        this.exchange = exchange;
        this.key = key;
    }

    /** Forgets everything unless it is about this mail. To be called before anything else. */
    void recall(MailIdentity mail) {
        if (identities().get(key) instanceof MailIdentity before && !mail.isSame(before)) {
            forget();
        }
        identity = mail;
    }

    /** Who accepted it in an earlier attempt. */
    public Set<String> accepted() {
        return Set.copyOf(sets(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY).getOrDefault(key, Set.of()));
    }

    /** Who may have got it in an earlier attempt; only of a mail of several. */
    public Set<String> uncertain() {
        return Set.copyOf(sets(UNCERTAIN_PROPERTY).getOrDefault(key, Set.of()));
    }

    /** The Message-ID of an earlier attempt; null if there was none. */
    String messageId() {
        return ids().get(key);
    }

    public void remember(Collection<String> more, String messageId) {
        add(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY, more);
        if (messageId != null) {
            Map<String, String> ids = new HashMap<>(ids());
            ids.put(key, messageId);
            exchange.setProperty(MESSAGE_IDS_PROPERTY, ids);
        }
    }

    public void rememberUncertain(Collection<String> more) {
        add(UNCERTAIN_PROPERTY, more);
    }

    private void add(String property, Collection<String> more) {
        Map<String, Set<String>> all = new HashMap<>(sets(property));
        Set<String> own = new LinkedHashSet<>(all.getOrDefault(key, Set.of()));
        own.addAll(more);
        all.put(key, own);
        exchange.setProperty(property, all);
        Map<Object, Object> known = new HashMap<>(identities());
        known.put(key, identity);
        exchange.setProperty(IDENTITIES_PROPERTY, known);
    }

    /** Everybody has it. */
    public void forget() {
        remove(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY);
        remove(UNCERTAIN_PROPERTY);
        remove(MESSAGE_IDS_PROPERTY);
        remove(IDENTITIES_PROPERTY);
    }

    private Map<?, ?> identities() {
        return exchange.getProperty(IDENTITIES_PROPERTY, Map.of(), Map.class);
    }

    private void remove(String property) {
        Map<?, ?> present = exchange.getProperty(property, Map.class);
        if (present != null && present.containsKey(key)) {
            Map<Object, Object> rest = new HashMap<>(present);
            rest.remove(key);
            exchange.setProperty(property, rest.isEmpty() ? null : rest);
        }
    }

    @SuppressWarnings("unchecked") // only this class sets it
    private Map<String, Set<String>> sets(String property) {
        return exchange.getProperty(property, Map.of(), Map.class);
    }

    @SuppressWarnings("unchecked") // only this class sets it
    private Map<String, String> ids() {
        return exchange.getProperty(MESSAGE_IDS_PROPERTY, Map.of(), Map.class);
    }
}
