package io.mailproto.component.pop3;

import io.mailproto.pop3.UidListing;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What an endpoint's consumer knows about mails that stay in the maildrop: which have been processed, which are
 * not wanted, and which the server refuses to give or to delete. Kept as long as the maildrop lists them. Thread-safe.
 */
final class MaildropMemory {
    private final int maxTroubles;
    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private final Set<String> unwanted = ConcurrentHashMap.newKeySet();
    private final Set<String> breakers = ConcurrentHashMap.newKeySet();
    private final Set<String> shared = ConcurrentHashMap.newKeySet();
    private final Set<String> undeleted = ConcurrentHashMap.newKeySet();
    private final Map<String, String> generated = new ConcurrentHashMap<>();
    private final Map<String, Integer> troubles = new ConcurrentHashMap<>();
    private volatile boolean isWithoutTop;
    private volatile boolean hasExactSizes;
    private final AtomicBoolean isWithoutUidl = new AtomicBoolean();

    /** @param maxTroubles how often a mail may be refused before it is let alone; 0 for ever */
    MaildropMemory(int maxTroubles) {
        this.maxTroubles = maxTroubles;
    }

    /** This mail has been processed and is not deleted. */
    void processed(String uid) {
        done.add(uid);
    }

    /** These have been processed, and whether the server has deleted them is not known. */
    void undeleted(Collection<String> uids) {
        undeleted.addAll(uids);
    }

    /** The server has said that these are deleted. */
    void deleted(Collection<String> uids) {
        undeleted.removeAll(uids);
    }

    /** Processed mails that are to be deleted when the maildrop still lists them. */
    List<String> undeleted() {
        return List.copyOf(undeleted);
    }

    /** The idempotent repository knows the mail by this key. */
    void generated(String uid, String key) {
        generated.put(uid, key);
    }

    /** The key by which the idempotent repository knows the mail; null if it has not been fetched yet. */
    String generated(String uid) {
        return generated.get(uid);
    }

    /** The server has no unique ids; true when that is new. */
    boolean withoutUidl() {
        return isWithoutUidl.compareAndSet(false, true);
    }

    /** The filter refused this mail, and would again. */
    void unwanted(String uid) {
        unwanted.add(uid);
    }

    /**
     * A mail was fetched under this id.
     *
     * @param isShared whether others had it as well
     */
    void fetched(String uid, boolean isShared) {
        breakers.remove(uid);
        if (isShared) {
            shared.add(uid);
        } else {
            shared.remove(uid);
        }
    }

    /** The connection broke when this mail was due. */
    void broke(String uid) {
        breakers.add(uid);
    }

    /** Whether the connection broke when the mail was due last. */
    boolean hasBroken(String uid) {
        return breakers.contains(uid);
    }

    /** Whether several mails had the id when one was fetched under it. */
    boolean wasShared(String uid) {
        return shared.contains(uid);
    }

    /** The server does not know {@code TOP}. */
    void withoutTop() {
        isWithoutTop = true;
    }

    /** The server has announced the size of a mail to the octet. */
    void exactSizes() {
        hasExactSizes = true;
    }

    boolean hasExactSizes() {
        return hasExactSizes;
    }

    boolean isWithoutTop() {
        return isWithoutTop;
    }

    /**
     * The server refused to give or to delete this mail, or the filter failed for it.
     *
     * @return true if that was the last time: from now on it is let alone
     */
    boolean refused(String uid) {
        return troubles.merge(uid, 1, Integer::sum) == maxTroubles;
    }

    /** Whether the mail is not to be fetched. */
    boolean isLetAlone(String uid) {
        return done.contains(uid) || unwanted.contains(uid) || isGivenUp(uid);
    }

    /** Whether the server has refused to give or to delete the mail as often as it may. */
    boolean isGivenUp(String uid) {
        return maxTroubles > 0 && troubles.getOrDefault(uid, 0) >= maxTroubles;
    }

    /** Forgets the mails that the maildrop no longer has. */
    void keepOnly(UidListing listed) {
        done.removeIf(uid -> listed.indexOf(uid) < 0);
        breakers.removeIf(uid -> listed.indexOf(uid) < 0);
        unwanted.removeIf(uid -> listed.indexOf(uid) < 0);
        undeleted.removeIf(uid -> listed.indexOf(uid) < 0);
        generated.keySet().removeIf(uid -> listed.indexOf(uid) < 0);
        troubles.keySet().removeIf(uid -> listed.indexOf(uid) < 0);
    }

    /** How many mails are remembered as processed. */
    int size() {
        return done.size();
    }
}
