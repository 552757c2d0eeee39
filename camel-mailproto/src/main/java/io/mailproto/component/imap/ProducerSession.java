package io.mailproto.component.imap;

import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.SelectedMailbox;
import java.io.IOException;

/** A producer's session, and which folder is open in it. For one thread at a time. */
final class ProducerSession {
    private final ImapClient client;
    /** Null while none is open. */
    private SelectedMailbox selected;

    /** What a command is for that may find its folder missing. */
    interface Work {
        void run() throws IOException;
    }

    ProducerSession(ImapClient client) {
        this.client = client;
    }

    ImapClient client() {
        return client;
    }

    /** Opens a folder, unless it is open in the way that is needed. */
    SelectedMailbox open(MailboxName folder, boolean toChange) throws IOException {
        if (selected != null && selected.name().equals(folder) && !(toChange && selected.isReadOnly())) {
            return selected;
        }
        selected = null;
        SelectedMailbox opened = toChange ? client.select(folder) : client.examine(folder);
        if (toChange && opened.isReadOnly()) {
            throw new IOException(client.peer() + ": opening " + folder
                    + ": the server lets this user only read there, so nothing has been changed");
        }
        selected = opened;
        return opened;
    }

    /** Some servers refuse STATUS, RENAME and DELETE of the folder that is open, or close the session. */
    void leave(MailboxName folder) throws IOException {
        if (selected != null && selected.name().equals(folder)) {
            selected = null;
            client.unselect();
        }
    }

    /** Makes the folder if that is all that is missing (RFC 3501 §7.1: TRYCREATE), and tries once more. */
    void makingFolder(MailboxName folder, Work work) throws IOException {
        try {
            work.run();
        } catch (CommandRefused e) {
            if (!e.code().is("TRYCREATE") && !e.code().is("NONEXISTENT")) {
                throw e;
            }
            client.create(folder);
            work.run();
        }
    }
}
