package io.mailproto.component.mx;

import io.mailproto.address.EmailAddress;
import io.mailproto.component.MailActivity;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.component.MailRuntime;
import io.mailproto.component.MonitoredMail;
import io.mailproto.component.outbound.AcceptedRecipients;
import io.mailproto.component.outbound.EndpointIdentity;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers each exchange as one mail, on the caller's thread: to the mailboxes that are here first, then to the mail
 * exchangers of each domain.
 */
@ManagedResource(description = "Delivery to mail exchangers")
public class MxProducer extends DefaultAsyncProducer implements MonitoredMail {

    private static final Logger LOG = LoggerFactory.getLogger(MxProducer.class);

    private final MxEndpoint endpoint;
    private final EndpointIdentity identity;
    private final MailActivity activity = new MailActivity();
    /** Each has one connection at a time. */
    private final AtomicInteger delivering = new AtomicInteger();

    private Spool spool;
    private MxDelivery exchangers;
    private RecipientDomains localDomains;
    private LocalDelivery local;

    public MxProducer(MxEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.identity = EndpointIdentity.of(endpoint);
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
        MailRuntime.of(context).started(this);
    }

    @Override
    protected void doStop() throws Exception {
        MailRuntime.of(endpoint.getCamelContext()).stopped(this);
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
    public MailActivity activity() {
        return activity;
    }

    @Override
    public int getConnections() {
        return delivering.get();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            delivering.incrementAndGet();
            activity.watch(() -> deliver(exchange));
        } catch (Exception e) {
            exchange.setException(e);
        } finally {
            delivering.decrementAndGet();
        }
        callback.done(true);
        return true;
    }

    private void deliver(Exchange exchange) throws Exception {
        AcceptedRecipients memory = new AcceptedRecipients(exchange, identity.key());
        OutboundDelivery delivery = new OutboundDelivery(
                endpoint.getConfiguration(), endpoint.getHeaderFilterStrategy(), exchange, memory, spool);
        try {
            if (delivery.isDone()) {
                if (!memory.uncertain().isEmpty()) {
                    throw new MailOutcomeUnknownException(
                            MxUndelivered.uncertain(identity.name(), memory.uncertain()), null);
                }
                LOG.info(
                        "{}: nothing is sent: all recipients have accepted this mail in an earlier attempt",
                        identity.name());
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
