package io.mailproto.component.imap;

import io.mailproto.component.Mail;
import io.mailproto.component.MailFilter;
import io.mailproto.component.MailPollConsumer;
import io.mailproto.component.PollSession;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.ImapClientOptions;
import io.mailproto.imap.SelectedMailbox;
import io.mailproto.sasl.Credentials;
import io.mailproto.spool.Spool;
import io.mailproto.wire.Dialer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls an IMAP mailbox: search, fetch in windows, mark, move, copy or delete after the route. The connection is kept
 * from poll to poll unless {@code disconnect} says otherwise.
 */
public class ImapConsumer extends MailPollConsumer<ImapMailKey> {
    private static final Logger LOG = LoggerFactory.getLogger(ImapConsumer.class);

    private final ImapEndpoint endpoint;
    private final MailboxMemory memory;
    private final RefusedMails refused = new RefusedMails();
    private final AtomicReference<Kept> kept = new AtomicReference<>();
    /** A connection that has no session yet, so that nobody else could cut it. */
    private final AtomicReference<ImapClient> opening = new AtomicReference<>();

    private ImapClientOptions options;
    private MailWants wants;
    private Credentials credentials;
    private Dialer dialer;
    private Spool spool;

    /**
     * A connection between two polls.
     *
     * @param selected the mailbox that is open in it, or null
     */
    private record Kept(ImapClient client, SelectedMailbox selected) {}

    ImapConsumer(ImapEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.memory = new MailboxMemory(endpoint.getConfiguration().getMaxDeliveries());
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        CamelContext context = endpoint.getCamelContext();
        ImapConfiguration configuration = endpoint.getConfiguration();
        options = configuration.toClientOptions(endpoint.isImplicitTls(), configuration.clientTls(context));
        wants = new MailWants(configuration.mailSearch(), configuration.sortOrder(), filter(context), refused);
        configuration.folder();
        credentials = configuration.login(context);
        dialer = configuration.dialer(context);
        spool = configuration.spool(context);
    }

    private Optional<BiPredicate<Mail, Map<String, Object>>> filter(CamelContext context) {
        String simple = endpoint.getConfiguration().getFilterMail();
        if (simple == null) {
            return Optional.empty();
        }
        MailFilter filter = new MailFilter(context, simple);
        return Optional.of((head, headers) -> filter.accepts(endpoint, head, headers));
    }

    @Override
    protected PollSession<ImapMailKey> openSession() throws Exception {
        Kept before = kept.getAndSet(null);
        if (before != null) {
            ImapSession again = reopen(before);
            if (again != null) {
                return again;
            }
        }
        ImapClient client = null;
        boolean opened = false;
        try {
            client =
                    ImapClient.open(dialer, endpoint.getConfiguration().hostPort(), options, spool, this::beginOpening);
            if (!client.isLoggedIn()) {
                client.login(credentials);
            }
            if (endpoint.getConfiguration().isCompress()) {
                client.compress();
            }
            ImapSession session =
                    session(client, client.select(endpoint.getConfiguration().folder()));
            opened = true;
            return session;
        } finally {
            opening.set(null);
            if (!opened && client != null) {
                client.close();
            }
        }
    }

    /** A server that is silent must not delay a stop. */
    private void beginOpening(ImapClient client) {
        opening.set(client);
        if (isEnding()) {
            abortOpening();
        }
    }

    /** Null if the kept connection is of no use any more: servers and routers forget idle ones. */
    private ImapSession reopen(Kept before) {
        ImapClient client = before.client();
        beginOpening(client);
        try {
            if (before.selected() != null) {
                client.noop();
                return session(client, before.selected());
            }
            return session(client, client.select(endpoint.getConfiguration().folder()));
        } catch (IOException e) {
            LOG.debug("{}: the kept connection is of no use any more, connecting anew", endpoint, e);
            client.close();
            return null;
        } finally {
            opening.set(null);
        }
    }

    private ImapSession session(ImapClient client, SelectedMailbox selected) {
        return new ImapSession(
                client,
                selected,
                endpoint.getConfiguration(),
                wants,
                memory,
                getExceptionHandler(),
                Optional.ofNullable(endpoint.getConfiguration().getPostProcessAction()),
                () -> leave(client, selected));
    }

    /** The end of a poll, on the fetcher's thread. */
    private void leave(ImapClient client, SelectedMailbox selected) throws IOException {
        ImapConfiguration configuration = endpoint.getConfiguration();
        if (configuration.isDisconnect() || isStoppingOrStopped() || isSuspendingOrSuspended()) {
            client.logout();
            return;
        }
        if (configuration.isCloseFolder()) {
            client.unselect();
        }
        kept.set(new Kept(client, configuration.isCloseFolder() ? null : selected));
        if (isStoppingOrStopped()) {
            // Stopped in between: whoever takes it out closes it.
            closeKept();
        }
    }

    @Override
    protected void doSuspend() throws Exception {
        // Camel suspends a consumer first and then waits for what it is doing.
        abortOpening();
        super.doSuspend();
        closeKept();
    }

    @Override
    protected void doStop() throws Exception {
        abortOpening();
        super.doStop();
        closeKept();
    }

    @Override
    protected void abortOpening() {
        ImapClient inVain = opening.get();
        if (inVain != null) {
            inVain.abort("the consumer stops");
        }
    }

    private void closeKept() {
        Kept last = kept.getAndSet(null);
        if (last == null) {
            return;
        }
        try {
            last.client().logout();
        } catch (IOException e) {
            LOG.debug("{}: no good answer to LOGOUT", endpoint, e);
        }
    }

    /** How many mails {@code filterMail} does not want, as far as polls have found them; may lag behind a poll. */
    public long refusedCount() {
        return refused.count();
    }

    @Override
    protected boolean isExcluded(ImapMailKey key) {
        return memory.isLetAlone(key);
    }
}
