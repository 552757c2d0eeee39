package io.mailproto.component.smtp;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.component.Mail;
import io.mailproto.component.MailActivity;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailMessage;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.server.MessageHandler;
import io.mailproto.smtp.server.ReceivedMessage;
import io.mailproto.smtp.server.ReplyPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultConsumer;

/**
 * Makes exchanges of received mail, runs the route with them on the session's thread and waits for what becomes of them.
 * Thread-safe.
 */
final class SmtpIntake implements MessageHandler {
    private final DefaultConsumer consumer;
    private final MailHeaderMapping mapping;
    private final SmtpReplyRule rule;
    private final boolean isSplitting;
    private final MailActivity activity;
    private final Set<SmtpTransaction> running = ConcurrentHashMap.newKeySet();

    /**
     * @param isSplitting whether each recipient gets an exchange of its own
     * @param activity counts the exchanges
     */
    SmtpIntake(
            DefaultConsumer consumer,
            MailHeaderMapping mapping,
            SmtpReplyRule rule,
            boolean isSplitting,
            MailActivity activity) {
        this.consumer = consumer;
        this.mapping = mapping;
        this.rule = rule;
        this.isSplitting = isSplitting;
        this.activity = activity;
    }

    /** The mails in the route. */
    Set<SmtpTransaction> running() {
        return running;
    }

    @Override
    public Reply accept(ReceivedMessage message, ReplyPath path) {
        if (isSplitting && message.envelope().recipients().size() > 1) {
            return acceptForEach(message, path);
        }
        SmtpTransaction transaction = begin(message, path, System.nanoTime());
        path.onReplyLost(transaction::replyLost);
        Reply reply = run(transaction);
        if (path.isPerRecipient() && !transaction.isGivenUp()) {
            RecipientReplies.of(transaction.exchange(), message.envelope().recipients(), message.id())
                    .forEach(path::reply);
        }
        return reply;
    }

    /** One exchange after the other, in the time of one. */
    private Reply acceptForEach(ReceivedMessage message, ReplyPath path) {
        long start = System.nanoTime();
        List<EmailAddress> recipients = message.envelope().recipients();
        List<SmtpTransaction> transactions = new ArrayList<>();
        List<Reply> replies = new ArrayList<>();
        path.onReplyLost(() -> transactions.forEach(SmtpTransaction::replyLost));
        for (int i = 0; i < recipients.size(); i++) {
            SmtpTransaction transaction = begin(forRecipient(message, i), path, start);
            transactions.add(transaction);
            Reply reply = run(transaction);
            replies.add(reply);
            if (transaction.isGivenUp()) {
                // No time is left for the others, who will be asked to come again like this one.
                return reply;
            }
            path.reply(i, reply);
        }
        // Where each recipient has a reply of its own, this one is not sent.
        return path.isPerRecipient()
                ? SmtpReplyRule.LOCAL_ERROR
                : RecipientReplies.combined(recipients, replies, message.id());
    }

    private static ReceivedMessage forRecipient(ReceivedMessage message, int recipient) {
        Envelope envelope = message.envelope();
        return new ReceivedMessage(
                message.id() + "-" + (recipient + 1),
                message.session(),
                envelope.withRecipients(List.of(envelope.recipients().get(recipient))),
                message.octets(),
                message.parameters(),
                List.of(message.recipientParameters().get(recipient)),
                message.receivedAt());
    }

    private SmtpTransaction begin(ReceivedMessage message, ReplyPath path, long start) {
        // Not given back to a pool: it is looked at after the route has completed it.
        Exchange exchange = consumer.createExchange(false);
        exchange.setIn(
                new MailMessage(exchange, Mail.of(message.octets()), SessionHeaders.of(message), mapping, false));
        SmtpTransaction transaction = new SmtpTransaction(message.id(), exchange, rule, path, start);
        exchange.getExchangeExtension().addOnCompletion(transaction);
        return transaction;
    }

    private Reply run(SmtpTransaction transaction) {
        running.add(transaction);
        try {
            process(transaction.exchange(), transaction);
            Reply reply = transaction.awaitDecision();
            count(reply, transaction.exchange().getException());
            return reply;
        } finally {
            running.remove(transaction);
        }
    }

    private void count(Reply reply, Exception cause) {
        if (reply.isPositive()) {
            activity.succeeded();
        } else if (cause == null) {
            activity.failed(reply.toString());
        } else {
            activity.failed(cause);
        }
    }

    private void process(Exchange exchange, SmtpTransaction transaction) {
        try {
            consumer.getAsyncProcessor().process(exchange, doneSync -> transaction.calledBack());
        } catch (RuntimeException e) {
            // The route never began, so nobody else will complete the exchange.
            exchange.setException(e);
            transaction.onFailure(exchange);
            consumer.getExceptionHandler().handleException("A mail could not be given to the route", exchange, e);
        }
    }
}
