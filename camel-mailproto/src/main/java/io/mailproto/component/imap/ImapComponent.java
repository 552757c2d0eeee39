package io.mailproto.component.imap;

import io.mailproto.component.CamelMailConsumerOptions;
import io.mailproto.component.CamelMailPresence;
import io.mailproto.component.JavaMailProperties;
import io.mailproto.component.MailSearchTerm;
import io.mailproto.component.SearchTermOptions;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.PropertiesHelper;

/** Makes the IMAP endpoints, for each of its names. */
// The first name is the one of the generated configurers. camel-mail has an imap-endpoint configurer too, and the first
// on
// the class path would be used for both, so ours is named by the alias.
@Component("mailproto-imap,mailproto-imaps,imap,imaps")
public class ImapComponent extends HealthCheckComponent
        implements SSLContextParametersAware, HeaderFilterStrategyAware {
    private static final int IMAP_PORT = 143;
    private static final int IMAPS_PORT = 993;

    @Metadata
    private ImapConfiguration configuration = new ImapConfiguration();

    @Metadata(label = "filter")
    private HeaderFilterStrategy headerFilterStrategy;

    @Metadata(label = "security")
    private boolean useGlobalSslContextParameters;

    /** For Camel. */
    public ImapComponent() {}

    /** A component of this context. */
    public ImapComponent(CamelContext context) {
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
        boolean implicitTls = uri.substring(0, uri.indexOf(':')).endsWith("imaps");
        ImapConfiguration own = configuration.copy();
        // Of the path, but routes also give them as options.
        String host = getAndRemoveParameter(parameters, "host", String.class);
        Integer port = getAndRemoveParameter(parameters, "port", Integer.class);
        own.setAddress(remaining.isBlank() && host != null ? host : remaining, implicitTls ? IMAPS_PORT : IMAP_PORT);
        if (host != null) {
            own.setHost(host);
        }
        if (port != null) {
            own.setPort(port);
        }
        if (useGlobalSslContextParameters && own.getSslContextParameters() == null) {
            own.setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        new CamelMailConsumerOptions("IMAP").takeOut(uri, parameters);
        new JavaMailProperties("imap", implicitTls, own)
                .understand("auth.mechanisms", value -> own.setAuthMechanisms(listed(value)))
                .understandMillis("timeout", own::setReadTimeout)
                .understand("peek", value -> own.setPeek(Boolean.parseBoolean(value)))
                .apply(uri, parameters, getCamelContext());
        takeSearchTerm(parameters, own);
        takeSortTerm(parameters, own);
        ImapEndpoint endpoint = new ImapEndpoint(uri, this, own, implicitTls);
        if (headerFilterStrategy != null) {
            endpoint.setHeaderFilterStrategy(headerFilterStrategy);
        }
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static String listed(String mechanisms) {
        return mechanisms.strip().replaceAll("[\\s,]+", ",");
    }

    /** The keys go before the bean, as in camel-mail. */
    private void takeSearchTerm(Map<String, Object> parameters, ImapConfiguration own) {
        Object bean = getAndRemoveOrResolveReferenceParameter(parameters, "searchTerm", Object.class);
        if (bean instanceof MailSearchTerm term) {
            own.setSearchTerm(term);
        } else if (bean != null) {
            throw new IllegalArgumentException("searchTerm must be a bean of the type " + MailSearchTerm.class.getName()
                    + ", not " + bean.getClass().getName() + "; IMAP's own words go into the option search");
        }
        Map<String, Object> keys = PropertiesHelper.extractProperties(parameters, "searchTerm.");
        if (!keys.isEmpty()) {
            own.setSearchTerm(SearchTermOptions.term(keys).orElse(null));
        }
    }

    private void takeSortTerm(Map<String, Object> parameters, ImapConfiguration own) {
        Object keys = getAndRemoveOrResolveReferenceParameter(parameters, "sortTerm", Object.class);
        if (keys instanceof String text) {
            own.setSortTerm(text);
        } else if (keys instanceof String[] several) {
            own.setSortTerm(String.join(",", several));
        } else if (keys != null) {
            throw new IllegalArgumentException("sortTerm must be a text such as date,-size, or an array of such, not "
                    + keys.getClass().getName());
        }
    }

    public ImapConfiguration getConfiguration() {
        return configuration;
    }

    /**
     * Options that all endpoints of this component begin with.
     */
    public void setConfiguration(ImapConfiguration configuration) {
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
