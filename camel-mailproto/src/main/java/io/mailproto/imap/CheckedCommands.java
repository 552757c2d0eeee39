package io.mailproto.imap;

import java.io.IOException;

/** Runs commands that the state of the conversation allows, one at a time. */
final class CheckedCommands implements CommandRunner {
    private final Conversation conversation;

    CheckedCommands(Conversation conversation) {
        this.conversation = conversation;
    }

    @Override
    public ImapResponse.Completion run(ImapCommand command, PendingCommand.Listener listener) throws IOException {
        conversation.require(command.verb());
        ImapResponse.Completion completion = conversation.run(command, listener);
        if (!completion.isOk()) {
            throw new CommandRefused(conversation.peer(), command.shown(), completion);
        }
        return completion;
    }
}
