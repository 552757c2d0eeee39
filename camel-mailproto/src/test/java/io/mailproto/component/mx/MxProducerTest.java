package io.mailproto.component.mx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailDeliveryException;
import io.mailproto.component.MailOutcomeUnknownException;
import io.mailproto.component.MailPartialException;
import io.mailproto.component.MailPermanentException;
import io.mailproto.component.MailTransientException;
import io.mailproto.testing.FakeZone;
import io.mailproto.testing.ScriptedPeer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Delivery as routes see it: whose mail goes where, headers, exceptions, redelivery. */
class MxProducerTest {
    private static final String FROM = """
            S: 220 mx
            C: EHLO me.example.com
            S: 250-mx
            S: 250 8BITMIME
            C: MAIL FROM:<ann@example.com> BODY=8BITMIME
            S: 250 ok
            """;
    private static final String DATA = """
            C: DATA
            S: 354 go on
            C: Subject: hi
            C:
            C: hello
            C: .
            """;
    private static final String TAKEN = DATA + "S: 250 2.0.0 queued as 1\n";
    /** No reply, so that no write can meet a client that has waited for it long enough. */
    private static final String QUIT = """
            C: QUIT
            -- close
            """;

    private static final byte[] MAIL = "Subject: hi\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final FakeZone zone = new FakeZone();
    private final List<Exchange> local = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("zone", zone);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:local").process(local::add);
                from("direct:broken").process(exchange -> {
                    throw new IllegalStateException("the disk is full");
                });
            }
        });
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private static String uri(int port, String more) {
        return "mx:me.example.com?mailExchangers=#zone&addressScope=any&port=" + port + more;
    }

    private Exchange exchange(String... recipients) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(MAIL);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "message/rfc822");
        exchange.getMessage().setHeader(MailConstants.ENVELOPE_SENDER, "ann@example.com");
        exchange.getMessage().setHeader(MailConstants.ENVELOPE_RECIPIENTS, List.of(recipients));
        return exchange;
    }

    /** Sends once more if it was sent before, as a redelivery does. */
    private Exception send(String uri, Exchange exchange) throws Exception {
        exchange.setException(null);
        Producer producer = context.getEndpoint(uri).createProducer();
        producer.start();
        try {
            producer.process(exchange);
        } finally {
            producer.stop();
        }
        return exchange.getException();
    }

    private static List<String> results(Exchange exchange) {
        Map<?, ?> results = exchange.getMessage().getHeader(MailConstants.RECIPIENT_RESULTS, Map.class);
        List<String> words = new ArrayList<>();
        results.forEach((recipient, reply) -> words.add(recipient + " " + reply));
        return words;
    }

    @Test
    void whoIsHereGetsItHereAndTheOthersByMx() throws Exception {
        zone.mx("x.test", 10, "a.test").address("a.test", "127.0.0.1");
        try (ScriptedPeer server = ScriptedPeer.serving(FROM + """
                C: RCPT TO:<bob@x.test>
                S: 250 2.1.5 bob ok
                """ + TAKEN + QUIT)) {
            Exchange exchange = exchange("carol@here.test", "bob@x.test", "dave@also.test");
            exchange.getMessage().setHeader("Subject", "not of this mail");
            assertThat(send(
                            uri(server.port(), "&localDomains=here.test,also.test&localDelivery=direct:local"),
                            exchange))
                    .isNull();
            assertThat(results(exchange))
                    .containsExactly(
                            "carol@here.test 250 2.1.5 delivered locally",
                            "bob@x.test 250 2.1.5 bob ok",
                            "dave@also.test 250 2.1.5 delivered locally");
            assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_CODE))
                    .isEqualTo(250);
            assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_QUEUE_ID))
                    .isEqualTo("2.0.0 queued as 1");
            assertThat(exchange.getMessage().getBody()).isSameAs(MAIL);
            assertThat(local).hasSize(1);
            assertThat(local.get(0).getMessage().getBody(Mail.class).octets().toByteArray())
                    .isEqualTo(MAIL);
            assertThat(local.get(0).getMessage().getHeaders())
                    .containsEntry(MailConstants.ENVELOPE_SENDER, "ann@example.com")
                    .containsEntry(MailConstants.ENVELOPE_RECIPIENTS, List.of("carol@here.test", "dave@also.test"))
                    .doesNotContainKey("Subject");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aComposedMailReachesLocalMailboxesWithoutAnyLookup() throws Exception {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody("hello");
        assertThat(send(
                        uri(
                                25,
                                "&from=ann@example.com&to=carol@here.test&subject=hi&localDomains=*"
                                        + "&localDelivery=direct:local"),
                        exchange))
                .isNull();
        Mail mail = local.get(0).getMessage().getBody(Mail.class);
        assertThat(mail.subject()).contains("hi");
        assertThat(mail.headers().value("Message-ID"))
                .contains(exchange.getMessage().getHeader(MailConstants.MESSAGE_ID, String.class));
        assertThat(zone.questions()).isZero();
    }

    @Test
    void aRedeliveryReachesOnlyThoseWhoHaveNotGotIt() throws Exception {
        zone.address("x.test", "127.0.0.1").mx("null.test", 0, ".");
        try (ScriptedPeer server = ScriptedPeer.serving(FROM + """
                        C: RCPT TO:<bob@x.test>
                        S: 250 2.1.5 bob ok
                        C: RCPT TO:<dan@x.test>
                        S: 450 4.7.1 greylisted
                        """ + TAKEN + QUIT, FROM + """
                        C: RCPT TO:<dan@x.test>
                        S: 250 2.1.5 dan ok
                        """ + TAKEN + QUIT)) {
            String uri = uri(server.port(), "&localDomains=here.test&localDelivery=direct:local");
            Exchange exchange = exchange("bob@x.test", "carol@here.test", "dan@x.test", "eve@null.test");
            assertThat(send(uri, exchange)).isInstanceOfSatisfying(MailPartialException.class, partial -> {
                assertThat(partial.isTransient()).isTrue();
                assertThat(partial.fate())
                        .isEqualTo(
                                "accepted for bob@x.test, carol@here.test;" + " refused for dan@x.test, eve@null.test");
            });
            assertThat(results(exchange))
                    .containsExactly(
                            "bob@x.test 250 2.1.5 bob ok",
                            "carol@here.test 250 2.1.5 delivered locally",
                            "dan@x.test 450 4.7.1 greylisted",
                            "eve@null.test 556 5.1.10 the domain null.test takes no mail (null MX)");
            assertThat(send(uri, exchange))
                    .isInstanceOfSatisfying(MailPartialException.class, partial -> assertThat(partial.isTransient())
                            .isFalse())
                    .hasMessageContaining("an earlier attempt was accepted for bob@x.test, carol@here.test");
            assertThat(local).hasSize(1);
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aMailThatMayHaveArrivedIsNotSentAgain() throws Exception {
        zone.address("x.test", "127.0.0.1");
        try (ScriptedPeer server = ScriptedPeer.serving(FROM + """
                C: RCPT TO:<bob@x.test>
                S: 250 2.1.5 bob ok
                """ + DATA + "-- close\n")) {
            Exchange exchange = exchange("bob@x.test");
            assertThat(send(uri(server.port(), ""), exchange))
                    .isInstanceOf(MailOutcomeUnknownException.class)
                    .hasMessageContaining("may have been delivered to bob@x.test");
            assertThat(results(exchange)).containsExactly("bob@x.test unknown");
            assertThat(send(uri(server.port(), ""), exchange))
                    .isInstanceOf(MailOutcomeUnknownException.class)
                    .hasMessageContaining("in an earlier attempt");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void refusalsForGoodAndForNowAreExceptionsOfTheirOwn() throws Exception {
        zone.mx("null.test", 0, ".").failing("servfail.test").mx("loop.test", 1, "me.example.com");
        Exchange exchange = exchange("bob@null.test");
        assertThat(send(uri(25, ""), exchange))
                .isInstanceOf(MailPermanentException.class)
                .hasMessage("null.test:25: delivering to mail exchangers: <bob@null.test> 556 5.1.10 the domain"
                        + " null.test takes no mail (null MX); no message was sent");
        assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_CODE)).isEqualTo(556);
        assertThat(exchange.getMessage().getHeader(MailConstants.RESULT_ENHANCED_CODE))
                .isEqualTo("5.1.10");
        assertThat(send(uri(25, ""), exchange("bob@servfail.test"))).isInstanceOf(MailTransientException.class);
        assertThat(send(uri(25, ""), exchange("bob@missing.test"))).isInstanceOf(MailPermanentException.class);
        assertThat(send(uri(25, ""), exchange("bob@loop.test"))).isInstanceOf(MailPermanentException.class);
        assertThat(send(uri(25, ""), exchange("bob@null.test", "bob@servfail.test")))
                .isInstanceOf(MailTransientException.class);
    }

    @Test
    void aLocalDeliveryThatFailsDoesNotKeepTheOthersBack() throws Exception {
        zone.address("x.test", "127.0.0.1");
        try (ScriptedPeer server = ScriptedPeer.serving(FROM + """
                C: RCPT TO:<bob@x.test>
                S: 250 2.1.5 bob ok
                """ + TAKEN + QUIT)) {
            Exchange exchange = exchange("carol@here.test", "bob@x.test");
            assertThat(send(uri(server.port(), "&localDomains=here.test&localDelivery=direct:broken"), exchange))
                    .isInstanceOfSatisfying(MailPartialException.class, partial -> assertThat(partial.isTransient())
                            .isTrue());
            assertThat(results(exchange))
                    .containsExactly(
                            "carol@here.test 451 4.3.0 local delivery failed: the disk is full",
                            "bob@x.test 250 2.1.5 bob ok");
            server.assertPlayedToTheEnd();
        }
    }

    /** An lmtp endpoint answers for each recipient by itself. */
    @Test
    void eachLocalRecipientHasAnAnswerOfItsOwn() throws Exception {
        try (ScriptedPeer lmtp = ScriptedPeer.serving("""
                S: 220 here LMTP
                C: LHLO me.example.com
                S: 250-here
                S: 250 8BITMIME
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                S: 250 ok
                C: RCPT TO:<carol@here.test>
                S: 250 carol ok
                C: RCPT TO:<nobody@here.test>
                S: 550 5.1.1 nobody
                C: RCPT TO:<full@here.test>
                S: 250 full ok
                """ + DATA + """
                S: 250 2.0.0 saved for carol
                S: 452 4.2.2 full
                """)) {
            Exchange exchange = exchange("carol@here.test", "nobody@here.test", "full@here.test");
            assertThat(send(
                            uri(
                                    25,
                                    "&localDomains=here.test&localDelivery=RAW(lmtp:" + lmtp.address()
                                            + "?ehloName=me.example.com)"),
                            exchange))
                    .isInstanceOfSatisfying(MailPartialException.class, partial -> assertThat(partial.isTransient())
                            .isTrue());
            assertThat(results(exchange))
                    .containsExactly(
                            "carol@here.test 250 carol ok",
                            "nobody@here.test 550 5.1.1 nobody",
                            "full@here.test 452 4.2.2 full");
        }
    }

    @Test
    void byDefaultNothingIsDeliveredToThisMachineOrItsNetwork() throws Exception {
        zone.address("x.test", "127.0.0.1", "10.0.0.1", "::1");
        try (ScriptedPeer server = ScriptedPeer.serving()) {
            assertThat(send(
                            "mx:me.example.com?mailExchangers=#zone&port=" + server.port(),
                            exchange("bob@x.test", "eve@[127.0.0.1]")))
                    .isInstanceOf(MailPermanentException.class)
                    .hasMessageContaining("addressScope");
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void theAliasIsTheSame() throws Exception {
        assertThat(context.getEndpoint("mailproto-mx:me.example.com?mailExchangers=#zone"))
                .isInstanceOf(MxEndpoint.class);
        assertThatThrownBy(() -> context.getEndpoint("mx:me.example.com").createConsumer(exchange -> {}))
                .hasMessageContaining("smtp endpoint");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mx:not_a..name | heloName: domain has an empty label",
                "mx:me.test?tls=implicit | tls=implicit is for submission",
                "mx:me.test?localDomains=x.test | needs localDelivery",
                "mx:me.test?localDelivery=direct:local | localDelivery needs to know whose mail stays here",
                "mx:me.test?localDomains=a b&localDelivery=direct:local | localDomains: ",
                "mx:me.test?dnsServers=ns.example.org | dnsServers: \"ns.example.org\" is no address",
                "mx:me.test?dnsServers=192.0.2.1:99999 | a port is 1 to 65535",
                "mx:me.test?dnsTimeout=0 | dnsTimeout must be positive",
                "mx:me.test?ownNames=a..b | ownNames: \"a..b\"",
                "mx:me.test?maxHosts=0 | limits of delivery must be positive",
                "mx:me.test?port=0 | port must be 1 to 65535",
                "mx:me.test?replyTimeout=0 | replyTimeout must be positive",
                "mx:me.test?dsnNotify=often | dsnNotify",
                "mx:me.test?dropHeaders=* | dropHeaders",
                "mx:me.test?spoolDirectory=/nowhere | spoolDirectory",
            })
    void whatCannotWorkIsRefusedAtStart(String uri, String expected) throws Exception {
        Producer producer = context.getEndpoint(uri).createProducer();
        assertThatThrownBy(producer::start).hasStackTraceContaining(expected);
    }

    @Test
    void failuresAreMailDeliveryExceptions() throws Exception {
        assertThat(send(uri(25, ""), exchange("bob@missing.test")))
                .isInstanceOfSatisfying(MailDeliveryException.class, failure -> {
                    assertThat(failure.peer()).isEqualTo("missing.test:25");
                    assertThat(failure.report().orElseThrow().recipients()).hasSize(1);
                    assertThat(failure.fate()).isEqualTo("no message was sent");
                });
    }
}
