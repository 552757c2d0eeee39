package io.mailproto.examples.inbox;

import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.springframework.jms.connection.CachingConnectionFactory;

/** The message broker: one in this process that keeps its queues on disk, or one elsewhere. Close it after use. */
final class Broker implements AutoCloseable {
    /** Null if the broker is somebody else's. */
    private final EmbeddedActiveMQ broker;

    private final ActiveMQConnectionFactory connections;
    private final CachingConnectionFactory cached;

    private Broker(EmbeddedActiveMQ broker, ActiveMQConnectionFactory connections) {
        this.broker = broker;
        this.connections = connections;
        this.cached = new CachingConnectionFactory(connections);
        this.cached.setSessionCacheSize(8);
    }

    /** Starts a broker whose journal lives below {@code folder}; no port is opened. */
    static Broker start(Path folder) throws Exception {
        int id = System.identityHashCode(folder); // several brokers may live in one process, as in the tests
        Configuration configuration = new ConfigurationImpl()
                .setName("inbox-to-queue")
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setMaxDiskUsage(-1)
                .setJournalFileSize(1024 * 1024)
                .setJournalMinFiles(2)
                .setJournalPoolFiles(2)
                .addAcceptorConfiguration("in-vm", "vm://" + id)
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setMaxDeliveryAttempts(10)
                                .setRedeliveryDelay(500)
                                .setDeadLetterAddress(SimpleString.of("mail.dead"))
                                .setExpiryAddress(SimpleString.of("mail.expired")));
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ().setConfiguration(configuration);
        broker.start();
        return new Broker(broker, new ActiveMQConnectionFactory("vm://" + id));
    }

    /** Uses a broker that runs elsewhere, such as {@code tcp://broker.example.com:61616}. */
    static Broker at(String url) {
        return new Broker(null, new ActiveMQConnectionFactory(url));
    }

    /** Connections to the broker, pooled; closed with it. */
    ConnectionFactory connectionFactory() {
        return cached;
    }

    @Override
    public void close() throws IOException {
        cached.destroy();
        connections.close();
        if (broker != null) {
            stop();
        }
    }

    private void stop() throws IOException {
        try {
            broker.stop();
        } catch (Exception e) {
            throw new IOException("stopping the broker", e);
        }
    }
}
