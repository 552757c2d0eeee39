package io.mailproto.component.pop3;

import static io.mailproto.component.pop3.Pop3Routes.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MailMessage;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Polling, against a server that plays a script: one transcript for each poll. */
class Pop3ConsumerTest {
    private static final String LOGIN = """
            S: +OK ready
            C: CAPA
            S: +OK
            S: USER
            S: PIPELINING
            S: .
            C: USER alice
            S: +OK
            C: PASS secret1
            S: +OK
            C: CAPA
            S: +OK
            S: USER
            S: PIPELINING
            S: .
            C: UIDL
            S: +OK
            """;

    private final Pop3Routes routes = new Pop3Routes();

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    /** A session up to the listing: ids a, b, c… have the numbers 1, 2, 3…. */
    private static String listing(String... ids) {
        StringBuilder text = new StringBuilder(LOGIN);
        for (int i = 0; i < ids.length; i++) {
            text.append("S: " + (i + 1) + " " + ids[i] + "\n");
        }
        text.append("S: .\nC: LIST\nS: +OK\n");
        for (int i = 0; i < ids.length; i++) {
            text.append("S: " + (i + 1) + " 20\n");
        }
        return text + "S: .\n";
    }

    private static String retr(int number) {
        return "C: RETR " + number + "\nS: +OK 20 octets\nS: Subject: " + number + "\nS:\nS: text\nS: .\n";
    }

    private static String dele(int number) {
        return "C: DELE " + number + "\nS: +OK\n";
    }

    private static final String QUIT = "C: QUIT\nS: +OK bye\n-- close\n";

