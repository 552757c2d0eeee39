package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailDeliveryException;
import io.mailproto.component.MailHeaderFilterStrategy;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailMessage;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.component.MailPartialException;
import io.mailproto.component.MailPermanentException;
import io.mailproto.component.MailTransientException;
import io.mailproto.component.outbound.RelayMode;
import io.mailproto.spool.Octets;
import io.mailproto.testing.GreenMailPeer;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.wire.TlsMode;
import jakarta.activation.DataHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.ObjectHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SmtpProducerTest {
    private static final String USER = "alice@example.test";

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    private static final String HELLO = """
            S: 220 mx
            C~ EHLO .*
            S: 250 mx
            """;

    private DefaultCamelContext context;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws IOException {
        GREENMAIL.purge();
        context = new DefaultCamelContext();
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private static String greenMail() {
        return "smtp:" + GREENMAIL.smtp();
    }

    private Exchange send(String uri, Processor processor) {
        return template.send(uri, processor);
    }

    private Exchange send(String uri, Object body, Map<String, Object> headers) {
        return send(uri, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    /** What arrived, without the trace fields the server put in front. */
    private static String arrived() throws IOException {
        List<byte[]> messages = GREENMAIL.messages(USER);
        assertThat(messages).hasSize(1);
        return new String(messages.get(0), StandardCharsets.UTF_8);
    }

    // ---- composing

    @Test
    void composesATextWithOptionsAndReportsTheResult() throws IOException {
        Exchange exchange = send(
                greenMail() + "?to=" + USER + "&cc=bob@example.test&bcc=carol@example.test&from=ann@example.com"
                        + "&subject=Gr%C3%BC%C3%9Fe&replyTo=desk@example.com&sendHeaders=X-Extra",
                "Hällo",
                Map.of("X-Extra", "yes", "CamelSecret", "no", "To", "evil@example.test", "Subject", "header"));

        assertThat(exchange.getException()).isNull();
        String mail = arrived();
        assertThat(mail)
                .contains("From: ann@example.com", "To: " + USER, "Cc: bob@example.test", "Reply-To: desk@example.com")
                .contains("Subject: =?UTF-8?", "X-Extra: yes", "MIME-Version: 1.0")
                .doesNotContain("carol@")
                .doesNotContain("evil@")
                .doesNotContain("Secret")
                .doesNotContain("header");
        assertThat(GREENMAIL.messages("carol@example.test")).hasSize(1);
        assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_CODE)).isEqualTo(250);
        assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_REPLY, String.class))
                .startsWith("250 ");
        assertThat(exchange.getMessage()
                        .getHeader(MailConstants.RECIPIENT_RESULTS)
                        .toString())
                .contains(USER, "bob@example.test", "carol@example.test");
        assertThat(mail).contains(exchange.getMessage().getHeader(MailConstants.MESSAGE_ID, String.class));
    }

    @ParameterizedTest
    @CsvSource({
        // option, useHeader, header, envelope sender, expected
        "opt@x.test, false, head@x.test, env@x.test, opt@x.test",
        "opt@x.test, true, head@x.test, env@x.test, head@x.test",
        "'', true, head@x.test, env@x.test, head@x.test",
        "'', false, head@x.test, env@x.test, env@x.test",
        "'', false, head@x.test, '', camel@localhost"
    })
    void takesTheSenderFromOptionHeaderOrEnvelope(
            String option, boolean useHeader, String header, String envelope, String expected) throws IOException {
        Map<String, Object> headers = new HashMap<>(Map.of("From", header));
        if (!envelope.isEmpty()) {
            headers.put(MailConstants.ENVELOPE_SENDER, envelope);
        }
        String from = option.isEmpty() ? "" : "&from=" + option;
        Exchange exchange = send(greenMail() + "?to=" + USER + "&useHeaderFrom=" + useHeader + from, "x", headers);
        assertThat(exchange.getException()).isNull();
        assertThat(arrived()).contains("Return-Path: <" + expected + ">", "From: " + expected);
    }

    @ParameterizedTest
    @CsvSource({
        "alice, false, bob, carol, alice",
        "alice, true, bob, carol, bob",
        "alice, true, '', carol, alice",
        "'', true, bob, carol, bob",
        "'', false, bob, carol, carol",
        "'', true, '', carol, carol"
    })
    void takesTheRecipientsFromOptionHeaderOrEnvelope(
            String option, boolean useHeader, String header, String envelope, String expected) throws IOException {
        Map<String, Object> headers = new HashMap<>();
        if (!header.isEmpty()) {
            headers.put("To", header + "@example.test");
        }
        headers.put(MailConstants.ENVELOPE_RECIPIENTS, List.of("<" + envelope + "@example.test>"));
        String to = option.isEmpty() ? "" : "&to=" + option + "@example.test";
        Exchange exchange = send(greenMail() + "?useHeaderRecipients=" + useHeader + to, "x", headers);
        assertThat(exchange.getException()).isNull();
        for (String user : List.of("alice", "bob", "carol")) {
            assertThat(GREENMAIL.messages(user + "@example.test")).hasSize(user.equals(expected) ? 1 : 0);
        }
    }

    @Test
    void saysWhereRecipientsCouldComeFromWhenThereAreNone() {
        assertThat(send(greenMail(), "x", Map.of("To", USER)).getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("useHeaderRecipients is false");
        assertThat(send(greenMail() + "?sendHeaders=X-*&to=" + USER, "x", Map.of("X-Bad", "a\r\nBcc: eve@example.com"))
                        .getException())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void composesHtmlWithAlternativeAndAttachmentsOfEveryKind() throws IOException {
        Exchange exchange = send(greenMail() + "?to=" + USER + "&contentType=text/html", ex -> {
            AttachmentMessage message = ex.getMessage(AttachmentMessage.class);
            message.setBody("<b>hi</b>");
            message.setHeader("CamelMailAlternativeBody", "plain hi");
            message.addAttachment("a.txt", new DataHandler("object text", "text/plain"));
            message.addAttachment("b.bin", new DataHandler(new byte[] {1, 2, 3}, "application/octet-stream"));
            message.addAttachment(
                    "c.csv",
                    new DataHandler(new ByteArrayInputStream("a;b".getBytes(StandardCharsets.US_ASCII)), "text/csv"));
        });
        assertThat(exchange.getException()).isNull();
        assertThat(arrived())
                .contains("multipart/mixed", "multipart/alternative", "plain hi", "<b>hi</b>")
                .contains("a.txt", "object text", "b.bin", "AQID", "c.csv", "a;b");
    }

    // ---- relaying

    private static final String RAW =
            "Received: from x by y\r\nsubject:  =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nFrom: a@x.test\r\n"
                    + "X-Folded: one\r\n two\r\n\r\n.dot\r\n..dots\r\n\u00e4 raw\r\n";

    private static Octets raw() {
        return Octets.of(RAW.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Processor received(Processor change) {
        return exchange -> {
            MailMessage message = new MailMessage(
                    exchange,
                    Mail.of(raw()),
                    Map.of(
                            MailConstants.ENVELOPE_SENDER,
                            "",
                            MailConstants.ENVELOPE_RECIPIENTS,
                            List.of("bob@example.org")),
                    new MailHeaderMapping(new MailHeaderFilterStrategy(), true),
                    false);
            exchange.setMessage(message);
            change.process(exchange);
        };
    }

    /** A server that takes one message and checks each octet of it. */
    private static String taking(String message) {
        StringBuilder script = new StringBuilder(HELLO.replace("S: 250 mx", "S: 250-mx\nS: 250 8BITMIME"));
        script.append(
                "C: MAIL FROM:<> BODY=8BITMIME\nS: 250 ok\nC: RCPT TO:<bob@example.org>\nS: 250 ok\nC: DATA\nS: 354 ok\n");
        for (String line : message.split("\r\n", -1)) {
            script.append("C: ")
                    .append(line.startsWith(".") ? "." : "")
                    .append(line.replace("\u00e4", "\\xE4"))
                    .append('\n');
        }
        return script.substring(0, script.length() - 4) + "C: .\nS: 250 2.0.0 queued as 42\n";
    }

    @ParameterizedTest
    @EnumSource(RelayMode.class)
    void relaysAMailOctetForOctet(RelayMode mode) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(taking(RAW))) {
            Exchange exchange = send("smtp:" + server.address() + "?relay=" + mode, received(ex -> {
                ex.getMessage().removeHeader("Received");
                ex.getMessage().setHeader("X-New", "of the route");
                ex.getMessage().getHeader("Subject");
                if (mode == RelayMode.VERBATIM) {
                    ex.getMessage().setHeader("Subject", "changed, but verbatim");
                }
            }));
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_QUEUE_ID))
                    .isEqualTo("2.0.0 queued as 42");
            assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_ENHANCED_CODE))
                    .isEqualTo("2.0.0");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void rewritesOnlyTheFieldThatTheRouteHasChanged() throws IOException {
        String changed = RAW.replace("subject:  =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "Subject: new words");
        try (ScriptedPeer server =
                ScriptedPeer.serving(taking(changed).replace("C: Subject: new", "C~ (?i)subject: new"))) {
            Exchange exchange = send("smtp:" + server.address(), received(ex -> {
                assertThat(ex.getMessage().getHeader("Subject")).isEqualTo("Grüße");
                ex.getMessage().setHeader("Subject", "new words");
            }));
            assertThat(exchange.getException()).isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void relaysOctetsThatAreCalledAMail() throws IOException {
        byte[] octets = RAW.getBytes(StandardCharsets.ISO_8859_1);
        for (Object body : List.of(octets, new ByteArrayInputStream(octets))) {
            try (ScriptedPeer server = ScriptedPeer.serving(taking(RAW))) {
                Exchange exchange = send(
                        "smtp:" + server.address(),
                        body,
                        Map.of(
                                Exchange.CONTENT_TYPE, "message/rfc822",
                                MailConstants.ENVELOPE_SENDER, "<>",
                                MailConstants.ENVELOPE_RECIPIENTS, "bob@example.org"));
                assertThat(exchange.getException()).isNull();
                server.assertPlayedToTheEnd();
            }
        }
    }

    // ---- failures

    private static final String TRANSACTION = """
            C: MAIL FROM:<camel@localhost>
            S: 250 ok
            C: RCPT TO:<a@example.org>
            S: 250 ok
            """;

    private static final String BODY = """
            C: DATA
            S: 354 ok
            C~ Date: .*
            C~ From: .*
            C~ To: .*
            C~ Message-ID: .*
            C~ MIME-Version: .*
            C~ Content-Type: .*
            C~ Content-Transfer-Encoding: .*
            C:
            C: x
            C: .
            """;

    @Test
    void reachesOnlyTheRestInARedelivery() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO + TRANSACTION + """
                C: RCPT TO:<b@example.org>
                S: 450 4.2.0 later
                C: RCPT TO:<c@example.org>
                S: 250 ok
                """ + BODY + """
                S: 250 first
                C: MAIL FROM:<camel@localhost>
                S: 250 ok
                C: RCPT TO:<b@example.org>
                S: 250 ok
                """ + BODY + """
                S: 250 second
                """)) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(MailPartialException.class)
                            .maximumRedeliveries(2)
                            .redeliveryDelay(0);
                    from("direct:in").to("smtp:" + server.address() + "?to=a@example.org,b@example.org,c@example.org");
                }
            });
            Exchange exchange = send("direct:in", "x", Map.of());
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_REPLY))
                    .isEqualTo("250 second");
            assertThat(exchange.getProperty(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY))
                    .isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void tellsThePartOfAPartialFailure() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO + TRANSACTION + """
                C: RCPT TO:<b@example.org>
                S: 550 5.1.1 no such user
                """ + BODY + """
                S: 250 ok
                """)) {
            Exchange exchange = send("smtp:" + server.address() + "?to=a@example.org,b@example.org", "x", Map.of());
            assertThat(exchange.getException()).isInstanceOfSatisfying(MailPartialException.class, partial -> {
                assertThat(partial.isTransient()).isFalse();
                assertThat(partial.fate()).isEqualTo("accepted for a@example.org; refused for b@example.org");
                assertThat(partial.getMessage()).contains("<b@example.org> 550 5.1.1 no such user");
            });
            assertThat(exchange.getProperty(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY)
                            .toString())
                    .contains("a@example.org")
                    .doesNotContain("b@example.org]");
        }
    }

    @Test
    void keepsTheKindsOfFailureApart() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(
                HELLO + "C: MAIL FROM:<camel@localhost>\nS: 451 4.3.0 later\nC: QUIT\n",
                HELLO + "C: MAIL FROM:<camel@localhost>\nS: 550 5.7.1 never\nC: QUIT\n",
                HELLO + TRANSACTION + BODY + "-- close\n")) {
            String uri = "smtp:" + server.address() + "?to=a@example.org&maxIdleConnections=0";
            assertThat(send(uri, "x", Map.of()).getException())
                    .isInstanceOf(MailTransientException.class)
                    .hasMessageContaining("451 4.3.0 later; no message was sent");
            assertThat(send(uri, "x", Map.of()).getException())
                    .isInstanceOf(MailPermanentException.class)
                    .hasMessageContaining("550 5.7.1 never");
            assertThat(send(uri, "x", Map.of()).getException())
                    .isInstanceOf(MailOutcomeUnknownException.class)
                    .hasMessageEndingWith("the message may have been delivered");
        }
    }

    @Test
    void keepsAConnectionAndReplacesItOnceWhenTheServerHasLeftIt() throws IOException {
        String one = HELLO + TRANSACTION + BODY + "S: 250 one\n" + TRANSACTION + BODY + "S: 250 two\n-- close\n";
        String two = HELLO + TRANSACTION + BODY + "S: 250 three\nC~ MAIL .*\nS: 421 idle for too long\n-- close\n";
        String three = HELLO + TRANSACTION + BODY + "S: 250 four\n";
        try (ScriptedPeer server = ScriptedPeer.serving(one, two, three)) {
            for (String answer : List.of("one", "two", "three", "four")) {
                Exchange exchange = send("smtp:" + server.address() + "?to=a@example.org", "x", Map.of());
                assertThat(exchange.getException()).isNull();
                assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_REPLY))
                        .isEqualTo("250 " + answer);
            }
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void namesAnUnknownHostAndARefusedConnectionAndWorksAgainWhenThePeerDoes() throws IOException {
        assertThat(send("smtp:no-such-host.invalid?to=a@example.org", "x", Map.of())
                        .getException())
                .isInstanceOf(MailTransientException.class)
                .hasMessageContaining("no-such-host.invalid:25: connecting: the host name is unknown");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThat(send("smtp:127.0.0.1:" + port + "?to=a@example.org", "x", Map.of())
                        .getException())
                .isInstanceOf(MailTransientException.class)
                .hasMessageContaining("the connection was refused");
        try (ScriptedPeer server = ScriptedPeer.serving("S: garbage\n", HELLO + TRANSACTION + BODY + "S: 250 ok\n")) {
            String uri = "smtp:" + server.address() + "?to=a@example.org";
            assertThat(send(uri, "x", Map.of()).getException()).hasMessageContaining("got \"garbage\"");
            assertThat(send(uri, "x", Map.of()).getException()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TestCertificates.Kind.class,
            names = {"EXPIRED", "FOREIGN"})
    void namesThreeWaysOutWhenTheCertificateIsRefused(TestCertificates.Kind kind) throws IOException {
        try (ScriptedPeer server =
                ScriptedPeer.serving(Pace.WHOLE, TestCertificates.server(kind), "-- tls refused\n")) {
            Throwable failure = send("smtps:" + server.address() + "?to=a@example.org", "x", Map.of())
                    .getException();
            assertThat(failure)
                    .isInstanceOf(MailPermanentException.class)
                    .hasMessageContaining("sslContextParameters")
                    .hasMessageContaining("hostnameVerification=false")
                    .hasMessageContaining("trustAllCertificates=true");
        }
    }

    @Test
    void tellsThatThePasswordIsWrongWithoutShowingIt() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 mx
                C~ EHLO .*
                S: 250-mx
                S: 250 AUTH PLAIN
                C~ AUTH PLAIN .*
                S: 535 5.7.8 no
                C: QUIT
                """)) {
            Throwable failure = send(
                            "smtp:" + server.address() + "?to=a@example.org&username=ann&password=hushhush",
                            "x",
                            Map.of())
                    .getException();
            assertThat(failure).isInstanceOf(MailPermanentException.class).hasMessageContaining("535 5.7.8 no");
            assertThat(failure.toString() + failure.getCause()).doesNotContain("hushhush");
            assertThat(((MailDeliveryException) failure).step()).isEqualTo("authenticating");
        }
    }

    // ---- options

    @ParameterizedTest
    @CsvSource({
        "'smtp:mail.example.org?to=a@b.test&tls=none&username=u&password=p', allowPlaintextLogin=true",
        "'smtp:mail.example.org?to=a@b.test&username=u', 'username is set, but no password'",
        "'smtp:mail.example.org?to=a@b.test&username=u&password=p&authMechanisms=nonsense', 'PLAIN, LOGIN'",
        "'smtp:mail.example.org?to=a@b.test&ehloName=a b', domain",
        "'smtp:mail.example.org?to=a@b.test&bareLineEnding=accept', 'normalize or reject'"
    })
    void refusesOptionsThatMakeNoSenseWhenItStarts(String uri, String told) {
        Throwable failure =
                catchThrowable(() -> context.getEndpoint(uri).createProducer().start());
        assertThat(ObjectHelper.getException(IllegalArgumentException.class, failure))
                .isNotNull()
                .hasMessageContaining(told);
    }

    @Test
    void refusesAnUnknownOptionAndTakesOutWhatMeansNothing() throws Exception {
        assertThatThrownBy(() -> context.getEndpoint("smtp:localhost?nonsense=1"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining("nonsense");
        assertThatThrownBy(() -> context.getEndpoint("smtp:localhost?mail.smtp.ssl.trust=*"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining("trustAllCertificates");
        SmtpEndpoint endpoint = context.getEndpoint(
                "smtp:localhost?delay=5s&unseen=true&mail.smtp.auth.mechanisms=LOGIN&mail.smtp.localhost=me.test",
                SmtpEndpoint.class);
        assertThat(endpoint.getConfiguration().getAuthMechanisms()).isEqualTo("LOGIN");
        assertThat(endpoint.getConfiguration().getEhloName()).isEqualTo("me.test");
        SmtpEndpoint required = context.getEndpoint(
                "smtp:localhost?mail.smtp.starttls.enable=true&mail.smtp.starttls.required=true", SmtpEndpoint.class);
        assertThat(required.getConfiguration().tlsMode(false)).isEqualTo(TlsMode.STARTTLS);
        SmtpEndpoint implicit =
                context.getEndpoint("smtps:localhost?mail.smtps.starttls.required=true", SmtpEndpoint.class);
        assertThat(implicit.getConfiguration().tlsMode(true)).isEqualTo(TlsMode.IMPLICIT);
        for (String alias : List.of("mailproto-smtp:localhost", "mailproto-smtps:localhost", "smtps:localhost")) {
            SmtpEndpoint other = context.getEndpoint(alias, SmtpEndpoint.class);
            assertThat(other.isImplicitTls()).isEqualTo(alias.contains("smtps"));
            assertThat(other.getConfiguration().getPort()).isEqualTo(alias.contains("smtps") ? 465 : 25);
        }
    }
}
