package io.mailproto.imap;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One line of LIST (RFC 3501 §7.2.2).
 *
 * @param name the mailbox
 * @param delimiter between the levels of a hierarchy; empty if the namespace is flat
 * @param attributes for example {@code \Noselect}, {@code \Trash}; compared without case
 * @param status what was asked for beside (RFC 5819); empty if nothing was, or if the mailbox cannot be selected
 */
public record MailboxInfo(MailboxName name, String delimiter, Set<Flag> attributes, Optional<MailboxStatus> status) {
    private static final Flag SUBSCRIBED = new Flag("\\Subscribed");
    private static final Flag NO_SELECT = new Flag("\\Noselect");
    private static final Flag NON_EXISTENT = new Flag("\\NonExistent");

    public MailboxInfo {
        attributes = Set.copyOf(attributes);
    }

    /** Without a status. */
    public MailboxInfo(MailboxName name, String delimiter, Set<Flag> attributes) {
        this(name, delimiter, attributes, Optional.empty());
    }

    /** Is it known to be subscribed to? */
    public boolean isSubscribed() {
        return attributes.contains(SUBSCRIBED);
    }

    MailboxInfo with(MailboxStatus told) {
        return new MailboxInfo(name, delimiter, attributes, Optional.of(told));
    }

    MailboxInfo subscribed() {
        Set<Flag> more = new LinkedHashSet<>(attributes);
        more.add(SUBSCRIBED);
        return new MailboxInfo(name, delimiter, more, status);
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
