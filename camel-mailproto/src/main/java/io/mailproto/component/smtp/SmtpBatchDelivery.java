package io.mailproto.component.smtp;

import io.mailproto.component.Mail;
import io.mailproto.component.MailDeliveryException;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.component.MailPartialException;
import io.mailproto.component.outbound.AcceptedRecipients;
import io.mailproto.component.outbound.EndpointIdentity;
import io.mailproto.component.outbound.OutboundDelivery;
import io.mailproto.smtp.client.BatchResults;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange whose body is a list of exchanges, messages or mails, as Camel's grouping aggregations make: each is a mail
 * of its own, and all go over one connection, overlapped.
 *
 * <p>One that fails does not keep the others back. A redelivery of the exchange sends only what was not sent; what may have
 * arrived is not sent again, and stays a failure.
 */
final class SmtpBatchDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpBatchDelivery.class);

    private final SmtpEndpoint endpoint;
    private final EndpointIdentity identity;
    private final Exchange exchange;
    private final Spool spool;

    private final List<OutboundDelivery> deliveries = new ArrayList<>();
    private final List<MailDeliveryException> failures = new ArrayList<>();
    private RuntimeException mistake;
    private int sent;

    SmtpBatchDelivery(SmtpEndpoint endpoint, EndpointIdentity identity, Exchange exchange, Spool spool) {
        this.endpoint = endpoint;
        this.identity = identity;
        this.exchange = exchange;
        this.spool = spool;
    }

    /** Is the body such a list? A list of anything else is a body like another. */
    static boolean isBatch(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof List<?> list
                && !list.isEmpty()
                && list.stream()
                        .allMatch(one -> one instanceof Exchange || one instanceof Message || one instanceof Mail);
    }

    /**
     * Sends what has not been sent before.
     *
     * @throws MailPartialException if some were not sent, or may not have been
     * @throws MailDeliveryException if none was sent, for the reason of the first
     * @throws IllegalArgumentException if one of them cannot be a mail; then none is sent
     */
    void send(SmtpConnections connections) throws Exception {
        List<Outgoing> mails = new ArrayList<>();
        List<OutboundDelivery> tried = new ArrayList<>();
        try {
            int index = 0;
            for (Object one : (List<?>) exchange.getMessage().getBody()) {
                AcceptedRecipients memory = new AcceptedRecipients(exchange, identity.key() + "#" + index++);
                OutboundDelivery delivery = new OutboundDelivery(
                        endpoint.getConfiguration(),
                        endpoint.getHeaderFilterStrategy(),
                        exchangeOf(one),
                        memory,
                        spool);
                deliveries.add(delivery);
                if (!delivery.isDone()) {
                    tried.add(delivery);
                    mails.add(delivery.outgoing());
                } else if (memory.uncertain().isEmpty()) {
                    sent++;
                }
            }
            if (sent > 0) {
                LOG.info(
                        "{}: {} of {} mails are not sent: all their recipients have accepted them in an earlier attempt",
                        identity.name(),
                        sent,
                        deliveries.size());
            }
            connections.sendAll(mails, new Results(tried));
        } finally {
            deliveries.forEach(OutboundDelivery::release);
        }
        conclude();
    }

    private Exchange exchangeOf(Object one) {
        if (one instanceof Exchange part) {
            return part;
        }
        if (one instanceof Message message) {
            Exchange part = new DefaultExchange(exchange.getContext());
            part.setIn(message);
            return part;
        }
        Exchange part = ExchangeHelper.createCopy(exchange, true);
        part.getMessage().setBody(one);
        return part;
    }

    private void conclude() throws Exception {
        if (mistake != null) {
            throw mistake;
        }
        int uncertain = deliveries.size() - sent - failures.size();
        if (failures.isEmpty() && uncertain == 0) {
            deliveries.forEach(delivery -> delivery.memory().forget());
            return;
        }
        if (failures.isEmpty()) {
            throw new IllegalStateException(identity.name() + ": " + sent + " of " + deliveries.size() + " mails sent; "
                    + uncertain + " may have been delivered in an earlier attempt and are not sent again");
        }
        if (sent == 0 && failures.size() == 1) {
            throw failures.get(0);
        }
        throw new MailPartialException(sent, failures);
    }

    private final class Results implements BatchResults {
        private final List<OutboundDelivery> tried;

        Results(List<OutboundDelivery> tried) {
            this.tried = tried;
        }

        @Override
        public void sent(int index, TransactionReport report) {
            OutboundDelivery delivery = tried.get(index);
            try {
                delivery.settle(report);
                delivery.memory().remember(delivery.recipients(), null);
                sent++;
            } catch (MailPartialException partial) {
                failures.add(partial);
            }
        }

        @Override
        public void failed(int index, Exception failure) {
            OutboundDelivery delivery = tried.get(index);
            if (failure instanceof RuntimeException wrong) {
                mistake = wrong;
            } else {
                MailDeliveryException why = delivery.failure((IOException) failure);
                if (why instanceof MailOutcomeUnknownException unknown) {
                    delivery.memory().rememberUncertain(delivery.uncertainAfter(unknown));
                }
                failures.add(why);
            }
        }
    }
}
