package io.mailproto.component.imap;

import io.mailproto.imap.UidSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is remembered of one folder beyond a restart: up to which UID mails are known, which of those are not done yet, and
 * how often mails have failed. All of it means something for one UIDVALIDITY only (RFC 3501 §2.3.1.1). As text:
 * {@code 1;uidvalidity;highest;open;failures}, such as {@code 1;77;4391;12,4390:4391;12x3}. Thread-safe; written whenever
 * it has changed.
 */
final class FolderState {
    private static final Logger LOG = LoggerFactory.getLogger(FolderState.class);

    private static final String FORMAT = "1";

    /** Mails beyond that which fail all at a time are counted from the beginning again. */
    private static final int MOST_FAILURES = 1000;

    private final String mailbox;
    private final Consumer<String> store;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private long uidValidity;
    private long highest;
    private UidSet open = UidSet.empty();
    private final Map<Long, Integer> failures = new LinkedHashMap<>();
    private String stored;

    /**
     * Begins where an earlier one ended.
     *
     * @param text what that one has stored; null if there was none
     * @param store where changes go
     */
    FolderState(String mailbox, String text, Consumer<String> store) {
        this.mailbox = mailbox;
        this.store = store;
        this.stored = text;
        if (text != null) {
            try {
                read(text);
            } catch (RuntimeException e) {
                LOG.warn(
                        "{}: what the stateRepository holds cannot be understood, so all mails are looked at anew: {}",
                        mailbox,
                        text,
                        e);
                forget(0);
            }
        }
    }

    private void read(String text) {
        String[] fields = text.split(";", -1);
        if (fields.length != 5 || !fields[0].equals(FORMAT)) {
            throw new IllegalArgumentException("unknown format");
        }
        uidValidity = Long.parseLong(fields[1]);
        highest = Long.parseLong(fields[2]);
        open = fields[3].isEmpty() ? UidSet.empty() : UidSet.parse(fields[3]);
        for (String failure : fields[4].isEmpty() ? new String[0] : fields[4].split(",")) {
            int times = failure.indexOf('x');
            failures.put(Long.parseLong(failure.substring(0, times)), Integer.parseInt(failure.substring(times + 1)));
        }
    }

    private void forget(long validity) {
        uidValidity = validity;
        highest = 0;
        open = UidSet.empty();
        failures.clear();
    }

    /**
     * The folder has been opened.
     *
     * @param validity its UIDVALIDITY
     * @param uidNext the next UID, if the server says so
     */
    void opened(long validity, OptionalLong uidNext) {
        lock.lock();
        try {
            if (uidValidity == 0) {
                uidValidity = validity;
            } else if (uidValidity != validity) {
                LOG.warn(
                        "{}: the folder has been rebuilt (UIDVALIDITY was {} and is {} now), so its mails have new names"
                                + " and all of them are looked at anew",
                        mailbox,
                        uidValidity,
                        validity);
                forget(validity);
            } else if (uidNext.isPresent() && uidNext.getAsLong() > 0 && uidNext.getAsLong() <= highest) {
                LOG.warn(
                        "{}: the server gives UIDs anew that were in use (UIDNEXT is {}, a mail had {}), so all mails are"
                                + " looked at anew",
                        mailbox,
                        uidNext.getAsLong(),
                        highest);
                forget(validity);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The mails to look at: those that are not done, and all that are new. */
    UidSet wanted() {
        lock.lock();
        try {
            return highest >= UidSet.GREATEST ? open : open.plus(UidSet.range(highest + 1, UidSet.GREATEST));
        } finally {
            lock.unlock();
        }
    }

    /** A search for {@link #wanted} has found these; what it has not is no longer there, or not meant. */
    void found(UidSet uids) {
        lock.lock();
        try {
            open = uids;
            highest = uids.isEmpty() ? highest : Math.max(highest, uids.last());
            failures.keySet().removeIf(uid -> !uids.contains(uid));
            save();
        } finally {
            lock.unlock();
        }
    }

    /** A search among all mails has found these. */
    void foundAmongAll(UidSet uids) {
        lock.lock();
        try {
            failures.keySet().removeIf(uid -> !uids.contains(uid));
            save();
        } finally {
            lock.unlock();
        }
    }

    /** These mails are done and not looked at any more. */
    void done(long validity, UidSet uids) {
        lock.lock();
        try {
            if (validity == uidValidity) {
                open = open.minus(uids);
                save();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failure of a mail; returns how many there have been. */
    int failed(long validity, long uid) {
        lock.lock();
        try {
            if (validity != uidValidity) {
                return 1;
            }
            if (failures.size() >= MOST_FAILURES && !failures.containsKey(uid)) {
                failures.remove(failures.keySet().iterator().next());
            }
            int count = failures.merge(uid, 1, Integer::sum);
            save();
            return count;
        } finally {
            lock.unlock();
        }
    }

    int failures(long validity, long uid) {
        lock.lock();
        try {
            return validity == uidValidity ? failures.getOrDefault(uid, 0) : 0;
        } finally {
            lock.unlock();
        }
    }

    void succeeded(long validity, long uid) {
        lock.lock();
        try {
            if (validity == uidValidity && failures.remove(uid) != null) {
                save();
            }
        } finally {
            lock.unlock();
        }
    }

    private void save() {
        StringJoiner counts = new StringJoiner(",");
        failures.forEach((uid, count) -> counts.add(uid + "x" + count));
        String text = String.join(
                ";", FORMAT, Long.toString(uidValidity), Long.toString(highest), open.toString(), counts.toString());
        if (!text.equals(stored)) {
            store.accept(text);
            stored = text;
        }
    }
}
