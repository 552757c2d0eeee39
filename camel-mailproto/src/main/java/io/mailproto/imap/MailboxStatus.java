package io.mailproto.imap;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to STATUS (RFC 3501 §7.2.4). Servers leave items out; then nothing is known about them.
 *
 * @param name the mailbox
 * @param values numbers, by item in capitals
 * @param mailboxId a name that outlives renaming (RFC 8474)
 */
public record MailboxStatus(MailboxName name, Map<String, Long> values, Optional<String> mailboxId) {
    public MailboxStatus {
        values = Map.copyOf(values);
    }

    /** Without an identifier. */
    public MailboxStatus(MailboxName name, Map<String, Long> values) {
        this(name, values, Optional.empty());
    }

    /** How many messages are in the mailbox. */
    public OptionalLong messages() {
        return value("MESSAGES");
    }

    /** How many of them are not seen. */
    public OptionalLong unseen() {
        return value("UNSEEN");
    }

    /** The UID that the next message will have, or a smaller one. */
    public OptionalLong uidNext() {
        return value("UIDNEXT");
    }

    /** Changes when UIDs remembered from earlier mean nothing any more. */
    public OptionalLong uidValidity() {
        return value("UIDVALIDITY");
    }

    /** Octets of all messages together (RFC 8438). */
    public OptionalLong size() {
        return value("SIZE");
    }

    /** The mod-sequence of the last change (RFC 7162). */
    public OptionalLong highestModSeq() {
        return value("HIGHESTMODSEQ");
    }

    /** The largest message that is taken, in octets (RFC 7889). */
    public OptionalLong appendLimit() {
        return value("APPENDLIMIT");
    }

    private OptionalLong value(String item) {
        Long value = values.get(item);
        return value == null || value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
