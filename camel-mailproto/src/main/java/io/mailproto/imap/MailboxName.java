package io.mailproto.imap;

import java.util.Locale;

/**
 * The name of a mailbox (IMAP's word for folder), for people and on the wire.
 *
 * <p>On the wire it is modified UTF-7 (RFC 3501 §5.1.3). {@code INBOX} is the same in any case; all other names are
 * compared as they are. A name that a server sent is kept octet for octet, so that it can be used again even where it
 * is no valid modified UTF-7.
 *
 * @param name as people write it, any Unicode
 * @param wire as it goes over the wire, one char per octet
 */
public record MailboxName(String name, String wire) {
    /** The mailbox that every account has. */
    public static final MailboxName INBOX = new MailboxName("INBOX", "INBOX");

    public MailboxName {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a mailbox name must not be empty");
        }
        for (int i = 0; i < wire.length(); i++) {
            char c = wire.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7F) {
                // A line end in a name would start a command of its own.
                throw new IllegalArgumentException(
                        "a mailbox name must not hold control characters: " + ImapText.shown(name));
            }
        }
    }

    /**
     * The mailbox that people call so.
     *
     * @throws IllegalArgumentException if the name is empty or holds control characters
     */
    public static MailboxName of(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                throw new IllegalArgumentException(
                        "a mailbox name must not hold control characters: " + ImapText.shown(name));
            }
        }
        return isInbox(name) ? INBOX : new MailboxName(name, ModifiedUtf7.encode(name));
    }

    /** The mailbox that a server calls so. */
    static MailboxName ofWire(String wire) {
        return isInbox(wire) ? INBOX : new MailboxName(ModifiedUtf7.decode(wire), wire);
    }

    private static boolean isInbox(String name) {
        return name.toUpperCase(Locale.ROOT).equals("INBOX");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MailboxName that && wire.equals(that.wire);
    }

    @Override
    public int hashCode() {
        return wire.hashCode();
    }

    /** As people write it. */
    @Override
    public String toString() {
        return name;
    }
}
