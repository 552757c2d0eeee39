package io.mailproto.component.imap;

import io.mailproto.component.Mail;
import io.mailproto.component.MailFilter;
import io.mailproto.component.MailPollConsumer;
import io.mailproto.component.PollSession;
import io.mailproto.component.ServerPause;
import io.mailproto.imap.CommandRefused;
import io.mailproto.imap.IdleEnd;
import io.mailproto.imap.ImapClient;
import io.mailproto.imap.ImapClientOptions;
import io.mailproto.imap.ImapException;
import io.mailproto.imap.MailboxName;
import io.mailproto.imap.SelectedMailbox;
import io.mailproto.sasl.Credentials;
import io.mailproto.spool.Spool;
import io.mailproto.wire.Dialer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls IMAP folders: search, fetch in windows, mark, move, copy or delete after the route. The connection is kept from
 * poll to poll unless {@code disconnect} says otherwise; with {@code idle} it waits for news in between.
 */
@ManagedResource(description = "IMAP client that polls or waits for mail")
public class ImapConsumer extends MailPollConsumer<ImapMailKey> implements IdleWatch.Waiter {
    private static final Logger LOG = LoggerFactory.getLogger(ImapConsumer.class);

    private final ImapEndpoint endpoint;
    private final MailboxMemory memory;
    /** By folder. */
    private final Map<MailboxName, RefusedMails> refused = new ConcurrentHashMap<>();

    private final AtomicReference<KeptConnection> kept = new AtomicReference<>();
    /** A connection that has no session yet, so that nobody else could cut it. */
    private final AtomicReference<ImapClient> opening = new AtomicReference<>();

    /** Null without a stateRepository. */
    private final FolderStates states;

    private final FolderNotices notices;
    private final ServerPause pause = new ServerPause(System::nanoTime);

    private ImapClientOptions options;
    private MailSearch search;
    private Optional<BiPredicate<Mail, Map<String, Object>>> filter = Optional.empty();
    private FolderSelection folders;
    private ServerHabits habits;
    private Credentials credentials;
    private Dialer dialer;
    private Spool spool;

    private volatile FolderRound round = new FolderRound();
    private volatile IdleWatch watch;
    private volatile boolean hasFailed;
    private volatile int lastPolled;

    ImapConsumer(ImapEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.notices = new FolderNotices(endpoint, false);
        this.memory = new MailboxMemory(endpoint.getConfiguration().maxFetches());
        StateRepository<String, String> repository = endpoint.getConfiguration().getStateRepository();
        this.states = repository == null ? null : new FolderStates(repository);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        CamelContext context = endpoint.getCamelContext();
        ImapConfiguration configuration = endpoint.getConfiguration();
        options = configuration.toClientOptions(endpoint.isImplicitTls(), configuration.clientTls(context));
        search = configuration.mailSearch();
        configuration.sortOrder();
        filter = filter(context);
        folders = configuration.folders();
        configuration.failureFlag();
        habits = ServerHabits.of(configuration.getHost());
        credentials = configuration.login(context);
        dialer = configuration.dialer(context);
        spool = configuration.spool(context);
    }

    private Optional<BiPredicate<Mail, Map<String, Object>>> filter(CamelContext context) {
        String simple = endpoint.getConfiguration().getFilterMail();
        if (simple == null) {
            return Optional.empty();
        }
        MailFilter predicate = new MailFilter(context, simple);
        return Optional.of((head, headers) -> predicate.accepts(endpoint, head, headers));
    }

    @Override
    protected void doStart() throws Exception {
        ImapConfiguration configuration = endpoint.getConfiguration();
        if (configuration.getStateRepository() != null) {
            // It stops with the context, not with the route: a route that is started again must remember.
            endpoint.getCamelContext().addService(configuration.getStateRepository(), true, true);
            ServiceHelper.startService(configuration.getStateRepository());
        }
        if (configuration.isIdle()) {
            watch = IdleWatch.startWith(this, this, configuration.idleRenewal(), habits);
        }
        super.doStart();
    }

