package io.mailproto.imap;

import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Waiting in IDLE (RFC 2177). {@link #await} is for the thread of the conversation; {@link #wake} is for any: it writes
 * DONE while the other one reads.
 */
final class Idling {
    private final Conversation conversation;
    private final Duration answer;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private boolean isWoken;
    private boolean mayEnd;

    Idling(Conversation conversation, Duration answer) {
        this.conversation = conversation;
        this.answer = answer;
    }

    /**
     * Blocks until there is news, at most for the given time.
     *
     * @param forAnyChange are flags and ends of messages news too?
     * @throws CommandRefused if the server answers IDLE with NO or BAD instead of going on
     */
    IdleEnd await(Duration longest, boolean forAnyChange) throws IOException {
        if (takeWoken()) {
            return IdleEnd.WOKEN;
        }
        if (isNews(forAnyChange)) {
            conversation.news().lookElsewhere();
            return IdleEnd.NEWS;
        }
        ImapCommand command = ImapCommand.of(ImapVerb.IDLE);
        Changes changes = new Changes();
        PendingCommand pending = conversation.begin(command, changes);
        if (conversation.awaitContinuation(pending) == null) {
            ImapResponse.Completion completion = conversation.await(pending);
            if (!completion.isOk()) {
                throw new CommandRefused(conversation.peer(), command.shown(), completion);
            }
            return IdleEnd.ENDED_BY_SERVER;
        }
        try {
            beginWaiting();
            listen(pending, changes, forAnyChange, Deadline.in(longest));
            boolean endedByServer = pending.isComplete() && !isEnding();
            if (!endedByServer && !conversation.hasSaidBye()) {
                end();
            }
            conversation.await(pending);
            if (changes.any || isNews(forAnyChange)) {
                conversation.news().lookElsewhere();
                return IdleEnd.NEWS;
            }
            if (endedByServer) {
                return IdleEnd.ENDED_BY_SERVER;
            }
            return takeWoken() ? IdleEnd.WOKEN : IdleEnd.TIME_OVER;
        } finally {
            endWaiting();
        }
    }

    /** What is told while we wait and may concern whoever searches: also that a message is not seen any more. */
    private static final class Changes implements PendingCommand.Listener {
        private boolean any;

        @Override
        public boolean take(ImapResponse response) {
            if (response instanceof ImapResponse.Exists) {
                any = true;
            } else if (response instanceof ImapResponse.Fetched fetched) {
                any |= fetched.message()
                        .flags()
                        .filter(flags -> !flags.contains(Flag.SEEN))
                        .isPresent();
            }
            return false;
        }
    }

    private boolean isNews(boolean forAnyChange) {
        MailboxNews news = conversation.news();
        return news.isElsewhere() || (forAnyChange ? news.isChange() : news.isNews());
    }

    private void listen(PendingCommand pending, Changes changes, boolean forAnyChange, Deadline end)
            throws IOException {
        Step step = Step.of("waiting for news (IDLE)");
        while (!pending.isComplete()
                && !changes.any
                && !isNews(forAnyChange)
                && !conversation.hasSaidBye()
                && !isEnding()
                && !end.isOver()) {
            // In pieces, so that a server that does not answer a DONE written meanwhile is noticed.
            Duration left = end.remaining();
            Duration piece = left.compareTo(answer) < 0 ? left : answer;
            conversation.takeNext(piece.isZero() ? Duration.ofMillis(1) : piece, step);
        }
    }

    private boolean takeWoken() {
        lock.lock();
        try {
            boolean was = isWoken;
            isWoken = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    private void beginWaiting() throws IOException {
        lock.lock();
        try {
            mayEnd = true;
            if (isWoken) {
                sendDone();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has DONE been sent? */
    private boolean isEnding() {
        lock.lock();
        try {
            return !mayEnd;
        } finally {
            lock.unlock();
        }
    }

    private void end() throws IOException {
        lock.lock();
        try {
            sendDone();
        } finally {
            lock.unlock();
        }
    }

    private void endWaiting() {
        lock.lock();
        try {
            mayEnd = false;
        } finally {
            lock.unlock();
        }
    }

    /** Any thread. What cannot be written is found out by the thread that reads. */
    void wake() {
        lock.lock();
        try {
            isWoken = true;
            sendDone();
        } catch (IOException broken) {
            conversation.connection().abort("IDLE could not be ended: " + broken.getMessage());
        } finally {
            lock.unlock();
        }
    }

    // The lock is held over a write here: five octets, guarded by the watchdog, and nobody else wants the connection.
    private void sendDone() throws IOException {
        if (mayEnd) {
            mayEnd = false;
            Connection connection = conversation.connection();
            connection.within(Deadline.in(answer), Step.of("ending IDLE"));
            connection.out().send("DONE");
        }
    }
}
