package io.mailproto.component;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.ScheduledPollEndpoint;

/** What the endpoints that poll a mailbox share. */
public abstract class MailPollEndpoint extends ScheduledPollEndpoint
        implements HeaderFilterStrategyAware, EndpointServiceLocation {

    /** One minute, as camel-mail. */
    protected static final long DEFAULT_DELAY = 60_000L;

    @UriParam(label = "advanced")
    private HeaderFilterStrategy headerFilterStrategy = new MailHeaderFilterStrategy();

    @UriParam(label = "consumer")
    private int maxMessagesPerPoll;

    // Camel's own field says half a second; the metadata must tell what is true here.
    @UriParam(
            label = "consumer,scheduler",
            defaultValue = "" + DEFAULT_DELAY,
            javaType = "java.time.Duration",
            description = "Milliseconds before the next poll.")
    private long delay = DEFAULT_DELAY;

    protected MailPollEndpoint(String uri, Component component) {
        super(uri, component);
        super.setDelay(DEFAULT_DELAY);
    }

    @Override
    public long getDelay() {
        return delay;
    }

    /**
     * Milliseconds before the next poll.
     */
    @Override
    public void setDelay(long delay) {
        super.setDelay(delay);
        this.delay = delay;
    }

    @Override
    public long getDefaultDelay() {
        return DEFAULT_DELAY;
    }

    /** The options of this endpoint. */
    public abstract MailPollConfiguration getConfiguration();

    /** How mails become messages. */
    public MailHeaderMapping headerMapping() {
        return new MailHeaderMapping(
                headerFilterStrategy,
                getConfiguration().isMimeDecodeHeaders(),
                getConfiguration().attachmentRules());
    }

    @Override
    protected void configureConsumer(Consumer consumer) throws Exception {
        super.configureConsumer(consumer);
        // A wrong value is told when the route starts, not with the first mail.
        getConfiguration().attachmentRules();
        int fetchSize = getConfiguration().getFetchSize();
        if (fetchSize < -1) {
            throw new IllegalArgumentException(
                    "fetchSize must be a number of mails, 0 for none or -1 for no limit of its own, not " + fetchSize);
        }
        if (consumer instanceof MailPollConsumer<?> poller) {
            poller.setMaxMessagesPerPoll(maxMessagesPerPoll);
        }
    }

    @Override
    public String getServiceUrl() {
        return getConfiguration().hostPort().toString();
    }

    @Override
    public HeaderFilterStrategy getHeaderFilterStrategy() {
        return headerFilterStrategy;
    }

    /**
     * Decides which header fields of a mail become headers; by default all but those named Camel….
     */
    @Override
    public void setHeaderFilterStrategy(HeaderFilterStrategy headerFilterStrategy) {
        this.headerFilterStrategy = headerFilterStrategy;
    }

    public int getMaxMessagesPerPoll() {
        return maxMessagesPerPoll;
    }

    /**
     * Most mails of one poll; 0 or less for no limit.
     */
    public void setMaxMessagesPerPoll(int maxMessagesPerPoll) {
        this.maxMessagesPerPoll = maxMessagesPerPoll;
    }
}
