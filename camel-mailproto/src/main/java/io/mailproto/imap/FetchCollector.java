package io.mailproto.imap;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Collects what FETCH tells about the messages of one command and hands each on as soon as everything asked for is
 * there; servers may spread it over several responses (Q12). Data is recognised by UID, never by order: flags that
 * another client changes arrive in between (Q13).
 */
final class FetchCollector implements PendingCommand.Listener {
    private final UidSet uids;
    private final FetchItems items;
    private final Consumer<FetchedMessage> sink;
    private final Map<Long, FetchedMessage> incomplete = new LinkedHashMap<>();
    private final Set<Long> done = new HashSet<>();

    FetchCollector(UidSet uids, FetchItems items, Consumer<FetchedMessage> sink) {
        this.uids = uids;
        this.items = items;
        this.sink = sink;
    }

    @Override
    public boolean take(ImapResponse response) {
        if (!(response instanceof ImapResponse.Fetched fetched)) {
            return false;
        }
        FetchedMessage message = fetched.message();
        if (message.uid().isEmpty() || !uids.contains(message.uid().getAsLong())) {
            return false;
        }
        long uid = message.uid().getAsLong();
        if (done.contains(uid)) {
            return false;
        }
        FetchedMessage before = incomplete.get(uid);
        if (before != null) {
            before.merge(message);
            message = before;
        }
        if (message.hasAllOf(items) && (message.damage().isEmpty() || before != null)) {
            incomplete.remove(uid);
            handOn(uid, message);
        } else if (before == null) {
            incomplete.put(uid, message);
        }
        return true;
    }

    /** The command has ended: what is incomplete will stay so. */
    void finish() {
        for (Map.Entry<Long, FetchedMessage> entry : incomplete.entrySet()) {
            handOn(entry.getKey(), entry.getValue());
        }
        incomplete.clear();
    }

    /** The conversation broke: frees what nobody will get. */
    void abandon() {
        incomplete.values().forEach(FetchedMessage::release);
        incomplete.clear();
    }

    private void handOn(long uid, FetchedMessage message) {
        done.add(uid);
        sink.accept(message);
    }
}
