package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MailDeliveryException;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.component.MailPartialException;
import io.mailproto.component.MailPermanentException;
import io.mailproto.component.MailTransientException;
import io.mailproto.sasl.TokenSupplier;
import io.mailproto.testing.ScriptedPeer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the producer does with its connections, beside sending one mail: questions, sharing, limits, lists, redelivery. */
class SmtpProducerConnectionsTest {
    private static final String HELLO = """
            S: 220 mx
            C~ EHLO .*
            S: 250 mx
            """;

    private DefaultCamelContext context;
    private ProducerTemplate template;

    @BeforeEach
    void start() {
        context = new DefaultCamelContext();
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private Exchange send(String uri, Object body, Map<String, Object> headers) {
        return template.send(uri, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    /** A mail from camel@localhost with the text x. */
    private static String mailTo(String... recipients) {
        StringBuilder text = new StringBuilder("C: MAIL FROM:<camel@localhost>\nS: 250 ok\n");
        for (String recipient : recipients) {
            String[] parts = recipient.split(" ", 2);
            text.append("C: RCPT TO:<").append(parts[0]).append("@example.org>\nS: ");
            text.append(parts.length > 1 ? parts[1] : "250 ok").append('\n');
        }
        return text.toString();
    }

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

    // ---- questions

    @Test
    void asksByOptionAndByHeader() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO + """
                C: VRFY ann
                S: 252 2.5.0 cannot say
                C: EXPN staff
                S: 250-ann@example.com
                S: 250 bob@example.com
                C: HELP MAIL
                S: 214 read RFC 5321
                C: HELP
                S: 502 5.5.1 no
                C: NOOP
                S: 250 2.0.0 here
                C: VRFY eve
                S: 550 5.1.1 nobody
                """)) {
            String uri = "smtp:" + server.address();
            Exchange verified = send(uri + "?operation=verify", "ann", Map.of());
            assertThat(verified.getException()).isNull();
            assertThat(verified.getMessage().getHeader(MailConstants.RESULT_CODE))
                    .isEqualTo(252);
            assertThat(verified.getMessage().getHeader(MailConstants.RESULT_ENHANCED_CODE))
                    .isEqualTo("2.5.0");
            assertThat(send(uri, "staff", Map.of(MailConstants.SMTP_OPERATION, "expand"))
                            .getMessage()
                            .getBody())
                    .isEqualTo("ann@example.com\nbob@example.com");
            assertThat(send(uri + "?operation=help", "MAIL", Map.of())
                            .getMessage()
                            .getBody())
                    .isEqualTo("read RFC 5321");
            assertThat(send(uri + "?operation=help", null, Map.of())
                            .getMessage()
                            .getHeader(MailConstants.RESULT_CODE))
                    .isEqualTo(502);
            assertThat(send(uri + "?operation=verify", "x", Map.of(MailConstants.SMTP_OPERATION, "noop"))
                            .getMessage()
                            .getHeader(MailConstants.RESULT_REPLY))
                    .isEqualTo("250 2.0.0 here");
            assertThat(send(uri + "?operation=verify", "eve", Map.of()).getException())
                    .as("a refusal is an answer")
                    .isNull();
            server.assertPlayedToTheEnd();
            assertThat(server.connections()).as("all of them share one").isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\r\nRSET", "a\nRSET", "a\rRSET", "a\0b", "a\u007fb", "a\u0085b", "a\u2028b", "瘍瘊RCPT", ""})
    void refusesWhatCannotBeAsked(String argument) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO + "C: NOOP\nS: 250 ok\n")) {
            String uri = "smtp:" + server.address();
            assertThat(send(uri + "?operation=verify", argument + (argument.isEmpty() ? "" : "x"), Map.of())
                            .getException())
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(send(uri + "?operation=noop", null, Map.of()).getException())
                    .isNull();
            assertThat(send(uri, "x", Map.of(MailConstants.SMTP_OPERATION, "delete"))
                            .getException())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(MailConstants.SMTP_OPERATION);
        }
    }

    @Test
    void failsWhenTheConversationEndsInsteadOfAnAnswer() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO + "C: VRFY ann\nS: 421 bye\n-- close\n")) {
            assertThat(send("smtp:" + server.address() + "?operation=verify", "ann", Map.of())
                            .getException())
                    .isInstanceOf(MailTransientException.class)
                    .hasMessageContaining("VRFY");
        }
    }

    // ---- sharing and limits

    @Test
    void sharesConnectionsAmongEndpointsThatDifferInTheMailOnly() throws IOException {
        String first = HELLO + mailTo("a") + BODY + "S: 250 one\n" + mailTo("b") + BODY + "S: 250 two\n";
        String other = """
                S: 220 mx
                C: EHLO other.example.com
                S: 250 mx
                """ + mailTo("a") + BODY + "S: 250 three\n";
        try (ScriptedPeer server = ScriptedPeer.serving(first, other)) {
            String uri = "smtp:" + server.address() + "?to=";
            assertThat(send(uri + "a@example.org", "x", Map.of()).getException())
                    .isNull();
            assertThat(send(uri + "b@example.org", "x", Map.of()).getException())
                    .isNull();
            assertThat(send(uri + "a@example.org&ehloName=other.example.com", "x", Map.of())
                            .getException())
                    .isNull();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void closesAConnectionAfterSoManyMails() throws IOException {
        String two =
                HELLO + mailTo("a") + BODY + "S: 250 one\n" + mailTo("a") + BODY + "S: 250 two\nC: QUIT\nS: 221 bye\n";
        try (ScriptedPeer server = ScriptedPeer.serving(two, two)) {
            for (int i = 0; i < 4; i++) {
                assertThat(send(
                                        "smtp:" + server.address() + "?to=a@example.org&maxMessagesPerConnection=2",
                                        "x",
                                        Map.of())
                                .getException())
                        .isNull();
            }
            server.assertPlayedToTheEnd();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void waitsForAConnectionOnlySoLong() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO + "C: VRFY slow\n-- wait 1s\nS: 252 done\n")) {
            String uri = "smtp:" + server.address() + "?operation=verify&poolSize=1&connectionTimeout=100";
            var slow = template.asyncSend(uri, exchange -> exchange.getMessage().setBody("slow"));
            org.awaitility.Awaitility.await().until(() -> server.connections() == 1);
            assertThat(send(uri, "x", Map.of()).getException())
                    .isInstanceOf(MailTransientException.class)
                    .hasMessageContaining("all 1 connections are in use");
            assertThat(slow.get(20, java.util.concurrent.TimeUnit.SECONDS).getException())
                    .isNull();
        }
    }

    // ---- one who hangs up

    @Test
    void sendsToTheOthersWhenTheServerHangsUpAtOne() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(
                HELLO + mailTo("a", "drop 521 5.7.1 go away") + "-- close\n",
                HELLO + mailTo("a", "b") + BODY + "S: 250 taken\n")) {
            Exchange exchange = send(
                    "smtp:" + server.address() + "?to=a@example.org,drop@example.org,b@example.org", "x", Map.of());
            assertThat(exchange.getException()).isInstanceOfSatisfying(MailPartialException.class, partial -> {
                assertThat(partial.fate())
                        .isEqualTo("accepted for a@example.org, b@example.org; refused for drop@example.org");
                assertThat(partial.isTransient()).isFalse();
            });
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void tellsWhoHasItFromAnEarlierAttemptWhenTheRedeliveryFails() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                HELLO + mailTo("a", "b 450 later") + BODY + "S: 250 first\n" + mailTo("b 550 5.1.1 never"))) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(MailDeliveryException.class)
                            .maximumRedeliveries(1)
                            .redeliveryDelay(0);
                    from("direct:in").to("smtp:" + server.address() + "?to=a@example.org,b@example.org");
                }
            });
            assertThat(send("direct:in", "x", Map.of()).getException())
                    .isInstanceOf(MailPermanentException.class)
                    .hasMessageContaining("550 5.1.1 never")
                    .hasMessageContaining("an earlier attempt was accepted for a@example.org");
            server.assertPlayedToTheEnd();
        }
    }

    // ---- lists

    private Message message(String body, String recipient) {
        Message message = new DefaultMessage(context);
        message.setBody(body);
        message.setHeader(MailConstants.ENVELOPE_RECIPIENTS, List.of(recipient));
        return message;
    }

    private Exchange part(String body, String recipient) {
        Exchange part = new DefaultExchange(context);
        part.setIn(message(body, recipient));
        return part;
    }

    private static final String BODY_WITHOUT_TO = BODY.replace("C~ To: .*\n", "");

    @Test
    void sendsAListAsSeveralMailsAndInARedeliveryOnlyTheRest() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO
                + mailTo("a")
                + BODY_WITHOUT_TO
                + "S: 250 a taken\n"
                + mailTo("b 450 later")
                + "C: RSET\nS: 250 ok\n"
                + mailTo("c")
                + BODY_WITHOUT_TO
                + "S: 250 c taken\n"
                + mailTo("b")
                + BODY_WITHOUT_TO
                + "S: 250 b taken\n")) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(MailPartialException.class)
                            .maximumRedeliveries(2)
                            .redeliveryDelay(0);
                    from("direct:in").to("smtp:" + server.address());
                }
            });
            Exchange b = part("x", "b@example.org");
            Exchange exchange =
                    send("direct:in", List.of(part("x", "a@example.org"), b, message("x", "c@example.org")), Map.of());
            assertThat(exchange.getException()).isNull();
            assertThat(b.getMessage().getHeader(MailConstants.RESULT_REPLY)).isEqualTo("250 b taken");
            assertThat(exchange.getProperty(MailConstants.ACCEPTED_RECIPIENTS_PROPERTY))
                    .isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void neverSendsAMailOfAListAgainThatMayHaveArrived() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                HELLO + mailTo("a") + BODY_WITHOUT_TO + "-- close\n",
                HELLO + mailTo("b") + BODY_WITHOUT_TO + "S: 250 b taken\n")) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(Exception.class).maximumRedeliveries(1).redeliveryDelay(0);
                    from("direct:in").to("smtp:" + server.address());
                }
            });
            Exchange exchange =
                    send("direct:in", List.of(message("x", "a@example.org"), message("x", "b@example.org")), Map.of());
            assertThat(exchange.getException()).hasMessageContaining("may have been delivered in an earlier attempt");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void failsLikeOneMailWhenThereIsNoServerForTheList() {
        assertThat(send("smtp:no-such-host.invalid", List.of(message("x", "a@example.org")), Map.of())
                        .getException())
                .isInstanceOf(MailTransientException.class)
                .isNotInstanceOf(MailOutcomeUnknownException.class);
        assertThat(send(
                                "smtp:no-such-host.invalid",
                                List.of(message("x", "a@example.org"), message("x", "b@example.org")),
                                Map.of())
                        .getException())
                .isInstanceOfSatisfying(MailPartialException.class, partial -> {
                    assertThat(partial.failures()).hasSize(2);
                    assertThat(partial.fate()).isEqualTo("0 of 2 mails sent");
                    assertThat(partial.isTransient()).isTrue();
                });
    }

    // ---- what is asked of the server

    @Test
    void asksForWhatTheSenderHasAskedFor() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 mx
                C~ EHLO .*
                S: 250-mx
                S: 250 DSN
                C: MAIL FROM:<camel@localhost> RET=HDRS ENVID=id+2B1
                S: 250 ok
                C: RCPT TO:<a@example.org> NOTIFY=NEVER ORCPT=rfc822;A+2Bx@example.org
                S: 250 ok
                C: RCPT TO:<b@example.org> NOTIFY=SUCCESS,FAILURE
                S: 250 ok
                """ + BODY + "S: 250 taken\n")) {
            Exchange exchange = send(
                    "smtp:" + server.address()
                            + "?to=a@example.org,b@example.org&dsnNotify=success,failure&dsnReturn=FULL",
                    "x",
                    Map.of(
                            "CamelMailDsnReturn",
                            "HDRS",
                            "CamelMailDsnEnvelopeId",
                            "id+1",
                            "CamelMailDsnRecipients",
                            Map.of("a@example.org", "NOTIFY=NEVER ORCPT=rfc822;A+2Bx@example.org")));
            assertThat(exchange.getException()).isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void sendsNothingWhenTlsIsRequiredOnTheWholeWay() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO)) {
            assertThat(send("smtp:" + server.address() + "?to=a@example.org", "x", Map.of("CamelMailRequireTls", true))
                            .getException())
                    .isInstanceOf(MailPermanentException.class)
                    .hasMessageContaining("requires TLS");
        }
    }

    @Test
    void speaksLmtp() throws IOException {
        try (ScriptedPeer server =
                ScriptedPeer.serving("""
                S: 220 store LMTP
                C~ LHLO .*
                S: 250 store
                """ + mailTo("a", "b") + BODY + "S: 250 a has it\nS: 552 5.2.2 b is full\n")) {
            Exchange exchange = send("lmtp:" + server.address() + "?to=a@example.org,b@example.org", "x", Map.of());
            assertThat(exchange.getException())
                    .isInstanceOf(MailPartialException.class)
                    .hasMessageContaining("<b@example.org> 552 5.2.2 b is full")
                    .hasMessageContaining("accepted for a@example.org; refused for b@example.org");
            server.assertPlayedToTheEnd();
        }
    }

    // ---- tokens

    @Test
    void logsInWithATokenOfABean() throws IOException {
        TokenSupplier supplier = isRefused -> isRefused ? "new" : "old";
        context.getRegistry().bind("tokens", supplier);
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 mx
                C~ EHLO .*
                S: 250-mx
                S: 250 AUTH PLAIN XOAUTH2
                C: AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgb2xkAQE=
                S: 535 5.7.8 expired
                C: QUIT
                """, """
                S: 220 mx
                C~ EHLO .*
                S: 250-mx
                S: 250 AUTH PLAIN XOAUTH2
                C: AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgbmV3AQE=
                S: 235 ok
                """ + mailTo("a") + BODY + "S: 250 taken\n")) {
            assertThat(send(
                                    "smtp:" + server.address() + "?to=a@example.org&username=ann&tokenSupplier=#tokens",
                                    "x",
                                    Map.of())
                            .getException())
                    .isNull();
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "username=ann&password=x&oauthProfile=y, no password beside it",
        "oauthProfile=y, needs the option username",
        "username=ann, 'no password, tokenSupplier or oauthProfile'",
        "username=ann&password=x&authMechanisms=GSSAPI, unknown authentication mechanism",
        "proxy=ftp://x, socks5://host:port",
        "dsnNotify=sometimes, dsnNotify: notifications are",
    })
    void refusesOptionsThatDoNotGoTogether(String options, String words) {
        assertThatThrownBy(() -> send("smtp:127.0.0.1:1?to=a@example.org&" + options, "x", Map.of()))
                .rootCause()
                .hasMessageContaining(words);
    }
}
