package io.mailproto.component.smtp;

import io.mailproto.component.MailConstants;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.server.ReplyPath;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mail on its way through a route, and the client that waits for the reply. What the client is told is decided by
 * the exchange that completes, be it the first one or one that it was handed over to, on whatever thread; or by
 * {@link #giveUp}, whichever comes first.
 */
final class SmtpTransaction implements Synchronization {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpTransaction.class);

    private final String id;
    private final Exchange exchange;
    private final SmtpReplyRule rule;
    private final ReplyPath path;
    private final long start;
    private final CompletableFuture<Reply> decision = new CompletableFuture<>();
    /** True while the session's thread is inside the route and cannot answer. */
    private volatile boolean isInRoute = true;

    private volatile Exchange completed;
    private volatile boolean isGivenUp;
    private volatile boolean isWarned;

    /** @param now by {@link System#nanoTime} */
    SmtpTransaction(String id, Exchange exchange, SmtpReplyRule rule, ReplyPath path, long now) {
        this.id = id;
        this.exchange = exchange;
        this.rule = rule;
        this.path = path;
        this.start = now;
    }

    @Override
    public void onComplete(Exchange done) {
        decide(done);
    }

    @Override
    public void onFailure(Exchange done) {
        decide(done);
    }

    private void decide(Exchange done) {
        completed = done;
        if (!decision.complete(rule.replyTo(done, id))) {
            // Camel tells each completion once, so somebody else was quicker: the time.
            markLost(done);
        }
    }

    /**
     * The processor has called back. A route that refuses the exchange, because it is being stopped, never completes it.
     */
    void calledBack() {
        if (!decision.isDone() && exchange.getExchangeExtension().containsOnCompletion(this)) {
            decide(exchange);
        }
    }

    /** The session's thread is back from the route, and waits. */
    Reply awaitDecision() {
        isInRoute = false;
        try {
            return decision.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a decision never fails", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp(Reply.of(421, "4.3.2 shutting down, closing"), Runnable::run);
            return decision.join();
        }
    }

    /** The exchange that decided, or the first one if it was decided without any. */
    Exchange exchange() {
        return completed == null ? exchange : completed;
    }

    /** Whether the client has been answered, or is about to be, although the route has not ended. */
    boolean isGivenUp() {
        return isGivenUp;
    }

    /**
     * Decides without the route, which may go on. Any thread.
     *
     * @param executor tells the client if the session's thread is inside the route and cannot; a client that does not
     *     listen holds it up
     */
    void giveUp(Reply reply, Executor executor) {
        // Decided before it is said: a route that completes while the client already reads this must find it decided.
        if (!decision.complete(reply)) {
            return;
        }
        isGivenUp = true;
        exchange.setProperty(MailConstants.REPLY_NOT_DELIVERED_PROPERTY, true);
        LOG.warn("mail {} has not come to the end of its route, and its client is told: {}", id, reply);
        if (isInRoute) {
            try {
                executor.execute(() -> path.replyEarly(reply));
            } catch (RejectedExecutionException e) {
                LOG.debug("mail {}: no thread to tell its client, so it is done here", id, e);
                path.replyEarly(reply);
            }
        }
    }

    /** The client will not learn what the route has made of its mail. */
    void replyLost() {
        markLost(exchange());
    }

    private void markLost(Exchange done) {
        done.setProperty(MailConstants.REPLY_NOT_DELIVERED_PROPERTY, true);
        if (!SmtpReplyRule.isFailed(done)) {
            LOG.warn(
                    "mail {} was taken, but its client was not told so and will probably send it again; if that happens"
                            + " often, let the route store first and work behind a queue",
                    id);
        }
    }

    /** Warns once of a route that takes long. */
    void warnIfSlow() {
        if (!isWarned) {
            isWarned = true;
            LOG.warn(
                    "mail {} has been in its route for long, and its client waits for the reply; let the route store"
                            + " first (a queue, a file) and work behind it",
                    id);
        }
    }

    long nanosSince(long now) {
        return now - start;
    }

    @Override
    public String toString() {
        return "reply to mail " + id;
    }
}
