package io.mailproto.component.mx;

import io.mailproto.address.EmailAddress;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.component.outbound.AcceptedRecipients;
import io.mailproto.component.outbound.OutboundDelivery;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.mx.MxDelivery;
import io.mailproto.smtp.mx.MxOutcome;
import io.mailproto.smtp.mx.MxUndelivered;
import io.mailproto.smtp.server.RecipientDomains;
import io.mailproto.spool.Spool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers each exchange as one mail, on the caller's thread: to the mailboxes that are here first, then to the mail
 * exchangers of each domain.
 */
public class MxProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(MxProducer.class);

    private final MxEndpoint endpoint;
    private final String endpointName;
    private Spool spool;
    private MxDelivery exchangers;
    private RecipientDomains localDomains;
    private LocalDelivery local;

    public MxProducer(MxEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.endpointName = URISupport.sanitizeUri(endpoint.getEndpointUri());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        MxConfiguration configuration = endpoint.getConfiguration();
        CamelContext context = endpoint.getCamelContext();
        spool = configuration.spool(context);
        localDomains = configuration.local();
        if (!localDomains.isUnspecified()) {
            local = new LocalDelivery(context, configuration.getLocalDelivery(), spool);
            local.start();
        }
        exchangers = new MxDelivery(
                endpoint.exchangers(),
                configuration.dialer(context),
                configuration.toClientOptions(),
                configuration.toOptions(),
                ThreadLocalRandom::current);
    }

    @Override
    protected void doStop() throws Exception {
        if (exchangers != null) {
            exchangers.close();
            exchangers = null;
        }
        if (local != null) {
            local.stop();
            local = null;
        }
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            deliver(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void deliver(Exchange exchange) throws Exception {
        AcceptedRecipients memory = new AcceptedRecipients(exchange, endpointName);
        OutboundDelivery delivery = new OutboundDelivery(
                endpoint.getConfiguration(), endpoint.getHeaderFilterStrategy(), exchange, memory, spool);
        try {
            if (delivery.isDone()) {
                if (!memory.uncertain().isEmpty()) {
                    throw new MailOutcomeUnknownException(
                            MxUndelivered.uncertain(endpointName, memory.uncertain()), null);
                }
                LOG.info(
                        "{}: nothing is sent: all recipients have accepted this mail in an earlier attempt",
                        endpointName);
                return;
            }
            MxOutcome outcome = deliver(exchange, delivery.outgoing());
            delivery.settle(outcome.report(), outcome::failure);
            memory.forget();
        } finally {
            delivery.release();
        }
    }

    private MxOutcome deliver(Exchange exchange, Outgoing mail) {
        MxOutcome outcome = new MxOutcome(mail.envelope());
        Map<Boolean, List<EmailAddress>> recipients =
                mail.envelope().recipients().stream().collect(Collectors.partitioningBy(this::isLocal));
        if (!recipients.get(true).isEmpty()) {
            local.deliver(exchange, mail, recipients.get(true), outcome);
        }
        exchangers.deliver(mail, recipients.get(false), outcome);
        return outcome;
    }

    private boolean isLocal(EmailAddress recipient) {
        return !localDomains.isUnspecified() && localDomains.include(recipient);
    }
}
