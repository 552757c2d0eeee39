package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailproto.component.AttachmentRules.Duplicates;
import io.mailproto.component.AttachmentRules.Missing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.camel.Component;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.apache.camel.support.PropertyBindingSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options about attachments, from the endpoint to the message. */
class MappingOptionsTest {

    private static final byte[] MAIL = """
            Subject: =?utf-8?Q?=C3=A4?=
            Content-Type: multipart/mixed; boundary=b

            --b

            text
            --b
            Content-Type: application/x; name="=?utf-8?Q?=C3=A4.bin?="

            one
            --b
            Content-Type: application/x; name="=?utf-8?Q?=C3=A4.bin?="

            two
            --b
            Content-Type: application/x

            three
            --b--
            """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<Object> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imap", "imaps", "pop3", "pop3s", "mailproto-imap", "mailproto-pop3"})
    void areThereOnEverySchemeThatPolls(String scheme) {
        String uri = scheme + ":mail.example.test?username=a&password=b";
        MailPollEndpoint plain = context.getEndpoint(uri, MailPollEndpoint.class);
        MailPollEndpoint with = context.getEndpoint(
                uri + "&decodeFilename=true&generateMissingAttachmentNames=uuid"
                        + "&handleDuplicateAttachmentNames=uuidSuffix&failOnDuplicateFileAttachment=true"
                        + "&mimeDecodeHeaders=true",
                MailPollEndpoint.class);

        assertThat(plain.headerMapping().attachments())
                .isEqualTo(new AttachmentRules(false, Missing.NEVER, Duplicates.NEVER, false));
        assertThat(plain.headerMapping().decode()).isFalse();
        assertThat(with.headerMapping().attachments())
                .isEqualTo(new AttachmentRules(true, Missing.UUID, Duplicates.UUID_SUFFIX, true));
        assertThat(with.headerMapping().decode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3", "smtp"})
    void aHeaderFilterOfTheComponentIsForAllEndpointsThatHaveNone(String scheme) {
        MailHeaderFilterStrategy ofComponent = new MailHeaderFilterStrategy();
        MailHeaderFilterStrategy own = new MailHeaderFilterStrategy();
        context.getRegistry().bind("common", ofComponent);
        context.getRegistry().bind("own", own);
        Component component = context.getComponent(scheme);
        Map<String, Object> properties = new HashMap<>(Map.of("headerFilterStrategy", "#common"));
        assertThat(PropertyBindingSupport.bindProperties(context, component, properties))
                .isTrue();
        String uri = scheme + ":mail.example.test";

        assertThat(filter(uri)).isSameAs(ofComponent);
        assertThat(filter(uri + "?headerFilterStrategy=#own")).isSameAs(own);
    }

    private HeaderFilterStrategy filter(String uri) {
        return ((HeaderFilterStrategyAware) context.getEndpoint(uri)).getHeaderFilterStrategy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3"})
    void theMetadataSaysHowLongAPollWaits(String family) throws IOException {
        MailPollEndpoint endpoint = context.getEndpoint(family + ":mail.example.test", MailPollEndpoint.class);
        String file = "/META-INF/io/mailproto/component/" + family + "/" + family + ".json";
        try (InputStream in = MappingOptionsTest.class.getResourceAsStream(file)) {
            JsonNode delay = new ObjectMapper().readTree(in).get("properties").get("delay");
            assertThat(delay.get("defaultValue").asLong())
                    .isEqualTo(endpoint.getDelay())
                    .isEqualTo(60_000);
        }
        MailPollEndpoint quick = context.getEndpoint(family + ":mail.example.test?delay=5s", MailPollEndpoint.class);
        assertThat(quick.getDelay()).isEqualTo(5000);
    }

    private FakePollEndpoint poll(FakeMailbox mailbox, Consumer<MailPollConfiguration> options) throws Exception {
        mailbox.put(1, MAIL);
        FakePollEndpoint endpoint = new FakePollEndpoint(context, mailbox);
        options.accept(endpoint.getConfiguration());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint).process(exchange -> {
                    AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
                    seen.add(message.getHeader("Subject"));
                    seen.addAll(message.getAttachmentNames());
                });
            }
        });
        context.start();
        endpoint.poll();
        return endpoint;
    }

    @Test
    void nothingIsDecodedOrNamedWithoutThem() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(1);
        poll(mailbox, options -> {});

        assertThat(seen).containsExactly("=?utf-8?Q?=C3=A4?=", "=?utf-8?Q?=C3=A4.bin?=");
        assertThat(mailbox.unsettled).isEmpty();
    }

    @Test
    void everythingIsThereWithThem() throws Exception {
        poll(new FakeMailbox(1), options -> {
            options.setMimeDecodeHeaders(true);
            options.setDecodeFilename(true);
            options.setGenerateMissingAttachmentNames("part");
            options.setHandleDuplicateAttachmentNames("number");
        });

        assertThat(seen).containsExactly("ä", "ä.bin", "ä-2.bin", "part-3");
    }

    @Test
    void aMailThatFailsForADuplicateNameStaysOnTheServerAndTheOthersGoOn() throws Exception {
        FakeMailbox mailbox = new FakeMailbox(2);
        poll(mailbox, options -> options.setFailOnDuplicateFileAttachment(true));

        assertThat(mailbox.unsettled).containsExactly(1L);
        assertThat(seen).containsExactly("mail 2");
    }

    @Test
    void aWrongValueKeepsTheRouteFromStarting() {
        assertThatThrownBy(() ->
                        poll(new FakeMailbox(1), options -> options.setGenerateMissingAttachmentNames("sometimes")))
                .hasRootCauseMessage(
                        "generateMissingAttachmentNames must be one of [never, uuid, part], not sometimes");
    }
}
