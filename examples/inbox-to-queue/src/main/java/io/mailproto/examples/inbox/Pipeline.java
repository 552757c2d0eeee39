package io.mailproto.examples.inbox;

import jakarta.jms.ConnectionFactory;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/** The Camel context with the routes and what they use. Close it to let the mails on their way finish and stop. */
final class Pipeline implements AutoCloseable {
    private static final String YAML_ROUTES = "classpath:camel/mail-routes.yaml";
    private static final int SHUTDOWN_SECONDS = 20;

    private final CamelContext context;

    private Pipeline(CamelContext context) {
        this.context = context;
    }

    /**
     * Makes the context and starts the routes.
     *
     * @param settings as the routes shall see them: with the real hosts and ports
     * @param runFolder where the files of this run go
     */
    static Pipeline start(
            Settings settings,
            Path runFolder,
            ConnectionFactory broker,
            Tally tally,
            Tracker tracker,
            Failures failures)
            throws Exception {
        CamelContext context = new DefaultCamelContext();
        Pipeline pipeline = new Pipeline(context);
        try {
            Properties properties = settings.toProperties();
            properties.setProperty("run.folder", runFolder.toString());
            properties.setProperty("imap.enabled", Boolean.toString(settings.has("imap.host")));
            properties.setProperty("pop3.enabled", Boolean.toString(settings.has("pop3.host")));
            // An endpoint needs some host even if its route is not to start.
            replaceEmpty(properties, "imap.host", "localhost");
            replaceEmpty(properties, "pop3.host", "localhost");
            context.getPropertiesComponent().setInitialProperties(properties);
            context.getShutdownStrategy().setTimeout(SHUTDOWN_SECONDS);
            context.getRegistry().bind("tracker", tracker);
            context.getRegistry().bind("attachments", new AttachmentFolder(runFolder.resolve("attachments"), tally));
            context.getRegistry().bind("summary", new MailSummary());
            context.getRegistry().bind("pollStrategy", failures.pollStrategy());
            context.getManagementStrategy().addEventNotifier(failures);
            JmsComponent jms = new JmsComponent();
            jms.setConnectionFactory(broker);
            context.addComponent("jms", jms);
            addRoutes(context, settings.get("routes"));
            context.start();
            return pipeline;
        } catch (Exception e) {
            pipeline.close();
            throw e;
        }
    }

    private static void replaceEmpty(Properties properties, String name, String value) {
        if (properties.getProperty(name).isEmpty()) {
            properties.setProperty(name, value);
        }
    }

    private static void addRoutes(CamelContext context, String language) throws Exception {
        if (language.equals("yaml")) {
            Resource yaml = PluginHelper.getResourceLoader(context).resolveResource(YAML_ROUTES);
            PluginHelper.getRoutesLoader(context).loadRoutes(yaml);
        } else {
            context.addRoutes(new MailRoutes());
        }
    }

    @Override
    public void close() {
        context.stop();
    }
}
