package io.mailproto.imap;

import java.io.IOException;

/**
 * Runs one command to its end, if the conversation is in a state that allows it. Blocks; for the thread of the
 * conversation.
 */
interface CommandRunner {
    /** @throws CommandRefused unless the server says OK */
    ImapResponse.Completion run(ImapCommand command, PendingCommand.Listener listener) throws IOException;

    /** As {@link #run(ImapCommand, PendingCommand.Listener)}, for a command whose untagged responses say nothing. */
    default ImapResponse.Completion run(ImapCommand command) throws IOException {
        return run(command, PendingCommand.Listener.NONE);
    }
}
