package io.mailproto.component.pop3;

import io.mailproto.component.CamelMailConsumerOptions;
import io.mailproto.component.CamelMailPresence;
import io.mailproto.component.JavaMailProperties;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;

/** Makes the POP3 endpoints, for each of its names. */
@Component("pop3,pop3s,mailproto-pop3,mailproto-pop3s")
public class Pop3Component extends HealthCheckComponent
        implements SSLContextParametersAware, HeaderFilterStrategyAware {
    private static final int POP3_PORT = 110;
    private static final int POP3S_PORT = 995;

    @Metadata
    private Pop3Configuration configuration = new Pop3Configuration();

    @Metadata(label = "filter")
    private HeaderFilterStrategy headerFilterStrategy;

    @Metadata(label = "security")
    private boolean useGlobalSslContextParameters;

    /** For Camel. */
    public Pop3Component() {}

    /** A component of this context. */
    public Pop3Component(CamelContext context) {
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
        boolean implicitTls = uri.substring(0, uri.indexOf(':')).endsWith("pop3s");
        Pop3Configuration own = configuration.copy();
        own.setAddress(remaining, implicitTls ? POP3S_PORT : POP3_PORT);
        if (useGlobalSslContextParameters && own.getSslContextParameters() == null) {
            own.setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        takeOutMeaningless(uri, parameters);
        new JavaMailProperties("pop3", implicitTls, own)
                .understand("auth.mechanisms", value -> own.setAuthMechanisms(listed(value)))
                .understandMillis("timeout", own::setReadTimeout)
                .apply(uri, parameters, getCamelContext());
        Pop3Endpoint endpoint = new Pop3Endpoint(uri, this, own, implicitTls);
        if (headerFilterStrategy != null) {
            endpoint.setHeaderFilterStrategy(headerFilterStrategy);
        }
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static String listed(String mechanisms) {
        return mechanisms.strip().replaceAll("[\\s,]+", ",");
    }

    /** Routes that were written for camel-mail start, and are told what does nothing. */
    private static void takeOutMeaningless(String uri, Map<String, Object> parameters) {
        CamelMailConsumerOptions options = new CamelMailConsumerOptions("POP3")
                .without("closeFolder", "copyTo", "moveTo", "peek", "unseen")
                .refusing("searchTerm", "use filterMail=RAW(${header.Subject} contains 'order')")
                .refusing("sortTerm", "mails come in the order of the maildrop; sort in the route")
                .refusing("postProcessAction", "use delete, or the header CamelMailDelete");
        // POP3 has one folder; another name is refused as an unknown option.
        if ("INBOX".equalsIgnoreCase(String.valueOf(parameters.get("folderName")))) {
            options.without("folderName");
        }
        options.takeOut(uri, parameters);
    }

    public Pop3Configuration getConfiguration() {
        return configuration;
    }

    /**
     * Options that all endpoints of this component begin with.
     */
    public void setConfiguration(Pop3Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public HeaderFilterStrategy getHeaderFilterStrategy() {
        return headerFilterStrategy;
    }

    /**
     * Decides which header fields of a mail become headers, for all endpoints of this component that do not say
     * otherwise.
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
