package io.mailproto.component.pop3;

import io.mailproto.component.MailPollConsumer;
import io.mailproto.component.PollSession;
import io.mailproto.pop3.Pop3Client;
import io.mailproto.pop3.Pop3ClientOptions;
import io.mailproto.pop3.Pop3LoginMethod;
import io.mailproto.sasl.Credentials;
import io.mailproto.spool.Spool;
import io.mailproto.wire.Dialer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a POP3 maildrop: a session for each poll (RFC 1939 locks the maildrop as long as one lasts), all mails that have
 * not been processed, deletions by {@code QUIT} at its end.
 */
public class Pop3Consumer extends MailPollConsumer<Pop3MailKey> {
    private static final Logger LOG = LoggerFactory.getLogger(Pop3Consumer.class);

    private final Pop3Endpoint endpoint;
    private final MaildropMemory memory;
    private Pop3ClientOptions options;
    private List<Pop3LoginMethod> methods;
    private Credentials credentials;
    private Dialer dialer;
    private Spool spool;
    /** The client that is connected and not yet logged in. */
    private final AtomicReference<Pop3Client> opening = new AtomicReference<>();

    Pop3Consumer(Pop3Endpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.memory = endpoint.memory();
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        CamelContext context = endpoint.getCamelContext();
        Pop3Configuration configuration = endpoint.getConfiguration();
        options = configuration.toClientOptions(endpoint.isImplicitTls(), configuration.clientTls(context));
        methods = configuration.loginMethods();
        credentials = configuration.credentials(context).orElseThrow();
        dialer = configuration.dialer(context);
        spool = configuration.spool(context);
    }

    @Override
    protected void doStart() throws Exception {
        Pop3Configuration configuration = endpoint.getConfiguration();
        if (!configuration.isDelete() && configuration.getIdempotentRepository() == null) {
            LOG.warn(
                    "{}: mails stay in the maildrop and which ones were processed is known in memory only, so after a"
                            + " restart all of them are delivered again; set delete=true, or idempotentRepository to one"
                            + " that lasts",
                    endpoint);
        }
        super.doStart();
    }

    @Override
    protected PollSession<Pop3MailKey> openSession() throws Exception {
        boolean loggedIn = false;
        Pop3Client client = null;
        try {
            client = Pop3Client.open(dialer, endpoint.getConfiguration().hostPort(), options, this::connected);
            client.logIn(credentials, methods);
            loggedIn = true;
        } finally {
            opening.set(null);
            if (!loggedIn && client != null) {
                client.close();
            }
        }
        return new Pop3Session(client, endpoint.getConfiguration(), spool, memory, getExceptionHandler());
    }

    private void connected(Pop3Client client) {
        opening.set(client);
        if (isStoppingOrStopped() || isSuspendingOrSuspended()) {
            abortOpening();
        }
    }

    @Override
    protected void doSuspend() throws Exception {
        // Camel suspends a consumer first and then waits for what it is doing.
        abortOpening();
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        abortOpening();
        super.doStop();
    }

    /** A server that is silent before the login is over must not delay a stop. */
    private void abortOpening() {
        Pop3Client inVain = opening.get();
        if (inVain != null) {
            inVain.abort("the consumer stops");
        }
    }

    @Override
    protected boolean isExcluded(Pop3MailKey key) {
        return memory.isLetAlone(key.uid());
    }

    /** How many mails of the maildrop are remembered as processed. */
    public int getRememberedCount() {
        return memory.size();
    }
}
