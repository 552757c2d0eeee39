package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.component.MonitoredMail;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.ScheduledPollConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code changes=true} against scripted servers. */
class ImapChangesConsumerTest {
    private final Remembered repository = new Remembered();
    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Unlike Camel's it remembers when the context has stopped. */
    private static final class Remembered implements StateRepository<String, String> {
        private final Map<String, String> values = new ConcurrentHashMap<>();

        @Override
        public void setState(String key, String value) {
            values.put(key, value);
        }

        @Override
        public String getState(String key) {
            return values.get(key);
        }

        @Override
        public void start() {
            // Always there.
        }

        @Override
        public void stop() {
            // Stays.
        }
    }

    private void record(Exchange exchange) {
        MailboxChange change = exchange.getMessage().getBody(MailboxChange.class);
        assertThat(exchange.getMessage().getHeader(MailConstants.CHANGE))
                .isEqualTo(change.kind().word());
        assertThat(exchange.getMessage().getHeader(MailConstants.FOLDER)).isEqualTo(change.folder());
        assertThat(exchange.getMessage().getHeader(MailConstants.UID_VALIDITY)).isEqualTo(change.uidValidity());
        told.add(change.kind().word() + " " + change.uid() + " " + new TreeSet<>(change.flags()) + " "
                + change.modSeq());
    }

    private ImapRoutes start(ScriptedPeer server, String options, Processor route) throws Exception {
        ImapRoutes routes = new ImapRoutes();
        routes.context.getRegistry().bind("positions", repository);
        return routes.start(uri(server, options), exchange -> {
            record(exchange);
            route.process(exchange);
        });
    }

    private static String uri(ScriptedPeer server, String options) {
        return "imap:" + server.address() + "?username=alice&password=secret1&initialDelay=0&readTimeout=5s"
                + "&changes=true&stateRepository=%23positions&exceptionHandler=%23failures" + options;
    }

    /** Polls once, and ends. */
    private void once(ScriptedPeer server, String options, Processor route) throws Exception {
        try (ImapRoutes routes = start(server, "&repeatCount=1" + options, route)) {
            awaitPoll(routes);
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    private static ScheduledPollConsumer consumer(ImapRoutes routes) {
        return (ScheduledPollConsumer) routes.context.getRoute("poll").getConsumer();
    }

    private static void awaitPoll(ImapRoutes routes) {
        await().until(() -> consumer(routes).getSuccessCounter() > 0);
    }

    private static String key(ScriptedPeer server) {
        return "changes:alice@" + server.address() + "/INBOX";
    }

    private String position(ScriptedPeer server) {
        return repository.getState(key(server));
    }

    private void position(ScriptedPeer server, String text) {
        repository.setState(key(server), text);
    }

    private static String login(String capabilities) {
        return """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY IMAP4rev1 %s] logged in
                """.formatted(capabilities);
    }

    private static final String ENABLE = """
            C: a2 ENABLE QRESYNC
            S: * ENABLED QRESYNC
            S: a2 OK
            """;

    private static String bye(int tag) {
        return "C: a" + tag + " LOGOUT\nS: * BYE\nS: a" + tag + " OK\n";
    }

    private static String selected(int tag, String parameter, int exists, String more) {
        return "C: a" + tag + " SELECT INBOX" + parameter + "\nS: * " + exists + " EXISTS\nS: * OK [UIDVALIDITY 77]\n"
                + more + "S: a" + tag + " OK [READ-WRITE]\n";
    }

    private static String fetched(long uid, String flags, long modSeq) {
        return "S: * 1 FETCH (UID " + uid + " FLAGS (" + flags + ")" + (modSeq > 0 ? " MODSEQ (" + modSeq + ")" : "")
                + ")\n";
    }

    private static String found(int tag, String uids) {
        return "C: a" + tag + " UID SEARCH ALL\nS: * SEARCH " + uids + "\nS: a" + tag + " OK\n";
    }

    @TranscriptTest
    void theFirstTimeAllMailsAreNew(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("ENABLE QRESYNC") + ENABLE + selected(3, " (CONDSTORE)", 2, "S: * OK [HIGHESTMODSEQ 90]\n")
                        + found(4, "1 3") + "C: a5 UID FETCH 1,3 (UID FLAGS MODSEQ)\n"
                        + fetched(1, "\\Seen \\Recent", 80) + fetched(3, "", 90) + "S: a5 OK\n" + bye(6))) {
            once(server, "", exchange -> {});
            assertThat(told).containsExactly("new 1 [\\Seen] 80", "new 3 [] 90");
            assertThat(position(server)).isEqualTo("1;77;90;1,3;;");
        }
    }

