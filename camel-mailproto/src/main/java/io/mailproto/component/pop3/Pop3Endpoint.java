package io.mailproto.component.pop3;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MailFilter;
import io.mailproto.component.MailPollEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;

/**
 * Receive mail by polling a POP3 maildrop, and run single commands on it.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "pop3,pop3s,mailproto-pop3,mailproto-pop3s",
        title = "POP3,POP3 (Secure),POP3 (mailproto),POP3 Secure (mailproto)",
        syntax = "pop3:host:port",
        alternativeSyntax = "pop3:username:password@host:port",
        category = Category.MAIL,
        headersClass = MailConstants.class)
public class Pop3Endpoint extends MailPollEndpoint {
    @UriParam
    private final Pop3Configuration configuration;

    private final boolean implicitTls;
    /** Here and not in the consumer, because Camel makes a new consumer when a route is stopped and started. */
    private MaildropMemory memory;
    /** Null without {@code filterMail}. */
    private MailFilter filter;

    /** @param implicitTls true for the schemes with an s, whose default is TLS from the first octet */
    public Pop3Endpoint(String uri, Component component, Pop3Configuration configuration, boolean implicitTls) {
        super(uri, component);
        this.configuration = configuration;
        this.implicitTls = implicitTls;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        memory = new MaildropMemory(configuration.getMaxDeliveries());
        if (configuration.getFilterMail() != null) {
            filter = new MailFilter(getCamelContext(), configuration.getFilterMail());
        }
    }

    MailFilter filter() {
        return filter;
    }

    MaildropMemory memory() {
        return memory;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Pop3Consumer consumer = new Pop3Consumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new Pop3Producer(this);
    }

    /** How to open a session, checked. Reads key stores. */
    MaildropAccess access() throws Exception {
        return new MaildropAccess(
                configuration.dialer(getCamelContext()),
                configuration.hostPort(),
                configuration.toClientOptions(implicitTls, configuration.clientTls(getCamelContext())),
                configuration.login(getCamelContext()));
    }

    /** True for the schemes with an s. */
    boolean isImplicitTls() {
        return implicitTls;
    }

    @Override
    public Pop3Configuration getConfiguration() {
        return configuration;
    }

    @Override
    public String getServiceProtocol() {
        return implicitTls ? "pop3s" : "pop3";
    }
}