    @Override
    protected boolean hasKeptConnection() {
        return kept.get() != null;
    }

    /** Polls each folder, unless the server wants to be let alone for some time. */
    @Override
    protected int poll() throws Exception {
        if (!pause.left().isZero()) {
            return 0;
        }
        hasFailed = false;
        FolderRound folderRound = new FolderRound();
        round = folderRound;
        int processed = 0;
        try {
            do {
                processed += pollFolder(folderRound);
            } while (folderRound.advance() && isPollAllowed() && isBatchAllowed());
        } catch (ImapException e) {
            throttled(e);
            throw e;
        }
        folderRound.throwIfAllFailed();
        lastPolled = processed;
        return processed;
    }

    private int pollFolder(FolderRound folderRound) throws Exception {
        try {
            return super.poll();
        } catch (FolderRound.NotOpened e) {
            getExceptionHandler()
                    .handleException(
                            "The folder " + e.folder() + " of " + endpoint + " cannot be opened; the others go on",
                            e.refusal());
            folderRound.failed(e.refusal());
            return 0;
        }
    }

    /** Begins a pause if that is what the server wants. */
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
    protected PollSession<ImapMailKey> openSession() throws Exception {
        KeptConnection before = kept.getAndSet(null);
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
            ImapAccess.showAll(client);
            MailboxName folder = currentFolder(client);
            ImapSession session = session(client, folder, select(client, folder), true);
            opened = true;
            return session;
        } finally {
            opening.set(null);
            if (!opened && client != null && !isKept(client)) {
                client.close();
            }
        }
    }

    private boolean isKept(ImapClient client) {
        KeptConnection now = kept.get();
        return now != null && now.client() == client;
    }

    private MailboxName currentFolder(ImapClient client) throws IOException {
        FolderRound now = round;
        if (!now.isKnown()) {
            // Whose news is waited for is polled last, so that it stays open.
            now.begin(folders.resolve(client), endpoint.getConfiguration().isIdle(), endpoint);
        }
        return now.current();
    }

    /** One of several folders that cannot be opened must not keep the others. */
    private SelectedMailbox select(ImapClient client, MailboxName folder) throws IOException {
        try {
            return client.select(folder);
        } catch (CommandRefused e) {
            if (folders.isSingle() || e.concernsTheAccount()) {
                throw e;
            }
            keep(new KeptConnection(client, folder, null, true));
            throw new FolderRound.NotOpened(folder, e);
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
    private ImapSession reopen(KeptConnection before) throws FolderRound.NotOpened {
        ImapClient client = before.client();
        beginOpening(client);
        try {
            MailboxName folder = currentFolder(client);
            boolean isOpen = before.selected() != null && folder.equals(before.folder()) && habits.noopTellsNews();
            if (isOpen && !before.isFresh()) {
                client.noop();
            }
            return session(client, folder, isOpen ? before.selected() : select(client, folder), !isOpen);
        } catch (FolderRound.NotOpened e) {
            throw e;
        } catch (IOException e) {
            LOG.debug("{}: the kept connection is of no use any more, connecting anew", endpoint, e);
            client.close();
            return null;
        } finally {
            opening.set(null);
        }
    }

    /** @param isNew was the folder opened just now, so that what the server said about it then is true now? */
    private ImapSession session(ImapClient client, MailboxName folder, SelectedMailbox selected, boolean isNew) {
        MailWants wants = new MailWants(
                search,
                endpoint.getConfiguration().sortOrder(),
                filter,
                refused.computeIfAbsent(folder, name -> new RefusedMails()));
        return new ImapSession(
                client,
                folder,
                selected,
                endpoint.getConfiguration(),
                wants,
                memory,
                Optional.ofNullable(states),
                isNew ? selected.uidNext() : OptionalLong.empty(),
                getExceptionHandler(),
                () -> leave(client, folder, selected));
    }

    /** The end of a poll, on the fetcher's thread. */
    private void leave(ImapClient client, MailboxName folder, SelectedMailbox selected) throws IOException {
        ImapConfiguration configuration = endpoint.getConfiguration();
        if (isAway() || (configuration.isDisconnect() && !round.hasNext())) {
            client.logout();
            return;
        }
        boolean isClosed = configuration.isCloseFolder() && !configuration.isIdle() && !round.hasNext();
        if (isClosed) {
            client.unselect();
        }
        keep(new KeptConnection(client, folder, isClosed ? null : selected, round.hasNext()));
    }

    /** Gives a connection back; null is none. */
    @Override
    public void keep(KeptConnection connection) {
        kept.set(connection);
        if (isStoppingOrStopped()) {
            // Stopped in between: whoever takes it out closes it.
            closeKept();
        }
    }

    /** The connection between polls, which nobody else has then; null if there is none. */
    @Override
    public KeptConnection takeKept() {
        return kept.getAndSet(null);
    }

    @Override
    protected void doSuspend() throws Exception {
        // Camel suspends a consumer first and then waits for what it is doing.
        abortOpening();
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
        abortOpening();
        super.doStop();
        closeKept();
    }

    private void leaveWatch() {
        IdleWatch waiting = watch;
        if (waiting != null) {
            waiting.leave();
        }
    }

    @Override
    protected void abortOpening() {
        ImapClient inVain = opening.get();
        if (inVain != null) {
            inVain.abort("the consumer stops");
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

    // ---- what decides how long to wait

    /** Is the consumer stopped or suspended, or about to be? */
    @Override
    public boolean isAway() {
        return isStoppingOrStopped() || isSuspendingOrSuspended();
    }

    @Override
    public boolean hasPollFailed() {
        return getErrorCounter() > 0;
    }

    /** How long the server wants to be let alone. */
    @Override
    public Duration pauseLeft() {
        return pause.left();
    }

    /** Has the last poll taken as many as it may, so that there are probably more? Not if it would take the same again. */
    @Override
    public boolean mayHaveMore() {
        int most = mostPerPoll();
        return !hasFailed && most > 0 && lastPolled >= most;
    }

    /** Is there something that no news will tell of: a failed mail to try again, another folder, an action after polls? */
    @Override
    public boolean mustPollByClock() {
        return hasFailed
                || !(folders.isSingle() || notices.areOn())
                || endpoint.getConfiguration().getPostProcessAction() != null;
    }

    @Override
    public boolean hasSettledLate() {
        return hasLateSettlements();
    }

    @Override
    public void prepareWaiting(ImapClient client) throws IOException {
        notices.prepare(client, round.all());
    }

    @Override
    public IdleEnd idle(ImapClient client, Duration longest) throws IOException {
        return client.idle(longest);
    }

    @Override
    protected void hasFailed() {
        hasFailed = true;
        reconsider();
    }

    @Override
    protected void settledLate() {
        reconsider();
    }

    private void reconsider() {
        IdleWatch waiting = watch;
        if (waiting != null) {
            waiting.reconsider();
        }
    }

    @Override
    protected int countFailure(ImapMailKey key) {
        return states == null || key.uidValidity() <= 0
                ? super.countFailure(key)
                : states.of(key.mailbox()).failed(key.uidValidity(), key.uid());
    }

    @Override
    protected int failures(ImapMailKey key) {
        return states == null || key.uidValidity() <= 0
                ? super.failures(key)
                : states.of(key.mailbox()).failures(key.uidValidity(), key.uid());
    }

    @Override
    protected void forgetFailures(ImapMailKey key) {
        if (states == null || key.uidValidity() <= 0) {
            super.forgetFailures(key);
        } else {
            states.of(key.mailbox()).succeeded(key.uidValidity(), key.uid());
        }
    }

    /** How many mails {@code filterMail} does not want, as far as polls have found them; may lag behind a poll. */
    public long refusedCount() {
        return refused.values().stream().mapToLong(RefusedMails::count).sum();
    }

    @Override
    protected boolean isExcluded(ImapMailKey key) {
        return memory.isLetAlone(key);
    }
}
