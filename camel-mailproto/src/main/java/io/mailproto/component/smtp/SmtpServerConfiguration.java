package io.mailproto.component.smtp;

import io.mailproto.address.Domain;
import io.mailproto.smtp.server.ServerDialect;
import io.mailproto.smtp.server.ServerLimits;
import io.mailproto.smtp.server.ServerRules;
import io.mailproto.smtp.server.ServerTimeouts;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.ListenOptions;
import io.mailproto.wire.MinimumRate;
import io.mailproto.wire.Networks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that only an SMTP consumer, a server, has. */
@UriParams
public abstract class SmtpServerConfiguration extends SmtpAccessConfiguration {

    @UriParam(label = "consumer")
    private String serverName;

    @UriParam(label = "consumer", defaultValue = "52428800")
    private long maxMessageSize = 52_428_800;

    @UriParam(label = "consumer", defaultValue = "1000")
    private int maxRecipients = 1000;

    @UriParam(label = "consumer", defaultValue = "200")
    private int maxConnections = 200;

    @UriParam(label = "consumer", defaultValue = "50")
    private int maxConnectionsPerClient = 50;

    @UriParam(label = "consumer,advanced")
    private int maxConnectionRate;

    @UriParam(label = "consumer,advanced")
    private int maxMessageRate;

    @UriParam(label = "consumer,advanced")
    private String proxyProtocolFrom;

    @UriParam(label = "consumer")
    private boolean splitRecipients;

    @UriParam(label = "consumer,advanced", defaultValue = "true")
    private boolean offerChunking = true;

    @UriParam(label = "consumer,advanced")
    private boolean offerDsn;

    @UriParam(label = "consumer,advanced")
    private boolean offerRequireTls;

    @UriParam(label = "consumer")
    private boolean strictEnvelope;