    @TranscriptTest
    void goesOnWhereItEndedByOneCommandWithQresync(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("ENABLE QRESYNC")
                        + ENABLE
                        + selected(
                                3,
                                " (QRESYNC (77 90))",
                                4,
                                "S: * OK [HIGHESTMODSEQ 104]\nS: * VANISHED (EARLIER) 2:3,7:900\n"
                                        + fetched(10, "", 104) + fetched(5, "\\Seen", 102)
                                        + fetched(5, "\\Seen \\Flagged", 103))
                        + bye(4))) {
            position(server, "1;77;90;1:6;;");
            once(server, "", exchange -> {});
            assertThat(told)
                    .containsExactly(
                            "expunged 2 [] 0", "expunged 3 [] 0", "flags 5 [\\Flagged, \\Seen] 103", "new 10 [] 104");
            assertThat(position(server)).isEqualTo("1;77;104;1,4:6,10;;");
        }
    }

    @TranscriptTest
    void goesOnWhereItEndedWithCondstore(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("CONDSTORE") + selected(2, " (CONDSTORE)", 3, "S: * OK [HIGHESTMODSEQ 104]\n")
                        + found(3, "1 5 10") + "C: a4 UID FETCH 1:4294967295 (UID FLAGS MODSEQ) (CHANGEDSINCE 90)\n"
                        + fetched(5, "\\Seen", 103) + fetched(10, "", 104) + "S: a4 OK\n" + bye(5))) {
            position(server, "1;77;90;1,3,5;;");
            once(server, "", exchange -> {});
            assertThat(told).containsExactly("expunged 3 [] 0", "flags 5 [\\Seen] 103", "new 10 [] 104");
            assertThat(position(server)).isEqualTo("1;77;104;1,5,10;;");
        }
    }

    /** Yahoo: without UIDONLY only a part of a large folder is shown, and each command takes so many messages. */
    @TranscriptTest
    void seesTheWholeFolderWhereMessagesAreLimited(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("ENABLE CONDSTORE UIDONLY MESSAGELIMIT=2")
                        + "C: a2 ENABLE UIDONLY\nS: * ENABLED UIDONLY\nS: a2 OK\n"
                        + selected(3, " (CONDSTORE)", 3, "S: * OK [HIGHESTMODSEQ 104]\n")
                        + "C: a4 UID SEARCH ALL\nS: * SEARCH 5 10\nS: a4 OK [MESSAGELIMIT 2 5] partial\n"
                        + "C: a5 UID SEARCH UID 1:4 ALL\nS: * SEARCH 1\nS: a5 OK\n"
                        + "C: a6 UID FETCH 1,5 (UID FLAGS MODSEQ) (CHANGEDSINCE 90)\n"
                        + "C: a7 UID FETCH 10 (UID FLAGS MODSEQ) (CHANGEDSINCE 90)\n"
                        + "S: * 5 UIDFETCH (FLAGS (\\Seen) MODSEQ (103))\nS: a6 OK\n"
                        + "S: * 10 UIDFETCH (FLAGS () MODSEQ (104))\nS: a7 OK\n" + bye(8))) {
            position(server, "1;77;90;1,3,5;;");
            once(server, "", exchange -> {});
            assertThat(told).containsExactly("expunged 3 [] 0", "flags 5 [\\Seen] 103", "new 10 [] 104");
            assertThat(position(server)).isEqualTo("1;77;104;1,5,10;;");
        }
    }

    @TranscriptTest
    void asksNothingMoreIfNothingHasBeenCounted(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, login("CONDSTORE") + selected(2, " (CONDSTORE)", 3, "S: * OK [HIGHESTMODSEQ 90]\n") + bye(3))) {
            position(server, "1;77;90;1,3,5;;");
            once(server, "", exchange -> {});
            assertThat(told).isEmpty();
        }
    }

    @TranscriptTest
    void comparesUidsAndFlagsWhereNothingIsCounted(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("UIDPLUS") + selected(2, "", 4, "") + found(3, "1 2 4 9")
                        + "C: a4 UID FETCH 1:2,4,9 (UID FLAGS)\n" + fetched(1, "\\Seen", 0)
                        + fetched(2, "\\Answered \\Seen", 0) + fetched(4, "$A~|;b", 0)
                        + fetched(9, "\\Recent", 0) + "S: a4 OK\n" + bye(5))) {
            position(server, "1;77;0;1:4;;%5CSeen~1:2|~3:4");
            once(server, "", exchange -> {});
            assertThat(told)
                    .containsExactly(
                            "expunged 3 [] 0", "flags 2 [\\Answered, \\Seen] 0", "flags 4 [$A~|;b] 0", "new 9 [] 0");
            assertThat(position(server))
                    .isEqualTo("1;77;0;1:2,4,9;;~9|%24A%7E%7C%3Bb~4|%5CAnswered+%5CSeen~2|%5CSeen~1");
        }
    }

    /** Behind another server of the same provider, or in a folder that cannot count. */
    @TranscriptTest
    void comparesIfTheServerDoesNotCountAnyMore(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("CONDSTORE") + selected(2, " (CONDSTORE)", 1, "S: * OK [NOMODSEQ]\n") + found(3, "1")
                        + "C: a4 UID FETCH 1 (UID FLAGS)\n" + fetched(1, "\\Seen", 0) + "S: a4 OK\n" + bye(5))) {
            position(server, "1;77;90;1:2;;");
            once(server, "", exchange -> {});
            assertThat(told).containsExactly("expunged 2 [] 0", "flags 1 [\\Seen] 0");
            assertThat(position(server)).isEqualTo("1;77;0;1;;%5CSeen~1");
        }
    }

    @TranscriptTest
    void aRebuiltFolderIsAnnouncedAndToldAnew(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("ENABLE QRESYNC") + ENABLE
                        + selected(3, " (QRESYNC (66 90))", 1, "S: * OK [HIGHESTMODSEQ 12]\n") + found(4, "1")
                        + "C: a5 UID FETCH 1 (UID FLAGS MODSEQ)\n" + fetched(1, "", 12) + "S: a5 OK\n" + bye(6))) {
            position(server, "1;66;90;1:2;;");
            once(server, "", exchange -> {});
            assertThat(told).containsExactly("rebuilt 0 [] 0", "new 1 [] 12");
            assertThat(position(server)).isEqualTo("1;77;12;1;;");
        }
    }

    @TranscriptTest
    void aRebuiltFolderIsAnnouncedAgainIfTheRouteHasFailedWithThat(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, login("CONDSTORE") + selected(2, " (CONDSTORE)", 1, "S: * OK [HIGHESTMODSEQ 12]\n") + bye(3))) {
            position(server, "1;66;90;1:2;;");
            once(server, "", exchange -> {
                throw new IllegalStateException("not today");
            });
            assertThat(told).containsExactly("rebuilt 0 [] 0");
            assertThat(position(server)).isEqualTo("1;66;90;1:2;;");
        }
    }

    @TranscriptTest
    void whatTheRouteFailsWithIsToldAgainAndAlone(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("ENABLE QRESYNC") + ENABLE
                        + selected(
                                3,
                                " (QRESYNC (77 90))",
                                3,
                                "S: * OK [HIGHESTMODSEQ 104]\nS: * VANISHED (EARLIER) 2\n" + fetched(5, "", 103)
                                        + fetched(10, "", 104))
                        + "C: a4 NOOP\nS: a4 OK\n"
                        + selected(5, " (QRESYNC (77 104))", 3, "S: * OK [HIGHESTMODSEQ 104]\n")
                        + "C: a6 UID FETCH 2,10 (UID FLAGS MODSEQ)\n" + fetched(10, "", 104) + "S: a6 OK\n"
                        + bye(7))) {
            position(server, "1;77;90;1:2,5;;");
            AtomicInteger calls = new AtomicInteger();
            try (ImapRoutes routes = start(server, "&repeatCount=2&delay=1&closeFolder=false", exchange -> {
                if (calls.incrementAndGet() <= 3
                        && exchange.getMessage().getBody(MailboxChange.class).uid() != 5) {
                    throw new IllegalStateException("not today");
                }
            })) {
                await().until(() -> consumer(routes).getSuccessCounter() > 1);
                ScheduledPollConsumer consumer = consumer(routes);
                routes.stop();
                server.assertPlayedToTheEnd();
                assertThat(routes.failures).hasSize(2).allMatch(failure -> failure.contains("not today"));
                MonitoredMail monitored = (MonitoredMail) consumer;
                assertThat(monitored.getSucceeded()).isEqualTo(3);
                assertThat(monitored.getFailed()).isEqualTo(2);
                assertThat(monitored.getLastMailError()).contains("not today");
                assertThat(monitored.getConnections()).isZero();
                assertThat(monitored.getMailsInFlight()).isZero();
            }
            assertThat(told)
                    .containsExactly(
                            "expunged 2 [] 0", "flags 5 [] 103", "new 10 [] 104", "expunged 2 [] 0", "new 10 [] 104");
            assertThat(position(server)).isEqualTo("1;77;104;1,5,10;;");
        }
    }

    @TranscriptTest
    void whatFailsForEverIsGivenUp(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("ENABLE QRESYNC")
                        + ENABLE
                        + selected(3, " (QRESYNC (77 90))", 1, "S: * OK [HIGHESTMODSEQ 104]\n" + fetched(10, "", 104))
                        + bye(4))) {
            position(server, "1;77;90;;;");
            once(server, "&maxDeliveries=1", exchange -> {
                throw new IllegalStateException("never");
            });
            assertThat(position(server)).isEqualTo("1;77;104;10;;");
        }
    }

    @TranscriptTest
    void maxMessagesPerPollLeavesTheRestForTheNextPoll(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("ENABLE QRESYNC")
                        + ENABLE
                        + selected(
                                3,
                                " (QRESYNC (77 90))",
                                3,
                                "S: * OK [HIGHESTMODSEQ 104]\nS: * VANISHED (EARLIER) 2\n" + fetched(5, "", 103)
                                        + fetched(10, "", 104))
                        + bye(4))) {
            position(server, "1;77;90;1:2,5;;");
            once(server, "&maxMessagesPerPoll=2", exchange -> {});
            assertThat(told).containsExactly("expunged 2 [] 0", "flags 5 [] 103");
            assertThat(position(server)).isEqualTo("1;77;104;1,5;10;");
        }
    }

    /** Nothing is stored that the route has not got. */
    @TranscriptTest
    void aConnectionThatBreaksLosesNothing(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("CONDSTORE") + selected(2, " (CONDSTORE)", 3, "S: * OK [HIGHESTMODSEQ 104]\n")
                        + found(3, "1 3 5") + "C: a4 UID FETCH 1:4294967295 (UID FLAGS MODSEQ) (CHANGEDSINCE 90)\n"
                        + fetched(5, "\\Seen", 103) + "S: * 2 FETCH (UID 1\n-- close\n",
                login("CONDSTORE") + selected(2, " (CONDSTORE)", 3, "S: * OK [HIGHESTMODSEQ 104]\n")
                        + found(3, "1 3 5") + "C: a4 UID FETCH 1:4294967295 (UID FLAGS MODSEQ) (CHANGEDSINCE 90)\n"
                        + fetched(5, "\\Seen", 103) + fetched(1, "", 104) + "S: a4 OK\n" + bye(5))) {
            position(server, "1;77;90;1,3,5;;");
            try (ImapRoutes routes = start(server, "&repeatCount=2&delay=1", exchange -> {})) {
                await().until(() -> consumer(routes).getSuccessCounter() > 0);
                routes.stop();
                server.assertPlayedToTheEnd();
                assertThat(routes.failures).hasSize(1);
            }
            assertThat(told).containsExactly("flags 5 [\\Seen] 103", "flags 1 [] 104");
            assertThat(position(server)).isEqualTo("1;77;104;1,3,5;;");
        }
    }

    @TranscriptTest
    void withIdleEveryChangeIsToldAtOnce(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("IDLE ENABLE QRESYNC") + ENABLE
                        + selected(3, " (QRESYNC (77 90))", 2, "S: * OK [HIGHESTMODSEQ 90]\n")
                        + "C: a4 IDLE\nS: + idling\nS: * 2 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (95))\nC: DONE\nS: a4 OK\n"
                        + selected(
                                5, " (QRESYNC (77 90))", 2, "S: * OK [HIGHESTMODSEQ 95]\n" + fetched(5, "\\Seen", 95))
                        + "C: a6 IDLE\nS: + idling\nS: * VANISHED 1\nC: DONE\nS: a6 OK\n"
                        + selected(
                                7, " (QRESYNC (77 95))", 1, "S: * OK [HIGHESTMODSEQ 96]\nS: * VANISHED (EARLIER) 1\n")
                        + "C: a8 IDLE\nS: + idling\nC: DONE\nS: a8 OK\n" + bye(9))) {
            position(server, "1;77;90;1,5;;");
            try (ImapRoutes routes = start(server, "&idle=true&delay=3600000", exchange -> {})) {
                server.awaitHeard("a8 IDLE");
                routes.stop();
                server.assertPlayedToTheEnd();
            }
            assertThat(told).containsExactly("flags 5 [\\Seen] 95", "expunged 1 [] 0");
            assertThat(position(server)).isEqualTo("1;77;96;5;;");
        }
    }

    /** Behind seda the poll waits; the position is stored when the other route has ended. */
    @TranscriptTest
    void aChangeCountsWhenTheExchangeCompletesOnAnotherThread(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login("ENABLE QRESYNC")
                        + ENABLE
                        + selected(3, " (QRESYNC (77 90))", 1, "S: * OK [HIGHESTMODSEQ 104]\n" + fetched(10, "", 104))
                        + bye(4))) {
            position(server, "1;77;90;;;");
            CountDownLatch mayEnd = new CountDownLatch(1);
            CountDownLatch isIn = new CountDownLatch(1);
            try (ImapRoutes routes = new ImapRoutes()) {
                routes.context.getRegistry().bind("positions", repository);
                routes.context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("seda:behind").process(exchange -> {
                            isIn.countDown();
                            assertThat(mayEnd.await(20, TimeUnit.SECONDS)).isTrue();
                        });
                        from(uri(server, "&repeatCount=1"))
                                .routeId("poll")
                                .to("seda:behind?waitForTaskToComplete=Never");
                    }
                });
                routes.context.start();
                assertThat(isIn.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(position(server)).isEqualTo("1;77;90;;;");
                mayEnd.countDown();
                awaitPoll(routes);
                routes.stop();
                server.assertPlayedToTheEnd();
            }
            assertThat(position(server)).isEqualTo("1;77;104;10;;");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"moveTo=Done", "search=ALL", "delete=true", "filterMail=x", "sortTerm=date"})
    void optionsAboutMailsAreRefused(String option) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving()) {
            assertThatThrownBy(() -> start(server, "&" + option, exchange -> {}))
                    .hasMessageContaining(option.substring(0, option.indexOf('=')))
                    .hasMessageContaining("changes=true");
        }
    }

    @Test
    void aStateThatIsNoneIsToldAndEverythingIsNew() {
        ChangePosition position = new ChangePosition("m", "1;2;x", text -> {});
        assertThat(position.uidValidity()).isZero();
        assertThat(position.known().isEmpty()).isTrue();
    }
}
