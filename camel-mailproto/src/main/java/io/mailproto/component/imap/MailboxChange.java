package io.mailproto.component.imap;

import java.util.Locale;
import java.util.Set;

/**
 * Something that has happened in a folder: the body of a message of a consumer with {@code changes=true}. Immutable.
 *
 * @param kind what has happened
 * @param folder where
 * @param uidValidity the folder's UIDVALIDITY, for {@link Kind#REBUILT} the new one
 * @param uid the mail's UID; 0 for {@link Kind#REBUILT}, which is about all
 * @param flags those of the mail now, without {@code \Recent}; none for {@link Kind#EXPUNGED} and {@link Kind#REBUILT}
 * @param modSeq the mod-sequence of the change (RFC 7162), to be told to the producer's operation store; 0 where the server
 *     counts none or did not tell
 */
public record MailboxChange(Kind kind, String folder, long uidValidity, long uid, Set<String> flags, long modSeq) {
    /** What can happen. */
    public enum Kind {
        /** A mail that has not been told of before. */
        NEW,
        /** The flags of a mail have changed, perhaps several times: they are told as they are now. */
        FLAGS,
        /** A mail that has been told of is no longer there. */
        EXPUNGED,
        /** All UIDs mean nothing any more (another UIDVALIDITY); all mails follow as new ones. */
        REBUILT;

        /** As the header {@code CamelMailChange} has it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public MailboxChange {
        flags = Set.copyOf(flags);
    }
}
