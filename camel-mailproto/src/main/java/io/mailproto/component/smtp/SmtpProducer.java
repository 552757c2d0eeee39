package io.mailproto.component.smtp;

import io.mailproto.component.MailActivity;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailHealthCheck;
import io.mailproto.component.MailRuntime;
import io.mailproto.component.MonitoredMail;
import io.mailproto.component.outbound.AcceptedRecipients;
import io.mailproto.component.outbound.EndpointIdentity;
import io.mailproto.component.outbound.OutboundDelivery;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.client.SmtpClient;
import io.mailproto.smtp.client.SmtpException;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.spool.Spool;
import io.mailproto.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends each exchange as one mail, or its list as several, on the caller's thread; asks the server things. */
@ManagedResource(description = "SMTP or LMTP client")
public class SmtpProducer extends DefaultAsyncProducer implements MonitoredMail {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpProducer.class);

    private final SmtpEndpoint endpoint;
    private final EndpointIdentity identity;
    private final MailActivity activity = new MailActivity();
    private Spool spool;
    private List<Object> poolKey;
    private SmtpConnections connections;
    private MailHealthCheck healthCheck;

    public SmtpProducer(SmtpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.identity = EndpointIdentity.of(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        SmtpConfiguration configuration = endpoint.getConfiguration();
        CamelContext context = endpoint.getCamelContext();
        spool = configuration.spool(context);
        poolKey = configuration.connectionKey(endpoint.scheme());
        connections = endpoint.pools().acquire(poolKey, () -> open(configuration, context));
        MailRuntime.of(context).started(this);
        healthCheck = MailHealthCheck.registerProducer(this, this::probe);
    }

    private SmtpConnections open(SmtpConfiguration configuration, CamelContext context) throws Exception {
        SmtpConnections.Limits limits = new SmtpConnections.Limits(
                configuration.getPoolSize(),
                configuration.getMaxIdleConnections(),
                Duration.ofMillis(configuration.getIdleTimeout()),
                configuration.getMaxMessagesPerConnection(),
                configuration.connectTimeout());
        return new SmtpConnections(
                        configuration.dialer(context), configuration.hostPort(), endpoint.clientOptions(), limits)
                .cleanedBy(MailRuntime.of(context).scheduler());
    }

    @Override
    protected void doStop() throws Exception {
        MailRuntime.of(endpoint.getCamelContext()).stopped(this);
        if (healthCheck != null) {
            healthCheck.unregister();
            healthCheck = null;
        }
        if (connections != null) {
            connections = null;
            endpoint.pools().release(poolKey);
        }
        super.doStop();
    }

    @Override
    public MailActivity activity() {
        return activity;
    }

    @Override
    public int getConnections() {
        SmtpConnections shared = connections;
        return shared == null ? 0 : shared.size();
    }

    /** Over a kept connection if there is one, so a check costs one command. */
    private void probe() throws IOException {
        SmtpConnections shared = connections;
        if (shared != null) {
            shared.use(SmtpClient::noop);
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            activity.watch(() -> perform(exchange));
        } catch (Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void perform(Exchange exchange) throws Exception {
        SmtpOperation operation = operation(exchange.getMessage());
        if (operation != SmtpOperation.SEND) {
            ask(operation, exchange.getMessage());
        } else if (SmtpBatchDelivery.isBatch(exchange)) {
            new SmtpBatchDelivery(endpoint, identity, exchange, spool).send(connections);
        } else {
            send(exchange);
        }
    }

    private SmtpOperation operation(Message message) {
        String asked = message.getHeader(MailConstants.SMTP_OPERATION, String.class);
        if (asked == null) {
            return endpoint.getConfiguration().getOperation();
        }
        try {
            return SmtpOperation.valueOf(asked.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the header " + MailConstants.SMTP_OPERATION + " is none of send, verify, expand, help, noop", e);
        }
    }

    private void send(Exchange exchange) throws Exception {
        AcceptedRecipients memory = new AcceptedRecipients(exchange, identity.key());
        OutboundDelivery delivery = new OutboundDelivery(
                endpoint.getConfiguration(), endpoint.getHeaderFilterStrategy(), exchange, memory, spool);
        if (delivery.isDone()) {
            LOG.info(
                    "{}: nothing is sent: all recipients have accepted this mail in an earlier attempt",
                    identity.name());
            return;
        }
        try {
            Outgoing mail = delivery.outgoing();
            TransactionReport report = connections.send(mail.envelope(), mail.content(), mail.request());
            if (LOG.isDebugEnabled()) {
                LOG.debug("{}: {}: {}", identity.name(), report.fate(), report.lastReply());
            }
            delivery.settle(report);
            memory.forget();
        } catch (WireException | SmtpException | NoConnection e) {
            throw delivery.failure(e);
        } finally {
            delivery.release();
        }
    }

    /** Whatever the server says is the answer, refusals included; only a conversation that ends is a failure. */
    private void ask(SmtpOperation operation, Message message) throws Exception {
        String argument = message.getBody() == null ? "" : message.getBody(String.class);
        Reply reply;
        try {
            reply = connections.use(client -> ask(client, operation, argument == null ? "" : argument.strip()));
        } catch (WireException e) {
            throw OutboundDelivery.asked(e);
        } catch (SmtpException e) {
            throw OutboundDelivery.asked(e);
        } catch (NoConnection e) {
            throw OutboundDelivery.asked(e);
        }
        message.setHeader(MailConstants.RESULT_CODE, reply.code());
        message.setHeader(MailConstants.RESULT_REPLY, reply.toString());
        reply.enhanced()
                .ifPresentOrElse(
                        code -> message.setHeader(MailConstants.RESULT_ENHANCED_CODE, code.toString()),
                        () -> message.removeHeader(MailConstants.RESULT_ENHANCED_CODE));
        message.setBody(String.join("\n", reply.lines()));
    }

    private static Reply ask(SmtpClient client, SmtpOperation operation, String argument) throws IOException {
        return switch (operation) {
            case VERIFY -> client.verify(argument);
            case EXPAND -> client.expand(argument);
            case HELP -> client.help(argument);
            case NOOP -> client.noop();
            case SEND -> throw new IllegalStateException("sending is no question");
        };
    }
}
