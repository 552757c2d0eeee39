package io.mailproto.component.imap;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MailPollEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultConsumer;

/**
 * Receive mail by polling an IMAP mailbox, and work on mailboxes.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "mailproto-imap,mailproto-imaps,imap,imaps",
        title = "IMAP (mailproto),IMAP Secure (mailproto),IMAP,IMAP",
        syntax = "mailproto-imap:host:port",
        alternativeSyntax = "mailproto-imap:username:password@host:port",
        category = Category.MAIL,
        headersClass = MailConstants.class)
public class ImapEndpoint extends MailPollEndpoint {
    @UriParam
    private final ImapConfiguration configuration;

    private final boolean implicitTls;

    /** @param implicitTls true for the schemes with an s, whose default is TLS from the first octet */
    public ImapEndpoint(String uri, Component component, ImapConfiguration configuration, boolean implicitTls) {
        super(uri, component);
        this.configuration = configuration;
        this.implicitTls = implicitTls;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        DefaultConsumer consumer = configuration.isChanges()
                ? new ImapChangesConsumer(this, processor)
                : new ImapConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new ImapProducer(this);
    }

    /** How to open a session, checked. Reads key stores. */
    ImapAccess access() throws Exception {
        return new ImapAccess(
                configuration.dialer(getCamelContext()),
                configuration.hostPort(),
                configuration.toClientOptions(implicitTls, configuration.clientTls(getCamelContext())),
                configuration.login(getCamelContext()),
                configuration.spool(getCamelContext()),
                configuration.isCompress());
    }

    /** True for the schemes with an s. */
    boolean isImplicitTls() {
        return implicitTls;
    }

    @Override
    public ImapConfiguration getConfiguration() {
        return configuration;
    }

    @Override
    public String getServiceProtocol() {
        return implicitTls ? "imaps" : "imap";
    }
}
