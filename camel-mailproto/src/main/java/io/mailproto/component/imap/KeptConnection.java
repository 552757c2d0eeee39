package io.mailproto.component.imap;

import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.SelectedMailbox;

/**
 * A connection between two polls.
 *
 * @param folder the one that was polled last
 * @param selected null if it is not open any more
 * @param isFresh has the server said something just now, so that there is no need to ask whether it is still there?
 */
record KeptConnection(ImapClient client, MailboxName folder, SelectedMailbox selected, boolean isFresh) {
    KeptConnection fresh() {
        return new KeptConnection(client, folder, selected, true);
    }
}
