package io.mailproto.component.smtp;

import io.mailproto.address.Domain;
import io.mailproto.sasl.Credentials;
import io.mailproto.smtp.client.DsnRequest;
import io.mailproto.smtp.client.SmtpClientOptions;
import io.mailproto.smtp.client.SmtpLogin;
import io.mailproto.smtp.client.SmtpTimeouts;
import io.mailproto.smtp.server.ServerSecurity;
import io.mailproto.smtp.server.SmtpServerOptions;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the SMTP endpoints: the producer's here, the common ones above. */
@UriParams
public class SmtpConfiguration extends SmtpMailConfiguration implements Cloneable {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|::1|127\\.\\d+\\.\\d+\\.\\d+");

    @UriParam(label = "producer")
    private String to;

    @UriParam(label = "producer")
    private String cc;

    @UriParam(label = "producer")
    private String bcc;

    @UriParam(label = "producer")
    private String from;

    @UriParam(label = "producer")
    private String subject;

    @UriParam(label = "producer")
    private String replyTo;

    @UriParam(label = "producer")
    private boolean useHeaderRecipients;

    @UriParam(label = "producer")
    private boolean useHeaderFrom;

    @UriParam(label = "producer")
    private boolean useHeaderSubject;

    @UriParam(label = "producer")
    private boolean useHeaderReplyTo;

    @UriParam(label = "security")
    private String authMechanisms;

    @UriParam(label = "producer,advanced")
    private String ehloName;

    @UriParam(label = "advanced", enums = "normalize,reject,accept")
    private BareLineEnding bareLineEnding;

    @UriParam(label = "producer,advanced", defaultValue = "true")
    private boolean pipelining = true;

