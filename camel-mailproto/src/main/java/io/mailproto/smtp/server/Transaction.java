package io.mailproto.smtp.server;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has been said between MAIL and the final dot. */
final class Transaction {
    private final Optional<EmailAddress> sender;
    private final long announcedOctets;
    private final boolean isUtf8;
    private final List<EmailAddress> recipients = new ArrayList<>();
    private int tooMany;

    /**
     * A transaction without recipients.
     *
     * @param announcedOctets -1 if not said
     */
    Transaction(Optional<EmailAddress> sender, long announcedOctets, boolean isUtf8) {
        this.sender = sender;
        this.announcedOctets = announcedOctets;
        this.isUtf8 = isUtf8;
    }

    Optional<EmailAddress> sender() {
        return sender;
    }

    long announcedOctets() {
        return announcedOctets;
    }

    boolean isUtf8() {
        return isUtf8;
    }

    void add(EmailAddress recipient) {
        recipients.add(recipient);
    }

    int recipients() {
        return recipients.size();
    }

    /** Counts a recipient beyond the limit; returns how many there have been. */
    int countTooMany() {
        return ++tooMany;
    }

    Envelope envelope() {
        return new Envelope(sender, recipients);
    }
}
