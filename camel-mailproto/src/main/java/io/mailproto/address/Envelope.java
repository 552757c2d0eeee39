package io.mailproto.address;

import java.util.List;
import java.util.Optional;

/**
 * Who a message is from and for, as the transport knows it; independent of the header fields (RFC 5321 §2.3.1).
 *
 * @param sender the reverse path; empty for {@code <>}, the sender of bounces
 * @param recipients in the order given; may be empty only where no transport follows
 */
public record Envelope(Optional<EmailAddress> sender, List<EmailAddress> recipients) {

    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /** An envelope with a sender. */
    public static Envelope of(EmailAddress sender, List<EmailAddress> recipients) {
        return new Envelope(Optional.of(sender), recipients);
    }

    /** The same sender with other recipients. */
    public Envelope withRecipients(List<EmailAddress> others) {
        return new Envelope(sender, others);
    }

    /** True if any address needs SMTPUTF8. */
    public boolean needsUtf8() {
        for (EmailAddress recipient : recipients) {
            if (recipient.needsUtf8()) {
                return true;
            }
        }
        return sender.isPresent() && sender.get().needsUtf8();
    }

    /** The reverse path with its brackets. */
    public String reversePath() {
        return "<" + sender.map(EmailAddress::toString).orElse("") + ">";
    }
}
