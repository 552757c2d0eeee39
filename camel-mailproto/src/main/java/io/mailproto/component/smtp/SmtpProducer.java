package io.mailproto.component.smtp;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailDeliveryException;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.component.MailPartialException;
import io.mailproto.component.MailPermanentException;
import io.mailproto.component.MailRuntime;
import io.mailproto.component.MailTransientException;
import io.mailproto.mime.RelayedMessage;
import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.SmtpException;
import io.mailproto.smtp.client.SmtpOutcomeUnknown;
import io.mailproto.smtp.client.SmtpRefused;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends each exchange as one mail, on the caller's thread. */
public class SmtpProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpProducer.class);

    /** Exchange property: the Message-ID by endpoint, so that the rest gets the same mail in a redelivery. */
    private static final String MESSAGE_IDS_PROPERTY = "CamelMailMessageIds";

    private final SmtpEndpoint endpoint;
    private final String endpointName;
    private Spool spool;
    private SmtpConnections connections;
    private ScheduledFuture<?> cleaning;

    public SmtpProducer(SmtpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.endpointName = URISupport.sanitizeUri(endpoint.getEndpointUri());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        SmtpConfiguration configuration = endpoint.getConfiguration();
        spool = configuration.spool(endpoint.getCamelContext());
        Duration idleTime = Duration.ofMillis(configuration.getIdleTimeout());
        connections = new SmtpConnections(
                configuration.dialer(endpoint.getCamelContext()),
                configuration.hostPort(),
                endpoint.clientOptions(),
                configuration.getMaxIdleConnections(),
                idleTime);
        if (configuration.getMaxIdleConnections() > 0) {
            long millis = Math.max(1, idleTime.toMillis());
            cleaning = MailRuntime.of(endpoint.getCamelContext())
                    .scheduler()
                    .scheduleWithFixedDelay(connections::closeOverdue, millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (cleaning != null) {
            cleaning.cancel(false);
            cleaning = null;
        }
        if (connections != null) {
            connections.close();
        }
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            send(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void send(Exchange exchange) throws Exception {
        OutboundAddresses addresses = OutboundAddresses.of(exchange.getMessage(), endpoint.getConfiguration());
        Set<String> accepted = acceptedBefore(exchange);
        Envelope envelope = addresses.envelope(accepted);
        if (envelope.recipients().isEmpty()) {
            LOG.debug("{}: all recipients have accepted this mail before", endpointName);
            return;
        }
        OutboundMail mail = mail(exchange, addresses);
        try {
            TransactionReport report = connections.send(envelope, mail);
            LOG.debug("{}: {}: {}", endpointName, report.fate(), report.lastReply());
            setResults(exchange, report, mail);
            if (!report.isComplete()) {
                remember(exchange, accepted, report, mail);
                throw new MailPartialException(report).acceptedBefore(accepted);
            }
            forget(exchange);
        } catch (WireException | SmtpException e) {
            throw failure(exchange, e, mail).acceptedBefore(accepted);
        } finally {
            mail.release();
        }
    }

    // ---- what is sent

    private OutboundMail mail(Exchange exchange, OutboundAddresses addresses) throws IOException {
        Message message = exchange.getMessage();
        SmtpConfiguration configuration = endpoint.getConfiguration();
        if (message.getBody() instanceof Mail mail) {
            return new RelayedMail(exchange, mail, configuration, endpoint.getHeaderFilterStrategy()).outbound();
        }
        if (isRfc822(message)) {
            return octets(message);
        }
        String id = messageIds(exchange).get(endpointName);
        return new ComposedMail(exchange, configuration, endpoint.getHeaderFilterStrategy(), spool)
                .compose(addresses, id);
    }

    private static boolean isRfc822(Message message) {
        String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
        return type != null && type.toLowerCase(Locale.ROOT).strip().startsWith("message/rfc822");
    }

    /** Octets that are a mail already; nothing in them is looked at. */
    private OutboundMail octets(Message message) throws IOException {
        if (message.getBody() instanceof byte[] octets) {
            return new OutboundMail(RelayedMessage.verbatim(Octets.of(octets)), true, false, null, null);
        }
        try (InputStream in = message.getBody(InputStream.class)) {
            if (in == null) {
                throw new IllegalArgumentException("Content-Type is message/rfc822, but the body is no octets");
            }
            Octets octets = spool.copy(in);
            return new OutboundMail(RelayedMessage.verbatim(octets), true, false, null, octets);
        }
    }

    // ---- what came of it

    private MailDeliveryException failure(Exchange exchange, IOException e, OutboundMail mail) {
        if (e instanceof SmtpOutcomeUnknown unknown) {
            setResults(exchange, unknown.report(), mail);
            return new MailOutcomeUnknownException(unknown, unknown.report());
        }
        TransactionReport report =
                e instanceof SmtpRefused refused ? refused.report().orElse(null) : null;
        if (report != null) {
            setResults(exchange, report, mail);
        }
        if (e instanceof SmtpException said) {
            return said.isTransient()
                    ? new MailTransientException(said, report)
                    : new MailPermanentException(said, report);
        }
        WireException lost = (WireException) e;
        return lost.isTransient() ? new MailTransientException(lost, null) : new MailPermanentException(lost, null);
    }

    private static void setResults(Exchange exchange, TransactionReport report, OutboundMail mail) {
        Message message = exchange.getMessage();
        Map<String, String> results = new LinkedHashMap<>();
        for (RecipientResult result : report.recipients()) {
            results.put(
                    result.recipient().toString(),
                    result.reply().map(Object::toString).orElse("not tried"));
        }
        message.setHeader(MailConstants.RECIPIENT_RESULTS, results);
        set(
                message,
                MailConstants.RESULT_REPLY,
                report.reply().map(Object::toString).orElse(null));
        set(
                message,
                MailConstants.RESULT_CODE,
                report.reply().map(reply -> reply.code()).orElse(null));
        set(
                message,
                MailConstants.RESULT_ENHANCED_CODE,
                report.enhanced().map(Object::toString).orElse(null));
        set(message, MailConstants.RESULT_QUEUE_ID, report.queueId().orElse(null));
        set(message, MailConstants.MESSAGE_ID, mail.messageId());
    }

    /** A header of an earlier mail must not stay when this one has none. */
    private static void set(Message message, String name, Object value) {
        if (value == null) {
            message.removeHeader(name);
        } else {
            message.setHeader(name, value);
        }
    }

    // ---- what a redelivery must know: by endpoint, since a route may send to several

    private Set<String> acceptedBefore(Exchange exchange) {
        return Set.copyOf(accepted(exchange).getOrDefault(endpointName, Set.of()));
    }

    private void remember(Exchange exchange, Set<String> before, TransactionReport report, OutboundMail mail) {
        Set<String> all = new LinkedHashSet<>(before);
        report.delivered().stream().map(EmailAddress::toString).forEach(all::add);
        Map<String, Set<String>> accepted = new HashMap<>(accepted(exchange));
        accepted.put(endpointName, all);
        exchange.setProperty(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY, accepted);
        if (mail.messageId() != null) {
            Map<String, String> ids = new HashMap<>(messageIds(exchange));
            ids.put(endpointName, mail.messageId());
            exchange.setProperty(MESSAGE_IDS_PROPERTY, ids);
        }
    }

    private void forget(Exchange exchange) {
        Map<String, Set<String>> accepted = new HashMap<>(accepted(exchange));
        if (accepted.remove(endpointName) != null) {
            exchange.setProperty(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY, accepted.isEmpty() ? null : accepted);
            Map<String, String> ids = new HashMap<>(messageIds(exchange));
            ids.remove(endpointName);
            exchange.setProperty(MESSAGE_IDS_PROPERTY, ids.isEmpty() ? null : ids);
        }
    }

    @SuppressWarnings("unchecked") // only this class sets it
    private static Map<String, Set<String>> accepted(Exchange exchange) {
        return exchange.getProperty(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY, Map.of(), Map.class);
    }

    @SuppressWarnings("unchecked") // only this class sets it
    private static Map<String, String> messageIds(Exchange exchange) {
        return exchange.getProperty(MESSAGE_IDS_PROPERTY, Map.of(), Map.class);
    }
}
