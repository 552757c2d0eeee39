package io.mailproto.imap;

import java.util.EnumSet;
import java.util.Set;

/**
 * One line of LIST (RFC 3501 §7.2.2).
 *
 * @param name the mailbox
 * @param delimiter between the levels of a hierarchy; empty if the namespace is flat
 * @param attributes for example {@code \Noselect}, {@code \Trash}; compared without case
 */
public record MailboxInfo(MailboxName name, String delimiter, Set<Flag> attributes) {
    private static final Flag NO_SELECT = new Flag("\\Noselect");
    private static final Flag NON_EXISTENT = new Flag("\\NonExistent");

    public MailboxInfo {
        attributes = Set.copyOf(attributes);
    }

    /** Can it be selected? RFC 5258 §3: {@code \NonExistent} implies {@code \Noselect}, whether both are sent or not. */
    public boolean isSelectable() {
        return !attributes.contains(NO_SELECT) && !attributes.contains(NON_EXISTENT);
    }

    /** What the mailbox is for, as far as the server tells: often nothing, rarely more than one thing. */
    public Set<SpecialUse> specialUses() {
        Set<SpecialUse> uses = EnumSet.noneOf(SpecialUse.class);
        for (SpecialUse use : SpecialUse.values()) {
            if (attributes.contains(use.attribute())) {
                uses.add(use);
            }
        }
        return uses;
    }

    /** Is it for this? */
    public boolean isFor(SpecialUse use) {
        return attributes.contains(use.attribute());
    }
}
