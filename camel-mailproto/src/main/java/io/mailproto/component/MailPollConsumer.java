package io.mailproto.component;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.support.ScheduledBatchPollingConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a mailbox: a {@link Fetcher} owns the connection, this consumer's thread runs the route, and what becomes of
 * each mail is decided by its exchange when it completes, on whatever thread and however late. At least once: a mail is
 * acknowledged to the server only after its exchange has succeeded.
 *
 * @param <K> see {@link PollSession}
 */
public abstract class MailPollConsumer<K> extends ScheduledBatchPollingConsumer implements MonitoredMail {

    private static final Logger LOG = LoggerFactory.getLogger(MailPollConsumer.class);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);
    private static final Duration ABORT_GRACE = Duration.ofSeconds(1);
    private static final Duration ROOM_CHECK = Duration.ofMillis(500);

    private final MailPollEndpoint endpoint;
    private final InFlight<K> inFlight;
    private final MailActivity activity = new MailActivity();

    private final RepositoryKeys<K> repository;

    private volatile ExecutorService executor;
    private volatile Fetcher<K> fetcher;
    private volatile boolean isSettlingLast;
    /** That of the poll that runs; for the polling thread. */
    private MailHeaderMapping mapping;

    protected MailPollConsumer(MailPollEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        MailPollConfiguration options = endpoint.getConfiguration();
        this.repository = new RepositoryKeys<>(endpoint);
        this.inFlight = new InFlight<>(
                options.getMaxInFlight(), Duration.ofMillis(options.getInFlightTimeout()), System::nanoTime);
    }

    /** Connects and logs in; called on the fetcher's thread, once a poll. */
    protected abstract PollSession<K> openSession() throws Exception;

    /** Further keys that are not to be fetched, such as those seen before. Any thread. */
    protected boolean isExcluded(K key) {
        return false;
    }

    /**
     * The idempotent repository knows this mail by a key that was made of the mail itself. Who remembers that need not
     * fetch it again to find out. Polling thread.
     */
    protected void uidGenerated(K key, String uid) {
        // Nothing is remembered: the mail is fetched to find out.
    }

    /** What {@link #uidGenerated} was told about a mail; null if nothing. Any thread. */
    protected String generatedUid(K key) {
        return null;
    }

    /** Counts a failure of the route; returns how many there have been. Any thread. */
    protected int countFailure(K key) {
        return inFlight.failed(key);
    }

    /** How often the route has failed with this mail. Any thread. */
    protected int failures(K key) {
        return inFlight.failures(key);
    }

    /** The route has succeeded with this mail. Any thread. */
    protected void forgetFailures(K key) {
        inFlight.succeeded(key);
    }

    /** A mail was settled that only the next poll can tell the server about. Any thread. */
    protected void settledLate() {
        // The next poll comes by the clock.
    }

    /** A mail has failed, or could not be fetched: it is still there, and no news will tell of it. Any thread. */
    protected void hasFailed() {
        // The next poll will find it.
    }

    /** Whether mails are settled that the server has not been told about. */
    protected final boolean hasLateSettlements() {
        return inFlight.hasLate();
    }

    /** How many mails routes are working on. */
    public int inFlightCount() {
        return inFlight.size();
    }

    @Override
    public MailActivity activity() {
        return activity;
    }

    @Override
    public int getConnections() {
        return fetcher != null || hasKeptConnection() ? 1 : 0;
    }

    @Override
    public int getMailsInFlight() {
        return inFlightCount();
    }

    @Override
    public Map<String, Object> details() {
        return Map.of("polls", getCounter(), "failedPollsInARow", getErrorCounter());
    }

    /** Whether a connection is kept between two polls. Any thread. */
    protected boolean hasKeptConnection() {
        return false;
    }

    @Override
    protected void doStart() throws Exception {
        repository.start();
        executor = endpoint.getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "MailFetcher");
        super.doStart();
        MailRuntime.of(endpoint.getCamelContext()).started(this);
    }

    /** Camel waits for a poll that runs; one that only waits for the server would be waited for in vain. */
    @Override
    protected void doSuspend() throws Exception {
        Fetcher<K> running = fetcher;
        if (running != null
                && running.isFetchingInVain()
                && !running.awaitEnd(ABORT_GRACE)
                && running.isFetchingInVain()) {
            running.abort("the consumer stops");
        }
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        MailRuntime.of(endpoint.getCamelContext()).stopped(this);
        super.doStop();
        Fetcher<K> running = fetcher;
        if (running != null && !running.awaitEnd(running.holdsSettlements() ? STOP_GRACE : ABORT_GRACE)) {
            // What was settled meanwhile is kept for the last session.
            running.abort("the consumer stops");
        }
        if (executor != null) {
            if (inFlight.hasLate()) {
                settleLast();
            }
            endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(executor);
            executor = null;
        }
    }

    /** What routes finished after the last poll, as behind seda while Camel waited for them: there is no next poll. */
    private void settleLast() throws InterruptedException {
        Fetcher<K> last =
                new Fetcher<>(this::openSession, inFlight, Fetcher.Limits.defaults(), 0, this::isOut, this::comesAgain);
        isSettlingLast = true;
        try {
            executor.execute(last);
            last.dismiss();
            if (!last.awaitEnd(STOP_GRACE)) {
                last.abort("the consumer stops");
                abortOpening();
                last.awaitEnd(ABORT_GRACE);
            }
            last.failure()
                    .ifPresent(cause -> LOG.warn(
                            "{}: mails that routes have processed while the consumer stopped could not be acknowledged;"
                                    + " they will be delivered again: {}",
                            endpoint,
                            cause.getMessage(),
                            cause));
        } finally {
            isSettlingLast = false;
        }
    }

    /** Whether no conversation is to be begun any more. */
    protected final boolean isEnding() {
        return !isSettlingLast && (isStoppingOrStopped() || isSuspendingOrSuspended());
    }

    /** Cuts a session that {@link #openSession} is opening, if there is one. Any thread. */
    protected void abortOpening() {
        // Nothing to cut where sessions open at once.
    }

    @Override
    protected int poll() throws Exception {
        shutdownRunningTask = null;
        pendingExchanges = 0;
        expire();
        mapping = endpoint.headerMapping();
        int most = mostPerPoll();
        if (most == 0) {
            LOG.warn("{}: fetchSize=0, so no mail is fetched; set it to -1 to poll", endpoint);
            return 0;
        }
        Fetcher<K> running = new Fetcher<>(
                this::openSession,
                inFlight,
                Fetcher.Limits.defaults(),
                most < 0 ? Integer.MAX_VALUE : most,
                this::isOut,
                this::comesAgain);
        ExecutorService threads = executor;
        if (threads == null) {
            LOG.debug("{}: stopped before the poll began", endpoint);
            return 0;
        }
        // Nobody may settle by a fetcher that never runs: so it is not known before it is sure to.
        threads.execute(running);
        fetcher = running;
        int processed = 0;
        Optional<Exception> failure;
        try {
            if (running.awaitListing()) {
                forceConsumerAsReady();
                processed = process(running, running.listed());
            }
        } finally {
            failure = running.finish();
            fetcher = null;
        }
        if (failure.isPresent() && !isCutByStop()) {
            activity.note(failure.get());
            throw failure.get();
        }
        failure.ifPresent(cause -> LOG.debug("{}: the poll ended with the consumer", endpoint, cause));
        return processed;
    }

    /** A stop cuts a conversation that has nothing left to tell the server: that is no failure of the poll. */
    private boolean isCutByStop() {
        return (isStoppingOrStopped() || isSuspendingOrSuspended()) && !inFlight.hasLate();
    }

    /** Frees the mails whose exchanges never completed. */
    private void expire() {
        for (K key : inFlight.expire()) {
            // Or it would never come again.
            repository.forget(key);
            LOG.warn(
                    "{}: the exchange of mail {} has not completed within {} ms; the mail may be delivered again."
                            + " Raise inFlightTimeout if routes may take longer",
                    endpoint,
                    key,
                    endpoint.getConfiguration().getInFlightTimeout());
        }
    }

    /** Most mails of one poll; negative for no limit. */
    protected final int mostPerPoll() {
        int fetchSize = endpoint.getConfiguration().getFetchSize();
        if (fetchSize >= 0) {
            return fetchSize;
        }
        return getMaxMessagesPerPoll() > 0 ? getMaxMessagesPerPoll() : -1;
    }

    private boolean isOut(K key) {
        if (inFlight.contains(key) || isGivenUp(key) || isExcluded(key)) {
            return true;
        }
        return repository.contains(key, generatedUid(key));
    }

    private boolean isGivenUp(K key) {
        int maxDeliveries = endpoint.getConfiguration().getMaxDeliveries();
        return maxDeliveries > 0 && failures(key) >= maxDeliveries;
    }

    private int process(Fetcher<K> running, int listed) throws InterruptedException {
        int index = 0;
        int size = listed;
        Optional<Fetched<K>> next = nextMail(running);
        while (next.isPresent() && isBatchAllowed() && awaitRoom(running)) {
            Fetched<K> fetched = next.get();
            // One ahead, because the last mail of a batch must be told, and those behind it may fail to be fetched.
            next = nextMail(running);
            if (next.isEmpty()) {
                size = index + 1;
            }
            pendingExchanges = size - index - 1;
            if (processMail(running, fetched, index, size, next.isEmpty())) {
                index++;
            }
        }
        pendingExchanges = 0;
        return index;
    }

    /** The next mail that could be fetched; the others are reported. */
    private Optional<Fetched<K>> nextMail(Fetcher<K> running) throws InterruptedException {
        while (true) {
            Optional<Fetched<K>> next = running.take();
            if (next.isEmpty() || next.get().mail().isPresent()) {
                return next;
            }
            Fetched<K> without = next.get();
            without.failure().ifPresent(cause -> passOver(without.key(), cause));
        }
    }

    private void passOver(K key, Exception cause) {
        hasFailed();
        if (endpoint.getConfiguration().isSkipFailedMessage()) {
            LOG.debug("{}: skipped mail {}, which cannot be fetched", endpoint, key, cause);
        } else {
            getExceptionHandler()
                    .handleException(
                            "Mail " + key + " cannot be fetched from " + endpoint
                                    + "; it stays on the server, the others go on",
                            cause);
        }
    }

    /** Waits while as many mails are out as may be; false if the consumer is to stop meanwhile. */
    private boolean awaitRoom(Fetcher<K> running) throws InterruptedException {
        while (!inFlight.awaitRoom(Duration.ZERO)) {
            running.hurry();
            if (inFlight.awaitRoom(ROOM_CHECK)) {
                return true;
            }
            if (!isBatchAllowed()) {
                return false;
            }
            expire();
        }
        return true;
    }

    /** Runs the route; false if the idempotent repository has the mail already. */
    private boolean processMail(Fetcher<K> running, Fetched<K> fetched, int index, int size, boolean isLast) {
        K key = fetched.key();
        Mail mail = fetched.mail().orElseThrow();
        String uid;
        try {
            uid = repository.uid(key, mail);
        } catch (IOException | RuntimeException e) {
            passOver(key, e);
            return false;
        }
        if (repository.isGenerated()) {
            uidGenerated(key, uid);
        }
        if (!repository.add(key, uid)) {
            return false;
        }
        long trip = inFlight.enter(key);
        Exchange exchange = createExchange(true);
        MailMessage message = new MailMessage(
                exchange,
                mail,
                fetched.headers(),
                mapping,
                endpoint.getConfiguration().isMapMailMessage());
        exchange.setIn(message);
        exchange.setProperty(MailConstants.MESSAGE_ID, repository.messageId(uid, mail));
        exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, index);
        exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, size);
        exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, isLast);
        ExchangeEnd acknowledgement = new ExchangeEnd(
                "acknowledgement of mail " + key,
                ended -> accepted(running, key, uid, trip, ended),
                ended -> refused(running, key, uid, trip, ended, ended.getException()));
        exchange.getExchangeExtension().addOnCompletion(acknowledgement);
        try {
            message.requireAttachments();
            getProcessor().process(exchange);
        } catch (Throwable e) {
            // The route never began or broke down: no unit of work will complete it. An error that one mail has brought
            // about is that mail's failure: let through, it would end Camel's schedule for good.
            exchange.setException(e);
            acknowledgement.onFailure(exchange);
            if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
                throw fatal;
            }
        }
        return true;
    }

    /** Not used: mails are processed as they arrive, not as a ready batch. */
    @Override
    public int processBatch(Queue<Object> exchanges) {
        throw new IllegalStateException("mails are processed one by one as they are fetched");
    }

    private void accepted(Fetcher<K> origin, K key, String uid, long trip, Exchange exchange) {
        Settlement.Orders orders;
        try {
            orders = RouteOrders.of(exchange.getMessage());
        } catch (RuntimeException e) {
            // What the route wants done with the mail is not understood: nothing is done, and the mail counts as
            // failed.
            refused(origin, key, uid, trip, exchange, e);
            return;
        }
        activity.succeeded();
        forgetFailures(key);
        repository.processed(key, uid);
        settle(origin, new Settlement<>(key, Settlement.Outcome.ACCEPTED, orders));
    }

    private void refused(Fetcher<K> origin, K key, String uid, long trip, Exchange exchange, Exception cause) {
        if (cause == null) {
            activity.failed("the route has marked mail " + key + " for rollback");
        } else {
            activity.failed(cause);
        }
        repository.forget(key, uid);
        int failures = countFailure(key);
        if (isGivenUp(key)) {
            LOG.error(
                    "{}: mail {} has failed {} times and is put aside; it stays on the server, see maxDeliveries",
                    endpoint,
                    key,
                    failures);
            settle(origin, new Settlement<>(key, Settlement.Outcome.GIVEN_UP, Settlement.Orders.NONE));
        } else {
            inFlight.leave(key, trip);
        }
        hasFailed();
        if (cause != null) {
            getExceptionHandler()
                    .handleException("Mail " + key + " failed and stays on the server of " + endpoint, exchange, cause);
        }
    }

    /** By the session that fetched the mail, if it is still there, or by the one that runs now, or by the next. */
    private void settle(Fetcher<K> origin, Settlement<K> settlement) {
        Fetcher<K> running = fetcher;
        if (running != null && running != origin && origin.isInDoubtAbout(settlement.key())) {
            comesAgain(settlement.key());
            return;
        }
        if (!(running == null ? origin : running).settle(settlement)) {
            settledLate();
        }
    }

    /** The session that fetched the mail may have taken another one for it: nothing is known about it. */
    private void comesAgain(K key) {
        MailPollConfiguration options = endpoint.getConfiguration();
        // What a generator makes of the mail itself is right whatever the server called it.
        if (options.getMailUidGenerator() == null) {
            repository.forget(key, key.toString());
        }
        LOG.warn(
                "{}: mail {} was processed, but the server's answers got out of step in the session that fetched it, so it"
                        + " may have been another one: it is not acknowledged and comes again",
                endpoint,
                key);
        inFlight.leave(key);
    }
}
