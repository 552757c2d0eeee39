package io.mailproto.component.smtp;

import io.mailproto.component.CamelMailPresence;
import io.mailproto.component.JavaMailProperties;
import io.mailproto.smtp.client.DsnRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.ExtendedPropertyConfigurerGetter;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the SMTP and LMTP endpoints: a producer that sends mail, a consumer that is a server. */
@Component("smtp,smtps,lmtp,mailproto-smtp,mailproto-smtps,mailproto-lmtp")
public class SmtpComponent extends HealthCheckComponent
        implements SSLContextParametersAware, HeaderFilterStrategyAware {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpComponent.class);

    private static final int SMTP_PORT = 25;
    private static final int SMTPS_PORT = 465;
    private static final int LMTP_PORT = 24;

    /** What camel-mail accepts on smtp although it means something for polling only. */
    private static final Set<String> MEANINGLESS = Set.of(
            "backoffErrorThreshold",
            "backoffIdleThreshold",
            "backoffMultiplier",
            "closeFolder",
            "copyTo",
            "debugMode",
            "decodeFilename",
            "delay",
            "delete",
            "disconnect",
            "failOnDuplicateFileAttachment",
            "fetchSize",
            "folderName",
            "generateMissingAttachmentNames",
            "greedy",
            "handleDuplicateAttachmentNames",
            "handleFailedMessage",
            "idempotentRepository",
            "idempotentRepositoryRemoveOnCommit",
            "ignoreUriScheme",
            "initialDelay",
            "mailUidGenerator",
            "mapMailMessage",
            "maxMessagesPerPoll",
            "mimeDecodeHeaders",
            "moveTo",
            "peek",
            "pollStrategy",
            "postProcessAction",
            "repeatCount",
            "runLoggingLevel",
            "scheduledExecutorService",
            "scheduler",
            "schedulerProperties",
            "searchTerm",
            "sendEmptyMessageWhenIdle",
            "skipFailedMessage",
            "sortTerm",
            "startScheduler",
            "timeUnit",
            "unseen",
            "useFixedDelay");

    @Metadata
    private SmtpConfiguration configuration = new SmtpConfiguration();

    @Metadata(label = "filter")
    private HeaderFilterStrategy headerFilterStrategy;

    @Metadata(label = "security")
    private boolean useGlobalSslContextParameters;

    private final SmtpPools pools = new SmtpPools();

    public SmtpComponent() {}

    public SmtpComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        CamelMailPresence.warnOnce(getCamelContext());
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        // The plain names and the aliases share this class, so only the URI tells which one it is.
        String scheme = uri.substring(0, uri.indexOf(':'));
        boolean implicitTls = scheme.endsWith("smtps");
        SmtpConfiguration own = configuration.copy();
        boolean lmtp = scheme.endsWith("lmtp");
        own.setAddress(remaining, lmtp ? LMTP_PORT : implicitTls ? SMTPS_PORT : SMTP_PORT);
        if (useGlobalSslContextParameters && own.getSslContextParameters() == null) {
            own.setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        SmtpEndpoint endpoint = new SmtpEndpoint(uri, this, own, implicitTls, lmtp);
        if (headerFilterStrategy != null) {
            endpoint.setHeaderFilterStrategy(headerFilterStrategy);
        }
        takeOutMeaningless(uri, parameters);
        new JavaMailProperties("smtp", implicitTls, own)
                .understand("auth.mechanisms", own::setAuthMechanisms)
                .understand("localhost", own::setEhloName)
                .understand("from", own::setEnvelopeFrom)
                .understand("dsn.notify", own::setDsnNotify)
                .understand("dsn.ret", value -> own.setDsnReturn(dsnReturn(value)))
                .understandMillis("timeout", millis -> {
                    own.setGreetingTimeout(millis);
                    own.setReplyTimeout(millis);
                    own.setFinalReplyTimeout(millis);
                })
                .apply(uri, parameters, getCamelContext());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static DsnRequest.Return dsnReturn(String value) {
        try {
            return DsnRequest.Return.valueOf(value.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("mail.smtp.dsn.ret is FULL or HDRS, not " + value, e);
        }
    }

    /** Routes that were written for camel-mail start, and are told what does nothing. */
    private void takeOutMeaningless(String uri, Map<String, Object> parameters) {
        PropertyConfigurer configurer = getEndpointPropertyConfigurer();
        Set<String> removed = new TreeSet<>();
        for (String name : MEANINGLESS) {
            boolean isKnown = configurer instanceof ExtendedPropertyConfigurerGetter getter
                    && getter.getOptionType(name, true) != null;
            if (!isKnown && parameters.remove(name) != null) {
                removed.add(name);
            }
        }
        for (String prefix : List.of("scheduler.", "searchTerm.")) {
            PropertiesHelper.extractProperties(parameters, prefix).keySet().forEach(name -> removed.add(prefix + name));
        }
        refuseWhatHeadersWouldDo(parameters);
        if (!removed.isEmpty()) {
            LOG.warn(
                    "{}: these options mean nothing for SMTP and are ignored: {}",
                    URISupport.sanitizeUri(uri),
                    String.join(", ", removed));
        }
    }

    private static void refuseWhatHeadersWouldDo(Map<String, Object> parameters) {
        Object value = parameters.remove("useJavaMailSessionPropertiesFromHeaders");
        if (value != null && !"false".equalsIgnoreCase(String.valueOf(value))) {
            throw new IllegalArgumentException("useJavaMailSessionPropertiesFromHeaders is not supported: headers could"
                    + " redirect mail or switch TLS off; use toD with the options themselves");
        }
    }

    SmtpPools pools() {
        return pools;
    }

    public SmtpConfiguration getConfiguration() {
        return configuration;
    }

    /**
     * Options that all endpoints of this component begin with.
     */
    public void setConfiguration(SmtpConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public HeaderFilterStrategy getHeaderFilterStrategy() {
        return headerFilterStrategy;
    }

    /**
     * Decides which headers become header fields of a mail and which fields become headers, for all endpoints of this
     * component that do not say otherwise.
     */
    @Override
    public void setHeaderFilterStrategy(HeaderFilterStrategy headerFilterStrategy) {
        this.headerFilterStrategy = headerFilterStrategy;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    /**
     * Whether endpoints without sslContextParameters of their own use the global ones of the Camel context.
     */
    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
