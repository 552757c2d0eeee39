package io.mailproto.smtp.mx;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.address.Domain;
import io.mailproto.dns.DnsAnswer;
import io.mailproto.dns.MailExchangers;
import io.mailproto.dns.MxHost;
import io.mailproto.smtp.client.SmtpClientOptions;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.testing.FakeZone;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts are tried in turn, and each recipient gets the answer that counts. Nobody listens at 127.0.0.2 and 127.0.0.3. */
class MxDeliveryTest {
    private static final String OPEN = """
            S: 220 mx
            C: EHLO me.example.com
            S: 250 mx
            """;
    private static final String FROM = OPEN + """
            C: MAIL FROM:<ann@example.com>
            S: 250 ok
            """;
    private static final String DATA = """
            C: DATA
            S: 354 go on
            C: x
            C: .
            """;
    /** No reply, so that no write can meet a client that has waited for it long enough. */
    private static final String QUIT = """
            C: QUIT
            -- close
            """;
    /** Whoever is refused at the door says goodbye and does not wait. */
    private static final String LEAVES = "C: QUIT\n-- closed\n";

    private static final String BOB = FROM + """
            C: RCPT TO:<bob@x.test>
            S: 250 bob ok
            """ + DATA + "S: 250 queued\n" + QUIT;

    /** Two hosts: the first answers twice, the second once. */
    private static FakeZone zone() {
        return new FakeZone()
                .mx("x.test", 10, "a.test")
                .mx("x.test", 20, "b.test")
                .address("a.test", "127.0.0.1")
                .address("b.test", "127.0.0.1");
    }

    private static MxDelivery to(ScriptedPeer server, FakeZone zone) {
        return Mx.delivery(zone, Mx.options(server.port(), Mx.LIMITS), Mx.client());
    }

