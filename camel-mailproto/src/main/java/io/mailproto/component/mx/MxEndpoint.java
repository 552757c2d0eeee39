package io.mailproto.component.mx;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MailHeaderFilterStrategy;
import io.mailproto.dns.MailExchangers;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Deliver mail to the mail exchangers (MX) of its recipients' domains, and to local mailboxes.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "mx,mailproto-mx",
        title = "MX,MX (mailproto)",
        syntax = "mx:heloName",
        category = Category.MAIL,
        producerOnly = true,
        headersClass = MailConstants.class)
public class MxEndpoint extends DefaultEndpoint implements HeaderFilterStrategyAware, EndpointServiceLocation {

    @UriParam
    private final MxConfiguration configuration;

    @UriParam(label = "advanced")
    private HeaderFilterStrategy headerFilterStrategy = new MailHeaderFilterStrategy();

    public MxEndpoint(String uri, Component component, MxConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    @Override
    public Producer createProducer() {
        return new MxProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "mx only delivers mail; to receive it, begin a route with an smtp endpoint");
    }

    /** The bean, or the DNS servers that are named; those of the component remember answers for all endpoints. */
    MailExchangers exchangers() {
        return configuration.getMailExchangers() != null
                ? configuration.getMailExchangers()
                : ((MxComponent) getComponent())
                        .exchangers(configuration.dnsServerAddresses(), configuration.dnsTime());
    }

    @Override
    public String getServiceUrl() {
        return configuration.getHeloName();
    }

    @Override
    public String getServiceProtocol() {
        return "smtp";
    }

    public MxConfiguration getConfiguration() {
        return configuration;
    }

    @Override
    public HeaderFilterStrategy getHeaderFilterStrategy() {
        return headerFilterStrategy;
    }

    /**
     * Decides which headers become header fields of a mail; by default all but those named Camel….
     */
    @Override
    public void setHeaderFilterStrategy(HeaderFilterStrategy headerFilterStrategy) {
        this.headerFilterStrategy = headerFilterStrategy;
    }
}
