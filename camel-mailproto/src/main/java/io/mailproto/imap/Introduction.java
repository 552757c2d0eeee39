package io.mailproto.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Telling who we are (RFC 2971, ID). */
final class Introduction {
    private final Conversation conversation;
    private final CommandRunner runner;
    private final Map<String, String> identity;
    private boolean isMade;

    /** @param identity what to tell, by field */
    Introduction(Conversation conversation, CommandRunner runner, Map<String, String> identity) {
        this.conversation = conversation;
        this.runner = runner;
        this.identity = identity;
    }

    /** Has the server been told? */
    boolean isMade() {
        return isMade;
    }

    /** Does not hold anything up: the answer is read together with that of the next command. */
    void begin() throws IOException {
        isMade = true;
        conversation.begin(command(), PendingCommand.Listener.NONE);
    }

    /** Tells, and what the server says about itself; field names in small letters. */
    Map<String, String> exchange() throws IOException {
        isMade = true;
        List<Map<String, String>> answers = new ArrayList<>();
        runner.run(command(), response -> response instanceof ImapResponse.ServerId id && answers.add(id.fields()));
        return answers.isEmpty() ? Map.of() : answers.get(answers.size() - 1);
    }

    private ImapCommand command() {
        List<String> fields = new ArrayList<>();
        for (Map.Entry<String, String> field : identity.entrySet()) {
            fields.add(ImapCommand.quoted(field.getKey()));
            fields.add(ImapCommand.quoted(field.getValue()));
        }
        return ImapCommand.of(ImapVerb.ID).raw("(" + String.join(" ", fields) + ")");
    }
}