    @TranscriptTest
    void recipientsOfOneDomainShareATransaction(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        FROM + """
                        C: RCPT TO:<bob@x.test>
                        S: 250 bob ok
                        C: RCPT TO:<eve@x.test>
                        S: 550 5.1.1 no eve
                        """ + DATA + "S: 250 queued as 1\n" + QUIT,
                        FROM + """
                        C: RCPT TO:<dan@y.test>
                        S: 250 dan ok
                        """ + DATA + "S: 250 queued as 2\n" + QUIT);
                MxDelivery delivery = to(server, zone().address("y.test", "127.0.0.1"))) {
            MxOutcome outcome = Mx.outcome(delivery, "bob@x.test", "dan@y.test", "eve@x.test");
            assertThat(Mx.words(outcome))
                    .containsExactly(
                            "bob ACCEPTED 250 bob ok", "dan ACCEPTED 250 dan ok", "eve REFUSED 550 5.1.1 no eve");
            TransactionReport report = outcome.report();
            assertThat(report.isTaken()).isTrue();
            assertThat(report.peer()).hasToString("y.test:" + server.port());
            assertThat(report.reply().orElseThrow()).hasToString("250 queued as 2");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aHostThatIsDownIsPassedOver() throws IOException {
        FakeZone zone = new FakeZone()
                .mx("x.test", 10, "down.test")
                .mx("x.test", 20, "b.test")
                .address("down.test", "127.0.0.2", "127.0.0.3")
                .address("b.test", "127.0.0.1");
        try (ScriptedPeer server = ScriptedPeer.serving(BOB);
                MxDelivery delivery = to(server, zone)) {
            MxOutcome outcome = Mx.outcome(delivery, "bob@x.test");
            assertThat(Mx.words(outcome)).containsExactly("bob ACCEPTED 250 bob ok");
            assertThat(outcome.report().isComplete()).isTrue();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void theNextAddressOfAHostIsTried() throws IOException {
        FakeZone zone = new FakeZone().mx("x.test", 10, "a.test").address("a.test", "127.0.0.2", "127.0.0.1");
        try (ScriptedPeer server = ScriptedPeer.serving(BOB);
                MxDelivery delivery = to(server, zone)) {
            assertThat(Mx.deliver(delivery, "bob@x.test")).containsExactly("bob ACCEPTED 250 bob ok");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aHostThatNobodyKnowsAnAddressOfIsPassedOver() throws IOException {
        FakeZone zone = new FakeZone()
                .mx("x.test", 1, "missing.test")
                .mx("x.test", 2, "servfail.test")
                .mx("x.test", 3, "a.test")
                .failing("servfail.test")
                .address("a.test", "127.0.0.1");
        try (ScriptedPeer server = ScriptedPeer.serving(BOB);
                MxDelivery delivery = to(server, zone)) {
            assertThat(Mx.deliver(delivery, "bob@x.test")).containsExactly("bob ACCEPTED 250 bob ok");
            server.assertPlayedToTheEnd();
        }
    }

    /** What the first host says, and what the second then hears; the reply at RCPT is about bob alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GREETING | 421 4.3.2 not now | next",
                "GREETING | 450 busy | next",
                "GREETING | 554 5.7.1 not you | next",
                "GREETING | 521 5.3.2 no mail here | next",
                "EHLO | 421 4.3.2 not now | next",
                "EHLO | 550 5.7.1 not you | next",
                "MAIL | 421 4.3.2 not now | next",
                "MAIL | 451 4.3.0 error | next",
                "MAIL | 521 5.3.2 no mail here | next",
                "MAIL | 550 5.7.1 not from there | bob REFUSED 550 5.7.1 not from there",
                "RCPT | 450 4.2.1 greylisted | next",
                "RCPT | 421 4.3.2 not now | next",
                "RCPT | 552 too many | next",
                "RCPT | 550 5.1.1 no bob | bob REFUSED 550 5.1.1 no bob",
                "DATA | 451 4.3.0 error | next",
                "DATA | 554 5.5.1 no | bob REFUSED 554 5.5.1 no",
                "DOT | 451 4.3.0 error | next",
                "DOT | 421 4.3.0 bye | next",
                "DOT | 554 5.7.1 spam | bob REFUSED 554 5.7.1 spam",
            })
    void transientAnswersLeadToTheNextHost(String phase, String reply, String expected) throws IOException {
        boolean isNext = expected.equals("next");
        boolean isClosing = reply.startsWith("421") || reply.startsWith("521");
        boolean isAtTheDoor = phase.equals("GREETING") || phase.equals("EHLO");
        String first = upTo(phase) + "S: " + reply + "\n" + (isClosing ? "-- close\n" : isAtTheDoor ? LEAVES : QUIT);
        String[] transcripts = isNext ? new String[] {first, BOB} : new String[] {first};
        try (ScriptedPeer server = ScriptedPeer.serving(transcripts);
                MxDelivery delivery = to(server, zone())) {
            assertThat(Mx.deliver(delivery, "bob@x.test"))
                    .containsExactly(isNext ? "bob ACCEPTED 250 bob ok" : expected);
            assertThat(server.connections()).isEqualTo(transcripts.length);
        }
    }

    private static String upTo(String phase) {
        return switch (phase) {
            case "GREETING" -> "";
            case "EHLO" -> "S: 220 mx\nC: EHLO me.example.com\n";
            case "MAIL" -> OPEN + "C: MAIL FROM:<ann@example.com>\n";
            case "RCPT" -> FROM + "C: RCPT TO:<bob@x.test>\n";
            case "DATA" -> FROM + "C: RCPT TO:<bob@x.test>\nS: 250 bob ok\nC: DATA\n";
            default -> FROM + "C: RCPT TO:<bob@x.test>\nS: 250 bob ok\n" + DATA;
        };
    }

    @Test
    void onlyThoseLeftAreOfferedToTheNextHost() throws IOException {
        try (ScriptedPeer server =
                        ScriptedPeer.serving(FROM + """
                        C: RCPT TO:<bob@x.test>
                        S: 250 bob ok
                        C: RCPT TO:<eve@x.test>
                        S: 550 5.1.1 no eve
                        C: RCPT TO:<dan@x.test>
                        S: 450 4.7.1 greylisted
                        """ + DATA + "S: 250 queued as 1\n" + QUIT, FROM + """
                        C: RCPT TO:<dan@x.test>
                        S: 451 4.7.1 greylisted here too
                        """ + QUIT);
                MxDelivery delivery = to(server, zone())) {
            MxOutcome outcome = Mx.outcome(delivery, "bob@x.test", "eve@x.test", "dan@x.test");
            assertThat(Mx.words(outcome))
                    .containsExactly(
                            "bob ACCEPTED 250 bob ok",
                            "eve REFUSED 550 5.1.1 no eve",
                            "dan REFUSED_FOR_NOW 451 4.7.1 greylisted here too");
            assertThat(outcome.report().reply().orElseThrow()).hasToString("250 queued as 1");
            assertThat(outcome.failure().isTransient()).isTrue();
            assertThat(outcome.failure().fate())
                    .contains("accepted for bob@x.test")
                    .contains("refused for eve@x.test");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aMailThatMayHaveArrivedGoesToNoOtherHost() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        FROM + """
                        C: RCPT TO:<bob@x.test>
                        S: 250 bob ok
                        C: RCPT TO:<dan@x.test>
                        S: 450 4.7.1 greylisted
                        """ + DATA + "-- close\n", FROM + """
                        C: RCPT TO:<dan@x.test>
                        S: 250 dan ok
                        """ + DATA + "S: 250 queued\n" + QUIT);
                MxDelivery delivery = to(server, zone())) {
            MxOutcome outcome = Mx.outcome(delivery, "bob@x.test", "dan@x.test");
            assertThat(Mx.words(outcome)).containsExactly("bob UNKNOWN", "dan ACCEPTED 250 dan ok");
            assertThat(outcome.failure().fate())
                    .isEqualTo(
                            "may have been delivered to bob@x.test; accepted for dan@x.test; not known of bob@x.test");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void whenAllHostsAreDownItIsForNow() throws IOException {
        FakeZone zone = new FakeZone()
                .mx("x.test", 1, "a.test")
                .mx("x.test", 2, "missing.test")
                .address("a.test", "127.0.0.2");
        try (ScriptedPeer server = ScriptedPeer.serving();
                MxDelivery delivery = to(server, zone)) {
            MxOutcome outcome = Mx.outcome(delivery, "bob@x.test");
            assertThat(Mx.words(outcome))
                    .singleElement()
                    .asString()
                    .startsWith("bob REFUSED_FOR_NOW 451 4.4.1 a.test:" + server.port() + ": connecting: ");
            assertThat(outcome.failure().isTransient()).isTrue();
            assertThat(outcome.failure().getSuppressed()).hasSize(1);
        }
    }

    @Test
    void whenAllHostsRefuseForGoodItIsForGood() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        "S: 554 5.3.2 no mail here\n" + LEAVES, "S: 521 5.3.2 nor here\n-- close\n");
                MxDelivery delivery = to(server, zone())) {
            MxOutcome outcome = Mx.outcome(delivery, "bob@x.test");
            assertThat(Mx.words(outcome)).containsExactly("bob REFUSED 521 5.3.2 nor here");
            assertThat(outcome.failure().isTransient()).isFalse();
        }
    }

    @Test
    void whatTheDnsSaysIsAnAnswerLikeAServers() throws IOException {
        FakeZone zone = new FakeZone()
                .mx("null.test", 0, ".")
                .failing("servfail.test")
                .mx("loop.test", 10, "me.example.com")
                .mx("noaddress.test", 10, "empty.test")
                .empty("empty.test");
        try (ScriptedPeer server = ScriptedPeer.serving();
                MxDelivery delivery = to(server, zone)) {
            MxOutcome outcome = Mx.outcome(
                    delivery, "a@null.test", "b@missing.test", "c@servfail.test", "d@loop.test", "e@noaddress.test");
            assertThat(Mx.words(outcome))
                    .containsExactly(
                            "a REFUSED 556 5.1.10 the domain null.test takes no mail (null MX)",
                            "b REFUSED 550 5.1.2 the domain missing.test does not exist",
                            "c REFUSED_FOR_NOW 451 4.4.3 the mail exchangers of servfail.test cannot be looked up: SERVFAIL",
                            "d REFUSED 554 5.4.6 mail for loop.test loops back to this host, me.example.com: name it in"
                                    + " localDomains if it is to stay here",
                            "e REFUSED 550 5.4.4 the mail exchanger empty.test has no address");
            assertThat(outcome.report().isTaken()).isFalse();
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void aFailingImplementationOfTheDnsIsNoAnswer() throws IOException {
        MailExchangers broken = new MailExchangers() {
            @Override
            public DnsAnswer<MxHost> lookupMx(Domain domain) {
                throw new IllegalStateException("bug");
            }

            @Override
            public DnsAnswer<InetAddress> lookupAddresses(String host) {
                return null;
            }
        };
        try (MxDelivery delivery = Mx.delivery(broken, Mx.options(1, Mx.LIMITS), Mx.client())) {
            assertThat(Mx.deliver(delivery, "bob@x.test"))
                    .containsExactly("bob REFUSED_FOR_NOW 451 4.4.3 the mail exchangers of x.test cannot be looked up:"
                            + " java.lang.IllegalStateException: bug");
        }
    }

    @Test
    void theDnsOfStrangersDoesNotLeadToOurOwnMachines() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving()) {
            MxOptions open = Mx.options(server.port(), Mx.LIMITS);
            MxOptions options = new MxOptions(
                    open.ownNames(), open.ownAddresses(), AddressScope.PUBLIC, true, server.port(), true, Mx.LIMITS);
            try (MxDelivery delivery = Mx.delivery(zone(), options, Mx.client())) {
                assertThat(Mx.deliver(delivery, "bob@x.test", "eve@[127.0.0.1]"))
                        .allMatch(result -> result.contains("REFUSED 550 5.4.4") && result.contains("addressScope"));
            }
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void anAddressInBracketsIsDeliveredToDirectly() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(BOB.replace("x.test", "[127.0.0.1]"));
                MxDelivery delivery = to(server, new FakeZone())) {
            assertThat(Mx.deliver(delivery, "bob@[127.0.0.1]")).containsExactly("bob ACCEPTED 250 bob ok");
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void theDnsCannotMakeUsConnectForEver() throws IOException {
        FakeZone zone = new FakeZone();
        for (int host = 0; host < 20; host++) {
            zone.mx("x.test", host, "h" + host + ".test").address("h" + host + ".test", "127.0.0.2", "127.0.0.3");
        }
        try (MxDelivery delivery =
                Mx.delivery(zone, Mx.options(1, new MxLimits(20, 1, 3, Duration.ofMinutes(1))), Mx.client())) {
            MxOutcome outcome = Mx.outcome(delivery, "bob@x.test");
            assertThat(outcome.failure().getSuppressed()).hasSize(3);
            assertThat(Mx.words(outcome))
                    .containsExactly("bob REFUSED_FOR_NOW 451 4.4.1 given up for now after 3 connections for x.test");
        }
    }

    @Test
    void noHostIsTriedWhenTheTimeIsOver() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving();
                MxDelivery delivery = Mx.delivery(
                        zone(), Mx.options(server.port(), new MxLimits(9, 9, 9, Duration.ofNanos(1))), Mx.client())) {
            assertThat(Mx.deliver(delivery, "bob@x.test"))
                    .singleElement()
                    .asString()
                    .startsWith("bob REFUSED_FOR_NOW 451 4.4.7 ");
            assertThat(server.connections()).isZero();
        }
    }

    // ---- TLS

    private static final String OFFER = """
            S: 220 mx
            C: EHLO me.example.com
            S: 250-mx
            S: 250 STARTTLS
            """;

    private static MxDelivery tls(ScriptedPeer server, boolean clearAllowed) {
        // STARTTLS, since towards loopback the mode AUTO never begins TLS.
        SmtpClientOptions client = Mx.tls(TlsMode.STARTTLS);
        MxOptions open = Mx.options(server.port(), Mx.LIMITS);
        return Mx.delivery(
                new FakeZone().address("x.test", "127.0.0.1"),
                new MxOptions(
                        open.ownNames(),
                        open.ownAddresses(),
                        open.scope(),
                        true,
                        server.port(),
                        clearAllowed,
                        Mx.LIMITS),
                client);
    }

    @Test
    void aCertificateThatNobodyKnowsIsBetterThanClear() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(OFFER + """
                        C: STARTTLS
                        S: 220 go
                        -- tls
                        C: EHLO me.example.com
                        S: 250 mx
                        """ + BOB.substring(OPEN.length()));
                MxDelivery delivery = tls(server, true)) {
            MxOutcome outcome = Mx.outcome(delivery, "bob@x.test");
            assertThat(Mx.words(outcome)).containsExactly("bob ACCEPTED 250 bob ok");
            assertThat(outcome.report().tls().orElseThrow().peerVerified()).isFalse();
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"S: 454 4.7.0 no TLS now\nC: QUIT\n-- closed\n", "S: 220 go\n-- close\n", "-- close\n"})
    void aHostWhoseTlsFailsIsTriedInClear(String failure) throws IOException {
        try (ScriptedPeer server =
                        ScriptedPeer.serving(OFFER + "C: STARTTLS\n" + failure, OFFER + BOB.substring(OPEN.length()));
                MxDelivery delivery = tls(server, true)) {
            assertThat(Mx.deliver(delivery, "bob@x.test")).containsExactly("bob ACCEPTED 250 bob ok");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void whereTlsIsRequiredNothingGoesInClear() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(OFFER + "C: STARTTLS\nS: 220 go\n-- close\n", OPEN + LEAVES);
                MxDelivery delivery = tls(server, false)) {
            assertThat(Mx.deliver(delivery, "bob@x.test"))
                    .singleElement()
                    .asString()
                    .startsWith("bob REFUSED_FOR_NOW 451 4.");
            assertThat(server.connections()).isEqualTo(1);
            assertThat(Mx.deliver(delivery, "bob@x.test"))
                    .singleElement()
                    .asString()
                    .startsWith("bob REFUSED 554 5.7.10 ");
        }
    }

    @Test
    void aDeliveryThatIsClosedEndsItsConversations() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(FROM + "C: RCPT TO:<bob@x.test>\n-- closed\n")) {
            MxDelivery delivery = to(server, new FakeZone().address("x.test", "127.0.0.1"));
            Future<List<String>> running = TestWire.executor().submit(() -> Mx.deliver(delivery, "bob@x.test"));
            server.awaitHeard("RCPT TO:<bob@x.test>");
            delivery.close();
            assertThat(running.get(20, TimeUnit.SECONDS))
                    .isEqualTo(
                            List.of(
                                    "bob REFUSED_FOR_NOW 451 4.4.2 x.test:" + server.port()
                                            + ": waiting for the reply to RCPT: aborted: the producer is stopping; no message was sent"));
        }
    }
}