    @UriParam(label = "producer,advanced", defaultValue = "5")
    private int maxIdleConnections = 5;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "15000")
    private long idleTimeout = 15_000;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "300000")
    private long greetingTimeout = 300_000;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "300000")
    private long replyTimeout = 300_000;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "600000")
    private long finalReplyTimeout = 600_000;

    /** A copy that can be changed on its own. */
    public SmtpConfiguration copy() {
        try {
            return (SmtpConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /**
     * What the client needs, checked.
     *
     * @param implicitTls true for the schemes with an s
     * @param settings for TLS
     * @throws IllegalArgumentException naming the option that makes no sense
     */
    SmtpClientOptions toClientOptions(boolean implicitTls, TlsSettings settings, CamelContext context) {
        TlsMode mode = tlsMode(implicitTls);
        fieldChoice();
        if (bareLineEnding == BareLineEnding.ACCEPT) {
            throw wrong("bareLineEnding=accept is for receiving; use normalize or reject");
        }
        if (getDsnNotify() != null) {
            try {
                DsnRequest.Notify.parse(getDsnNotify());
            } catch (IllegalArgumentException e) {
                throw wrong("dsnNotify: " + e.getMessage());
            }
        }
        Duration reply = Duration.ofMillis(replyTimeout);
        Duration greeting = Duration.ofMillis(greetingTimeout);
        SmtpTimeouts rfc = SmtpTimeouts.defaults();
        // RFC 5321 §4.5.3.2 allows some steps less than five minutes; an option that is shorter still wins.
        SmtpTimeouts timeouts = new SmtpTimeouts(
                greeting,
                greeting,
                shorter(rfc.tls(), reply),
                reply,
                reply,
                reply,
                shorter(rfc.data(), reply),
                shorter(rfc.block(), reply),
                Duration.ofMillis(finalReplyTimeout),
                shorter(rfc.other(), reply),
                shorter(rfc.quit(), reply));
        return SmtpClientOptions.defaults()
                .withEhloName(ehloName == null ? null : Domain.parse(ehloName))
                .withTls(mode, mode == TlsMode.NONE ? null : settings)
                .withLogin(login(mode, context).orElse(null))
                .withTimeouts(timeouts)
                .withBareLineEnding(bareLineEnding == null ? BareLineEnding.NORMALIZE : bareLineEnding)
                .withPipelining(pipelining)
                .withChunking(isChunking());
    }

    /**
     * Everything that makes one connection different from another: producers with equal keys share theirs. Holds the
     * password, so it must not be shown.
     */
    List<Object> connectionKey(String scheme) {
        return Arrays.asList(
                scheme,
                getHost(),
                getPort(),
                getTls(),
                getUsername(),
                getPassword(),
                getOauthProfile(),
                getTokenSupplier(),
                authMechanisms,
                isAllowPlaintextLogin(),
                getSslContextParameters(),
                isHostnameVerification(),
                isTrustAllCertificates(),
                tlsProtocols(),
                getProxy(),
                getLocalAddress(),
                getConnectionTimeout(),
                ehloName,
                bareLineEnding,
                pipelining,
                isChunking(),
                maxIdleConnections,
                idleTimeout,
                getPoolSize(),
                getMaxMessagesPerConnection(),
                greetingTimeout,
                replyTimeout,
                finalReplyTimeout);
    }

    /**
     * What a server needs, checked.
     *
     * @param implicitTls true for the schemes with an s
     * @param isLmtp true for lmtp
     * @throws IllegalArgumentException naming the option that makes no sense
     */
    SmtpServerOptions toServerOptions(boolean implicitTls, boolean isLmtp, CamelContext context) throws Exception {
        TlsMode mode = tlsMode(implicitTls);
        boolean hasKey = getSslContextParameters() != null
                && getSslContextParameters().getKeyManagers() != null
                && mode != TlsMode.NONE;
        Optional<TlsSettings> settings = hasKey
                ? Optional.of(TlsSettings.server(getSslContextParameters().createSSLContext(context))
                        .withProtocols(tlsProtocols()))
                : Optional.empty();
        try {
            ServerSecurity security = new ServerSecurity(
                    settings,
                    mode == TlsMode.IMPLICIT,
                    mode == TlsMode.STARTTLS,
                    logins(),
                    isRequireAuthentication(),
                    isAllowPlaintextLogin());
            return new SmtpServerOptions(
                    serverDomain(),
                    toDialect(isLmtp),
                    security,
                    toRules(bareLineEnding == null ? BareLineEnding.REJECT : bareLineEnding),
                    toLimits(),
                    toTimeouts(),
                    policyOrNone(context));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("smtp:" + hostPort() + ": " + e.getMessage(), e);
        }
    }

    /** How the connection is encrypted: as told, else by the scheme. */
    TlsMode tlsMode(boolean implicitTls) {
        if (getTls() != null) {
            return getTls();
        }
        return implicitTls ? TlsMode.IMPLICIT : TlsMode.AUTO;
    }

    private Optional<SmtpLogin> login(TlsMode mode, CamelContext context) {
        List<String> mechanisms = authMechanisms == null
                ? List.of()
                : Arrays.stream(authMechanisms.split("[,\\s]+"))
                        .filter(name -> !name.isEmpty())
                        .toList();
        boolean isExternal = mechanisms.size() == 1 && mechanisms.get(0).equalsIgnoreCase("EXTERNAL");
        Optional<Credentials> credentials = isExternal && getPassword() == null
                ? Optional.of(Credentials.external(getUsername() == null ? "" : getUsername()))
                : credentials(context);
        if (credentials.isEmpty() && getUsername() == null && getPassword() == null) {
            return Optional.empty();
        }
        if (credentials.isEmpty()) {
            throw wrong((getUsername() == null ? "password" : "username") + " is set, but no "
                    + (getUsername() == null ? "username" : "password, tokenSupplier or oauthProfile"));
        }
        if (mode == TlsMode.NONE
                && !isAllowPlaintextLogin()
                && !LOOPBACK.matcher(getHost()).matches()) {
            throw wrong("username is set but tls=none; set tls=starttls or implicit, or allowPlaintextLogin=true if the"
                    + " network is trusted");
        }
        return Optional.of(new SmtpLogin(credentials.get(), mechanisms, isAllowPlaintextLogin()));
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("smtp:" + hostPort() + ": " + what);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public String getTo() {
        return to;
    }

    /**
     * Recipients, separated by commas or semicolons, with or without names of persons.
     */
    public void setTo(String to) {
        this.to = to;
    }

    @Override
    public String getCc() {
        return cc;
    }

    /**
     * Recipients that get a copy, separated by commas or semicolons.
     */
    public void setCc(String cc) {
        this.cc = cc;
    }

    @Override
    public String getBcc() {
        return bcc;
    }

    /**
     * Recipients that get a copy without being named in the mail, separated by commas or semicolons.
     */
    public void setBcc(String bcc) {
        this.bcc = bcc;
    }

    @Override
    public String getFrom() {
        return from;
    }

    /**
     * Author of the mail and sender of the envelope, unless useHeaderFrom is true and there is a header From. Without
     * either the sender of the envelope that a consumer received, else the user camel at localhost.
     */
    public void setFrom(String from) {
        this.from = from;
    }

    @Override
    public String getSubject() {
        return subject;
    }

    /**
     * Subject of the mail.
     */
    public void setSubject(String subject) {
        this.subject = subject;
    }

    @Override
    public String getReplyTo() {
        return replyTo;
    }

    /**
     * Addresses that answers go to, separated by commas or semicolons.
     */
    public void setReplyTo(String replyTo) {
        this.replyTo = replyTo;
    }

    @Override
    public boolean isUseHeaderRecipients() {
        return useHeaderRecipients;
    }

    /**
     * Whether the headers To, Cc and Bcc, if one is there, name the recipients instead of the options.
     */
    public void setUseHeaderRecipients(boolean useHeaderRecipients) {
        this.useHeaderRecipients = useHeaderRecipients;
    }

    @Override
    public boolean isUseHeaderFrom() {
        return useHeaderFrom;
    }

    /**
     * Whether the headers From and Sender, if they are there, name author and sender instead of the option.
     */
    public void setUseHeaderFrom(boolean useHeaderFrom) {
        this.useHeaderFrom = useHeaderFrom;
    }

    @Override
    public boolean isUseHeaderSubject() {
        return useHeaderSubject;
    }

    /**
     * Whether the header Subject is the subject; it comes before the option.
     */
    public void setUseHeaderSubject(boolean useHeaderSubject) {
        this.useHeaderSubject = useHeaderSubject;
    }

    @Override
    public boolean isUseHeaderReplyTo() {
        return useHeaderReplyTo;
    }

    /**
     * Whether the header Reply-To says where answers go; it comes before the option.
     */
    public void setUseHeaderReplyTo(boolean useHeaderReplyTo) {
        this.useHeaderReplyTo = useHeaderReplyTo;
    }

    public String getAuthMechanisms() {
        return authMechanisms;
    }

    /**
     * Mechanisms that may be used to log in, the most preferred first, separated by commas; by default all there
     * are.
     */
    public void setAuthMechanisms(String authMechanisms) {
        this.authMechanisms = authMechanisms;
    }

    public String getEhloName() {
        return ehloName;
    }

    /**
     * Name of this host in EHLO; by default its address as a literal.
     */
    public void setEhloName(String ehloName) {
        this.ehloName = ehloName;
    }

    public BareLineEnding getBareLineEnding() {
        return bareLineEnding;
    }

    /**
     * What becomes of a CR or LF that stands alone in a mail: normalize (CRLF is made of it; the default for sending),
     * reject (the mail is not sent, or not taken; the default for receiving) or accept (it stays; only for receiving).
     */
    public void setBareLineEnding(BareLineEnding bareLineEnding) {
        this.bareLineEnding = bareLineEnding;
    }

    public boolean isPipelining() {
        return pipelining;
    }

    /**
     * Whether commands are sent without waiting for each reply when the server offers it.
     */
    public void setPipelining(boolean pipelining) {
        this.pipelining = pipelining;
    }

    public int getMaxIdleConnections() {
        return maxIdleConnections;
    }

    /**
     * Connections that are kept open for the next mail; 0 to close each after its mail.
     */
    public void setMaxIdleConnections(int maxIdleConnections) {
        this.maxIdleConnections = maxIdleConnections;
    }

    public long getIdleTimeout() {
        return idleTimeout;
    }

    /**
     * How long a connection is kept open without a mail.
     */
    public void setIdleTimeout(long idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    public long getGreetingTimeout() {
        return greetingTimeout;
    }

    /**
     * How long to wait for the greeting and for the reply to EHLO.
     */
    public void setGreetingTimeout(long greetingTimeout) {
        this.greetingTimeout = greetingTimeout;
    }

    public long getReplyTimeout() {
        return replyTimeout;
    }

    /**
     * How long to wait for the reply to each further command and for the server to take each part of the mail.
     */
    public void setReplyTimeout(long replyTimeout) {
        this.replyTimeout = replyTimeout;
    }

    public long getFinalReplyTimeout() {
        return finalReplyTimeout;
    }

    /**
     * How long to wait for the reply to the end of the mail. Afterwards nobody knows whether the mail was
     * delivered.
     */
    public void setFinalReplyTimeout(long finalReplyTimeout) {
        this.finalReplyTimeout = finalReplyTimeout;
    }
}
