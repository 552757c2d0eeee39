package io.mailproto.imap;

/** What STATUS can tell about a mailbox without opening it (RFC 3501 §6.3.10 and extensions). */
public enum StatusItem {
    /** How many messages there are. */
    MESSAGES(""),
    /** How many are not seen. */
    UNSEEN(""),
    /** The next UID. */
    UIDNEXT(""),
    /** What makes UIDs unique over time. */
    UIDVALIDITY(""),
    /** All octets together (RFC 8438). */
    SIZE("STATUS=SIZE"),
    /** How many are marked {@code \Deleted} (RFC 9051, RFC 9208). */
    DELETED("IMAP4REV2"),
    /** The highest mod-sequence (RFC 7162). */
    HIGHESTMODSEQ("CONDSTORE"),
    /** The largest message that is taken (RFC 7889). */
    APPENDLIMIT("APPENDLIMIT"),
    /** A name that outlives renaming (RFC 8474). */
    MAILBOXID("OBJECTID");

    private final String capability;

    StatusItem(String capability) {
        this.capability = capability;
    }

    /** May it be asked for? */
    boolean isOffered(Capabilities capabilities) {
        return capability.isEmpty() || capabilities.has(capability);
    }
}
