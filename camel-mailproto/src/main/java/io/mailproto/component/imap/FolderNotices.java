package io.mailproto.component.imap;

import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.MailboxName;
import java.io.IOException;
import java.util.List;
import org.apache.camel.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the server tell of several folders while one is waited for (NOTIFY, RFC 5465), where it can. Where it cannot, the others
 * are polled by the clock. For the thread that waits.
 */
final class FolderNotices {
    private static final Logger LOG = LoggerFactory.getLogger(FolderNotices.class);

    /** More would not fit on a line that every server takes. */
    private static final int MOST_FOLDERS = 100;

    private final Endpoint endpoint;
    private final boolean flagsToo;
    private ImapClient client;
    private List<MailboxName> folders = List.of();
    private volatile boolean areOn;

    /** @param flagsToo are flags that change in other folders news? */
    FolderNotices(Endpoint endpoint, boolean flagsToo) {
        this.endpoint = endpoint;
        this.flagsToo = flagsToo;
    }

    /** Before waiting on a connection. */
    void prepare(ImapClient now, List<MailboxName> wanted) throws IOException {
        if (wanted.size() < 2
                || wanted.size() > MOST_FOLDERS
                || !now.notifications().isOffered()) {
            areOn = false;
            return;
        }
        boolean isSame = now == client && wanted.equals(folders);
        if (isSame && (now.notifications().isOn() || !areOn)) {
            return;
        }
        client = now;
        folders = List.copyOf(wanted);
        try {
            now.notifications().watch(wanted, flagsToo);
            areOn = true;
        } catch (CommandRefused e) {
            if (e.concernsTheAccount()) {
                throw e;
            }
            areOn = false;
            LOG.info(
                    "{}: the server refuses NOTIFY, so all folders but the first are polled by the clock", endpoint, e);
        }
    }

    /** Are all folders told of? */
    boolean areOn() {
        return areOn;
    }
}
