package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import io.mailproto.wire.Connection;
import java.util.concurrent.atomic.AtomicBoolean;

/** The reply path of one message: whoever claims it answers. */
final class SessionReplyPath implements ReplyPath {
    private final Connection connection;
    private final Dialogue dialogue;
    private final AtomicBoolean isClaimed = new AtomicBoolean();
    private Runnable lost = () -> {};

    SessionReplyPath(Connection connection, Dialogue dialogue) {
        this.connection = connection;
        this.dialogue = dialogue;
    }

    @Override
    public boolean replyEarly(Reply reply) {
        if (!claim()) {
            return false;
        }
        dialogue.sayFarewell(reply);
        connection.abort("answered before the message was handled: " + reply.code());
        return true;
    }

    @Override
    public void onReplyLost(Runnable action) {
        lost = action;
    }

    /** True for the first who wants to answer. */
    boolean claim() {
        return isClaimed.compareAndSet(false, true);
    }

    void lost() {
        lost.run();
    }
}
