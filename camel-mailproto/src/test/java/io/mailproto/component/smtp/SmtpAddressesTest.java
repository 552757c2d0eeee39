package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.address.EmailAddress;
import io.mailproto.component.CapturedLog;
import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailHeaderFilterStrategy;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailMessage;
import io.mailproto.component.outbound.OutboundAddresses;
import io.mailproto.component.outbound.RelayedMail;
import io.mailproto.mime.ParsedMail;
import io.mailproto.spool.Octets;
import io.mailproto.testing.GreenMailPeer;
import jakarta.activation.DataHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.attachment.DefaultAttachmentMessage;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a mail goes to: exactly those whom its headers and options name, or nobody and an error. */
class SmtpAddressesTest {
    private static final String USER = "alice@example.test";
    private static final String OTHER = "bob@example.test";
    private static final String RAW = "From: a@x.test\r\nTo: b@x.test\r\nSubject: hi\r\n\r\nhello\r\n";

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    private DefaultCamelContext context;

    @BeforeEach
    void start() throws IOException {
        GREENMAIL.purge();
        context = new DefaultCamelContext();
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private List<String> recipients(Map<String, Object> headers, String to) {
        DefaultMessage message = new DefaultMessage(context);
        headers.forEach(message::setHeader);
        SmtpConfiguration configuration = new SmtpConfiguration();
        configuration.setUseHeaderRecipients(true);
        configuration.setUseHeaderFrom(true);
        configuration.setTo(to);
        return OutboundAddresses.of(message, configuration).recipients().stream()
                .map(EmailAddress::toString)
                .toList();
    }

    /** Over a port where nobody listens: what is refused is refused before. */
    private Throwable failure(String options, Processor processor) {
        return context.createProducerTemplate()
                .send("smtp:127.0.0.1:1?" + options, processor)
                .getException();
    }

    private ParsedMail arrived(String options, Processor processor) throws IOException {
        Exchange exchange =
                context.createProducerTemplate().send("smtp:" + GREENMAIL.smtp() + "?" + options, processor);
        assertThat(exchange.getException()).isNull();
        List<byte[]> messages = GREENMAIL.messages(USER);
        GREENMAIL.purge();
        assertThat(messages).hasSize(1);
        return ParsedMail.of(Octets.of(messages.get(0)));
    }

    private static Mail mail() {
        return Mail.of(Octets.of(RAW.getBytes(StandardCharsets.US_ASCII)));
    }

    // ---- line ends

    @ParameterizedTest
    @ValueSource(
            strings = {
                USER + "\r\nBcc: evil@x.org",
                USER + "\nBcc: evil@x.org",
                USER + "\rBcc: evil@x.org",
                USER + "\r\n Bcc: evil@x.org",
                "Alice\r\nBcc: evil@x.org",
                USER + ",\0evil@x.org",
                "Al\0ice <" + USER + ">"
            })
    void aLineEndFailsTheExchangeAndRedirectsNothing(String evil) {
        for (String name : List.of("To", "Cc", "Bcc", "From", "Sender", "Reply-To")) {
            String options = "useHeaderRecipients=true&useHeaderFrom=true&useHeaderReplyTo=true&to=" + USER;
            for (Object value : List.of(evil, List.of(OTHER, evil), new String[] {evil})) {
                assertThat(failure(options, exchange -> exchange.getMessage().setHeader(name, value)))
                        .as(name)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("header " + name + ": ")
                        .hasMessageNotContaining("evil");
            }
        }
        for (String name : List.of("From", "To", "Cc", "Reply-To", "Sender")) {
            assertThat(failure("to=" + USER, exchange -> {
                        exchange.getMessage().setBody(mail());
                        exchange.getMessage().setHeader(name, evil);
                    }))
                    .as("relayed " + name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("header " + name + ": ");
        }
        assertThatThrownBy(() -> recipients(Map.of(), evil))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("option to: ");
    }

    @Test
    void foldsAndLineEndsAtTheEndsAreLeftByTemplatesAndDropped() {
        assertThat(recipients(Map.of("To", "\r\n" + USER + ",\r\n\tBob <" + OTHER + ">\r\n"), null))
                .containsExactly(USER, OTHER);
        assertThat(recipients(Map.of("To", List.of(USER + "\n", OTHER + "\r\n")), null))
                .containsExactly(USER, OTHER);
    }

    // ---- separators

    @ParameterizedTest
    @ValueSource(strings = {"a@x.org b@x.org", "A@B@x.org", "A <a@x.org> B <b@x.org>", "Ann a@x.org"})
    void aMissingSeparatorIsAnErrorThatNamesItsPlace(String text) {
        assertThatThrownBy(() -> recipients(Map.of("Cc", text), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header Cc: address 1: there ");
        assertThatThrownBy(() -> recipients(Map.of(), text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("option to: address 1: there ");
        assertThatThrownBy(() -> recipients(Map.of(MailConstants.ENVELOPE_RECIPIENTS, List.of(text)), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header " + MailConstants.ENVELOPE_RECIPIENTS);
    }

    // ---- several values

    @Test
    void arraysAndCollectionsAreListsOfAddresses() throws IOException {
        String[] array = {USER, "Bob <" + OTHER + ">", null, " "};
        assertThat(recipients(Map.of("To", array), null)).containsExactly(USER, OTHER);
        assertThat(recipients(Map.of("Bcc", Arrays.asList(array)), null)).containsExactly(USER, OTHER);
        assertThat(recipients(Map.of(MailConstants.ENVELOPE_RECIPIENTS, new String[] {USER, OTHER}), null))
                .containsExactly(USER, OTHER);
        assertThat(recipients(Map.of("To", USER.getBytes(StandardCharsets.US_ASCII)), null))
                .containsExactly(USER);
        assertThat(recipients(Map.of("To", new String[0]), OTHER)).containsExactly(OTHER);
        ParsedMail mail = arrived("useHeaderRecipients=true&sendHeaders=X-*", exchange -> {
            exchange.getMessage().setHeader("To", new String[] {USER});
            exchange.getMessage().setHeader("Cc", array);
            exchange.getMessage().setHeader("X-Numbers", new int[] {7, 8});
        });
        assertThat(mail.headers().value("Cc")).contains(USER + ", Bob <" + OTHER + ">");
        assertThat(mail.headers().all("X-Numbers"))
                .extracting(field -> field.value())
                .containsExactly("7", "8");
    }

    // ---- names

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withAnAsteriskHeadersThatCannotBeFieldsStayBehind(boolean isRelayed) throws IOException {
        ParsedMail mail = arrived("sendHeaders=*&to=" + USER, exchange -> {
            exchange.getMessage().setBody(isRelayed ? mail() : "hello");
            exchange.getMessage().setHeader("bad name", "1");
            exchange.getMessage().setHeader("a:b", "2");
            exchange.getMessage().setHeader("sch\u00f6n", "3");
            exchange.getMessage().setHeader("x".repeat(100), "4");
            exchange.getMessage().setHeader("X-Good", "5");
            exchange.getMessage().setHeader("X-Future", new CompletableFuture<>());
            exchange.getMessage().setHeader("X-Some", List.of(new CompletableFuture<>(), "6"));
        });
        assertThat(mail.headers().value("X-Good")).contains("5");
        assertThat(mail.headers().value("X-Some")).contains("6");
        assertThat(mail.headers().value("X-Future")).isEmpty();
        assertThat(mail.headers().names())
                .allMatch(name -> name.matches("[A-Za-z-]{1,40}"))
                .doesNotContain("a");
    }

    // ---- what is hung on a received mail

    @Test
    void whatARouteHangsOnAReceivedMailIsLeftOutWithOneWarning() throws IOException {
        try (CapturedLog log = new CapturedLog(RelayedMail.class)) {
            ParsedMail mail = arrived("to=" + USER, exchange -> {
                exchange.getMessage().setBody(mail());
                AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
                message.addAttachment("bill\n.pdf", new DataHandler("x", "text/plain"));
                message.addAttachment("terms.pdf", new DataHandler("y", "text/plain"));
                exchange.getMessage().setHeader("CamelMailAlternativeBody", "plain");
            });
            assertThat(mail.attachments()).isEmpty();
            assertThat(log.warnings()).hasSize(1);
            assertThat(log.warnings().get(0))
                    .contains(
                            "the attachment bill_.pdf",
                            "the attachment terms.pdf",
                            "CamelMailAlternativeBody",
                            "set another body");
        }
        try (CapturedLog log = new CapturedLog(RelayedMail.class)) {
            arrived("to=" + USER, exchange -> exchange.getMessage().setBody(mail()));
            assertThat(log.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyAttachmentsThatAreNotInTheMailAreMissed(boolean asOctets) throws IOException {
        String raw = "Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
                + "Content-Type: application/x; name=%s\r\n\r\nx\r\n--b--\r\n";
        for (boolean isOther : new boolean[] {false, true}) {
            try (CapturedLog log = new CapturedLog(RelayedMail.class)) {
                ParsedMail mail = arrived("to=" + USER, exchange -> {
                    MailMessage message = mapped(exchange, raw.formatted("own.bin"));
                    exchange.setMessage(message);
                    if (isOther) {
                        AttachmentMessage other =
                                new DefaultAttachmentMessage(mapped(exchange, raw.formatted("other.bin")));
                        exchange.getMessage(AttachmentMessage.class)
                                .addAttachmentObject("other.bin", other.getAttachmentObject("other.bin"));
                    }
                    assertThat(exchange.getMessage(AttachmentMessage.class).getAttachmentNames())
                            .contains("own.bin");
                    message.setBody(asOctets ? message.getMail().octets().toByteArray() : message.getMail());
                    message.setHeader("Content-Type", "message/rfc822");
                });
                assertThat(mail.attachments()).hasSize(1);
                assertThat(log.warnings()).hasSize(isOther ? 1 : 0).allMatch(line -> line.contains("other.bin"));
            }
        }
    }

    private MailMessage mapped(Exchange exchange, String raw) {
        return new MailMessage(
                exchange,
                Mail.of(Octets.of(raw.getBytes(StandardCharsets.US_ASCII))),
                Map.of(),
                new MailHeaderMapping(new MailHeaderFilterStrategy(), false),
                true);
    }

    // ---- several authors

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofSeveralAuthorsTheFirstIsTheSenderUnlessAnotherOneIsNamed(boolean isRelayed) throws IOException {
        for (String agent : new String[] {null, "office@x.test"}) {
            ParsedMail mail = arrived("useHeaderFrom=true&to=" + USER, exchange -> {
                exchange.getMessage().setBody(isRelayed ? mail() : "hello");
                exchange.getMessage().setHeader("From", List.of("Ann <a@x.test>", "bob@x.test"));
                exchange.getMessage().setHeader("Sender", agent);
            });
            assertThat(mail.headers().value("From")).contains("Ann <a@x.test>, bob@x.test");
            assertThat(mail.headers().value("Sender")).contains(agent == null ? "Ann <a@x.test>" : agent);
            assertThat(mail.headers().value("Return-Path")).contains("<a@x.test>");
        }
        ParsedMail one = arrived("from=a@x.test&to=" + USER, exchange -> {});
        assertThat(one.headers().value("Sender")).isEmpty();
    }
}
