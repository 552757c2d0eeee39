package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.smtp.SmtpComponent;
import io.mailproto.component.smtp.SmtpConsumer;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What an operator sees: JMX, the developer console, health checks. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class MonitoringTest {
    private static final String USER = DovecotPeer.ALICE;
    private static final String PASSWORD = DovecotPeer.passwordOf(DovecotPeer.ALICE);
    private static final String JMX_DISABLED = "org.apache.camel.jmx.disabled";

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    private DefaultCamelContext context;
    private ProducerTemplate template;
    private String before;

    @BeforeEach
    void start() throws Exception {
        GREENMAIL.purge();
        before = System.getProperty(JMX_DISABLED);
        System.setProperty(JMX_DISABLED, "false");
        context = new DefaultCamelContext();
        context.setDevConsole(true);
        // As camel.health.producersEnabled=true does in camel-main.
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        HealthCheckRepository producers = (HealthCheckRepository) checks.resolveById("producers");
        producers.setEnabled(true);
        checks.register(producers);
        checks.setExposureLevel("full");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("smtp:127.0.0.1:0")
                        .routeId("server")
                        .choice()
                        .when(header("Subject").isEqualTo("bad"))
                        .throwException(new IllegalStateException("the database is away"));
                from("imap:" + GREENMAIL.imap() + "?username=" + USER + "&password=" + PASSWORD
                                + "&initialDelay=0&delay=50")
                        .routeId("poller")
                        .log("mail");
                from("direct:out").routeId("sender").to("smtp:" + GREENMAIL.smtp() + "?to=" + USER);
                from("direct:pop3")
                        .routeId("asker")
                        .to("pop3:" + GREENMAIL.pop3() + "?username=" + USER + "&password=" + PASSWORD
                                + "&operation=stat");
                from("direct:imap")
                        .routeId("browser")
                        .to("imap:" + GREENMAIL.imap() + "?username=" + USER + "&password=" + PASSWORD
                                + "&operation=list&keepSession=true");
            }
        });
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
        if (before == null) {
            System.clearProperty(JMX_DISABLED);
        } else {
            System.setProperty(JMX_DISABLED, before);
        }
    }

    private String server() {
        SmtpConsumer consumer = (SmtpConsumer) context.getRoute("server").getConsumer();
        return "smtp:127.0.0.1:" + consumer.localAddress().getPort() + "?useHeaderSubject=true&to=" + USER;
    }

    private DevConsole console() {
        return PluginHelper.getDevConsoleResolver(context).resolveDevConsole("mailproto");
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> row(String uri, String role) {
        Map<String, Object> all = (Map<String, Object>) console().call(DevConsole.MediaType.JSON, Map.of());
        return ((List<Map<String, Object>>) all.get("endpoints"))
                .stream()
                        .filter(row -> row.get("uri").toString().startsWith(uri)
                                && row.get("role").equals(role))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void theConsoleCountsWhatWentWellAndWhatFailed() {
        template.sendBody("direct:out", "hello");
        template.sendBody("direct:pop3", null);
        template.sendBody("direct:imap", null);
        String server = server();
        template.sendBodyAndHeader(server, "good", "Subject", "good");
        assertThatThrownBy(() -> template.sendBodyAndHeader(server, "bad", "Subject", "bad"))
                .isInstanceOf(CamelExecutionException.class);

        await().untilAsserted(() -> assertThat(row("imap://" + GREENMAIL.imap(), "consumer"))
                .containsEntry("succeeded", 1L)
                .containsEntry("failed", 0L)
                .containsEntry("inFlight", 0)
                .containsEntry("connections", 1));
        assertThat(row("smtp://" + GREENMAIL.smtp(), "producer"))
                .containsEntry("succeeded", 1L)
                .containsEntry("connections", 1)
                .containsKey("lastSuccess")
                .doesNotContainKey("lastError");
        assertThat(row("smtp://127.0.0.1:0", "consumer"))
                .containsEntry("succeeded", 1L)
                .containsEntry("failed", 1L)
                .containsEntry("connections", 1)
                .containsEntry("lastError", "the database is away")
                .hasEntrySatisfying("listening", at -> assertThat(at.toString()).startsWith("/127.0.0.1:"));
        assertThat(row(server.substring(0, server.indexOf('?')).replace("smtp:", "smtp://"), "producer"))
                .containsEntry("succeeded", 1L)
                .containsEntry("failed", 1L)
                .hasEntrySatisfying(
                        "lastError", text -> assertThat(text.toString()).contains("451"));
        assertThat(row("pop3://" + GREENMAIL.pop3(), "producer")).containsEntry("succeeded", 1L);
        assertThat(row("imap://" + GREENMAIL.imap(), "producer"))
                .containsEntry("succeeded", 1L)
                .containsEntry("connections", 1);
    }

    @Test
    void theConsoleTellsNoSecret() {
        template.sendBody("direct:pop3", null);

        String text = (String) console().call(DevConsole.MediaType.TEXT, Map.of());

        assertThat(text).contains("uri: pop3://").contains("role: consumer").doesNotContain("password=" + PASSWORD);
        assertThat(console().call(DevConsole.MediaType.JSON, Map.of()).toString())
                .doesNotContain("password=" + PASSWORD);
    }

    @Test
    void whatHasStoppedIsNotShownAnyMore() throws Exception {
        context.getRouteController().stopRoute("server");
        context.getRouteController().stopRoute("poller");

        assertThat(MailRuntime.of(context).monitored()).noneMatch(one -> one instanceof org.apache.camel.Consumer);

        context.getRouteController().startRoute("poller");
        assertThat(row("imap://" + GREENMAIL.imap(), "consumer")).containsEntry("failed", 0L);
    }

    @Test
    void consumersAndProducersAreBeansWithTheirCounters() throws Exception {
        template.sendBody("direct:out", "hello");
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

        await().untilAsserted(
                        () -> assertThat(beans.getAttribute(bean(beans, "consumers", "ImapConsumer"), "Succeeded"))
                                .isEqualTo(1L));
        assertThat(beans.getAttribute(bean(beans, "producers", "SmtpProducer"), "Succeeded"))
                .isEqualTo(1L);
        assertThat(beans.getAttribute(bean(beans, "producers", "SmtpProducer"), "Connections"))
                .isEqualTo(1);
        assertThat(beans.getAttribute(bean(beans, "consumers", "SmtpConsumer"), "Connections"))
                .isEqualTo(0);
        assertThat(beans.getAttribute(bean(beans, "consumers", "SmtpConsumer"), "LastMailError"))
                .isNull();
        // Camel's own attributes are still there.
        assertThat(beans.getAttribute(bean(beans, "consumers", "ImapConsumer"), "State"))
                .isEqualTo("Started");
    }

    private ObjectName bean(MBeanServer beans, String type, String name) throws Exception {
        Set<ObjectName> found = beans.queryNames(
                new ObjectName("org.apache.camel:context=" + context.getManagementName() + ",type=" + type + ",name=\"*"
                        + name + "*\""),
                null);
        if (found.isEmpty()) {
            found = beans.queryNames(
                    new ObjectName("org.apache.camel:context=" + context.getManagementName() + ",type=" + type
                            + ",name=" + name + "*"),
                    null);
        }
        assertThat(found).isNotEmpty();
        return found.iterator().next();
    }

    @Test
    void aProducerIsHealthyWhileItsServerAnswers() throws Exception {
        int nobody = freePort();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:nowhere").to("smtp:127.0.0.1:" + nobody + "?to=" + USER);
                from("direct:nowhere2").to("pop3:127.0.0.1:" + nobody + "?operation=stat&username=a&password=b");
            }
        });
        assertThatThrownBy(() -> template.sendBody("direct:nowhere2", "x")).isInstanceOf(CamelExecutionException.class);

        assertThat(states("smtp:127.0.0.1:" + nobody)).containsExactly(HealthCheck.State.DOWN);
        assertThat(states("pop3:127.0.0.1:" + nobody)).containsExactly(HealthCheck.State.DOWN);
        assertThat(states("smtp:" + GREENMAIL.smtp())).containsExactly(HealthCheck.State.UP);
        assertThat(states("pop3:" + GREENMAIL.pop3())).containsExactly(HealthCheck.State.UP);
    }

    @Test
    void theComponentSwitchesTheChecksOfItsProducersOff() throws Exception {
        context.getComponent("mailproto-smtp", SmtpComponent.class).setHealthCheckProducerEnabled(false);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:unchecked").to("mailproto-smtp:" + GREENMAIL.smtp() + "?to=" + USER);
            }
        });

        assertThat(states("mailproto-smtp:" + GREENMAIL.smtp())).containsExactly(HealthCheck.State.UNKNOWN);
        assertThat(states("smtp:" + GREENMAIL.smtp())).isNotEmpty();
    }

    private List<HealthCheck.Result> producerChecks() {
        return HealthCheckHelper.invokeReadiness(context).stream()
                .filter(result -> result.getCheck().getId().startsWith("producer:"))
                .toList();
    }

    private List<HealthCheck.State> states(String uri) {
        return producerChecks().stream()
                .filter(result -> result.getCheck().getId().contains(uri.substring(uri.indexOf(':') + 1)))
                .filter(result ->
                        result.getCheck().getId().startsWith("producer:" + uri.substring(0, uri.indexOf(':'))))
                .map(HealthCheck.Result::getState)
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