    @UriParam(label = "consumer")
    private String rejectOn;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "240000")
    private long routeTimeout = 240_000;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "25000")
    private long slowRouteWarning = 25_000;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "300000")
    private long commandTimeout = 300_000;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "3600000")
    private long messageTimeout = 3_600_000;

    @UriParam(label = "consumer,advanced", defaultValue = "500")
    private int minDataRate = 500;

    @UriParam(label = "consumer,advanced", defaultValue = "20")
    private int maxErrors = 20;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "1000")
    private long errorDelay = 1000;

    @UriParam(label = "consumer,advanced", defaultValue = "3")
    private int maxAuthFailures = 3;

    @UriParam(label = "consumer,advanced", defaultValue = "100")
    private int maxHops = 100;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "0")
    private long earlyTalkerDelay;

    @UriParam(label = "consumer,advanced", defaultValue = "50")
    private int backlog = 50;

    /** The classes of {@link #getRejectOn()}. */
    List<Class<?>> rejectOnClasses(CamelContext context) throws ClassNotFoundException {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : rejectOn == null ? new String[0] : rejectOn.split("[,\\s]+")) {
            if (!name.isEmpty()) {
                classes.add(context.getClassResolver().resolveMandatoryClass(name));
            }
        }
        return classes;
    }

    Domain serverDomain() {
        if (serverName != null) {
            return Domain.parse(serverName);
        }
        try {
            return Domain.parse(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException | IllegalArgumentException e) {
            // A machine whose name is unknown or no domain still may receive mail from itself.
            return Domain.parse("localhost");
        }
    }

    ServerDialect toDialect(boolean isLmtp) {
        return new ServerDialect(isLmtp, offerChunking, offerDsn, offerRequireTls);
    }

    ServerRules toRules(BareLineEnding bareLineEnding) {
        return new ServerRules(domains(), strictEnvelope, bareLineEnding, Duration.ofMillis(earlyTalkerDelay));
    }

    ServerLimits toLimits() {
        return new ServerLimits(
                maxMessageSize,
                maxRecipients,
                maxErrors,
                Duration.ofMillis(errorDelay),
                maxAuthFailures,
                maxHops,
                maxMessageRate);
    }

    /**
     * Where and how much to listen.
     *
     * @throws IllegalArgumentException naming the option that makes no sense
     */
    ListenOptions toListenOptions(InetSocketAddress bind) {
        Networks proxies;
        try {
            proxies = Networks.parse(proxyProtocolFrom);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("proxyProtocolFrom: " + e.getMessage(), e);
        }
        return new ListenOptions(bind, backlog, maxConnections, maxConnectionsPerClient, maxConnectionRate, proxies);
    }

    /**
     * How long to wait for clients.
     *
     * @throws IllegalArgumentException naming an option that leaves no time, those for the route included
     */
    ServerTimeouts toTimeouts() {
        requireTime("routeTimeout", routeTimeout);
        requireTime("slowRouteWarning", slowRouteWarning);
        requireTime("commandTimeout", commandTimeout);
        requireTime("messageTimeout", messageTimeout);
        return new ServerTimeouts(
                Duration.ofMillis(commandTimeout),
                ServerTimeouts.DEFAULTS.handshake(),
                Duration.ofMillis(messageTimeout),
                new MinimumRate(
                        minDataRate, ServerTimeouts.DEFAULTS.minimumRate().grace()));
    }

    private static void requireTime(String option, long millis) {
        if (millis < 1) {
            throw new IllegalArgumentException(option + " must be at least one millisecond, not " + millis);
        }
    }

    public String getServerName() {
        return serverName;
    }

    /**
     * What the server calls itself in its greeting and in Received fields; by default the name of the machine.
     */
    public void setServerName(String serverName) {
        this.serverName = serverName;
    }

    public long getMaxMessageSize() {
        return maxMessageSize;
    }

    /**
     * The largest message to take, in octets; 0 for no limit.
     */
    public void setMaxMessageSize(long maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    public int getMaxRecipients() {
        return maxRecipients;
    }

    /**
     * The most recipients of one message; clients send the rest in another transaction. With 1, each recipient gets
     * an exchange and a reply of its own.
     */
    public void setMaxRecipients(int maxRecipients) {
        this.maxRecipients = maxRecipients;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    /**
     * The most clients that are connected at a time; each takes a thread.
     */
    public void setMaxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    public int getMaxConnectionsPerClient() {
        return maxConnectionsPerClient;
    }

    /**
     * The most connections from one address at a time; an IPv6 client is its /64 network.
     */
    public void setMaxConnectionsPerClient(int maxConnectionsPerClient) {
        this.maxConnectionsPerClient = maxConnectionsPerClient;
    }

    public int getMaxConnectionRate() {
        return maxConnectionRate;
    }

    /**
     * The most connections that one client may open in a minute; 0 for no limit.
     */
    public void setMaxConnectionRate(int maxConnectionRate) {
        this.maxConnectionRate = maxConnectionRate;
    }

    public int getMaxMessageRate() {
        return maxMessageRate;
    }

    /**
     * The most mails that one client may begin to send in a minute, over all its connections; 0 for no limit.
     */
    public void setMaxMessageRate(int maxMessageRate) {
        this.maxMessageRate = maxMessageRate;
    }

    public String getProxyProtocolFrom() {
        return proxyProtocolFrom;
    }

    /**
     * The proxies in front of the server, as addresses and networks separated by commas (10.0.0.0/8, 2001:db8::/32).
     * Their connections must begin with a PROXY header (version 1 or 2), which tells who the client is.
     */
    public void setProxyProtocolFrom(String proxyProtocolFrom) {
        this.proxyProtocolFrom = proxyProtocolFrom;
    }

    public boolean isSplitRecipients() {
        return splitRecipients;
    }

    /**
     * Whether each recipient of a mail gets an exchange of its own, one after the other.
     */
    public void setSplitRecipients(boolean splitRecipients) {
        this.splitRecipients = splitRecipients;
    }

    public boolean isOfferChunking() {
        return offerChunking;
    }

    /**
     * Whether to offer CHUNKING, with which clients send mails in blocks of known size.
     */
    public void setOfferChunking(boolean offerChunking) {
        this.offerChunking = offerChunking;
    }

    public boolean isOfferDsn() {
        return offerDsn;
    }

    /**
     * Whether to offer DSN: clients may ask for notifications of delivery. The route must then pass the wishes on, which
     * are in headers, or fulfil them.
     */
    public void setOfferDsn(boolean offerDsn) {
        this.offerDsn = offerDsn;
    }

    public boolean isOfferRequireTls() {
        return offerRequireTls;
    }

    /**
     * Whether to offer REQUIRETLS to clients that use TLS: they may ask that a mail travels under TLS only. The route
     * must then see to it that it does; the wish is in a header.
     */
    public void setOfferRequireTls(boolean offerRequireTls) {
        this.offerRequireTls = offerRequireTls;
    }

    public boolean isStrictEnvelope() {
        return strictEnvelope;
    }

    /**
     * Whether to refuse envelopes as people type them, with a space behind the colon or without angle brackets.
     */
    public void setStrictEnvelope(boolean strictEnvelope) {
        this.strictEnvelope = strictEnvelope;
    }

    public String getRejectOn() {
        return rejectOn;
    }

    /**
     * Classes of exceptions, separated by commas, that mean that the mail will never be taken, so that the client is
     * told 554 and gives up. Other exceptions mean 451, and it tries again.
     */
    public void setRejectOn(String rejectOn) {
        this.rejectOn = rejectOn;
    }

    public long getRouteTimeout() {
        return routeTimeout;
    }

    /**
     * How long a mail may be in its route before the client is told 451 to try again later. Clients wait ten minutes
     * at most, many five.
     */
    public void setRouteTimeout(long routeTimeout) {
        this.routeTimeout = routeTimeout;
    }

    public long getSlowRouteWarning() {
        return slowRouteWarning;
    }

    /**
     * After which time a mail that is still in its route is warned of.
     */
    public void setSlowRouteWarning(long slowRouteWarning) {
        this.slowRouteWarning = slowRouteWarning;
    }

    public long getCommandTimeout() {
        return commandTimeout;
    }

    /**
     * How long to wait for the next command.
     */
    public void setCommandTimeout(long commandTimeout) {
        this.commandTimeout = commandTimeout;
    }

    public long getMessageTimeout() {
        return messageTimeout;
    }

    /**
     * How long a client may take to send a message, however fast it is.
     */
    public void setMessageTimeout(long messageTimeout) {
        this.messageTimeout = messageTimeout;
    }

    public int getMinDataRate() {
        return minDataRate;
    }

    /**
     * How many octets a second a message must come at, after a grace of a minute.
     */
    public void setMinDataRate(int minDataRate) {
        this.minDataRate = minDataRate;
    }

    public int getMaxErrors() {
        return maxErrors;
    }

    /**
     * How many errors a client may make between two messages before it is told 421.
     */
    public void setMaxErrors(int maxErrors) {
        this.maxErrors = maxErrors;
    }

    public long getErrorDelay() {
        return errorDelay;
    }

    /**
     * How much longer each reply takes once a client has made half the errors it may make.
     */
    public void setErrorDelay(long errorDelay) {
        this.errorDelay = errorDelay;
    }

    public int getMaxAuthFailures() {
        return maxAuthFailures;
    }

    /**
     * How many wrong passwords a client may give before it is told 421.
     */
    public void setMaxAuthFailures(int maxAuthFailures) {
        this.maxAuthFailures = maxAuthFailures;
    }

    public int getMaxHops() {
        return maxHops;
    }

    /**
     * How many Received fields a message may have before it is taken to run in a loop.
     */
    public void setMaxHops(int maxHops) {
        this.maxHops = maxHops;
    }

    public long getEarlyTalkerDelay() {
        return earlyTalkerDelay;
    }

    /**
     * How long to wait before the greeting, to hang up on clients that do not wait for it; 0 to not wait.
     */
    public void setEarlyTalkerDelay(long earlyTalkerDelay) {
        this.earlyTalkerDelay = earlyTalkerDelay;
    }

    public int getBacklog() {
        return backlog;
    }

    /**
     * How many connections may wait to be accepted.
     */
    public void setBacklog(int backlog) {
        this.backlog = backlog;
    }
}
