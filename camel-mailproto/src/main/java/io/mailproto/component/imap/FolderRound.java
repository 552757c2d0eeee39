package io.mailproto.component.imap;

import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.MailboxName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Endpoint;

/**
 * The folders of one poll, one after the other. The polling thread and its fetcher take turns: it is written by the one
 * while the other waits.
 */
final class FolderRound {
    private volatile List<MailboxName> folders = List.of();
    private final AtomicInteger index = new AtomicInteger();
    private int failures;
    private CommandRefused lastRefusal;

    /** One of several folders was refused; the conversation can go on. */
    static final class NotOpened extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient MailboxName folder;
        private final CommandRefused refusal;

        NotOpened(MailboxName folder, CommandRefused refusal) {
            super(refusal.getMessage(), refusal);
            this.folder = folder;
            this.refusal = refusal;
        }

        MailboxName folder() {
            return folder;
        }

        CommandRefused refusal() {
            return refusal;
        }
    }

    /** Is it known which folders there are? */
    boolean isKnown() {
        return !folders.isEmpty();
    }

    /**
     * These are the folders.
     *
     * @param firstIsLast does the first come at the end?
     */
    void begin(List<MailboxName> found, boolean firstIsLast, Endpoint endpoint) throws IOException {
        if (found.isEmpty()) {
            throw new IOException(endpoint + ": no folder has a name that the option folderName means; a pattern needs"
                    + " the server's own separator between levels");
        }
        List<MailboxName> ordered = new ArrayList<>(found);
        if (firstIsLast) {
            Collections.rotate(ordered, -1);
        }
        folders = List.copyOf(ordered);
    }

    /** All folders of this poll. */
    List<MailboxName> all() {
        return folders;
    }

    MailboxName current() {
        return folders.get(index.get());
    }

    boolean hasNext() {
        return index.get() + 1 < folders.size();
    }

    /** Goes on to the next folder; false if there is none. */
    boolean advance() {
        if (!hasNext()) {
            return false;
        }
        index.incrementAndGet();
        return true;
    }

    /** The current folder cannot be opened. */
    void failed(CommandRefused refusal) {
        failures++;
        lastRefusal = refusal;
    }

    /** A poll of which nothing is left has failed. */
    void throwIfAllFailed() throws CommandRefused {
        if (failures > 0 && failures == folders.size()) {
            throw lastRefusal;
        }
    }
}
