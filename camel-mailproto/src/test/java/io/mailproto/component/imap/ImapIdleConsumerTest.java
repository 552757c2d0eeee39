package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.CapturedLog;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** {@code idle=true} against scripted servers. The delay between polls is a minute where nothing else is said. */
class ImapIdleConsumerTest {
    private static final String BYE = """
            C: DONE
            S: a%1$d OK
            C: a%2$d LOGOUT
            S: * BYE
            S: a%2$d OK
            """;

    private static String idling(ScriptedPeer server, String options) {
        return "imap:" + server.address() + "?username=alice&password=secret1&initialDelay=0&readTimeout=5s&idle=true"
                + "&exceptionHandler=%23failures" + (options.isEmpty() ? "" : "&" + options);
    }

    private static String login(String capabilities) {
        return """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY IMAP4rev1 %s] logged in
                C: a2 SELECT INBOX
                S: * 3 EXISTS
                S: * OK [UIDVALIDITY 77]
                S: a2 OK [READ-WRITE] selected
                """.formatted(capabilities);
    }

    private static String select(int tag, String folder) {
        return "C: a" + tag + " SELECT " + folder + "\nS: * 3 EXISTS\nS: * OK [UIDVALIDITY 77]\nS: a" + tag
                + " OK [READ-WRITE] selected\n";
    }

    private static String nothing(int tag) {
        return "C: a" + tag + " UID SEARCH UNSEEN UNDELETED\nS: * SEARCH\nS: a" + tag + " OK\n";
    }

    /** One mail is found and fetched, with three commands; the last is the answer to STORE. */
    private static String mail(int tag, long uid, String subject) {
        return fetched(tag, uid, subject) + "C: a" + (tag + 2) + " UID STORE " + uid + " +FLAGS.SILENT (\\Seen)\nS: a"
                + (tag + 2) + " OK\n";
    }

    private static String fetched(int tag, long uid, String subject) {
        int length = "Subject: \r\n\r\nx\r\n".length() + subject.length();
        return "C: a" + tag + " UID SEARCH UNSEEN UNDELETED\nS: * SEARCH " + uid + "\nS: a" + tag + " OK\nC: a"
                + (tag + 1) + " UID FETCH " + uid + " (UID FLAGS INTERNALDATE BODY.PEEK[])\nS: * 1 FETCH (UID " + uid
                + " FLAGS () BODY[] {" + length + "}\nS: Subject: " + subject + "\\r\\n\\r\\nx\\r\\n)\nS: a" + (tag + 1)
                + " OK\n";
    }

    private static String idle(int tag) {
        return "C: a" + tag + " IDLE\nS: + idling\n";
    }