    @TranscriptTest
    void deletesAfterTheRouteAndTellsTheMailAsCamelMailDoes(Pace pace) throws Exception {
        List<Exchange> seen = new CopyOnWriteArrayList<>();
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, listing("a", "b") + retr(1) + retr(2) + dele(1) + dele(2) + QUIT, listing() + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=2"), exchange -> {
                assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("text\r\n");
                seen.add(exchange.copy());
            });
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
        assertThat(seen.get(0).getMessage().getHeader("Subject")).isEqualTo("1");
        assertThat(seen.get(0).getMessage().getHeader(MailConstants.SIZE)).isEqualTo(20L);
        assertThat(routes.failures).isEmpty();
    }

    @TranscriptTest
    void theOriginalIsAtHandOctetForOctet(Pace pace) throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (ScriptedPeer server = ScriptedPeer.serving(pace, listing("a") + retr(1) + QUIT)) {
            routes.start(
                    uri(server, "repeatCount=1"),
                    exchange -> seen.add(new String(
                            exchange.getMessage(MailMessage.class)
                                    .getMail()
                                    .octets()
                                    .toByteArray(),
                            StandardCharsets.US_ASCII)));
            server.assertPlayedToTheEnd();
        }
        assertThat(seen).containsExactly("Subject: 1\r\n\r\ntext\r\n");
    }

    @TranscriptTest
    void withoutDeleteEachMailIsDeliveredOnce(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a", "b") + retr(1) + retr(2) + QUIT,
                listing("a", "b", "c") + retr(3) + QUIT,
                listing("b", "c") + QUIT,
                // A mail that has left the maildrop is forgotten, so that the memory does not grow for ever.
                listing("b", "c", "a") + retr(3) + QUIT)) {
            routes.start(uri(server, "repeatCount=4"), exchange -> {});
            server.assertPlayedToTheEnd();
            assertThat(routes.consumer().getRememberedCount()).isEqualTo(3);
        }
        assertThat(routes.delivered).containsExactly("a", "b", "c", "a");
    }

    @TranscriptTest
    void mailsWithTheSameIdAreAllDelivered(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("same", "same", "\\s") + retr(1) + retr(2) + retr(3) + QUIT,
                listing("same", "same", "\\s") + QUIT)) {
            routes.start(uri(server, "repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("same", "same #2", "");
    }

    @TranscriptTest
    void aRepositoryRemembersInsteadAndKeepsWhatStaysInTheMaildrop(Pace pace) throws Exception {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        routes.context.getRegistry().bind("seen", repository);
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, listing("a", "b") + retr(1) + retr(2) + QUIT, listing("a", "b") + QUIT)) {
            routes.start(uri(server, "repeatCount=2&idempotentRepository=%23seen"), exchange -> {});
            server.assertPlayedToTheEnd();
            assertThat(routes.consumer().getRememberedCount()).isZero();
            assertThat(repository.contains("alice@" + server.address() + "/a")).isTrue();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
    }

    @TranscriptTest
    void aRepositoryForgetsWhatIsDeletedAndWhatHasFailed(Pace pace) throws Exception {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        routes.context.getRegistry().bind("seen", repository);
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a", "b") + retr(1) + retr(2) + dele(2) + QUIT,
                listing("a") + retr(1) + dele(1) + QUIT)) {
            AtomicInteger deliveries = new AtomicInteger();
            routes.start(uri(server, "delete=true&repeatCount=2&idempotentRepository=%23seen"), exchange -> {
                if (deliveries.getAndIncrement() == 0) {
                    throw new IllegalStateException("cannot use it yet");
                }
            });
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b", "a");
        assertThat(repository.getCacheSize()).isZero();
    }

    @TranscriptTest
    void aRepositoryThatKeepsItsKeysDeliversNoMailTwiceEvenIfTheDeletionFails(Pace pace) throws Exception {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        routes.context.getRegistry().bind("seen", repository);
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a") + retr(1) + dele(1) + "C: QUIT\nS: -ERR some deleted messages not removed\n-- close\n",
                // Nothing else would bring the deletion about again.
                listing("a", "b") + dele(1) + retr(2) + dele(2) + QUIT)) {
            routes.start(
                    uri(
                            server,
                            "delete=true&repeatCount=2&idempotentRepository=%23seen"
                                    + "&idempotentRepositoryRemoveOnCommit=false"),
                    exchange -> {});
            server.assertPlayedToTheEnd();
            assertThat(repository.contains("alice@" + server.address() + "/a")).isTrue();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
        assertThat(repository.getCacheSize()).isEqualTo(2);
    }

    @Test
    void oneWarningTellsThatARestartDeliversAgainAndNoneWhenItDoesNot() throws Exception {
        for (String options : List.of("", "delete=true", "idempotentRepository=%23seen")) {
            try (ScriptedPeer server = ScriptedPeer.serving(listing() + QUIT, listing() + QUIT);
                    Pop3Routes own = new Pop3Routes();
                    LoggedLines log = LoggedLines.of(Pop3Consumer.class)) {
                own.context.getRegistry().bind("seen", new MemoryIdempotentRepository());
                own.start(uri(server, "repeatCount=2" + (options.isEmpty() ? "" : "&" + options)), exchange -> {});
                server.assertPlayedToTheEnd();
                if (options.isEmpty()) {
                    assertThat(log.lines)
                            .singleElement()
                            .asString()
                            .startsWith("WARN ")
                            .contains("after a restart all of them are delivered again")
                            .contains("idempotentRepository")
                            .doesNotContain("secret1");
                } else {
                    assertThat(log.lines).isEmpty();
                }
            }
        }
    }

    @TranscriptTest
    void aMailWhoseRouteFailsStaysAndComesAgainUntilMaxDeliveries(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("bad", "good") + retr(1) + retr(2) + dele(2) + QUIT,
                listing("bad") + retr(1) + QUIT,
                listing("bad") + QUIT)) {
            routes.start(uri(server, "delete=true&maxDeliveries=2&repeatCount=3"), exchange -> {
                if ("bad".equals(exchange.getMessage().getHeader(MailConstants.UID))) {
                    throw new IllegalStateException("cannot use it");
                }
            });
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("bad", "good", "bad");
        assertThat(routes.failures).hasSize(2).allMatch(text -> text.contains("cannot use it"));
    }

    @TranscriptTest
    void aMailThatTheServerDoesNotGiveIsPassedOver(Pace pace) throws Exception {
        String refused = "C: RETR 1\nS: -ERR [SYS/PERM] damaged\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a", "b") + refused + retr(2) + dele(2) + QUIT,
                listing("a") + refused + QUIT,
                listing("a") + QUIT)) {
            routes.start(uri(server, "delete=true&maxDeliveries=2&repeatCount=3"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b");
        assertThat(routes.failures)
                .hasSize(2)
                .allMatch(text -> text.contains("fetching message 1 by RETR: refused with")
                        && text.contains("damaged")
                        && text.contains("still on the server"));
    }

    @TranscriptTest
    void aRefusedDeletionIsReportedAndTheMailComesAgain(Pace pace) throws Exception {
        String refused = "C: DELE 1\nS: -ERR POP timeout\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a") + retr(1) + refused + QUIT,
                listing("a") + retr(1) + refused + QUIT,
                listing("a") + QUIT)) {
            routes.start(uri(server, "delete=true&maxDeliveries=2&repeatCount=3"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "a");
        assertThat(routes.failures).hasSize(2).allMatch(text -> text.contains("cannot be deleted"));
    }

    @TranscriptTest
    void deletionsThatQuitDoesNotConfirmAreReportedAndTheMailsComeAgain(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a", "b") + retr(1) + retr(2) + dele(1) + dele(2)
                        + "C: QUIT\nS: -ERR some deleted messages not removed\n-- close\n",
                listing("b") + retr(1) + dele(1) + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b", "b");
        await().untilAsserted(() ->
                assertThat(routes.failures).singleElement().asString().contains("not removed"));
    }

    @TranscriptTest
    void aHeaderDecidesAboutTheDeletionOfOneMail(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, listing("a", "b") + retr(1) + retr(2) + dele(2) + QUIT, listing("a") + QUIT)) {
            routes.start(uri(server, "repeatCount=2"), exchange -> exchange.getMessage()
                    .setHeader(
                            MailConstants.DELETE,
                            "b".equals(exchange.getMessage().getHeader(MailConstants.UID))));
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
    }

    @TranscriptTest
    void aConnectionThatBreaksInTheMiddleLosesNothing(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a", "b") + retr(1) + "C: RETR 2\nS: +OK\nS: Subject: half\n-- close\n",
                // What the route has done is settled now; the other mail comes.
                listing("a", "b") + dele(1) + retr(2) + dele(2) + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
        assertThat(routes.failures)
                .singleElement()
                .asString()
                .contains("fetching message 2 by RETR: the peer closed the connection")
                .contains("the messages are still on the server");
    }

    @TranscriptTest
    void fetchSizeBoundsThePoll(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a", "b", "c") + retr(1) + retr(2) + dele(1) + dele(2) + QUIT,
                listing("c") + retr(1) + dele(1) + QUIT)) {
            routes.start(uri(server, "delete=true&fetchSize=2&repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b", "c");
    }

    @TranscriptTest
    void aServerThatHangsUpAtQuitIsNoFailureWhenNothingWasToBeDeleted(Pace pace) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, listing("a") + retr(1) + "C: QUIT\n-- close\n", listing("a") + QUIT)) {
            routes.start(uri(server, "repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a");
        assertThat(routes.failures).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "S: -ERR [SYS/TEMP] too busy|waiting for the greeting: refused with",
                "S: SSH-2.0|waiting for the greeting: expected a reply",
                "S: +OK ready;C: CAPA;S: -ERR;C: USER alice;S: +OK;C: PASS secret1;S: -ERR [AUTH] wrong|PASS: refused with"
                        + " \"-ERR [AUTH] wrong\"",
                "S: +OK ready;C: CAPA;S: -ERR;C: USER alice;S: +OK;C: PASS secret1;S: -ERR [IN-USE] locked|[IN-USE] locked"
            })
    void afterAFailedLoginTheRouteWorksAgainWhenTheServerDoes(String script, String told) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(script.replace(";", "\n") + "\n-- close\n", listing("a") + retr(1) + QUIT)) {
            routes.start(uri(server, "repeatCount=2"), exchange -> {});
            server.assertPlayedToTheEnd();
            assertThat(routes.failures)
                    .singleElement()
                    .asString()
                    .contains(server.address().toString())
                    .contains(told)
                    .doesNotContain("secret1");
        }
        assertThat(routes.delivered).containsExactly("a");
    }

    @Test
    void aRefusedConnectionIsTold() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        routes.start(uri(new HostPort("127.0.0.1", free), "repeatCount=1"), exchange -> {});
        await().untilAsserted(() -> assertThat(routes.failures)
                .singleElement()
                .asString()
                .contains("127.0.0.1:" + free + ": connecting: the connection was refused"));
    }

    @Test
    void anUnknownHostIsTold() throws Exception {
        routes.start(uri(new HostPort("no-such-host.invalid", 110), "repeatCount=1"), exchange -> {});
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(routes.failures)
                .singleElement()
                .asString()
                .contains("no-such-host.invalid:110: connecting: the host name is unknown"));
    }

    @ParameterizedTest
    @CsvSource({"EXPIRED", "FOREIGN", "WRONG_HOST"})
    void aCertificateThatIsNotAcceptedIsToldWithTheWaysOut(TestCertificates.Kind kind, @TempDir Path directory)
            throws Exception {
        trustTheTestAuthority(directory);
        try (ScriptedPeer server = ScriptedPeer.serving(
                Pace.WHOLE, TestCertificates.server(kind), "-- tls refused\n", "-- tls refused\n")) {
            routes.start(
                    uri(server, "repeatCount=1&sslContextParameters=%23tls").replace("pop3:", "pop3s:"),
                    exchange -> {});
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(routes.failures)
                    .singleElement()
                    .asString()
                    .contains("starting TLS: the certificate of 127.0.0.1 is not accepted")
                    .contains("sslContextParameters")
                    .contains("hostnameVerification=false")
                    .contains("trustAllCertificates=true"));
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @TranscriptTest
    void aGoodCertificateIsAccepted(Pace pace, @TempDir Path directory) throws Exception {
        trustTheTestAuthority(directory);
        try (ScriptedPeer server = ScriptedPeer.serving(pace, "-- tls\n" + listing("a") + retr(1) + QUIT)) {
            routes.start(
                    uri(server, "repeatCount=1&sslContextParameters=%23tls").replace("pop3:", "mailproto-pop3s:"),
                    exchange -> {});
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a");
    }

    private void trustTheTestAuthority(Path directory) throws IOException {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + TestCertificates.writeTrustStore(directory.resolve("trust.p12")));
        store.setPassword(TestCertificates.STORE_PASSWORD);
        store.setType("PKCS12");
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        routes.context.getRegistry().bind("tls", parameters);
    }

    @TranscriptTest
    void aRouteThatIsStoppedAndStartedStillKnowsWhatItHasDelivered(Pace pace) throws Exception {
        AtomicInteger polls = new AtomicInteger();
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, listing("a") + retr(1) + QUIT, listing("a", "b") + retr(2) + QUIT)) {
            routes.start(uri(server, "delay=600000"), exchange -> polls.incrementAndGet());
            await().until(() -> routes.consumer().getRememberedCount() == 1);
            routes.context.getRouteController().stopRoute("poll");
            routes.context.getRouteController().startRoute("poll");
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
    }

    /** The session is gone when the route is through with the mail, and nothing was told about that before. */
    @TranscriptTest
    void aServerThatEndsTheSessionWhileTheRouteWorksLosesNothing(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("a", "b") + retr(1) + retr(2) + "-- close\n",
                listing("a", "b") + dele(1) + dele(2) + QUIT)) {
            routes.start(uri(server, "delete=true&repeatCount=2"), exchange -> {
                if (routes.delivered.size() == 1) {
                    server.awaitHeard("RETR 2");
                }
            });
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
        assertThat(routes.failures).singleElement().asString().contains(": waiting for the reply to DELE 1");
    }

    @TranscriptTest
    void mailsComeInTheServersOrderAsOneBatchWithoutThoseThatCannotBeFetched(Pace pace) throws Exception {
        List<String> batch = new CopyOnWriteArrayList<>();
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                listing("c", "a", "b", "d")
                        + retr(1)
                        + retr(2)
                        + "C: RETR 3\nS: -ERR no\nS: really not\n"
                        + retr(4)
                        + QUIT,
                listing() + QUIT)) {
            routes.start(
                    uri(server, "sendEmptyMessageWhenIdle=true&repeatCount=2"),
                    exchange -> batch.add(exchange.getProperty(Exchange.BATCH_INDEX) + "/"
                            + exchange.getProperty(Exchange.BATCH_COMPLETE)));
            server.assertPlayedToTheEnd();
            await().until(() -> batch.size() == 4);
        }
        assertThat(batch).containsExactly("0/false", "1/false", "2/true", "0/true");
        assertThat(routes.failures).singleElement().asString().contains("RETR");
    }

    @Test
    void aSilentServerDoesNotDelayAStop() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("S: +OK hi\nC: CAPA\n-- closed\n")) {
            routes.start(uri(server, ""), exchange -> {});
            server.awaitHeard("CAPA");
            long start = System.nanoTime();
            routes.context.getRouteController().stopRoute("poll");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
            assertThat(routes.failures).as("a stop is no failure of the poll").isEmpty();
        }
    }
}
