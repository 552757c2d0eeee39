package io.mailproto.component;

import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;

/** An endpoint over a {@link FakeMailbox}; its consumer is polled by the test, not by a clock. */
final class FakePollEndpoint extends MailPollEndpoint {

    private final FakeMailbox mailbox;
    private final MailPollConfiguration configuration = new MailPollConfiguration();
    private FakePollConsumer consumer;

    FakePollEndpoint(CamelContext context, FakeMailbox mailbox) {
        super("fake:mailbox", null);
        this.mailbox = mailbox;
        configuration.setHost("fake.example");
        setCamelContext(context);
        setStartScheduler(false);
    }

    /** Lets the consumer poll once, on the calling thread. */
    int poll() throws Exception {
        return consumer.poll();
    }

    FakePollConsumer consumer() {
        return consumer;
    }

    @Override
    public MailPollConfiguration getConfiguration() {
        return configuration;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("consumer only");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        consumer = new FakePollConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public String getServiceProtocol() {
        return "fake";
    }

    @Override
    protected String createEndpointUri() {
        return "fake:mailbox";
    }

    /** Polls the fake. */
    static final class FakePollConsumer extends MailPollConsumer<Long> {

        private final FakeMailbox mailbox;

        FakePollConsumer(FakePollEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
            this.mailbox = endpoint.mailbox;
        }

        @Override
        protected PollSession<Long> openSession() throws Exception {
            return mailbox.open();
        }
    }
}
