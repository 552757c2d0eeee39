package io.mailproto.imap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A FETCH that has been sent and whose answer has not been asked for yet. Belongs to the client that made it.
 */
public final class FetchInFlight {
    private final UidSet uids;
    private final FetchCollector collector;
    private final Deque<FetchedMessage> early = new ArrayDeque<>();
    private List<PendingCommand> commands = List.of();
    private Consumer<FetchedMessage> consumer;

    FetchInFlight(UidSet uids, FetchItems items) {
        this.uids = uids;
        this.collector = new FetchCollector(uids, items, this::handOn);
    }

    /** What it asks about. */
    public UidSet uids() {
        return uids;
    }

    private void handOn(FetchedMessage message) {
        if (consumer == null) {
            early.add(message);
        } else {
            consumer.accept(message);
        }
    }

    FetchCollector collector() {
        return collector;
    }

    void commands(List<PendingCommand> sent) {
        commands = sent;
    }

    List<PendingCommand> commands() {
        return commands;
    }

    void deliverTo(Consumer<FetchedMessage> receiver) {
        consumer = receiver;
        while (!early.isEmpty()) {
            receiver.accept(early.remove());
        }
    }

    /** Frees what has arrived and will not be asked for. */
    public void release() {
        consumer = FetchedMessage::release;
        early.forEach(FetchedMessage::release);
        early.clear();
        collector.abandon();
    }
}
