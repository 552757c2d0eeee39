package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import io.mailproto.wire.Connection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** The reply path of one message: whoever claims it answers. */
final class SessionReplyPath implements ReplyPath {
    private final Connection connection;
    private final Dialogue dialogue;
    /** How many replies the client waits for: one, in LMTP one for each recipient. */
    private final int replies;

    private final boolean isPerRecipient;
    private final Map<Integer, Reply> perRecipient = new ConcurrentHashMap<>();
    private final AtomicBoolean isClaimed = new AtomicBoolean();
    private Runnable lost = () -> {};

    SessionReplyPath(Connection connection, Dialogue dialogue, boolean isLmtp, int recipients) {
        this.connection = connection;
        this.dialogue = dialogue;
        this.isPerRecipient = isLmtp;
        this.replies = isLmtp ? recipients : 1;
    }

    @Override
    public boolean isPerRecipient() {
        return isPerRecipient;
    }

    @Override
    public void reply(int recipient, Reply reply) {
        perRecipient.put(recipient, reply);
    }

    @Override
    public boolean replyEarly(Reply reply) {
        if (!claim()) {
            return false;
        }
        dialogue.sayFarewell(Collections.nCopies(reply.isClosing() ? 1 : replies, reply));
        connection.closeGently();
        connection.abort("answered before the message was handled: " + reply.code());
        return true;
    }

    @Override
    public void onReplyLost(Runnable action) {
        lost = action;
    }

    /** The replies to send, in the order of the recipients, if the handler has returned this one. */
    List<Reply> replies(Reply reply) {
        return isPerRecipient && !reply.isClosing()
                ? IntStream.range(0, replies)
                        .mapToObj(i -> perRecipient.getOrDefault(i, reply))
                        .toList()
                : List.of(reply);
    }

    /** True for the first who wants to answer. */
    boolean claim() {
        return isClaimed.compareAndSet(false, true);
    }

    void lost() {
        lost.run();
    }
}
