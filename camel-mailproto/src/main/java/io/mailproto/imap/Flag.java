package io.mailproto.imap;

import java.util.Locale;

/**
 * A flag or keyword of a message (RFC 3501 §2.3.2). Equal whatever the case.
 *
 * @param name with the backslash if it is a system flag, for example {@code \Seen} or {@code $Forwarded}
 */
public record Flag(String name) {
    public static final Flag SEEN = new Flag("\\Seen");
    public static final Flag ANSWERED = new Flag("\\Answered");
    public static final Flag FLAGGED = new Flag("\\Flagged");
    public static final Flag DELETED = new Flag("\\Deleted");
    public static final Flag DRAFT = new Flag("\\Draft");

    /** Set by the server for new messages only; a client cannot store it. */
    public static final Flag RECENT = new Flag("\\Recent");

    public Flag {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a flag must not be empty");
        }
    }

    /** Is this a flag that a client may write: an atom, or a backslash and an atom? */
    public boolean isStorable() {
        return ImapText.isAtom(name.charAt(0) == '\\' ? name.substring(1) : name) && !equals(RECENT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Flag that && name.equalsIgnoreCase(that.name);
    }

    @Override
    public int hashCode() {
        return name.toLowerCase(Locale.ROOT).hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
