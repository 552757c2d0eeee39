package io.mailproto.component.smtp;

import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/** Up while the server of an SMTP consumer listens. */
final class SmtpConsumerHealthCheck implements HealthCheck {
    private final SmtpConsumer consumer;
    private final String id;
    private boolean isEnabled = true;

    SmtpConsumerHealthCheck(SmtpConsumer consumer, String id) {
        this.consumer = consumer;
        this.id = "smtp-consumer:" + id;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getGroup() {
        return "camel";
    }

    @Override
    public boolean isEnabled() {
        return isEnabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        isEnabled = enabled;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
        InetSocketAddress address = consumer.localAddress();
        result.detail(ENDPOINT_URI, consumer.getEndpoint().getEndpointBaseUri());
        if (address == null) {
            return result.message("the SMTP server does not listen").down().build();
        }
        result.detail("address", address.toString());
        result.detail("connections", consumer.connections());
        result.detail("inFlight", consumer.inFlight());
        return result.up().build();
    }
}
