package io.mailproto.imap;

/** What a mailbox is for, whatever it is called (RFC 6154 §2, RFC 8457). */
public enum SpecialUse {
    /** All messages of the account. */
    ALL("\\All"),
    /** Messages that are kept. */
    ARCHIVE("\\Archive"),
    /** Messages that are being written. */
    DRAFTS("\\Drafts"),
    /** All messages with the flag {@code \Flagged}. */
    FLAGGED("\\Flagged"),
    /** All messages that somebody or something holds to be important. */
    IMPORTANT("\\Important"),
    /** Unwanted messages. */
    JUNK("\\Junk"),
    /** Messages that have been sent. */
    SENT("\\Sent"),
    /** Messages that have been deleted or are about to be. */
    TRASH("\\Trash");

    private final Flag attribute;

    SpecialUse(String attribute) {
        this.attribute = new Flag(attribute);
    }

    /** As LIST tells it, for example {@code \Sent}. */
    public Flag attribute() {
        return attribute;
    }
}
