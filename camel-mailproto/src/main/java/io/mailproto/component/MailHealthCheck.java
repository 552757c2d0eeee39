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

/** Whether a consumer or producer can do its work, for Camel's health checks. */
public final class MailHealthCheck implements HealthCheck {

    private final MonitoredMail subject;
    private final Probe probe;
    private final String id;
    private final boolean isLiveness;
    private volatile boolean isEnabled = true;

    /** Asks the server, or what is known of it. */
    @FunctionalInterface
    public interface Probe {

        /** @throws Exception if the work could not be done now */
        void check() throws Exception;
    }

    private MailHealthCheck(MonitoredMail subject, Probe probe, String id, boolean isLiveness) {
        this.subject = subject;
        this.probe = probe;
        this.id = id;
        this.isLiveness = isLiveness;
    }

    /** The check of a consumer; Camel's repository of consumers' checks asks each consumer for it. */
    public static MailHealthCheck ofConsumer(MonitoredMail consumer, String routeId, Probe probe) {
        return new MailHealthCheck(consumer, probe, "consumer:" + routeId, true);
    }

    /**
     * Adds a producer's check to the context's repository, which is off unless {@code camel.health.producersEnabled=true}; disabled if the component's option {@code healthCheckProducerEnabled} says
     * so; null if there is no repository.
     */
    public static MailHealthCheck registerProducer(MonitoredMail producer, Probe probe) {
        WritableHealthCheckRepository repository =
                repository(producer.getEndpoint().getCamelContext());
        if (repository == null) {
            return null;
        }
        String id = "producer:" + uri(producer) + "-" + Integer.toHexString(System.identityHashCode(producer));
        MailHealthCheck check = new MailHealthCheck(producer, probe, id, false);
        check.setEnabled(isWanted(producer.getEndpoint()));
        repository.addHealthCheck(check);
        return check;
    }

    private static boolean isWanted(Endpoint endpoint) {
        return !(endpoint instanceof DefaultEndpoint made
                && made.getComponent() instanceof HealthCheckComponent component
                && !component.isHealthCheckProducerEnabled());
    }

    private static String uri(MonitoredMail subject) {
        return URISupport.sanitizeUri(subject.getEndpoint().getEndpointBaseUri());
    }

    /** Takes a producer's check out again. */
    public void unregister() {
        WritableHealthCheckRepository repository =
                repository(subject.getEndpoint().getCamelContext());
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
        return isLiveness;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
        result.detail(ENDPOINT_URI, uri(subject));
        if (!isEnabled) {
            result.detail(CHECK_ENABLED, false);
            return result.message("Disabled").unknown().build();
        }
        result.detail("connections", subject.getConnections());
        result.detail("inFlight", subject.getMailsInFlight());
        result.detail("succeeded", subject.getSucceeded());
        result.detail("failed", subject.getFailed());
        subject.details().forEach(result::detail);
        try {
            probe.check();
            return result.up().build();
        } catch (Exception e) {
            return result.message(e.getMessage()).error(e).down().build();
        }
    }
}
