package io.mailproto.component.imap;

import io.mailproto.component.MailActivity;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailHealthCheck;
import io.mailproto.component.MailRuntime;
import io.mailproto.component.MonitoredMail;
import io.mailproto.imap.ImapClient;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.DefaultProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs single operations on mailboxes: one for each exchange, in a session of its own or in one that is kept. Exchanges that
 * share a kept session go one after the other.
 */
@ManagedResource(description = "IMAP client")
public class ImapProducer extends DefaultProducer implements MonitoredMail {
    private static final Logger LOG = LoggerFactory.getLogger(ImapProducer.class);

    /** A kept session that was idle for longer is asked whether it still lives. */
    private static final long MAX_TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long STOP_GRACE_SECONDS = 5;

    private final ImapEndpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    private final MailActivity activity = new MailActivity();
    /** Clients that an exchange works with, for a stop by force. */
    private final Set<ImapClient> busy = ConcurrentHashMap.newKeySet();

    private ImapAccess access;
    /** Written under the lock only; null while there is none. */
    private volatile ProducerSession kept;

    private long lastUse;
    private MailHealthCheck healthCheck;

    ImapProducer(ImapEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        access = endpoint.access();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        MailRuntime.of(endpoint.getCamelContext()).started(this);
        healthCheck = MailHealthCheck.registerProducer(this, activity::requireSound);
    }

    @Override
    protected void doStop() throws Exception {
        MailRuntime.of(endpoint.getCamelContext()).stopped(this);
        if (healthCheck != null) {
            healthCheck.unregister();
            healthCheck = null;
        }
        if (lock.tryLock(STOP_GRACE_SECONDS, TimeUnit.SECONDS)) {
            try {
                endKept();
            } finally {
                lock.unlock();
            }
        }
        busy.forEach(client -> client.abort("the producer stops"));
        super.doStop();
    }

    @Override
    public MailActivity activity() {
        return activity;
    }

    @Override
    public int getConnections() {
        ProducerSession session = kept;
        return busy.size() + (session == null || busy.contains(session.client()) ? 0 : 1);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        activity.watch(() -> perform(exchange));
    }

    private void perform(Exchange exchange) throws Exception {
        ImapOperation operation = operation(exchange.getMessage());
        // Before a connection is made: what is missing is not the server's fault.
        OperationOrder order = new OperationOrder(exchange.getMessage(), endpoint.getConfiguration());
        order.check(operation);
        if (endpoint.getConfiguration().isKeepSession()) {
            lock.lockInterruptibly();
            try {
                inKeptSession(operation, order);
            } finally {
                lock.unlock();
            }
        } else if (operation != ImapOperation.LOGOUT) {
            inOwnSession(operation, order);
        }
    }

    private ImapOperation operation(Message message) {
        String name = message.getHeader(MailConstants.IMAP_OPERATION, String.class);
        if (name != null) {
            try {
                return ImapOperation.valueOf(name.strip().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "the header " + MailConstants.IMAP_OPERATION + " is no operation of IMAP: " + name, e);
            }
        }
        if (endpoint.getConfiguration().getOperation() == null) {
            throw new IllegalArgumentException(
                    "what to do with the mailbox is told neither by the option operation nor by the header "
                            + MailConstants.IMAP_OPERATION + "; to send mail use an smtp endpoint");
        }
        return endpoint.getConfiguration().getOperation();
    }

    // ---- sessions

    private void inOwnSession(ImapOperation operation, OperationOrder order) throws IOException {
        ImapClient[] mine = new ImapClient[1];
        try (ImapClient client = access.open(connected -> busy.add(mine[0] = connected))) {
            new OperationRun(new ProducerSession(client), order, access.spool(), endpoint.getHeaderFilterStrategy())
                    .run(operation);
            leave(client);
        } finally {
            if (mine[0] != null) {
                busy.remove(mine[0]);
            }
        }
    }

    private void inKeptSession(ImapOperation operation, OperationOrder order) throws IOException {
        if (operation == ImapOperation.LOGOUT) {
            endKept();
            return;
        }
        ProducerSession session = keptSession();
        busy.add(session.client());
        try {
            new OperationRun(session, order, access.spool(), endpoint.getHeaderFilterStrategy()).run(operation);
        } finally {
            busy.remove(session.client());
            kept = session.client().isOpen() ? session : null;
            lastUse = System.nanoTime();
        }
    }

    private ProducerSession keptSession() throws IOException {
        if (kept != null) {
            ImapClient client = kept.client();
            if (client.isOpen() && System.nanoTime() - lastUse < MAX_TRUSTED_NANOS) {
                return kept;
            }
            busy.add(client);
            try {
                client.noop();
                return kept;
            } catch (IOException e) {
                LOG.debug("{}: the kept session has ended, another one is begun", endpoint, e);
                client.close();
                kept = null;
            } finally {
                busy.remove(client);
            }
        }
        ImapClient[] mine = new ImapClient[1];
        try {
            return new ProducerSession(access.open(connected -> busy.add(mine[0] = connected)));
        } finally {
            if (mine[0] != null) {
                busy.remove(mine[0]);
            }
        }
    }

    private void endKept() {
        ProducerSession session = kept;
        kept = null;
        if (session != null) {
            leave(session.client());
        }
    }

    /** What was done counts already, so a bad farewell changes nothing. */
    private void leave(ImapClient client) {
        try {
            client.logout();
        } catch (IOException e) {
            LOG.debug("{}: no good answer to LOGOUT", endpoint, e);
        }
    }
}
