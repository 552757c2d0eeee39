package io.mailproto.imap;

import java.io.IOException;
import java.util.Locale;

/** Opening a mailbox: SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2). */
final class Selecting {
    private final Conversation conversation;
    private final Introduction introduction;

    Selecting(Conversation conversation, Introduction introduction) {
        this.conversation = conversation;
        this.introduction = introduction;
    }

    /**
     * Opens.
     *
     * @param parameter what follows the name, in parentheses; empty for nothing
     * @param more takes what the collector of SELECT does not
     */
    SelectedMailbox open(ImapVerb verb, MailboxName name, String parameter, PendingCommand.Listener more)
            throws IOException {
        conversation.require(verb);
        ImapCommand command = ImapCommand.of(verb).mailbox(name);
        if (!parameter.isEmpty()) {
            command.raw(parameter);
        }
        // A failed SELECT leaves no mailbox selected (RFC 3501 §6.3.1).
        conversation.enter(ImapVerb.State.LOGGED_IN);
        conversation.news().forget();
        SelectCollector collector = new SelectCollector(name, verb == ImapVerb.EXAMINE, more);
        ImapResponse.Completion completion = conversation.run(command, collector);
        boolean wantsId = completion.text().text().toLowerCase(Locale.ROOT).contains("unsafe login");
        if (!completion.isOk() && wantsId && !introduction.isMade()) {
            // NetEase (163, 126): SELECT is refused until ID has come, also where it is not advertised.
            introduction.begin();
            collector = new SelectCollector(name, verb == ImapVerb.EXAMINE, more);
            completion = conversation.run(command, collector);
        }
        if (!completion.isOk()) {
            throw new CommandRefused(conversation.peer(), verb + " " + name, completion);
        }
        conversation.enter(ImapVerb.State.SELECTED);
        return collector.selected(completion.text().code());
    }
}
