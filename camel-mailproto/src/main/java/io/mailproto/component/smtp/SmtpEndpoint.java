package io.mailproto.component.smtp;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MailHeaderFilterStrategy;
import io.mailproto.smtp.client.SmtpClientOptions;
import io.mailproto.wire.TlsSettings;
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
 * Send mail to an SMTP or LMTP server, or be one.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "smtp,smtps,lmtp,mailproto-smtp,mailproto-smtps,mailproto-lmtp",
        title = "SMTP,SMTP (Secure),LMTP,SMTP (mailproto),SMTP Secure (mailproto),LMTP (mailproto)",
        syntax = "smtp:host:port",
        alternativeSyntax = "smtp:username:password@host:port",
        category = Category.MAIL,
        headersClass = MailConstants.class)
public class SmtpEndpoint extends DefaultEndpoint implements HeaderFilterStrategyAware, EndpointServiceLocation {

    @UriParam
    private final SmtpConfiguration configuration;

    @UriParam(label = "advanced")
    private HeaderFilterStrategy headerFilterStrategy = new MailHeaderFilterStrategy();

    private final boolean implicitTls;
    private final boolean lmtp;

    /**
     * An endpoint of one of the schemes.
     *
     * @param implicitTls true for the schemes with an s, whose default is TLS from the first octet
     * @param lmtp true for lmtp
     */
    public SmtpEndpoint(
            String uri, Component component, SmtpConfiguration configuration, boolean implicitTls, boolean lmtp) {
        super(uri, component);
        this.configuration = configuration;
        this.implicitTls = implicitTls;
        this.lmtp = lmtp;
    }

    @Override
    public Producer createProducer() {
        return new SmtpProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        SmtpConsumer consumer = new SmtpConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** What the client needs, checked. Reads key stores. */
    SmtpClientOptions clientOptions() throws Exception {
        TlsSettings settings = configuration.clientTls(getCamelContext());
        return configuration
                .toClientOptions(implicitTls, settings, getCamelContext())
                .withLmtp(isLmtp());
    }

    /** The scheme of the endpoint's URI. */
    String scheme() {
        String uri = getEndpointUri();
        return uri.substring(0, uri.indexOf(':'));
    }

    /** The connections of all producers of this component. */
    SmtpPools pools() {
        return ((SmtpComponent) getComponent()).pools();
    }

    /** True for the schemes with an s. */
    boolean isImplicitTls() {
        return implicitTls;
    }

    /** True for lmtp. */
    boolean isLmtp() {
        return lmtp;
    }

    @Override
    public String getServiceUrl() {
        return configuration.hostPort().toString();
    }

    @Override
    public String getServiceProtocol() {
        return lmtp ? "lmtp" : implicitTls ? "smtps" : "smtp";
    }

    public SmtpConfiguration getConfiguration() {
        return configuration;
    }

    @Override
    public HeaderFilterStrategy getHeaderFilterStrategy() {
        return headerFilterStrategy;
    }

    /**
     * Decides which headers become header fields of a mail and which fields become headers; by default all but those
     * named Camel….
     */
    @Override
    public void setHeaderFilterStrategy(HeaderFilterStrategy headerFilterStrategy) {
        this.headerFilterStrategy = headerFilterStrategy;
    }
}
