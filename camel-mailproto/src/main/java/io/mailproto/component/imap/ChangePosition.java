package io.mailproto.component.imap;

import io.mailproto.imap.UidSet;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where the changes of one folder have been told: its UIDVALIDITY, the mod-sequence, the mails that are known, and
 * those of which something is still to be told. Where the server counts no changes (no mod-sequence), the flags of the known
 * mails too, those with the same flags together. As text:
 * {@code 1;uidvalidity;modseq;known;open;flags}, such as {@code 1;77;90210;1:4390;12;} or
 * {@code 1;77;0;1:3;;%5CSeen~1:2|~3}. Thread-safe; written after every hundred changes and at the end of a round, so that a
 * crash repeats some and loses none.
 */
final class ChangePosition {
    private static final Logger LOG = LoggerFactory.getLogger(ChangePosition.class);

    private static final String FORMAT = "1";

    /** Changes that are taken in together: each writes the whole entry. */
    private static final int TOGETHER = 100;

    private final String mailbox;
    private final Consumer<String> store;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private long uidValidity;
    private long modSeq;
    private UidSet known = UidSet.empty();
    private UidSet open = UidSet.empty();
    private Map<String, UidSet> flags = new TreeMap<>();
    private final Map<Long, Integer> failures = new HashMap<>();
    private String stored;

    /** What has been told since the last time; by UID the flags, null if the mail has gone. */
    private final Map<Long, String> told = new HashMap<>();

    /**
     * Begins where an earlier one ended.
     *
     * @param text what that one has stored; null if there was none
     * @param store where changes go
     */
    ChangePosition(String mailbox, String text, Consumer<String> store) {
        this.mailbox = mailbox;
        this.store = store;
        this.stored = text;
        if (text != null) {
            try {
                read(text);
            } catch (RuntimeException e) {
                LOG.warn(
                        "{}: what the stateRepository holds cannot be understood, so all mails are told as new ones: {}",
                        mailbox,
                        text,
                        e);
                forget(0);
            }
        }
    }

    private void read(String text) {
        String[] fields = text.split(";", -1);
        if (fields.length != 6 || !fields[0].equals(FORMAT)) {
            throw new IllegalArgumentException("unknown format");
        }
        uidValidity = Long.parseLong(fields[1]);
        modSeq = Long.parseLong(fields[2]);
        known = set(fields[3]);
        open = set(fields[4]);
        for (String group : fields[5].isEmpty() ? new String[0] : fields[5].split("\\|")) {
            int end = group.indexOf('~');
            flags.put(
                    URLDecoder.decode(group.substring(0, end), StandardCharsets.UTF_8), set(group.substring(end + 1)));
        }
    }

    private static UidSet set(String text) {
        return text.isEmpty() ? UidSet.empty() : UidSet.parse(text);
    }

    private void forget(long validity) {
        uidValidity = validity;
        modSeq = 0;
        known = UidSet.empty();
        open = UidSet.empty();
        flags = new TreeMap<>();
        told.clear();
        failures.clear();
    }

    /** A folder that nothing is known of; or another one of the same name. */
    void begin(long validity) {
        lock.lock();
        try {
            forget(validity);
            save();
        } finally {
            lock.unlock();
        }
    }

    /** 0 if nothing is known. */
    long uidValidity() {
        lock.lock();
        try {
            return uidValidity;
        } finally {
            lock.unlock();
        }
    }

    /** 0 if changes are found by comparing. */
    long modSeq() {
        lock.lock();
        try {
            return modSeq;
        } finally {
            lock.unlock();
        }
    }

    /** The mails that have been told of. */
    UidSet known() {
        lock.lock();
        try {
            takeIn();
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** Mails of which a change up to the mod-sequence has not been told. */
    UidSet open() {
        lock.lock();
        try {
            takeIn();
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** The flags that were told last, as {@link #text}, of a mail where they are compared; null if they are not known. */
    String flagsOf(long uid) {
        lock.lock();
        try {
            takeIn();
            for (Map.Entry<String, UidSet> group : flags.entrySet()) {
                if (group.getValue().contains(uid)) {
                    return group.getKey();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Flags as one text, the same for the same flags. */
    static String text(java.util.Collection<String> flags) {
        return flags.stream().sorted().collect(Collectors.joining(" "));
    }

    /** The route is done with it. */
    void done(MailboxChange change) {
        lock.lock();
        try {
            if (change.uidValidity() != uidValidity || change.kind() == MailboxChange.Kind.REBUILT) {
                return;
            }
            failures.remove(change.uid());
            told.put(change.uid(), change.kind() == MailboxChange.Kind.EXPUNGED ? null : text(change.flags()));
            if (told.size() >= TOGETHER) {
                takeIn();
                save();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failure of the route; returns how many there have been. Not remembered beyond a restart. */
    int failed(MailboxChange change) {
        lock.lock();
        try {
            return failures.merge(change.uid(), 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    /** Changes of these mails are still to be told, although those after them may be done. */
    void postpone(UidSet uids) {
        lock.lock();
        try {
            takeIn();
            open = open.plus(uids);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is to be told any more of what is postponed, such as mails that came and went. */
    void drop(UidSet uids) {
        lock.lock();
        try {
            takeIn();
            open = open.minus(uids);
        } finally {
            lock.unlock();
        }
    }

    /** All changes up to this mod-sequence are done or postponed. */
    void reached(long reachedModSeq) {
        lock.lock();
        try {
            takeIn();
            modSeq = reachedModSeq;
            flags = new TreeMap<>();
            save();
        } finally {
            lock.unlock();
        }
    }

    /** From now on changes are found by comparing: the server does not count, or not as it did. */
    void compare() {
        lock.lock();
        try {
            takeIn();
            modSeq = 0;
            open = UidSet.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what has been told so far. */
    void flush() {
        lock.lock();
        try {
            takeIn();
            save();
        } finally {
            lock.unlock();
        }
    }

    private void takeIn() {
        if (told.isEmpty()) {
            return;
        }
        UidSet all = set(told.keySet());
        UidSet gone = set(told.entrySet().stream()
                .filter(entry -> entry.getValue() == null)
                .map(Map.Entry::getKey)
                .toList());
        known = known.plus(all).minus(gone);
        open = open.minus(all);
        if (modSeq == 0) {
            flags.replaceAll((text, uids) -> uids.minus(all));
            told.entrySet().stream()
                    .filter(entry -> entry.getValue() != null)
                    .collect(Collectors.groupingBy(
                            Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
                    .forEach((text, uids) -> flags.merge(text, set(uids), UidSet::plus));
            flags.values().removeIf(UidSet::isEmpty);
        }
        told.clear();
    }

    private static UidSet set(java.util.Collection<Long> uids) {
        long[] numbers = uids.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(numbers);
        return UidSet.of(numbers);
    }

    private void save() {
        String groups = flags.entrySet().stream()
                .map(group -> URLEncoder.encode(group.getKey(), StandardCharsets.UTF_8)
                                .replace("~", "%7E") + "~" + group.getValue())
                .collect(Collectors.joining("|"));
        String text = String.join(
                ";",
                FORMAT,
                Long.toString(uidValidity),
                Long.toString(modSeq),
                known.toString(),
                open.toString(),
                groups);
        if (!text.equals(stored)) {
            store.accept(text);
            stored = text;
        }
    }

    @Override
    public String toString() {
        return "changes of " + mailbox;
    }
}
