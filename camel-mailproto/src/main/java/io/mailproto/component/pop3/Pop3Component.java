package io.mailproto.component.pop3;

import io.mailproto.component.CamelMailPresence;
import io.mailproto.component.JavaMailProperties;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the POP3 endpoints, for each of its names. */
@Component("pop3,pop3s,mailproto-pop3,mailproto-pop3s")
public class Pop3Component extends HealthCheckComponent implements SSLContextParametersAware {
    private static final Logger LOG = LoggerFactory.getLogger(Pop3Component.class);

    private static final int POP3_PORT = 110;
    private static final int POP3S_PORT = 995;

    /** What camel-mail accepts on pop3 although it means something for sending or for IMAP only. */
    private static final Set<String> MEANINGLESS = Set.of(
            "alternativeBodyHeader",
            "bcc",
            "cc",
            "closeFolder",
            "contentType",
            "from",
            "peek",
            "replyTo",
            "subject",
            "to",
            "unseen",
            "useInlineAttachments");

    @Metadata
    private Pop3Configuration configuration = new Pop3Configuration();

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
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static String listed(String mechanisms) {
        return mechanisms.strip().replaceAll("[\\s,]+", ",");
    }

    /** Routes that were written for camel-mail start, and are told what does nothing. */
    private static void takeOutMeaningless(String uri, Map<String, Object> parameters) {
        Set<String> removed = new TreeSet<>();
        for (String name : MEANINGLESS) {
            if (parameters.remove(name) != null) {
                removed.add(name);
            }
        }
        // POP3 has one folder; another name is refused as an unknown option.
        if ("INBOX".equalsIgnoreCase(String.valueOf(parameters.get("folderName")))) {
            parameters.remove("folderName");
            removed.add("folderName");
        }
        if (!removed.isEmpty()) {
            LOG.warn(
                    "{}: these options mean nothing for POP3 and are ignored: {}",
                    URISupport.sanitizeUri(uri),
                    String.join(", ", removed));
        }
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
