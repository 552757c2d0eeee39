package io.mailproto.imap;

import java.io.IOException;
import java.util.Collection;

/**
 * News of mailboxes that are not open (RFC 5465, NOTIFY). Belongs to the {@link ImapClient} that gave it and follows its
 * rules. What is told ends {@link ImapClient#idle}.
 */
public final class Notifications {
    private final CommandRunner runner;
    private final Conversation conversation;

    Notifications(CommandRunner runner, Conversation conversation) {
        this.runner = runner;
        this.conversation = conversation;
    }

    /** Does the server do it? */
    public boolean isOffered() {
        return conversation.capabilities().has("NOTIFY");
    }

    /** Is it switched on, and has the server not given it up (NOTIFICATIONOVERFLOW)? */
    public boolean isOn() {
        return conversation.news().isNotified();
    }

    /**
     * From now on the server tells of messages that come to these mailboxes or go. The next {@link ImapClient#idle} ends at
     * once, because something may have happened before. Replaces what was asked for earlier.
     *
     * @param mailboxes may hold the one that is open
     * @param flagsToo also of flags that change
     * @throws CommandRefused if the server does not want to
     */
    public void watch(Collection<MailboxName> mailboxes, boolean flagsToo) throws IOException {
        if (mailboxes.isEmpty()) {
            throw new IllegalArgumentException("name at least one mailbox");
        }
        String events = flagsToo ? "(MessageNew MessageExpunge FlagChange)" : "(MessageNew MessageExpunge)";
        // RFC 5465 §6.1: delayed, so that sequence numbers do not shift under a FETCH.
        ImapCommand command = ImapCommand.of(ImapVerb.NOTIFY)
                .raw("SET (selected-delayed (MessageNew MessageExpunge FlagChange)) (mailboxes (")
                .tight();
        mailboxes.forEach(command::mailbox);
        runner.run(command.tight().raw(") " + events + ")"));
        conversation.news().notified();
    }
}
