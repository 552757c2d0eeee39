package io.mailproto.smtp.client;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.Extensions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How many recipients a server takes in one transaction, if it has said so (RFC 9422 §4).
 *
 * @param recipients RCPTMAX
 * @param domains RCPTDOMAINMAX: how many different domains they may have
 */
record RecipientLimits(int recipients, int domains) {
    static RecipientLimits of(Extensions extensions) {
        return new RecipientLimits(
                extensions.limit("RCPTMAX").orElse(Integer.MAX_VALUE),
                extensions.limit("RCPTDOMAINMAX").orElse(Integer.MAX_VALUE));
    }

    /** The envelope in portions that the server takes; recipients keep their order. */
    List<Envelope> split(Envelope envelope) {
        if (envelope.recipients().size() <= Math.min(recipients, domains)) {
            return List.of(envelope);
        }
        List<Envelope> portions = new ArrayList<>();
        List<EmailAddress> portion = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (EmailAddress recipient : envelope.recipients()) {
            String domain = recipient.domain().toString().toLowerCase(Locale.ROOT);
            boolean isFull = portion.size() >= recipients || (seen.size() >= domains && !seen.contains(domain));
            if (isFull) {
                portions.add(envelope.withRecipients(portion));
                portion = new ArrayList<>();
                seen.clear();
            }
            portion.add(recipient);
            seen.add(domain);
        }
        portions.add(envelope.withRecipients(portion));
        return portions;
    }
}
