package io.mailproto.imap;

/**
 * How much of everything a server may send before the conversation is ended (it is hostile or broken then).
 *
 * @param lineOctets longest line, and all text of one response beside its literals; the answer to SEARCH of a big mailbox
 *     is one line of up to 11 octets per message
 * @param bodyOctets longest literal of a body section; these go to the spool
 * @param textOctets all literals of one response together that stay in memory: body sections below the spool's threshold
 *     and all others
 * @param nesting how deep lists may be nested; a response beyond it is skipped, the conversation goes on
 * @param literals how many literals one response may have
 * @param untagged how many untagged responses may come before a command ends
 * @param commandOctets longest command line that is sent, literals aside; longer sets are split into several commands
 */
public record ImapLimits(
        int lineOctets, long bodyOctets, int textOctets, int nesting, int literals, int untagged, int commandOctets) {
    public ImapLimits {
        if (lineOctets < 1024 || bodyOctets < 1 || textOctets < 1024 || nesting < 1 || literals < 1 || untagged < 1) {
            throw new IllegalArgumentException("limits must leave room for a conversation: a line and a text at least"
                    + " 1024 octets, everything else at least 1");
        }
        if (commandOctets < 256) {
            throw new IllegalArgumentException(
                    "a command line must have room for 256 octets at least, not " + commandOctets);
        }
    }

    /**
     * 8 MiB lines (some 900,000 UIDs), 16 GiB bodies, 16 MiB texts, nesting 64, 10,000 literals, a million untagged
     * responses; commands up to 8,000 octets (RFC 7162 §4 lets a client count on 8,192).
     */
    public static ImapLimits defaults() {
        return new ImapLimits(8 << 20, 16L << 30, 16 << 20, 64, 10_000, 1_000_000, 8_000);
    }
}
