package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.DefaultExchangeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of docs/messages.md: what Camel's components make of a received mail. */
class MailInCamelTest {

    private static final String RAW = """
            From: =?utf-8?q?J=C3=BCrgen?= <j@example.com>
            To: bob@example.org
            Received: one
            Received: two
            Subject: =?utf-8?b?R3LDvMOfZQ==?=
            CamelFileName: evil
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=iso-8859-1

            Gr\u00fc\u00dfe
            --b
            Content-Type: application/pdf; name=a.pdf
            Content-Disposition: attachment; filename=a.pdf
            Content-Transfer-Encoding: base64

            AQIDBA==
            --b--
            """.replace("\n", "\r\n");

    private static final byte[] OCTETS = RAW.getBytes(StandardCharsets.ISO_8859_1);

    private final DefaultCamelContext context = new DefaultCamelContext();

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:simple").setBody(simple("${body}")).to("mock:end");
                from("direct:contains")
                        .choice()
                        .when(simple("${body} contains 'Gr\u00fc\u00dfe'"))
                        .to("mock:yes")
                        .otherwise()
                        .to("mock:no");
                from("direct:file").to("file:" + directory + "?fileName=x.eml").to("mock:end");
                from("direct:fileCharset")
                        .to("file:" + directory + "?fileName=x.txt&charset=utf-8")
                        .to("mock:end");
                from("direct:multicast").multicast().parallelProcessing().to("mock:a", "mock:b");
                from("direct:seda").to("seda:next");
                from("seda:next").to("mock:end");
                from("direct:map").convertBodyTo(Map.class).to("mock:end");
                from("direct:json").convertBodyTo(Map.class).marshal().json().to("mock:end");
                from("direct:plainJson").marshal().json().to("mock:end");
                from("direct:bytes").convertBodyTo(byte[].class).to("mock:end");
                from("direct:text").convertBodyTo(String.class).to("mock:end");
                from("direct:stream").convertBodyTo(InputStream.class).to("mock:end");
                from("direct:log").log("${body}").to("log:test?showAll=true").to("mock:end");
            }
        });
        context.start();
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private Message send(String uri, boolean mapsContent) throws Exception {
        MockEndpoint.resetMocks(context);
        MockEndpoint end = context.getEndpoint("mock:end", MockEndpoint.class);
        end.expectedMessageCount(1);
        context.createProducerTemplate().send(uri, exchange -> exchange.setMessage(message(exchange, mapsContent)));
        end.assertIsSatisfied(10_000);
        return end.getExchanges().get(0).getMessage();
    }

    private static MailMessage message(Exchange exchange, boolean mapsContent) {
        MailHeaderMapping mapping = new MailHeaderMapping(new MailHeaderFilterStrategy(), false);
        return new MailMessage(
                exchange,
                Mail.of(Octets.of(OCTETS)),
                Map.of(MailConstants.SIZE, (long) OCTETS.length),
                mapping,
                mapsContent);
    }

    private Message text() {
        return message(context.getEndpoint("direct:simple").createExchange(), true);
    }

    private Message whole() {
        return message(context.getEndpoint("direct:simple").createExchange(), false);
    }

    @Test
    void theMappedMessageHasTextHeadersAndAttachments() throws Exception {
        Message message = text();

        assertThat(message.getBody()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(message.getHeader("Subject")).isEqualTo("=?utf-8?b?R3LDvMOfZQ==?=");
        assertThat(message.getHeader("received")).isEqualTo(List.of("one", "two"));
        assertThat(message.getHeader("CamelFileName"))
                .as("nothing Camel… from the wire")
                .isNull();
        assertThat(message.getHeader(MailConstants.SIZE)).isEqualTo((long) OCTETS.length);
        AttachmentMessage attachments = new org.apache.camel.attachment.DefaultAttachmentMessage(message);
        assertThat(attachments.getAttachmentNames()).containsExactly("a.pdf");
        try (InputStream in = attachments.getAttachment("a.pdf").getInputStream()) {
            assertThat(in.readAllBytes()).containsExactly(1, 2, 3, 4);
        }
        assertThat(message.getBody(Mail.class).octets().toByteArray()).isEqualTo(OCTETS);
    }

    @Test
    void theWholeMailConvertsToItsOctetsAndToReadableText() {
        Message message = whole();

        assertThat(message.getBody()).isInstanceOf(Mail.class);
        assertThat(message.getBody(byte[].class)).isEqualTo(OCTETS);
        assertThat(message.getBody(InputStream.class)).hasBinaryContent(OCTETS);
        assertThat(message.getBody(InputStream.class))
                .as("every stream is fresh")
                .hasBinaryContent(OCTETS);
        assertThat(message.getBody(String.class)).isEqualTo("Gr\u00fc\u00dfe");
    }

    @Test
    void copiesAreAsCompleteAsTheirSource() throws Exception {
        Message copy = text().copy();

        assertThat(copy).isInstanceOf(MailMessage.class);
        assertThat(copy.getBody()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(new org.apache.camel.attachment.DefaultAttachmentMessage(copy).getAttachmentNames())
                .containsExactly("a.pdf");
        assertThat(((MailMessage) copy).isBodyOriginal()).isTrue();
        copy.setBody("other");
        assertThat(((MailMessage) copy).isBodyOriginal()).isFalse();
        assertThat(((MailMessage) copy.copy()).isBodyOriginal()).isFalse();
        assertThat(copy.copy().getBody()).isEqualTo("other");
    }

    @Test
    void anAttachmentRemovedByTheRouteStaysRemoved() {
        Message message = text();
        new org.apache.camel.attachment.DefaultAttachmentMessage(message).removeAttachment("a.pdf");

        assertThat(new org.apache.camel.attachment.DefaultAttachmentMessage(message.copy()).hasAttachments())
                .isFalse();
    }

    @Test
    void simpleBodyIsTheTextOfTheMappedMessageAndTheMailItselfOfTheWholeOne() throws Exception {
        assertThat(send("direct:simple", true).getBody()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(send("direct:simple", false).getBody(byte[].class)).isEqualTo(OCTETS);
    }

    @Test
    void containsSearchesTheTextOfTheMappedMessageAndTheOctetsOfTheWholeOne() throws Exception {
        MockEndpoint yes = context.getEndpoint("mock:yes", MockEndpoint.class);
        yes.expectedMessageCount(1);
        context.createProducerTemplate().send("direct:contains", e -> e.setMessage(message(e, true)));
        context.createProducerTemplate().send("direct:contains", e -> e.setMessage(message(e, false)));
        yes.assertIsSatisfied(10_000);
        assertThat(context.getEndpoint("mock:no", MockEndpoint.class).getReceivedCounter())
                .isEqualTo(1);
    }

    @Test
    void fileWritesTheTextOfTheMappedMessageAndTheOctetsOfTheWholeOne() throws Exception {
        send("direct:file", false);
        assertThat(Files.readAllBytes(directory.resolve("x.eml"))).isEqualTo(OCTETS);
        send("direct:file", true);
        assertThat(Files.readString(directory.resolve("x.eml"))).isEqualTo("Gr\u00fc\u00dfe");
        send("direct:fileCharset", true);
        assertThat(Files.readString(directory.resolve("x.txt"))).isEqualTo("Gr\u00fc\u00dfe");
    }

    @Test
    void fileWithCharsetWritesTheReadableTextOfTheWholeMail() throws Exception {
        send("direct:fileCharset", false);
        byte[] written = Files.readAllBytes(directory.resolve("x.txt"));
        assertThat(new String(written, Charset.forName("UTF-8"))).isEqualTo("Gr\u00fc\u00dfe");
    }

    @Test
    void multicastAndSedaCarryTheOctets() throws Exception {
        MockEndpoint a = context.getEndpoint("mock:a", MockEndpoint.class);
        MockEndpoint b = context.getEndpoint("mock:b", MockEndpoint.class);
        a.expectedMessageCount(1);
        b.expectedMessageCount(1);
        context.createProducerTemplate().send("direct:multicast", e -> e.setMessage(message(e, false)));
        a.assertIsSatisfied(10_000);
        b.assertIsSatisfied(10_000);
        assertThat(a.getExchanges().get(0).getMessage().getBody(byte[].class)).isEqualTo(OCTETS);
        assertThat(b.getExchanges().get(0).getMessage().getBody(byte[].class)).isEqualTo(OCTETS);
        assertThat(send("direct:seda", false).getBody(byte[].class)).isEqualTo(OCTETS);
        assertThat(send("direct:seda", true).getBody(String.class)).isEqualTo("Gr\u00fc\u00dfe");
    }

    @Test
    void convertsToAPlainStructureForJson() throws Exception {
        Map<?, ?> map = send("direct:map", false).getBody(Map.class);

        assertThat(map.get("subject")).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(map.get("text")).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(map.get("attachments").toString()).contains("a.pdf", "application/pdf", "4");
        assertThat(send("direct:json", false).getBody(String.class)).contains("\"subject\":\"Gr\u00fc\u00dfe\"");
    }

    @Test
    void logNeverConsumesTheMail() throws Exception {
        assertThat(send("direct:log", false).getBody(byte[].class)).isEqualTo(OCTETS);
    }

    @Test
    void convertBodyToGivesTheTextOfTheMappedMessageAndTheOctetsOfTheWholeOne() throws Exception {
        assertThat(send("direct:text", true).getBody()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(send("direct:text", false).getBody()).isEqualTo("Gr\u00fc\u00dfe");
        byte[] text = "Gr\u00fc\u00dfe".getBytes(Charset.defaultCharset());
        assertThat(send("direct:bytes", true).getBody()).isEqualTo(text);
        assertThat(send("direct:bytes", false).getBody()).isEqualTo(OCTETS);
        assertThat(send("direct:stream", true).getBody(byte[].class)).isEqualTo(text);
        assertThat(send("direct:stream", false).getBody(byte[].class)).isEqualTo(OCTETS);
    }

    @Test
    void aMappedMessageHasNoMapButItsMailHas() {
        Message message = text();
        assertThat((Object) message.getBody(Map.class)).isNull();
        Mail mail = message.getBody(Mail.class);
        Map<?, ?> map = context.getTypeConverter().convertTo(Map.class, mail);
        assertThat(map.get("subject")).isEqualTo("Gr\u00fc\u00dfe");
    }

    @Test
    void jsonOfTheMappedMessageIsItsTextAndTheWholeMailMustBecomeAMapFirst() throws Exception {
        assertThat(send("direct:plainJson", true).getBody(String.class)).isEqualTo("\"Gr\u00fc\u00dfe\"");
        Exchange whole = context.createProducerTemplate()
                .send("direct:plainJson", exchange -> exchange.setMessage(message(exchange, false)));
        assertThat(whole.getException()).isNotNull().hasMessageContaining("Mail");
    }

    @Test
    void logShowsTheReadableText() {
        DefaultExchangeFormatter formatter = new DefaultExchangeFormatter();
        for (boolean mapsContent : new boolean[] {true, false}) {
            Exchange exchange = context.getEndpoint("direct:simple").createExchange();
            exchange.setMessage(message(exchange, mapsContent));
            assertThat(formatter.format(exchange))
                    .contains("Body: Gr\u00fc\u00dfe")
                    .doesNotContain("boundary");
            assertThat(context.resolveLanguage("simple")
                            .createExpression("it says ${body}")
                            .evaluate(exchange, String.class))
                    .isEqualTo("it says Gr\u00fc\u00dfe");
        }
    }
}
