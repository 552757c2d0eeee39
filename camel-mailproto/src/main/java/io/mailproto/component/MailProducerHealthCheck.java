package io.mailproto.component;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.util.URISupport;

/**
 * Whether a producer can do its work: a readiness check in Camel's repository of producers' checks, which is off unless
 * {@code camel.health.producersEnabled=true}.
 */
public final class MailProducerHealthCheck implements HealthCheck {

    private final MonitoredMail producer;
    private final Probe probe;
    private final String id;
    private boolean isEnabled = true;

    /** Asks the server, or what is known of it. */
    @FunctionalInterface
    public interface Probe {

        /** @throws Exception if the producer could not do its work now */
        void check() throws Exception;
    }

    private MailProducerHealthCheck(MonitoredMail producer, Probe probe) {
        this.producer = producer;
        this.probe = probe;
        this.id = "producer:" + URISupport.sanitizeUri(producer.getEndpoint().getEndpointBaseUri()) + "-"
                + Integer.toHexString(System.identityHashCode(producer));
    }

    /**
     * Adds a check to the context's repository, disabled if the component's option {@code healthCheckProducerEnabled} says
     * so; null if there is no repository.
     */
    public static MailProducerHealthCheck register(MonitoredMail producer, Probe probe) {
        WritableHealthCheckRepository repository =
                repository(producer.getEndpoint().getCamelContext());
        if (repository == null) {
            return null;
        }
        MailProducerHealthCheck check = new MailProducerHealthCheck(producer, probe);
        check.setEnabled(isWanted(producer.getEndpoint()));
        repository.addHealthCheck(check);
        return check;
    }

    private static boolean isWanted(Endpoint endpoint) {
        return !(endpoint instanceof DefaultEndpoint made
                && made.getComponent() instanceof HealthCheckComponent component
                && !component.isHealthCheckProducerEnabled());
    }

    /** Takes the check out again. */
    public void unregister() {
        WritableHealthCheckRepository repository =
                repository(producer.getEndpoint().getCamelContext());
        if (repository != null) {
            repository.removeHealthCheck(this);
        }
    }

    private static WritableHealthCheckRepository repository(CamelContext context) {
        return HealthCheckHelper.getHealthCheckRepository(context, "producers", WritableHealthCheckRepository.class);
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
    public boolean isLiveness() {
        return false;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
        result.detail(
                ENDPOINT_URI, URISupport.sanitizeUri(producer.getEndpoint().getEndpointBaseUri()));
        if (!isEnabled) {
            result.detail(CHECK_ENABLED, false);
            return result.message("Disabled").unknown().build();
        }
        result.detail("connections", producer.getConnections());
        result.detail("succeeded", producer.getSucceeded());
        result.detail("failed", producer.getFailed());
        try {
            probe.check();
            return result.up().build();
        } catch (Exception e) {
            return result.message(e.getMessage()).error(e).down().build();
        }
    }
}
