package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailHeaderFilterStrategy;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailMessage;
import io.mailproto.component.MailPartialException;
import io.mailproto.component.outbound.MailIdentity;
import io.mailproto.component.outbound.OutboundAddresses;
import io.mailproto.spool.Octets;
import io.mailproto.testing.ScriptedPeer;
import jakarta.activation.DataHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A redelivery reaches only those who have not got the mail; another mail of the same exchange reaches everybody. */
class SmtpRedeliveryTest {

    private static final String HELLO = "S: 220 mx\nC~ EHLO .*\nS: 250 mx\n";

    private DefaultCamelContext context;

    @BeforeEach
    void start() {
        context = new DefaultCamelContext();
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    /** The commands of a mail to these, each with the reply behind a blank. */
    private static String mailTo(String... recipients) {
        StringBuilder text = new StringBuilder("C: MAIL FROM:<camel@localhost>\nS: 250 ok\n");
        for (String recipient : recipients) {
            String[] parts = recipient.split(" ", 2);
            text.append("C: RCPT TO:<").append(parts[0]).append("@example.org>\nS: ");
            text.append(parts.length > 1 ? parts[1] : "250 ok").append('\n');
        }
        return text.toString();
    }

    /** A mail that is taken, with these fields (as patterns) between From and Message-ID. */
    private static String taken(String body, String... fields) {
        StringBuilder text = new StringBuilder("C: DATA\nS: 354 ok\nC~ Date: .*\nC~ From: .*\n");
        for (String field : fields) {
            text.append("C~ ").append(field).append('\n');
        }
        return text + "C~ Message-ID: .*\nC~ MIME-Version: .*\nC~ Content-Type: .*\nC~ Content-Transfer-Encoding: .*\n"
                + "C:\nC: " + body + "\nC: .\nS: 250 taken\n";
    }

    private static String uri(ScriptedPeer server) {
        return "smtp:" + server.address() + "?useHeaderRecipients=true&useHeaderSubject=true";
    }

    private Exchange send(Object body, Map<String, Object> headers) {
        return context.createProducerTemplate().send("direct:in", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    private static Message message(DefaultCamelContext context, String body, String recipient) {
        Message message = new DefaultMessage(context);
        message.setBody(body);
        message.setHeader(MailConstants.ENVELOPE_RECIPIENTS, List.of(recipient));
        return message;
    }

    private static final Map<String, Object> BOTH = Map.of("To", "a@example.org, b@example.org");

    private static final String PARTIAL = HELLO + mailTo("a", "b 550 5.1.1 no such user") + taken("x", "To: .*");
    private static final String REPORT = mailTo("a") + taken("x", "To: .*", "Subject: report");

    @Test
    void aReportFromTheErrorHandlerReachesWhoHasTheFirstMail() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(PARTIAL + REPORT)) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(MailPartialException.class)
                            .handled(true)
                            .setHeader("Subject", constant("report"))
                            .setHeader("To", constant("a@example.org"))
                            .to(uri(server));
                    from("direct:in").to(uri(server));
                }
            });
            Exchange exchange = send("x", BOTH);
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getProperty(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY))
                    .isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aSecondMailAfterACaughtFailureReachesWhoHasTheFirst() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(PARTIAL + mailTo("a") + taken("y", "To: .*"))) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .doTry()
                            .to(uri(server))
                            .doCatch(MailPartialException.class)
                            .setHeader("To", constant("a@example.org"))
                            .end()
                            .setBody(constant("y"))
                            .to(uri(server));
                }
            });
            assertThat(send("x", BOTH).getException()).isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void theSameMailIsNotSentAgainToWhoHasIt() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(PARTIAL)) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .doTry()
                            .to(uri(server))
                            .doCatch(MailPartialException.class)
                            .setHeader("To", constant("a@example.org"))
                            .to(uri(server))
                            .end();
                }
            });
            assertThat(send("x", BOTH).getException()).isNull();
            server.assertPlayedToTheEnd();
        }
    }

    /** The two differ in the port only, and an address follows it in the URI. */
    @Test
    void anotherServerOnTheSameHostGetsTheWholeMail() throws Exception {
        try (ScriptedPeer first = ScriptedPeer.serving(PARTIAL);
                ScriptedPeer second = ScriptedPeer.serving(HELLO + mailTo("a", "b") + taken("x", "To: .*"))) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .doTry()
                            .to("smtp:" + first.address() + "?to=a@example.org,b@example.org")
                            .doCatch(MailPartialException.class)
                            .end()
                            .to("smtp:" + second.address() + "?to=a@example.org,b@example.org");
                }
            });
            assertThat(send("x", Map.of()).getException()).isNull();
            first.assertPlayedToTheEnd();
            second.assertPlayedToTheEnd();
        }
    }

    @Test
    void aRedeliveryReachesTheRestAlsoWhenOnRedeliveryCounts() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                HELLO + mailTo("a", "b 450 later") + taken("x", "To: .*") + mailTo("b") + taken("x", "To: .*"))) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(MailPartialException.class)
                            .maximumRedeliveries(1)
                            .redeliveryDelay(0)
                            .onRedelivery(exchange -> exchange.getMessage().setHeader("attempt", 2));
                    from("direct:in").to(uri(server));
                }
            });
            assertThat(send("x", BOTH).getException()).isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void anotherListReachesWhoHasAMailOfTheFirst() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO
                + mailTo("a")
                + taken("x")
                + mailTo("b 550 5.1.1 no such user")
                + "C: RSET\nS: 250 ok\n"
                + mailTo("a")
                + taken("report"))) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(MailPartialException.class)
                            .handled(true)
                            .process(exchange ->
                                    exchange.getMessage().setBody(List.of(message(context, "report", "a@example.org"))))
                            .to(uri(server));
                    from("direct:in").to(uri(server));
                }
            });
            Object list = List.of(message(context, "x", "a@example.org"), message(context, "x", "b@example.org"));
            assertThat(send(list, Map.of()).getException()).isNull();
            server.assertPlayedToTheEnd();
        }
    }

    // ---- what makes a mail the one it is

    private static MailIdentity identity(Exchange exchange) throws IOException {
        SmtpConfiguration configuration = new SmtpConfiguration();
        configuration.setTo("a@example.org");
        return MailIdentity.of(exchange, OutboundAddresses.of(exchange.getMessage(), configuration), configuration);
    }

    private Exchange exchange(Message message) {
        Exchange exchange = new DefaultExchange(context);
        exchange.setIn(message);
        return exchange;
    }

    @ParameterizedTest
    @CsvSource({
        "Subject,false",
        "Reply-To,false",
        "Content-Type,false",
        "CamelMailAlternativeBody,false",
        "List-Id,false",
        "To,true",
        "attempt,true",
        "CamelMailResultReply,true"
    })
    void fieldsMakeTheMailButNotItsRecipientsNorOtherHeaders(String header, boolean isSame) throws IOException {
        Message message = new DefaultMessage(context);
        message.setBody("x");
        MailIdentity before = identity(exchange(message));
        message.setHeader(header, "changed@example.org");
        assertThat(identity(exchange(message)).isSame(before)).isEqualTo(isSame);
    }

    @Test
    void theBodyMakesTheMail() throws IOException {
        assertSame(true, message -> message.setBody("x"), message -> message.setBody(new StringBuilder("x")));
        assertSame(false, message -> message.setBody("x"), message -> message.setBody("y"));
        assertSame(true, message -> message.setBody(new byte[] {1}), message -> message.setBody(new byte[] {1}));
        assertSame(false, message -> message.setBody(new byte[] {1}), message -> message.setBody(new byte[] {2}));
    }

    private void assertSame(boolean isSame, Consumer<Message> one, Consumer<Message> other) throws IOException {
        Message first = new DefaultMessage(context);
        one.accept(first);
        Message second = new DefaultMessage(context);
        other.accept(second);
        assertThat(identity(exchange(first)).isSame(identity(exchange(second)))).isEqualTo(isSame);
    }

    @Test
    void attachmentsMakeTheMailAndACopyIsTheSame() throws IOException {
        byte[] octets =
                ("From: c@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n"
                                + "Content-Type: a/b\r\nContent-Disposition: attachment; filename=f\r\n\r\ny\r\n--b--\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        Exchange received = new DefaultExchange(context);
        received.setIn(new MailMessage(
                received,
                Mail.of(Octets.of(octets)),
                Map.of(),
                new MailHeaderMapping(new MailHeaderFilterStrategy(), true),
                true));
        Exchange copy = received.copy();
        MailIdentity before = identity(received);
        assertThat(received.getMessage(AttachmentMessage.class).getAttachmentNames())
                .containsExactly("f");
        assertThat(identity(copy).isSame(before)).isTrue();

        copy.getMessage(AttachmentMessage.class).addAttachment("g", new DataHandler("z", "text/plain"));
        assertThat(identity(copy).isSame(before)).isFalse();
    }
}
