package io.mailproto.component.smtp;

import io.mailproto.component.Mail;
import io.mailproto.component.MailActivity;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailHealthCheck;
import io.mailproto.component.MailRuntime;
import io.mailproto.component.MonitoredMail;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.server.SmtpServer;
import io.mailproto.smtp.server.SmtpServerOptions;
import io.mailproto.spool.Spool;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ShutdownStrategy;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SMTP server as a consumer: each mail that a client sends becomes one InOnly exchange whose body is the
 * {@link Mail}, and the client is told of its fate when the exchange has completed, not before. The session's thread
 * runs the route and waits for the completion, which may happen elsewhere.
 */
@ManagedResource(description = "SMTP or LMTP server")
public final class SmtpConsumer extends DefaultConsumer implements Suspendable, HealthCheckAware, MonitoredMail {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpConsumer.class);

    private static final Reply TIME_OVER = Reply.of(451, "4.3.2 handling the message takes too long, try again later");
    private static final Reply STOPPING = Reply.of(421, "4.3.2 shutting down, try again later");
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);
    private static final Duration SHORTEST_ROUND = Duration.ofMillis(20);
    /** What it takes at least to tell the clients of a stopping server, on a busy machine, before they are cut off. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);
    /** Threads that are just ending their last session must not keep the next one out. */
    private static final int SPARE_THREADS = 32;

    private final SmtpEndpoint endpoint;
    private final SmtpConfiguration configuration;
    private final MailHeaderMapping mapping;
    private final MailActivity activity = new MailActivity();
    private SmtpIntake intake;
    private SmtpServerOptions options;
    private Spool spool;
    private HealthCheck healthCheck;
    private ExecutorService acceptor;
    private ExecutorService sessions;
    private ScheduledExecutorService rounds;
    private ScheduledFuture<?> looking;
    private volatile SmtpServer server;
    private volatile InetSocketAddress address;
    /** When what still runs is given up because the consumer stops, by {@link System#nanoTime}; null while it works. */
    private volatile Long stopEnd;

    public SmtpConsumer(SmtpEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.configuration = endpoint.getConfiguration();
        this.mapping = new MailHeaderMapping(endpoint.getHeaderFilterStrategy(), true);
    }

    @Override
    public boolean isHostedService() {
        return true;
    }

    /** Where the server listens, with the real port; null while it does not. */
    public InetSocketAddress localAddress() {
        SmtpServer listening = server;
        return listening == null ? null : listening.localAddress();
    }

    /** How many clients are connected. */
    public int connections() {
        SmtpServer listening = server;
        return listening == null ? 0 : listening.connections();
    }

    /** How many mails are in the route. */
    public int inFlight() {
        return intake == null ? 0 : intake.running().size();
    }

    @Override
    public MailActivity activity() {
        return activity;
    }

    @Override
    public int getConnections() {
        return connections();
    }

    @Override
    public int getMailsInFlight() {
        return inFlight();
    }

    @Override
    public Map<String, Object> details() {
        InetSocketAddress listening = localAddress();
        return Map.of("listening", listening == null ? "no" : listening.toString());
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        CamelContext context = endpoint.getCamelContext();
        SmtpReplyRule rule = new SmtpReplyRule(configuration.rejectOnClasses(context));
        intake = new SmtpIntake(this, mapping, rule, configuration.isSplitRecipients(), activity);
        spool = configuration.spool(context);
        options = configuration.toServerOptions(endpoint.isImplicitTls(), endpoint.isLmtp(), context);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        startServer();
        MailRuntime.of(endpoint.getCamelContext()).started(this);
    }

    @Override
    protected void doStop() throws Exception {
        MailRuntime.of(endpoint.getCamelContext()).stopped(this);
        stopServer();
        super.doStop();
    }

    @Override
    protected void doSuspend() {
        stopServer();
    }

    @Override
    protected void doResume() throws Exception {
        startServer();
    }

    private void startServer() throws Exception {
        if (options.policy() instanceof RoutePolicy routes) {
            routes.start();
        }
        MailRuntime runtime = MailRuntime.of(endpoint.getCamelContext());
        // After a suspension the same port again, also if the system had chosen it.
        InetSocketAddress bind = address != null
                ? address
                : new InetSocketAddress(
                        endpoint.getConfiguration().getHost(),
                        endpoint.getConfiguration().getPort());
        if (bind.isUnresolved()) {
            throw new IllegalArgumentException("smtp consumer: unknown host " + bind.getHostString());
        }
        SmtpServer opened =
                SmtpServer.open(options, configuration.toListenOptions(bind), runtime.watchdog(), spool, intake);
        address = opened.localAddress();
        stopEnd = null;
        ExecutorServiceManager manager = endpoint.getCamelContext().getExecutorServiceManager();
        acceptor = manager.newSingleThreadExecutor(this, "SmtpAcceptor");
        sessions = manager.newThreadPool(this, "SmtpSession", sessionProfile());
        rounds = manager.newSingleThreadScheduledExecutor(this, "SmtpReplyTimer");
        long round = roundMillis();
        looking = rounds.scheduleWithFixedDelay(this::lookAround, round, round, TimeUnit.MILLISECONDS);
        server = opened;
        opened.start(acceptor, sessions);
    }

    /** Camel's default profile stops at 20 threads and queues, which would let clients wait for a greeting. */
    private ThreadPoolProfile sessionProfile() {
        ThreadPoolProfile profile = new ThreadPoolProfile("smtp-sessions");
        profile.setPoolSize(1);
        profile.setMaxPoolSize(configuration.getMaxConnections() + SPARE_THREADS);
        profile.setMaxQueueSize(0);
        profile.setKeepAliveTime(60L);
        profile.setTimeUnit(TimeUnit.SECONDS);
        profile.setAllowCoreThreadTimeOut(true);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return profile;
    }

    private long roundMillis() {
        long quarter = Math.min(configuration.getRouteTimeout(), configuration.getSlowRouteWarning()) / 4;
        return Math.max(SHORTEST_ROUND.toMillis(), Math.min(quarter, LONGEST_ROUND.toMillis()));
    }

    /** Within Camel's shutdown timeout: what runs may finish for most of it, then its clients are told to come again. */
    private void stopServer() {
        SmtpServer stopping = server;
        if (stopping == null) {
            return;
        }
        server = null;
        ShutdownStrategy strategy = endpoint.getCamelContext().getShutdownStrategy();
        long timeout = strategy.getTimeUnit().toMillis(strategy.getTimeout());
        long untilCut = timeout * 9 / 10;
        long untilGivenUp = untilCut - Math.max(timeout / 10, Math.min(LAST_WORDS.toMillis(), untilCut / 2));
        stopEnd = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(untilGivenUp);
        // The next round could come when the connections are cut off already, and the clients would be told nothing.
        ScheduledFuture<?> lastLook = rounds.schedule(this::lookAround, untilGivenUp, TimeUnit.MILLISECONDS);
        stopping.stop(Duration.ofMillis(untilCut));
        ExecutorServiceManager manager = endpoint.getCamelContext().getExecutorServiceManager();
        looking.cancel(false);
        lastLook.cancel(false);
        manager.shutdownNow(rounds);
        manager.shutdownNow(sessions);
        manager.shutdownNow(acceptor);
        if (options.policy() instanceof RoutePolicy routes) {
            routes.stop();
        }
    }

    /** Looks after the mails that take long. */
    private void lookAround() {
        long now = System.nanoTime();
        Long end = stopEnd;
        for (SmtpTransaction transaction : intake.running()) {
            try {
                lookAfter(transaction, now, end);
            } catch (RuntimeException e) {
                // One that fails must not end the rounds, for all others would wait for ever.
                LOG.error("{}: could not look after it", transaction, e);
            }
        }
    }

    private void lookAfter(SmtpTransaction transaction, long now, Long end) {
        long millis = TimeUnit.NANOSECONDS.toMillis(transaction.nanosSince(now));
        if (end != null && now - end >= 0) {
            transaction.giveUp(STOPPING, sessions);
        } else if (millis >= configuration.getRouteTimeout()) {
            transaction.giveUp(TIME_OVER, sessions);
        } else if (millis >= configuration.getSlowRouteWarning()) {
            transaction.warnIfSlow();
        }
    }

    private void requireListening() {
        if (server == null) {
            throw new IllegalStateException("the SMTP server does not listen");
        }
    }

    /** Camel's repository of consumers' checks asks each consumer for its own. */
    @Override
    public HealthCheck getHealthCheck() {
        if (healthCheck == null) {
            healthCheck = MailHealthCheck.ofConsumer(this, getRouteId(), this::requireListening);
        }
        return healthCheck;
    }

    @Override
    public void setHealthCheck(HealthCheck healthCheck) {
        this.healthCheck = healthCheck;
    }
}
