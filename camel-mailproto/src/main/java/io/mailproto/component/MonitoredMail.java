package io.mailproto.component;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.api.management.ManagedAttribute;

/**
 * A consumer or producer that tells what it does: its attributes are those of its MBean (the class itself has to be a
 * {@code ManagedResource}), and a row of the developer console. Asked from any thread; nothing blocks.
 */
public interface MonitoredMail {

    Endpoint getEndpoint();

    /** The counters. */
    MailActivity activity();

    @ManagedAttribute(description = "Connections to the mail server, or of clients, that are open now")
    int getConnections();

    @ManagedAttribute(description = "Mails that routes are working on now")
    default int getMailsInFlight() {
        return 0;
    }

    @ManagedAttribute(description = "How often it went well: mails processed or accepted, or operations of a producer")
    default long getSucceeded() {
        return activity().successes();
    }

    @ManagedAttribute(description = "How often it failed: mails whose route failed, or operations of a producer")
    default long getFailed() {
        return activity().failures();
    }

    @ManagedAttribute(description = "The last error, if any")
    default String getLastMailError() {
        return activity().lastFailure().map(MailActivity.Failure::text).orElse(null);
    }

    @ManagedAttribute(description = "When the last error happened, in ISO 8601, if there was any")
    default String getLastMailErrorTime() {
        return activity()
                .lastFailure()
                .map(MailActivity.Failure::when)
                .map(Object::toString)
                .orElse(null);
    }

    /** What else the console shows, in this order. */
    default Map<String, Object> details() {
        return Map.of();
    }
}
