package io.mailproto.component.pop3;

import io.mailproto.component.MailPollConsumer;
import io.mailproto.component.PollSession;
import io.mailproto.component.ServerPause;
import io.mailproto.pop3.Pop3Capabilities;
import io.mailproto.pop3.Pop3Client;
import io.mailproto.pop3.Pop3Refused;
import io.mailproto.spool.Spool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Processor;
import org.apache.camel.api.management.ManagedResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a POP3 maildrop: a session for each poll (RFC 1939 locks the maildrop as long as one lasts), all mails that have
 * not been processed, deletions by {@code QUIT} at its end.
 */
@ManagedResource(description = "POP3 client that polls")
public class Pop3Consumer extends MailPollConsumer<Pop3MailKey> {
    private static final Logger LOG = LoggerFactory.getLogger(Pop3Consumer.class);

    private final Pop3Endpoint endpoint;
    private final MaildropMemory memory;
    private MaildropAccess access;
    private Spool spool;
    /** The client that is connected and not yet logged in. */
    private final AtomicReference<Pop3Client> opening = new AtomicReference<>();

    private final ServerPause pause = new ServerPause(System::nanoTime);
    /** Whether the last poll was none; for the polling thread. */
    private boolean isPausing;

    private boolean pauseIsTold;
    private boolean expiryIsTold;

    Pop3Consumer(Pop3Endpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.memory = endpoint.memory();
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        access = endpoint.access();
        spool = endpoint.getConfiguration().spool(endpoint.getCamelContext());
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
        Pop3Client client;
        try {
            client = access.open(this::connected);
        } catch (Pop3Refused e) {
            if (e.isLoginTooSoon()) {
                stayAway(e.statedWait(), opening.get());
            }
            throw e;
        } finally {
            opening.set(null);
        }
        pause.welcomed(client.capabilities().loginDelay());
        return new Pop3Session(client, endpoint, spool, getExceptionHandler(), this::told);
    }

    /** The capabilities after the login, which may depend on the user. */
    private void told(Pop3Capabilities capabilities) {
        pause.welcomed(capabilities.loginDelay());
        tellExpiry(capabilities);
    }

    /** As long as the refusal says, or the capabilities in front of it, or else by and by longer. */
    private void stayAway(Duration stated, Pop3Client refused) {
        Duration listed = refused == null || refused.capabilities() == null
                ? Duration.ZERO
                : refused.capabilities().loginDelay();
        Duration wait = stated.isZero() ? listed : stated;
        if (wait.isZero()) {
            pause.refused();
        } else {
            pause.refusedFor(wait);
        }
    }

    /** Polls, unless the server wants to be let alone for some time after the last login. */
    @Override
    protected int poll() throws Exception {
        Duration left = pause.left();
        isPausing = !left.isZero();
        if (!isPausing) {
            return super.poll();
        }
        if (!pauseIsTold) {
            pauseIsTold = true;
            LOG.info(
                    "{}: the server wants time between two logins (LOGIN-DELAY), {} s from now on; polls before that do"
                            + " nothing, so a delay of less is of no use",
                    endpoint,
                    left.toSeconds() + 1);
        }
        return 0;
    }

    /** Nobody knows whether the maildrop is empty while the server wants to be let alone. */
    @Override
    protected void processEmptyMessage() throws Exception {
        if (!isPausing) {
            super.processEmptyMessage();
        }
    }

    private void tellExpiry(Pop3Capabilities capabilities) {
        if (expiryIsTold || capabilities.expireDays().isEmpty()) {
            return;
        }
        expiryIsTold = true;
        int days = capabilities.expireDays().getAsInt();
        if (days == 0) {
            LOG.warn(
                    "{}: the server deletes every mail that was fetched (EXPIRE 0), whatever the option delete says; a"
                            + " session in which the route has failed is ended without QUIT, so that no mail is lost",
                    endpoint);
        } else if (!endpoint.getConfiguration().isDelete()) {
            LOG.info("{}: the server deletes mails by itself after {} days (EXPIRE)", endpoint, days);
        }
    }

    private void connected(Pop3Client client) {
        opening.set(client);
        if (isEnding()) {
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
    @Override
    protected void abortOpening() {
        Pop3Client inVain = opening.get();
        if (inVain != null) {
            inVain.abort("the consumer stops");
        }
    }

    @Override
    protected boolean isExcluded(Pop3MailKey key) {
        return memory.isLetAlone(key.uid());
    }

    @Override
    protected void uidGenerated(Pop3MailKey key, String uid) {
        // Next time another mail may have an id that several have.
        if (!memory.wasShared(key.uid())) {
            memory.generated(key.uid(), uid);
        }
    }

    @Override
    protected String generatedUid(Pop3MailKey key) {
        return memory.generated(key.uid());
    }

    /** How many mails of the maildrop are remembered as processed. */
    public int getRememberedCount() {
        return memory.size();
    }
}
