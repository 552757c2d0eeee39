package io.mailproto.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.smtp.SmtpConsumer;
import io.mailproto.sasl.TokenSupplier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each recipe does what it says, against a mail server and a broker that are not ours. */
class RecipesTest {
    private static final String PLAIN = """
            From: bob@example.net
            To: ann@example.org
            Subject: lunch
            Message-ID: <1@example.net>
            DKIM-Signature: v=1;  a=rsa-sha256;
            \tb=abc

            noon?
            """;
    private static final String WITH_ATTACHMENTS = """
            From: bob@example.net
            To: ann@example.org
            Subject: two files
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            see these
            --b
            Content-Type: text/csv; name="../../etc/report.csv"
            Content-Disposition: attachment; filename="../../etc/report.csv"
            Content-Transfer-Encoding: base64

            YSxiCg==
            --b
            Content-Type: text/plain
            Content-Disposition: attachment; filename*=UTF-8''na%C3%AFve.txt

            second
            --b--
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static EmbeddedActiveMQ broker;
    private static ActiveMQConnectionFactory connections;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private MailHouse house;
    private DefaultCamelContext context;

    @BeforeAll
    static void startBroker() throws Exception {
        int id = System.identityHashCode(shared);
        broker = new EmbeddedActiveMQ()
                .setConfiguration(new ConfigurationImpl()
                        .setSecurityEnabled(false)
                        .setJMXManagementEnabled(false)
                        .setPersistenceEnabled(false)
                        .addAcceptorConfiguration("in-vm", "vm://" + id));
        broker.start();
        connections = new ActiveMQConnectionFactory("vm://" + id);
    }

    @AfterAll
    static void stopBroker() throws Exception {
        connections.close();
        broker.stop();
    }

    @BeforeEach
    void open() throws Exception {
        house = MailHouse.open(shared);
        context = new DefaultCamelContext();
        context.setSSLContextParameters(house.trust());
        for (String scheme : List.of("imaps", "pop3s", "smtp")) {
            ((SSLContextParametersAware) context.getComponent(scheme)).setUseGlobalSslContextParameters(true);
        }
        context.addComponent("jms", JmsComponent.jmsComponentAutoAcknowledge(connections));
        Properties properties = house.properties();
        properties.setProperty("folder", folder.toString());
        properties.setProperty("server.address", "127.0.0.1:0");
        context.getPropertiesComponent().setInitialProperties(properties);
    }

    @AfterEach
    void close() throws IOException {
        if (context != null) {
            context.close();
        }
        if (house != null) {
            house.close();
        }
    }

    @Test
    void theRoutesOfTheReadme() throws Exception {
        house.put(MailHouse.ANN, PLAIN);
        house.put(MailHouse.BOB, PLAIN);
        run(new FirstRoutes());

        assertThat(received("jms:queue:mail", String.class)).isEqualToNormalizingNewlines("noon?\n");
        eventually(() -> assertThat(house.inboxOf(MailHouse.BOB)).isEmpty());
        assertThat(filesBelow("inbox")).singleElement().satisfies(file -> assertThat(text(file))
                .contains("noon?"));

        context.createProducerTemplate().sendBody("jms:queue:orders", "it is on its way");
        eventually(() -> assertThat(house.inboxOf(MailHouse.ANN))
                .anySatisfy(mail -> assertThat(mail).contains("Subject: Your order", "it is on its way")));

        sendToOurServer(PLAIN);
        assertThat(filesBelow("received")).singleElement().satisfies(file -> assertThat(text(file))
                .endsWith(PLAIN));
    }

    @Test
    void attachmentsBecomeFilesUnderSafeNames() throws Exception {
        house.put(MailHouse.ANN, PLAIN);
        house.put(MailHouse.ANN, WITH_ATTACHMENTS);
        run(new SaveAttachments());

        eventually(() -> assertThat(filesBelow("")).hasSize(2));
        eventually(
                () -> assertThat(filesBelow("")).extracting(RecipesTest::text).contains("a,b\n", "second"));
        assertThat(filesBelow(""))
                .allSatisfy(file -> assertThat(file.getParent().getParent()).isEqualTo(folder));
        assertThat(filesBelow(""))
                .extracting(file -> file.getFileName().toString())
                .contains("naïve.txt");
    }

    @Test
    void aMailGoesWholeThroughAQueueAndOnToAMailServer() throws Exception {
        house.put(MailHouse.ANN, PLAIN);
        context.addRoutes(new MailToQueue());
        run(new QueueToMail());

        eventually(() -> assertThat(house.inboxOf("archive@example.org"))
                .singleElement()
                .satisfies(mail -> assertThat(mail).endsWith(PLAIN.strip())));
    }

    @Test
    void aRelayChangesNothing() throws Exception {
        run(new ForwardUnchanged());

        sendToOurServer(PLAIN);

        assertThat(house.inboxOf(MailHouse.ANN)).singleElement().satisfies(mail -> assertThat(mail)
                .endsWith(PLAIN.strip()));
    }

    @Test
    void aRelayChangesTheSubjectOnly() throws Exception {
        run(new ChangeSubject());

        sendToOurServer(PLAIN);

        assertThat(house.inboxOf(MailHouse.ANN)).singleElement().satisfies(mail -> assertThat(mail)
                .endsWith(PLAIN.strip().replace("Subject: lunch", "Subject: [checked] lunch")));
    }

    @Test
    void mailIsMadeFromTemplates() throws Exception {
        run(new MailFromTemplate());

        context.createProducerTemplate().sendBody("direct:order", "Ms Naïve");

        assertThat(house.inboxOf(MailHouse.ANN)).singleElement().satisfies(mail -> assertThat(mail)
                .contains(
                        "Subject: Your order", "multipart/alternative", "Dear Ms Na=C3=AFve,", "<b>Ms Na=C3=AFve</b>"));
    }

    @Test
    void onlyWhatTheFilterWantsIsDownloaded() throws Exception {
        house.put(MailHouse.ANN, PLAIN);
        house.put(MailHouse.ANN, PLAIN.replace("lunch", "your order").replace("noon?", "thanks"));
        run(new FilterBeforeDownload());

        assertThat(received("jms:queue:orders.inbox", String.class)).isEqualToNormalizingNewlines("thanks\n");
        assertThat(context.createConsumerTemplate().receiveBody("jms:queue:orders.inbox", 500))
                .isNull();
    }

    @Test
    void tokensComeFromABean() throws Exception {
        house.put(MailHouse.ANN, PLAIN);
        TokenSupplier tokens = isRefused -> MailHouse.PASSWORD;
        context.getRegistry().bind("gmailTokens", tokens);
        run(new Gmail());

        assertThat(received("jms:queue:mail", String.class)).isEqualToNormalizingNewlines("noon?\n");
    }

    @Test
    void tokensComeFromAProfile() throws Exception {
        house.put(MailHouse.ANN, PLAIN);
        run(new Microsoft365());

        assertThat(received("jms:queue:mail", String.class)).isEqualToNormalizingNewlines("noon?\n");
    }

    @Test
    void neteaseIsLikeAnyOther() throws Exception {
        house.put(MailHouse.ANN, PLAIN);
        run(new NetEase163());

        assertThat(received("jms:queue:mail", String.class)).isEqualToNormalizingNewlines("noon?\n");
    }

    private <T> T received(String uri, Class<T> type) {
        return context.createConsumerTemplate().receiveBody(uri, PATIENCE.toMillis(), type);
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).untilAsserted(assertion);
    }

    /** As another program would. The mail house drops the last line end of what it gets; our server does not. */
    private void sendToOurServer(String mail) throws Exception {
        SmtpConsumer server = context.getRoutes().stream()
                .map(Route::getConsumer)
                .filter(SmtpConsumer.class::isInstance)
                .map(SmtpConsumer.class::cast)
                .findFirst()
                .orElseThrow();
        String answer = SmtpByHand.send(server.localAddress(), "bob@example.net", MailHouse.ANN, mail);
        assertThat(answer).startsWith("250 ");
    }

    private void run(RoutesBuilder recipe) throws Exception {
        context.addRoutes(recipe);
        context.start();
    }

    private List<Path> filesBelow(String name) throws IOException {
        Path start = folder.resolve(name);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
