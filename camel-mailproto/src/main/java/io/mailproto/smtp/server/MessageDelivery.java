package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.Step;
import io.mailproto.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a received message to the handler and tells the client what has become of it. */
final class MessageDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(MessageDelivery.class);

    static final Reply LOCAL_ERROR = Reply.of(451, "4.3.0 local error, try again later");

    /** A handler that is quicker leaves a client no time to go away, and looking costs a millisecond. */
    private static final Duration LONG_WAIT = Duration.ofMillis(200);

    private final Connection connection;
    private final Dialogue dialogue;
    private final SmtpServerOptions options;
    private final MessageHandler handler;

    MessageDelivery(Connection connection, Dialogue dialogue, SmtpServerOptions options, MessageHandler handler) {
        this.connection = connection;
        this.dialogue = dialogue;
        this.options = options;
        this.handler = handler;
    }

    /**
     * How it went.
     *
     * @param isAccepted whether anybody's mail was taken
     * @param isEnding whether the session must end
     */
    record Outcome(boolean isAccepted, boolean isEnding) {}

    /** Blocks as long as the handler does. */
    Outcome deliver(ReceivedMessage message) throws WireException {
        boolean isLmtp = options.dialect().isLmtp();
        SessionReplyPath path = new SessionReplyPath(
                connection, dialogue, isLmtp, message.envelope().recipients().size());
        long start = System.nanoTime();
        List<Reply> replies = replies(message, path);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        LOG.debug("{}: message {} handled with {} after {}", connection.peer(), message.id(), replies, took);
        if (!path.claim()) {
            path.lost();
            return new Outcome(false, true);
        }
        connection.within(Deadline.in(options.timeouts().command()), Step.of("answering the final dot"));
        try {
            if (took.compareTo(LONG_WAIT) > 0 && !connection.in().hasBuffered()) {
                // Writing to a client that has closed succeeds once; only reading tells that it is gone.
                connection.in().await(Duration.ofMillis(1));
            }
            dialogue.replyNow(replies);
        } catch (WireException e) {
            path.lost();
            throw e;
        }
        return new Outcome(
                replies.stream().anyMatch(Reply::isPositive), replies.stream().anyMatch(Reply::isClosing));
    }

    private List<Reply> replies(ReceivedMessage message, SessionReplyPath path) {
        Reply reply;
        try {
            reply = handler.accept(message, path);
        } catch (RuntimeException e) {
            LOG.error("message {}: the handler failed", message.id(), e);
            return path.replies(LOCAL_ERROR);
        }
        List<Reply> replies = new ArrayList<>();
        for (Reply said : reply == null ? path.replies(LOCAL_ERROR) : path.replies(reply)) {
            if ((said.isPositive() || said.code() >= 400) && isSendable(said)) {
                replies.add(said);
            } else {
                LOG.warn("message {}: the reply of the handler cannot be sent: {}", message.id(), reason(said));
                replies.add(LOCAL_ERROR);
            }
        }
        if (reply == null) {
            LOG.warn("message {}: the reply of the handler cannot be sent: there is none", message.id());
        }
        return replies;
    }

    static boolean isSendable(Reply reply) {
        return reply.lines().stream()
                .allMatch(line -> line.length() <= 500 && line.chars().allMatch(c -> c >= 0x20 && c <= 0x7e));
    }

    static String reason(Reply reply) {
        return "code " + reply.code() + ", it must be 2yz, 4yz or 5yz with up to 500 ASCII characters a line";
    }
}
