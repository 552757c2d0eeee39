package io.mailproto.smtp.client;

import io.mailproto.smtp.Extensions;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Several messages over one conversation, so that the line is never idle. With CHUNKING up to {@value #WINDOW} whole
 * messages are on their way before the first is answered; without it each envelope travels with the dot of the message
 * before. What cannot be overlapped goes on its own.
 */
final class SmtpBatch {
    /** Messages in flight. All of them are in doubt if the connection breaks. */
    private static final int WINDOW = 16;

    /** Recipients in flight: the replies to them must fit into every receive buffer (RFC 2920 §3.1). */
    private static final int RECIPIENTS = 200;

    private static final long OCTETS = 256 * 1024;

    private record Flying(int index, SmtpTransaction transaction, long octets) {}

    private final SmtpClient client;
    private final SmtpDialogue dialogue;
    private final SmtpClientOptions options;
    private final Extensions extensions;
    private final List<Outgoing> messages;
    private final BatchResults results;

    private final Deque<Flying> flying = new ArrayDeque<>();
    private int next;

    SmtpBatch(
            SmtpClient client,
            SmtpDialogue dialogue,
            SmtpClientOptions options,
            Extensions extensions,
            List<Outgoing> messages,
            int from,
            BatchResults results) {
        this.client = client;
        this.dialogue = dialogue;
        this.options = options;
        this.extensions = extensions;
        this.messages = messages;
        this.next = from;
        this.results = results;
    }

    /** Returns the index of the first message that was not begun, or the number of messages. */
    int run() {
        while (next < messages.size() && client.isUsable() && !client.isUsedUp()) {
            int index = next++;
            SmtpTransaction transaction = prepared(index);
            if (transaction == null) {
                continue;
            }
            if (!transaction.isOneFlight()) {
                land(0);
                if (client.isUsable()) {
                    alone(index);
                } else {
                    next = index;
                }
            } else if (transaction.isMessageAlong()) {
                launch(index, transaction);
            } else {
                inTurn(index, transaction);
            }
        }
        land(0);
        return next;
    }

    private SmtpTransaction prepared(int index) {
        Outgoing message = messages.get(index);
        try {
            if (message.envelope().recipients().isEmpty()) {
                throw new IllegalArgumentException("a message needs at least one recipient");
            }
            SmtpTransaction transaction = new SmtpTransaction(
                    dialogue, options, extensions, message.envelope(), message.content(), message.request());
            transaction.prepare(true);
            return transaction;
        } catch (IOException | RuntimeException e) {
            results.failed(index, e);
            return null;
        }
    }

    private void alone(int index) {
        Outgoing message = messages.get(index);
        try {
            results.sent(index, client.send(message.envelope(), message.content(), message.request()));
        } catch (IOException | RuntimeException e) {
            results.failed(index, e);
        }
    }

    // ---- with CHUNKING

    private void launch(int index, SmtpTransaction transaction) {
        try {
            boolean reset = !flying.isEmpty() || client.isResetNeeded();
            transaction.begin(reset);
            client.began();
            flying.addLast(
                    new Flying(index, transaction, messages.get(index).content().size()));
        } catch (WireException lost) {
            fail(index, transaction.lostWith(lost));
            drown(lost);
            return;
        }
        while (flying.size() >= WINDOW || recipientsInFlight() >= RECIPIENTS || octetsInFlight() >= OCTETS) {
            land(flying.size() - 1);
        }
    }

    private int recipientsInFlight() {
        int sum = 0;
        for (Flying one : flying) {
            sum += one.transaction().recipients();
        }
        return sum;
    }

    private long octetsInFlight() {
        long sum = 0;
        for (Flying one : flying) {
            sum += one.octets();
        }
        return sum;
    }

    /** Takes the replies to the oldest until so many are left in flight. */
    private void land(int left) {
        while (flying.size() > left) {
            Flying oldest = flying.pollFirst();
            try {
                dialogue.flush();
                oldest.transaction().takeEnvelope();
                results.sent(oldest.index(), oldest.transaction().takeEnd());
                client.ended(oldest.transaction());
            } catch (IOException e) {
                client.ended(oldest.transaction());
                fail(
                        oldest.index(),
                        e instanceof WireException lost ? oldest.transaction().lostWith(lost) : e);
                if (!client.isUsable()) {
                    drown(e);
                }
            }
        }
    }

    /** The conversation is over, and what had been sent into it is in doubt. */
    private void drown(Exception why) {
        WireException lost = why instanceof WireException wire ? wire : dialogue.closedAt(SmtpPhase.LAST_CHUNK);
        while (!flying.isEmpty()) {
            Flying one = flying.pollFirst();
            fail(one.index(), one.transaction().lostWith(lost));
        }
    }

    private void fail(int index, Exception e) {
        results.failed(index, e);
    }

    // ---- with DATA

    /** Sends this message and those behind it, each envelope with the dot before, as long as that is possible. */
    private void inTurn(int first, SmtpTransaction firstTransaction) {
        int index = first;
        SmtpTransaction current = firstTransaction;
        boolean isBegun = false;
        while (current != null) {
            SmtpTransaction following = null;
            int followingIndex = -1;
            boolean isFollowingBegun = false;
            try {
                if (!isBegun) {
                    current.begin(client.isResetNeeded());
                    client.began();
                    dialogue.flush();
                }
                current.takeEnvelope();
                current.writeBody();
                while (following == null && next < messages.size() && !client.isUsedUp()) {
                    followingIndex = next++;
                    following = prepared(followingIndex);
                }
                if (following != null
                        && following.isOneFlight()
                        && dialogue.connection().isOpen()) {
                    following.begin(false);
                    isFollowingBegun = true;
                    client.began();
                }
                results.sent(index, current.takeEnd());
                client.ended(current);
            } catch (IOException e) {
                client.ended(current);
                fail(index, e);
                if (!client.isUsable()) {
                    // The server has seen the next envelope at most, and no message of it.
                    next = following == null ? next : followingIndex;
                    return;
                }
            }
            if (following != null && !isFollowingBegun && !following.isOneFlight()) {
                alone(followingIndex);
                return;
            }
            index = followingIndex;
            current = following;
            isBegun = isFollowingBegun;
        }
    }
}
