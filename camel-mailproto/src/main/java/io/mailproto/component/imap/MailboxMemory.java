package io.mailproto.component.imap;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails of a mailbox that are to be let alone although a search finds them: the server cannot give them, or does not
 * let us mark what has been processed. Holds the latest 10,000. Thread-safe.
 */
final class MailboxMemory {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxMemory.class);

    private static final int MOST = 10_000;

    private final int maxTroubles;
    private final ReentrantLock lock = new ReentrantLock();

    /** How often the server could not give a mail; {@link Integer#MAX_VALUE} for one that has been processed. */
    private final Map<ImapMailKey, Integer> troubles = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ImapMailKey, Integer> eldest) {
            return size() > MOST;
        }
    };

    /** @param maxTroubles how often fetching a mail may fail before it is let alone; 0 for ever */
    MailboxMemory(int maxTroubles) {
        this.maxTroubles = maxTroubles;
    }

    /** This mail has been processed, and the server does not remember it for us. */
    void processed(ImapMailKey key) {
        lock.lock();
        try {
            troubles.put(key, Integer.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** The server could not give this mail; after the last time that is allowed it is let alone, with an ERROR. */
    void notGiven(ImapMailKey key, Exception why) {
        if (isNowLetAlone(key)) {
            LOG.error(
                    "Mail {} could not be fetched {} times and is let alone from now on; it stays on the server, see"
                            + " maxDeliveries",
                    key,
                    maxTroubles,
                    why);
        }
    }

    private boolean isNowLetAlone(ImapMailKey key) {
        lock.lock();
        try {
            return troubles.merge(key, 1, (before, one) -> before == Integer.MAX_VALUE ? before : before + one)
                    == maxTroubles;
        } finally {
            lock.unlock();
        }
    }

    boolean isLetAlone(ImapMailKey key) {
        lock.lock();
        try {
            int count = troubles.getOrDefault(key, 0);
            return count == Integer.MAX_VALUE || (maxTroubles > 0 && count >= maxTroubles);
        } finally {
            lock.unlock();
        }
    }
}
