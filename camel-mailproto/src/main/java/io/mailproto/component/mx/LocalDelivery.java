package io.mailproto.component.mx;

import io.mailproto.address.EmailAddress;
import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailDeliveryException;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.RecipientResult.Outcome;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.smtp.mx.MxOutcome;
import io.mailproto.smtp.mx.MxReplies;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolWriter;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.URISupport;

/**
 * Gives mail for local mailboxes to another endpoint: the octets that everybody gets, and the envelope in headers. What that
 * endpoint says of each recipient counts, if it is one of ours; else the mail has been taken for all, or for nobody.
 */
final class LocalDelivery {

    /** What the endpoint may pass on for the sender; REQUIRETLS is about the way here, which ends. */
    private static final List<String> WISHES =
            List.of(MailConstants.DSN_RETURN, MailConstants.DSN_ENVELOPE_ID, MailConstants.DSN_RECIPIENTS);

    private static final Reply TAKEN = MxReplies.of(250, "2.1.5", "delivered locally");

    private final Endpoint endpoint;
    private final Producer producer;
    private final Spool spool;
    private final HostPort name;

    LocalDelivery(CamelContext context, String uri, Spool spool) throws Exception {
        this.endpoint = context.getEndpoint(uri);
        if (endpoint == null) {
            throw new IllegalArgumentException("localDelivery: no component knows " + URISupport.sanitizeUri(uri));
        }
        this.producer = endpoint.createProducer();
        this.spool = spool;
        this.name = new HostPort("localDelivery", 0);
    }

    void start() {
        ServiceHelper.startService(endpoint, producer);
    }

    void stop() {
        ServiceHelper.stopService(producer);
    }

    /** Delivers, and puts what became of each recipient into the outcome. Does not throw for what the endpoint does. */
    void deliver(Exchange original, Outgoing mail, List<EmailAddress> recipients, MxOutcome outcome) {
        Octets octets;
        try {
            octets = spooled(mail);
        } catch (IOException full) {
            outcome.failed(full);
            Reply reply = MxReplies.of(452, "4.3.1", "the mail cannot be spooled: " + full.getMessage());
            outcome.refused(name, reply);
            recipients.forEach(
                    recipient -> outcome.settle(new RecipientResult(recipient, Outcome.REFUSED_FOR_NOW, reply)));
            return;
        }
        Exchange exchange = endpoint.createExchange(ExchangePattern.InOnly);
        Message message = exchange.getMessage();
        message.setBody(Mail.of(octets));
        message.setHeader(
                MailConstants.ENVELOPE_SENDER,
                mail.envelope().sender().map(EmailAddress::toString).orElse(""));
        message.setHeader(
                MailConstants.ENVELOPE_RECIPIENTS,
                recipients.stream().map(EmailAddress::toString).toList());
        for (String wish : WISHES) {
            Object asked = original.getMessage().getHeader(wish);
            if (asked != null) {
                message.setHeader(wish, asked);
            }
        }
        try {
            producer.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        Exception failure = exchange.getException();
        if (failure != null) {
            outcome.failed(failure);
        }
        judge(exchange, failure, recipients, outcome);
    }

    /** Released when nothing can reach it any more: the endpoint may have passed it on to somebody who reads later. */
    private Octets spooled(Outgoing mail) throws IOException {
        try (SpoolWriter writer = spool.newWriter(Math.max(0, mail.content().size()))) {
            mail.content().writeTo(writer);
            return writer.finish();
        }
    }

    private void judge(Exchange exchange, Exception failure, List<EmailAddress> recipients, MxOutcome outcome) {
        TransactionReport report =
                failure instanceof MailDeliveryException ours ? ours.report().orElse(null) : null;
        Map<String, RecipientResult> said = new HashMap<>();
        if (report != null) {
            report.recipients().forEach(result -> said.put(result.recipient().toString(), result));
        }
        boolean isUnknown = failure instanceof MailOutcomeUnknownException;
        Reply refusal = failure == null ? null : refusalOf(failure, report);
        boolean isTaken = failure == null || (report != null && report.isTaken());
        if (isTaken) {
            outcome.taken(report != null ? report : reportOf(exchange, recipients));
        } else if (!isUnknown) {
            outcome.refused(report == null ? name : report.peer(), refusal);
        }
        for (EmailAddress recipient : recipients) {
            RecipientResult result = said.get(recipient.toString());
            if (failure == null) {
                result = new RecipientResult(recipient, Outcome.ACCEPTED, replyTo(exchange, recipient));
            } else if (result == null || !(result.isRefused() || (result.isAccepted() && report.isTaken()))) {
                result = isUnknown
                        ? new RecipientResult(recipient, Outcome.UNKNOWN, null)
                        : new RecipientResult(
                                recipient, refusal.isTransient() ? Outcome.REFUSED_FOR_NOW : Outcome.REFUSED, refusal);
            }
            outcome.settle(result);
        }
    }

    private static Reply refusalOf(Exception failure, TransactionReport report) {
        if (report != null && report.lastReply() != null && !report.isTaken()) {
            return report.lastReply();
        }
        // An endpoint that is none of ours fails for reasons of its own, which mostly pass.
        boolean isPermanent = failure instanceof MailDeliveryException ours && !ours.isTransient();
        String why = "local delivery failed: " + failure.getMessage();
        return isPermanent ? MxReplies.of(554, "5.3.0", why) : MxReplies.of(451, "4.3.0", why);
    }

    private TransactionReport reportOf(Exchange exchange, List<EmailAddress> recipients) {
        Reply reply = parsed(exchange.getMessage().getHeader(MailConstants.RESULT_REPLY, String.class));
        return new TransactionReport(
                name,
                "",
                recipients.stream()
                        .map(recipient -> new RecipientResult(recipient, Outcome.ACCEPTED, reply))
                        .toList(),
                reply,
                true,
                null);
    }

    private static Reply replyTo(Exchange exchange, EmailAddress recipient) {
        Map<?, ?> results = exchange.getMessage().getHeader(MailConstants.RECIPIENT_RESULTS, Map.class);
        Object reply = results == null ? null : results.get(recipient.toString());
        return parsed(reply == null ? null : reply.toString());
    }

    /** The reply in a header that our producers set; the usual one if there is none. */
    private static Reply parsed(String header) {
        if (header == null || !header.matches("2\\d\\d [^\\p{Cntrl}]*")) {
            return TAKEN;
        }
        return Reply.of(Integer.parseInt(header.substring(0, 3)), header.substring(4));
    }
}