    @TranscriptTest
    void newMailIsInTheRouteAtOnce(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("IDLE") + nothing(3) + idle(4) + "S: * OK Still here\nS: * 4 EXISTS\nC: DONE\nS: a4 OK\n"
                                + mail(5, 9, "one") + idle(8) + BYE.formatted(8, 9));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, ""));
            server.awaitHeard("a8 IDLE");
            assertThat(routes.delivered).containsExactly("one");
            routes.stop();
            server.assertPlayedToTheEnd();
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void whatIsToldDuringAPollIsLookedForBeforeWaiting(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("IDLE") + fetched(3, 8, "one")
                                + "C: a5 UID STORE 8 +FLAGS.SILENT (\\Seen)\nS: * 4 EXISTS\nS: a5 OK\n"
                                + mail(6, 9, "two") + idle(9) + BYE.formatted(9, 10));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, ""));
            server.awaitHeard("a9 IDLE");
            assertThat(routes.delivered).containsExactly("one", "two");
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aNewIdleIsBegunInTimeAndTheFolderSearchedInBetween(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("IDLE") + nothing(3) + idle(4) + "C: DONE\nS: a4 OK\n" + mail(5, 9, "untold") + idle(8)
                                + "C: DONE\n-- closed\n");
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "idleRenewal=100"));
            await().until(() -> routes.delivered.contains("untold"));
            server.awaitHeard("DONE");
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void aConnectionThatBreaksIsMadeAgainAndTheFolderSearched(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("IDLE") + nothing(3) + idle(4) + "-- close\n",
                        login("IDLE") + mail(3, 9, "missed") + idle(6) + "S: * BYE going down\n-- close\n",
                        login("IDLE") + nothing(3) + idle(4) + "S: a4 OK enough\n" + "C: a5 NOOP\nS: a5 OK\n"
                                + nothing(6) + idle(7) + BYE.formatted(7, 8));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "delay=50"));
            server.awaitHeard("a7 IDLE");
            assertThat(routes.delivered).containsExactly("missed");
            routes.stop();
            server.assertPlayedToTheEnd();
            assertThat(routes.failures).as("a connection may break").isEmpty();
        }
    }

    @Test
    void aServerThatCannotBeReachedIsAFailedPollAndTriedAgain() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        login("IDLE") + nothing(3) + idle(4) + "-- close\n",
                        "S: * BYE not yet\n-- close\n",
                        login("IDLE") + nothing(3) + idle(4) + BYE.formatted(4, 5));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "delay=50"));
            await().until(() -> server.connections() == 3);
            await().until(() -> routes.consumer().getErrorCounter() == 0
                    && routes.consumer().getSuccessCounter() > 0);
            routes.stop();
            server.assertPlayedToTheEnd();
            assertThat(routes.failures).singleElement().asString().contains("not yet");
        }
    }

    @TranscriptTest
    void withoutIdleItPollsByTheClock(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("") + nothing(3) + "C: a4 NOOP\nS: a4 OK\n" + mail(5, 9, "one")
                                + "C: a8 NOOP\nS: a8 OK\n-- close\n");
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "delay=50"));
            server.assertPlayedToTheEnd();
            assertThat(routes.delivered).containsExactly("one");
        }
    }

    @TranscriptTest
    void whereIdleIsRefusedItPollsByTheClockToo(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("IDLE") + nothing(3) + "C: a4 IDLE\nS: a4 BAD not today\n" + "C: a5 NOOP\nS: a5 OK\n"
                                + mail(6, 9, "one") + "C: a9 NOOP\nS: a9 OK\n-- close\n");
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "delay=50"));
            server.assertPlayedToTheEnd();
            assertThat(routes.delivered).containsExactly("one");
        }
    }

    @Test
    void aFailedMailComesAgainAfterTheDelayWithoutNews() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(login("IDLE") + fetched(3, 9, "bad") + idle(5)
                        + "C: DONE\nS: a5 OK\n" + mail(6, 9, "bad") + idle(9) + BYE.formatted(9, 10));
                ImapRoutes routes = new ImapRoutes()) {
            AtomicInteger times = new AtomicInteger();
            routes.start(idling(server, "delay=100"), exchange -> {
                if (times.incrementAndGet() == 1) {
                    throw new IllegalStateException("not yet");
                }
            });
            server.awaitHeard("a9 IDLE");
            assertThat(routes.delivered).containsExactly("bad", "bad");
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void whatARouteFinishesWhileWeWaitIsToldToTheServerSoon() throws Exception {
        try (ScriptedPeer server =
                        ScriptedPeer.serving(login("IDLE") + fetched(3, 9, "slow") + idle(5) + "C: DONE\nS: a5 OK\n"
                                + "C: a6 UID STORE 9 +FLAGS.SILENT (\\Seen)\nS: a6 OK\n" + nothing(7) + idle(8)
                                + BYE.formatted(8, 9));
                ImapRoutes routes = new ImapRoutes()) {
            CountDownLatch mayEnd = new CountDownLatch(1);
            routes.context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("seda:slow").process(exchange -> mayEnd.await(20, TimeUnit.SECONDS));
                    from(idling(server, "")).routeId("poll").to("seda:slow?waitForTaskToComplete=Never");
                }
            });
            routes.context.start();
            server.awaitHeard("a5 IDLE");
            mayEnd.countDown();
            server.awaitHeard("a8 IDLE");
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void whatARouteFinishesLateIsToldInTheFolderOfTheMail() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(login("IDLE").replace("SELECT INBOX", "SELECT \"Other\"")
                        + nothing(3) + select(4, "INBOX") + fetched(5, 9, "slow") + idle(7) + "C: DONE\nS: a7 OK\n"
                        + select(8, "\"Other\"") + select(9, "INBOX")
                        + "C: a10 UID STORE 9 +FLAGS.SILENT (\\Seen)\nS: a10 OK\n" + select(11, "\"Other\"")
                        + nothing(12) + select(13, "INBOX") + nothing(14) + idle(15) + BYE.formatted(15, 16));
                ImapRoutes routes = new ImapRoutes()) {
            CountDownLatch mayEnd = new CountDownLatch(1);
            routes.context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("seda:slow").process(exchange -> mayEnd.await(20, TimeUnit.SECONDS));
                    from(idling(server, "folderName=INBOX,Other"))
                            .routeId("poll")
                            .to("seda:slow?waitForTaskToComplete=Never");
                }
            });
            routes.context.start();
            server.awaitHeard("a7 IDLE");
            mayEnd.countDown();
            server.awaitHeard("a15 IDLE");
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void takesAllThatThereIsWhenAPollMayTakeOnlySome() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(login("IDLE") + mail(3, 8, "one")
                        + "C: a6 NOOP\nS: a6 OK\n" + mail(7, 9, "two") + "C: a10 NOOP\nS: a10 OK\n" + nothing(11)
                        + idle(12) + BYE.formatted(12, 13));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "maxMessagesPerPoll=1"));
            server.awaitHeard("a12 IDLE");
            assertThat(routes.delivered).containsExactly("one", "two");
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void suspendingSaysGoodbyeAndResumingComesBack() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        login("IDLE") + nothing(3) + idle(4) + BYE.formatted(4, 5),
                        login("IDLE") + mail(3, 9, "meanwhile") + idle(6) + BYE.formatted(6, 7));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, ""));
            server.awaitHeard("a4 IDLE");
            routes.context.getRouteController().suspendRoute("poll");
            server.awaitHeard("a5 LOGOUT");
            assertThat(server.connections()).isEqualTo(1);
            routes.context.getRouteController().resumeRoute("poll");
            server.awaitHeard("a6 IDLE");
            assertThat(routes.delivered).containsExactly("meanwhile");
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aRouteThatIsStoppedAndStartedAgainWaitsAgain() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        login("IDLE") + nothing(3) + idle(4) + BYE.formatted(4, 5),
                        login("IDLE") + nothing(3) + idle(4) + BYE.formatted(4, 5));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, ""));
            server.awaitHeard("a4 IDLE");
            routes.context.getRouteController().stopRoute("poll");
            server.awaitHeard("a5 LOGOUT");
            routes.context.getRouteController().startRoute("poll");
            await().until(() -> server.connections() == 2);
            await().until(() -> routes.consumer().getSuccessCounter() > 0);
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void stopsSoonWhileTheServerIsSilent() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(login("IDLE") + nothing(3) + idle(4) + "C: DONE\n-- closed\n");
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "").replace("readTimeout=5s", "readTimeout=60s"));
            server.awaitHeard("a4 IDLE");
            long start = System.nanoTime();
            routes.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
            server.assertPlayedToTheEnd();
            assertThat(routes.failures).isEmpty();
        }
    }

    @Test
    void staysAwayForAsLongAsTheServerWants() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\n"
                        + "C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=\n"
                        + "S: a1 NO [ALERT] Too many simultaneous connections. (Failure)\n-- closed\n");
                CapturedLog log = new CapturedLog(ImapConsumer.class);
                ImapRoutes routes = new ImapRoutes()) {
            // Without idle, so that there are polls by the clock that do nothing.
            routes.start(idling(server, "delay=20").replace("&idle=true", ""));
            await().until(() -> routes.consumer().getCounter() >= 5);
            server.assertPlayedToTheEnd();
            assertThat(server.connections()).isEqualTo(1);
            assertThat(log.warnings()).singleElement().asString().contains("nothing is asked of it for 60 s");
            assertThat(routes.failures).singleElement().asString().contains("Too many simultaneous connections");
        }
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        for (String options : new String[] {"disconnect=true", "idleRenewal=0", "scheduler=%23clock"}) {
            try (ScriptedPeer nobody = ScriptedPeer.serving();
                    ImapRoutes routes = new ImapRoutes()) {
                routes.context
                        .getRegistry()
                        .bind("clock", new org.apache.camel.support.DefaultScheduledPollConsumerScheduler());
                assertThatThrownBy(() -> routes.start(idling(nobody, options)))
                        .hasStackTraceContaining("IllegalArgumentException")
                        .hasStackTraceContaining(options.replaceAll("=.*", ""));
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String both(int tag, String news) {
        return select(tag, "\"Lists\"") + nothing(tag + 1) + select(tag + 2, "INBOX") + nothing(tag + 3) + news;
    }

    private static final String NOTIFY =
            " NOTIFY SET (selected-delayed (MessageNew MessageExpunge FlagChange)) (mailboxes (\"Lists\" INBOX)"
                    + " (MessageNew MessageExpunge))";

    /** What may have happened before NOTIFY was on is looked for first. */
    @TranscriptTest
    void withNotifyAllFoldersAreWaitedFor(Pace pace) throws Exception {
        String login = login("IDLE NOTIFY").replaceAll("(?s)C: a2 SELECT.*", "");
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login + both(2, "") + "C: a6" + NOTIFY + "\nS: a6 OK\n" + both(7, "") + idle(11)
                                + "S: * STATUS Lists (MESSAGES 4 UIDNEXT 10)\nC: DONE\nS: a11 OK\n"
                                + select(12, "\"Lists\"")
                                + mail(13, 9, "one") + select(16, "INBOX") + nothing(17) + idle(18)
                                + BYE.formatted(18, 19));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "folderName=INBOX,Lists"));
            server.awaitHeard("a18 IDLE");
            assertThat(routes.delivered).containsExactly("one");
            routes.stop();
            server.assertPlayedToTheEnd();
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void whereNotifyIsGivenUpItIsAskedForAgain(Pace pace) throws Exception {
        String login = login("IDLE NOTIFY").replaceAll("(?s)C: a2 SELECT.*", "");
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login + both(2, "") + "C: a6" + NOTIFY + "\nS: a6 OK\n" + both(7, "") + idle(11)
                                + "S: * OK [NOTIFICATIONOVERFLOW] too much\nC: DONE\nS: a11 OK\n" + both(12, "")
                                + "C: a16"
                                + NOTIFY + "\nS: a16 OK\n" + both(17, "") + idle(21) + BYE.formatted(21, 22));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "folderName=INBOX,Lists"));
            server.awaitHeard("a21 IDLE");
            routes.stop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void whereNotifyIsRefusedTheOthersArePolled(Pace pace) throws Exception {
        String login = login("IDLE NOTIFY").replaceAll("(?s)C: a2 SELECT.*", "");
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login + both(2, "") + "C: a6" + NOTIFY + "\nS: a6 NO [BADEVENT (MessageNew)] not that\n"
                                + idle(7) + "C: DONE\nS: a7 OK\n" + both(8, "") + idle(12) + "C: DONE\n-- closed\n");
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(idling(server, "folderName=INBOX,Lists&delay=100"));
            server.awaitHeard("a12 IDLE");
            assertThat(routes.failures).isEmpty();
        }
    }
}
