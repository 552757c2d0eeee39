package io.mailproto.imap;

/** A command that is under way: it has been written, its completion has not come yet, or nobody has asked for it. */
final class PendingCommand {
    private final String tag;
    private final ImapCommand command;
    private final Listener listener;
    private ImapResponse.Completion completion;

    /** Takes the untagged responses that belong to a command. */
    interface Listener {
        /** Wants nothing. */
        Listener NONE = response -> false;

        /** True if the response was meant for this command; then nobody else gets it. */
        boolean take(ImapResponse response);
    }

    PendingCommand(String tag, ImapCommand command, Listener listener) {
        this.tag = tag;
        this.command = command;
        this.listener = listener;
    }

    String tag() {
        return tag;
    }

    ImapCommand command() {
        return command;
    }

    boolean take(ImapResponse response) {
        return listener.take(response);
    }

    void complete(ImapResponse.Completion end) {
        completion = end;
    }

    boolean isComplete() {
        return completion != null;
    }

    ImapResponse.Completion completion() {
        return completion;
    }
}
