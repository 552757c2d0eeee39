package io.mailproto.component.imap;

import io.mailproto.component.MailActivity;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailRuntime;
import io.mailproto.component.MonitoredMail;
import io.mailproto.component.ServerPause;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.IdleEnd;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.ImapException;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.SelectedMailbox;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what happens in IMAP folders: one exchange for each mail that comes, changes its flags or goes, from where the
 * {@code stateRepository} says that it ended. With {@code idle} it waits for changes instead of polling.
 */
@ManagedResource(description = "IMAP client that tells what happens in folders")
public final class ImapChangesConsumer extends ScheduledPollConsumer
        implements IdleWatch.Waiter, ChangeOutlet.Host, MonitoredMail {
    private static final Logger LOG = LoggerFactory.getLogger(ImapChangesConsumer.class);

    private final ImapEndpoint endpoint;
    private final ImapConfiguration configuration;
    private final StateRepository<String, String> repository;
    private final Map<String, ChangePosition> positions = new ConcurrentHashMap<>();
    private final AtomicReference<KeptConnection> kept = new AtomicReference<>();
    /** The connection that the poll uses, as long as nothing of it is with the route. */
    private final AtomicReference<ImapClient> busy = new AtomicReference<>();

    private final MailActivity activity = new MailActivity();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile ImapClient current;

    private final FolderNotices notices;
    /** The folders of the last poll. */
    private volatile List<MailboxName> told = List.of();

    private final ServerPause pause = new ServerPause(System::nanoTime);
    private ImapAccess access;
    private FolderSelection folders;
    private ServerHabits habits;
    private volatile IdleWatch watch;
    private volatile boolean hasFailed;
    private final AtomicInteger left = new AtomicInteger();

    ImapChangesConsumer(ImapEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.configuration = endpoint.getConfiguration();
        this.notices = new FolderNotices(endpoint, true);
        this.repository = configuration.getStateRepository();
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        configuration.requireOnlyChanges();
        access = endpoint.access();
        folders = configuration.folders();
        habits = ServerHabits.of(configuration.getHost());
    }

    @Override
    protected void doStart() throws Exception {
        // It stops with the context, not with the route: a route that is started again must remember.
        endpoint.getCamelContext().addService(repository, true, true);
        ServiceHelper.startService(repository);
        if (configuration.isIdle()) {
            watch = IdleWatch.startWith(this, this, configuration.idleRenewal(), habits);
        }
        super.doStart();
        MailRuntime.of(endpoint.getCamelContext()).started(this);
    }

    @Override
    public MailActivity activity() {
        return activity;
    }

    @Override
    public int getConnections() {
        ImapClient client = current;
        return client != null && client.isOpen() ? 1 : 0;
    }

    @Override
    public int getMailsInFlight() {
        return inFlight.get();
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("polls", getCounter(), "failedPollsInARow", getErrorCounter());
    }

    // ---- a poll

    @Override
    protected int poll() throws Exception {
        if (!pause.left().isZero()) {
            return 0;
        }
        hasFailed = false;
        int most = endpoint.getMaxMessagesPerPoll();
        int before = most > 0 ? most : Integer.MAX_VALUE;
        left.set(before);
        ImapClient client = null;
        boolean isWhole = false;
        try {
            client = connection();
            SelectedMailbox last = tellAll(client);
            isWhole = true;
            leave(client, last);
        } catch (IOException e) {
            throttled(e);
            if (!isAway()) {
                activity.note(e);
                throw e;
            }
            LOG.debug("{}: the poll ended with the consumer", endpoint, e);
        } finally {
            busy.set(null);
            if (!isWhole && client != null) {
                client.close();
            }
        }
        return before - left.get();
    }

    private ImapClient connection() throws IOException {
        KeptConnection before = takeKept();
        if (before != null) {
            begin(before.client());
            try {
                if (!before.isFresh()) {
                    before.client().noop();
                }
                return before.client();
            } catch (IOException e) {
                LOG.debug("{}: the kept connection is of no use any more, connecting anew", endpoint, e);
                before.client().close();
            }
        }
        ImapClient client = access.open(this::begin);
        boolean isReady = false;
        try {
            client.changes().enable(Set.of("QRESYNC"));
            isReady = true;
            return client;
        } finally {
            if (!isReady) {
                client.close();
            }
        }
    }

    /** A server that is silent must not delay a stop. */
    private void begin(ImapClient client) {
        current = client;
        busy.set(client);
        if (isAway()) {
            abortBusy();
        }
    }

    private void abortBusy() {
        ImapClient inVain = busy.get();
        if (inVain != null) {
            inVain.abort("the consumer stops");
        }
    }

    /** The folder that stays open. */
    private SelectedMailbox tellAll(ImapClient client) throws IOException {
        List<MailboxName> names = new ArrayList<>(folders.resolve(client));
        if (names.isEmpty()) {
            throw new IOException(client.peer() + ": no folder matches " + configuration.getFolderName());
        }
        if (configuration.isIdle()) {
            // The one that is waited for stays open.
            Collections.rotate(names, -1);
        }
        told = List.copyOf(names);
        SelectedMailbox last = null;
        CommandRefused refusal = null;
        for (MailboxName name : names) {
            if (isAway()) {
                break;
            }
            try {
                last = tell(client, name);
                forceConsumerAsReady();
            } catch (CommandRefused e) {
                if (folders.isSingle() || e.concernsTheAccount()) {
                    throw e;
                }
                getExceptionHandler()
                        .handleException(
                                "The changes of " + name + " of " + endpoint + " cannot be told; the others go on", e);
                refusal = e;
            }
        }
        if (last == null && refusal != null) {
            throw refusal;
        }
        return last;
    }

    private SelectedMailbox tell(ImapClient client, MailboxName name) throws IOException {
        ChangePosition position = positions.computeIfAbsent(
                configuration.getUsername() + "@" + configuration.hostPort() + "/" + name, this::load);
        ChangeOutlet outlet = new ChangeOutlet(
                position, this, configuration.getMaxInFlight(), Duration.ofMillis(configuration.getInFlightTimeout()));
        begin(client);
        return new FolderChanges(client, name, position, outlet).tell();
    }

    private ChangePosition load(String mailbox) {
        // Camel's repository in a file takes no equals sign in a key.
        String key = "changes:" + mailbox.replace("%", "%25").replace("=", "%3D");
        return new ChangePosition(mailbox, repository.getState(key), text -> repository.setState(key, text));
    }

    private void leave(ImapClient client, SelectedMailbox last) throws IOException {
        if (isAway() || last == null || configuration.isDisconnect()) {
            client.logout();
            return;
        }
        if (configuration.isCloseFolder() && !configuration.isIdle()) {
            client.unselect();
        }
        keep(new KeptConnection(client, last.name(), last, configuration.isIdle()));
    }

    // ---- what the route gets

    @Override
    public boolean takesMore() {
        return left.get() > 0 && !isAway();
    }

    @Override
    public void process(MailboxChange change, ChangeOutlet outlet) {
        left.decrementAndGet();
        inFlight.incrementAndGet();
        // From here on the route decides how long it takes.
        ImapClient client = busy.getAndSet(null);
        Exchange exchange = createExchange(true);
        Message message = exchange.getIn();
        message.setBody(change);
        message.setHeader(MailConstants.CHANGE, change.kind().word());
        message.setHeader(MailConstants.FOLDER, change.folder());
        message.setHeader(MailConstants.UID_VALIDITY, change.uidValidity());
        if (change.uid() > 0) {
            message.setHeader(MailConstants.UID, Long.toString(change.uid()));
        }
        if (change.kind() == MailboxChange.Kind.NEW || change.kind() == MailboxChange.Kind.FLAGS) {
            message.setHeader(MailConstants.FLAGS, change.flags());
        }
        if (change.modSeq() > 0) {
            message.setHeader(MailConstants.MOD_SEQ, change.modSeq());
        }
        Completion completion = new Completion(change, outlet);
        exchange.getExchangeExtension().addOnCompletion(completion);
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            // The route never began or broke down: no unit of work will complete it.
            exchange.setException(e);
            completion.onFailure(exchange);
        }
        if (client != null) {
            begin(client);
        }
    }

    @Override
    public boolean givesUp(MailboxChange change, int failures) {
        int most = configuration.getMaxDeliveries();
        if (most <= 0 || failures < most) {
            hasFailed = true;
            reconsider();
            return false;
        }
        LOG.error("{}: {} has failed {} times and is not told again, see maxDeliveries", endpoint, change, failures);
        return true;
    }

    /** Decides about one change when its exchange, or the one it was handed to, completes. */
    private final class Completion implements Synchronization {
        private final MailboxChange change;
        private final ChangeOutlet outlet;
        private final AtomicBoolean done = new AtomicBoolean();

        Completion(MailboxChange change, ChangeOutlet outlet) {
            this.change = change;
            this.outlet = outlet;
        }

        @Override
        public void onComplete(Exchange exchange) {
            decide(exchange);
        }

        @Override
        public void onFailure(Exchange exchange) {
            decide(exchange);
        }

        private void decide(Exchange exchange) {
            if (!done.compareAndSet(false, true)) {
                return;
            }
            inFlight.decrementAndGet();
            boolean failed = exchange.isFailed() || exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
            if (!failed) {
                activity.succeeded();
            } else if (exchange.getException() != null) {
                activity.failed(exchange.getException());
            } else {
                activity.failed("the route has marked " + change + " for rollback");
            }
            outlet.completed(change, !failed);
            if (failed && exchange.getException() != null) {
                getExceptionHandler()
                        .handleException(
                                change + " of " + endpoint + " failed and is told again",
                                exchange,
                                exchange.getException());
            }
        }

        @Override
        public String toString() {
            return "completion of " + change;
        }
    }

    // ---- waiting

    @Override
    public void throttled(IOException why) {
        if (!(why instanceof ImapException refusal) || !refusal.isThrottling()) {
            return;
        }
        refusal.suggestedPause().ifPresentOrElse(pause::refusedFor, pause::refused);
        LOG.warn(
                "{}: the server asks for less, so nothing is asked of it for {} s: {}",
                endpoint,
                pause.left().toSeconds() + 1,
                refusal.getMessage());
    }

    @Override
    public boolean isAway() {
        return isStoppingOrStopped() || isSuspendingOrSuspended();
    }

    @Override
    public boolean hasPollFailed() {
        return getErrorCounter() > 0;
    }

    @Override
    public Duration pauseLeft() {
        return pause.left();
    }

    @Override
    public boolean mayHaveMore() {
        return !hasFailed && left.get() <= 0;
    }

    @Override
    public boolean mustPollByClock() {
        return hasFailed || !(folders.isSingle() || notices.areOn());
    }

    @Override
    public boolean hasSettledLate() {
        return false;
    }

    @Override
    public void prepareWaiting(ImapClient client) throws IOException {
        notices.prepare(client, told);
    }

    @Override
    public IdleEnd idle(ImapClient client, Duration longest) throws IOException {
        return client.idleForChanges(longest);
    }

    private void reconsider() {
        IdleWatch waiting = watch;
        if (waiting != null) {
            waiting.reconsider();
        }
    }

    @Override
    public KeptConnection takeKept() {
        return kept.getAndSet(null);
    }

    @Override
    public void keep(KeptConnection connection) {
        kept.set(connection);
        if (isStoppingOrStopped()) {
            // Stopped in between: whoever takes it out closes it.
            closeKept();
        }
    }

    @Override
    public void closeKept() {
        KeptConnection last = takeKept();
        if (last == null) {
            return;
        }
        try {
            last.client().logout();
        } catch (IOException e) {
            LOG.debug("{}: no good answer to LOGOUT", endpoint, e);
        }
    }

    @Override
    protected void doSuspend() throws Exception {
        abortBusy();
        super.doSuspend();
        leaveWatch();
        closeKept();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        leaveWatch();
    }

    @Override
    protected void doStop() throws Exception {
        MailRuntime.of(endpoint.getCamelContext()).stopped(this);
        abortBusy();
        super.doStop();
        leaveWatch();
        closeKept();
    }

    private void leaveWatch() {
        IdleWatch waiting = watch;
        if (waiting != null) {
            waiting.leave();
        }
    }
}
