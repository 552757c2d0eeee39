package io.mailproto.imap;

import java.util.OptionalLong;
import java.util.Set;

/**
 * What SELECT or EXAMINE told about a mailbox (RFC 3501 §6.3.1), at that moment.
 *
 * @param name the mailbox
 * @param exists how many messages are in it
 * @param uidValidity 0 if the server did not say: then UIDs must not be remembered
 * @param uidNext empty if the server did not say (some never do)
 * @param flags those that the mailbox knows
 * @param permanentFlags those that can be changed for good; holds {@code \*} if new ones can be made
 * @param isReadOnly was it opened with EXAMINE, or did the server say {@code [READ-ONLY]}?
 * @param highestModSeq the mod-sequence of the last change (RFC 7162); empty if the server counts none for this mailbox,
 *     or was not asked to
 */
public record SelectedMailbox(
        MailboxName name,
        long exists,
        long uidValidity,
        OptionalLong uidNext,
        Set<Flag> flags,
        Set<Flag> permanentFlags,
        boolean isReadOnly,
        OptionalLong highestModSeq) {
    public SelectedMailbox {
        flags = Set.copyOf(flags);
        permanentFlags = Set.copyOf(permanentFlags);
    }
}
