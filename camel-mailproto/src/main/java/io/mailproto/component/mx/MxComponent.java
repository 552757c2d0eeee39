package io.mailproto.component.mx;

import io.mailproto.dns.DnsMailExchangers;
import io.mailproto.dns.MailExchangers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;

/** Makes the endpoints that deliver mail to mail exchangers. */
@Component("mx,mailproto-mx")
public class MxComponent extends HealthCheckComponent implements HeaderFilterStrategyAware {

    /** Which DNS servers are asked, and for how long. */
    private record Question(List<InetSocketAddress> servers, Duration timeout) {}

    @Metadata
    private MxConfiguration configuration = new MxConfiguration();

    @Metadata(label = "filter")
    private HeaderFilterStrategy headerFilterStrategy;

    private final Map<Question, MailExchangers> exchangers = new ConcurrentHashMap<>();

    public MxComponent() {}

    public MxComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        MxConfiguration own = configuration.copy();
        String name = remaining.endsWith("/") ? remaining.substring(0, remaining.length() - 1) : remaining;
        if (name.isBlank()) {
            throw new IllegalArgumentException("the endpoint needs the name of this host: mx:mail.example.org");
        }
        own.setHeloName(name);
        MxEndpoint endpoint = new MxEndpoint(uri, this, own);
        if (headerFilterStrategy != null) {
            endpoint.setHeaderFilterStrategy(headerFilterStrategy);
        }
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** One memory of answers for all endpoints that ask the same servers. */
    MailExchangers exchangers(List<InetSocketAddress> servers, Duration timeout) {
        return exchangers.computeIfAbsent(
                new Question(servers, timeout), question -> new DnsMailExchangers(servers, timeout));
    }

    public MxConfiguration getConfiguration() {
        return configuration;
    }

    /**
     * Options that all endpoints of this component begin with.
     */
    public void setConfiguration(MxConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public HeaderFilterStrategy getHeaderFilterStrategy() {
        return headerFilterStrategy;
    }

    /**
     * Decides which headers become header fields of a mail, for all endpoints of this component that do not say otherwise.
     */
    @Override
    public void setHeaderFilterStrategy(HeaderFilterStrategy headerFilterStrategy) {
        this.headerFilterStrategy = headerFilterStrategy;
    }
}
