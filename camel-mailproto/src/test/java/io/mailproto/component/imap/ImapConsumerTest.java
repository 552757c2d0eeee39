package io.mailproto.component.imap;

import static io.mailproto.component.imap.ImapRoutes.once;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.HostPort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls against scripted servers: what goes over the wire, and what is made of servers that do not behave. */
class ImapConsumerTest {
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

    private static String mail(int number, long uid, String flags, String subject) {
        String text = "Subject: " + subject + "\\r\\n\\r\\nx\\r\\n";
        int length = "Subject: \r\n\r\nx\r\n".length() + subject.length();
        return "S: * " + number + " FETCH (UID " + uid + " FLAGS (" + flags
                + ") INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {" + length + "}\nS: " + text + ")\n";
    }

    private static void awaitEnd(ScriptedPeer server, ImapRoutes routes) {
        await().until(() -> !routes.consumer().isPolling() && server.connections() > 0);
        server.assertPlayedToTheEnd();
    }

    /** The scheduler counts one more when it finds that there have been enough. */
    private static void awaitPolls(ImapRoutes routes, int polls) {
        await().until(() -> routes.consumer().getCounter() > polls);
    }

    @TranscriptTest
    void searchesFetchesMarksAndLeaves(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace, login("ESEARCH") + """
                C: a3 UID SEARCH RETURN (ALL) UNSEEN UNDELETED
                S: * ESEARCH (TAG "a3") UID ALL 5,7
                S: a3 OK
                C: a4 UID FETCH 5,7 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + mail(1, 5, "\\Flagged", "one") + mail(2, 7, "", "two") + """
                S: a4 OK
                C: a5 UID STORE 5,7 +FLAGS.SILENT (\\Seen)
                S: a5 OK
                C: a6 LOGOUT
                S: * BYE
                S: a6 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            CopyOnWriteArrayList<Message> messages = new CopyOnWriteArrayList<>();
            routes.start(once(server.address(), "disconnect=true"), exchange -> messages.add(exchange.getMessage()));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("one", "two");
            Message first = messages.get(0);
            assertThat(first.getHeader(MailConstants.UID)).isEqualTo("5");
            assertThat(first.getHeader(MailConstants.UID_VALIDITY)).isEqualTo(77L);
            assertThat(first.getHeader(MailConstants.FOLDER)).isEqualTo("INBOX");
            assertThat(first.getHeader(MailConstants.FLAGS)).isEqualTo(Set.of("\\Flagged"));
            assertThat(first.getHeader(MailConstants.SIZE)).isEqualTo(19L);
            assertThat(first.getHeader(MailConstants.INTERNAL_DATE)).hasToString("1996-07-17T09:44:25Z");
            assertThat(first.getBody()).isEqualTo("x\r\n");
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void keepsTheConnectionAndTheFolderOpenBetweenPolls(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH
                S: a3 OK
                C: a4 NOOP
                S: a4 OK
                C: a5 UID SEARCH UNSEEN UNDELETED
                S: a5 OK
                C: a6 LOGOUT
                S: a6 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(
                    once(server.address(), "closeFolder=false").replace("repeatCount=1", "repeatCount=2&delay=50"));
            awaitPolls(routes, 2);
            routes.stop();
            server.assertPlayedToTheEnd();
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void closesTheFolderBetweenPolls(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("UNSELECT") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 UNSELECT
                S: a4 OK
                C: a5 SELECT INBOX
                S: * 3 EXISTS
                S: a5 OK
                C: a6 UID SEARCH UNSEEN UNDELETED
                S: a6 OK
                C: a7 UNSELECT
                S: a7 OK
                -- close
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "").replace("repeatCount=1", "repeatCount=2&delay=50"));
            await().untilAsserted(server::assertPlayedToTheEnd);
            routes.stop();
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void connectsAnewWhenTheKeptConnectionHasBroken(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("") + "C: a3 UID SEARCH UNSEEN UNDELETED\nS: a3 OK\n-- close",
                        login("") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 9
                S: a3 OK
                C: a4 UID FETCH 9 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + mail(1, 9, "", "after") + """
                S: a4 OK
                C: a5 UID STORE 9 +FLAGS.SILENT (\\Seen)
                S: a5 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "").replace("repeatCount=1", "repeatCount=2&delay=200"));
            await().until(() -> routes.delivered.size() == 1);
            await().until(() -> !routes.consumer().isPolling());
            assertThat(routes.failures).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @TranscriptTest
    void findsTheBadMailByHalvesAndDeliversTheOthers(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("")
                                + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 2 3 4
                S: a3 OK
                C: a4 UID FETCH 1:4 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + mail(1, 1, "", "m1")
                                + """
                S: a4 NO [UNAVAILABLE] UID FETCH Server error - Please try again later
                C: a5 UID FETCH 2 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + mail(2, 2, "", "m2")
                                + """
                S: a5 OK
                C: a6 UID FETCH 3:4 (UID FLAGS INTERNALDATE BODY.PEEK[])
                S: a6 NO [SERVERBUG] no
                C: a7 UID FETCH 3 (UID FLAGS INTERNALDATE BODY.PEEK[])
                S: a7 NO [SERVERBUG] no
                C: a8 UID FETCH 4 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + mail(4, 4, "", "m4")
                                + """
                S: a8 OK
                C: a9 UID STORE 1:2,4 +FLAGS.SILENT (\\Seen)
                S: a9 OK
                C: a10 LOGOUT
                S: a10 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("m1", "m2", "m4");
            assertThat(routes.failures).singleElement().satisfies(failure -> assertThat(failure)
                    .contains("alice@" + server.address() + "/INBOX/77/3 cannot be fetched")
                    .contains("[SERVERBUG] no"));
        }
    }

    @TranscriptTest
    void leavesAloneWhatTheServerShouldNotHaveFound(Pace pace) throws Exception {
        // QQ ignores criteria; 3 has vanished; 4 comes without its octets; 5 is damaged.
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("")
                                + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 2 3 4 5 6
                S: a3 OK
                C: a4 UID FETCH 1:6 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + mail(1, 1, "\\Seen", "m1")
                                + mail(2, 2, "\\Deleted", "m2")
                                + "S: * 4 FETCH (UID 4 FLAGS () BODY[] NIL)\n"
                                + "S: * 5 FETCH (UID 5 FLAGS () BODY[] {2}\nS: hi (((\n"
                                + mail(6, 6, "\\Recent", "m6")
                                + """
                S: a4 OK
                C: a5 UID STORE 6 +FLAGS.SILENT (\\Seen)
                S: a5 OK
                C: a6 LOGOUT
                S: a6 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("m6");
            assertThat(routes.failures)
                    .hasSize(2)
                    .anySatisfy(
                            failure -> assertThat(failure).contains("/77/4: the server told of it without its octets"))
                    .anySatisfy(failure -> assertThat(failure).contains("/77/5: the response is damaged"));
        }
    }

    @TranscriptTest
    void endsThePollWhenTheProviderThrottles(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 2
                S: a3 OK
                C: a4 UID FETCH 1:2 (UID FLAGS INTERNALDATE BODY.PEEK[])
                S: a4 BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds
                -- closed
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), ""));
            awaitEnd(server, routes);
            assertThat(routes.failures).singleElement().satisfies(failure -> assertThat(failure)
                    .contains("Request is throttled"));
        }
    }

    @TranscriptTest
    void makesTheFolderItShallMoveTo(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("MOVE") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1
                S: a3 OK
                C: a4 UID FETCH 1 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + mail(1, 1, "", "m1") + """
                S: a4 OK
                C: a5 UID STORE 1 +FLAGS.SILENT (\\Seen)
                S: a5 OK
                C: a6 UID MOVE 1 "Done"
                S: a6 NO [TRYCREATE] no such mailbox
                C: a7 CREATE "Done"
                S: a7 OK
                C: a8 UID MOVE 1 "Done"
                S: * 1 EXPUNGE
                S: a8 OK
                C: a9 LOGOUT
                S: a9 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true&moveTo=Done"));
            awaitEnd(server, routes);
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void reportsWhatTheServerDoesNotLetItDoAndGoesOn(Pace pace) throws Exception {
        String poll = """
                C: a%d UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1
                S: a%1$d OK
                """;
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("MOVE")
                                + poll.formatted(3)
                                + "C: a4 UID FETCH 1 (UID FLAGS INTERNALDATE BODY.PEEK[])\n"
                                + mail(1, 1, "", "m1")
                                + """
                S: a4 OK
                C: a5 UID STORE 1 +FLAGS.SILENT (\\Seen)
                S: a5 NO [NOPERM] read only
                C: a6 UID MOVE 1 "Done"
                S: a6 NO [OVERQUOTA] full
                C: a7 NOOP
                S: a7 OK
                """
                                + poll.formatted(8)
                                + """
                C: a9 LOGOUT
                S: a9 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "closeFolder=false&moveTo=Done")
                    .replace("repeatCount=1", "repeatCount=2&delay=50"));
            await().until(() -> routes.failures.size() == 2);
            awaitPolls(routes, 2);
            routes.stop();
            server.assertPlayedToTheEnd();
            // Not again, although the server still finds it.
            assertThat(routes.delivered).containsExactly("m1");
            assertThat(routes.failures.get(0)).contains("marked \\Seen").contains("[NOPERM] read only");
            assertThat(routes.failures.get(1)).contains("moved to Done").contains("[OVERQUOTA] full");
        }
    }

    @TranscriptTest
    void fetchesTheNextWindowWhileTheRouteWorksOnThisOne(Pace pace) throws Exception {
        StringBuilder sizes = new StringBuilder();
        for (int uid = 1; uid <= 9; uid++) {
            sizes.append("S: * ").append(uid).append(" FETCH (UID ").append(uid).append(" RFC822.SIZE 2000000)\n");
        }
        StringBuilder rest = new StringBuilder();
        int tag = 5;
        for (int uid = 1; uid <= 9; uid += 2) {
            if (uid == 1) {
                rest.append("C: a5 UID FETCH 1:2 (UID FLAGS INTERNALDATE BODY.PEEK[])\n");
            }
            if (uid < 9) {
                String next = uid == 7 ? "9" : uid + 2 + ":" + (uid + 3);
                rest.append("C: a" + (tag + 1) + " UID FETCH " + next + " (UID FLAGS INTERNALDATE BODY.PEEK[])\n");
            }
            rest.append(mail(uid, uid, "", "m" + uid));
            if (uid < 9) {
                rest.append(mail(uid + 1, uid + 1, "", "m" + (uid + 1)));
            }
            rest.append("S: a" + tag++ + " OK\n");
        }
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 2 3 4 5 6 7 8 9
                S: a3 OK
                C: a4 UID FETCH 1:9 (UID RFC822.SIZE)
                """ + sizes + "S: a4 OK\n" + rest + """
                C: a10 UID STORE 1:9 +FLAGS.SILENT (\\Seen)
                S: a10 OK
                C: a11 LOGOUT
                S: a11 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).hasSize(9).isSorted();
        }
    }

    @TranscriptTest
    void doesNotLookAheadWhereFetchingMarksAsSeen(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1
                S: a3 OK
                C: a4 UID FETCH 1 (UID FLAGS INTERNALDATE BODY[])
                """ + mail(1, 1, "\\Seen", "m1") + """
                S: a4 OK
                C: a5 UID STORE 1 +FLAGS.SILENT (\\Seen)
                S: a5 OK
                C: a6 LOGOUT
                S: a6 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true&peek=false"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("m1");
        }
    }

    @TranscriptTest
    void aCutInTheMiddleIsReportedAndTheProcessedMailIsMarkedNextTime(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("")
                                + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 2
                S: a3 OK
                C: a4 UID FETCH 1:2 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + mail(1, 1, "", "m1")
                                + "S: * 2 FETCH (UID 2 FLAGS () BODY[] {100}\nS: half\n-- close",
                        login("") + """
                C: a3 UID STORE 1 +FLAGS.SILENT (\\Seen)
                S: a3 OK
                C: a4 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 2
                S: a4 OK
                C: a5 UID FETCH 2 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + mail(2, 2, "", "m2") + """
                S: a5 OK
                C: a6 UID STORE 2 +FLAGS.SILENT (\\Seen)
                S: a6 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "").replace("repeatCount=1", "repeatCount=2&delay=100"));
            await().until(() -> routes.delivered.size() == 2);
            await().untilAsserted(server::assertPlayedToTheEnd);
            assertThat(routes.delivered).containsExactly("m1", "m2");
            assertThat(routes.failures).singleElement().satisfies(failure -> assertThat(failure)
                    .contains("waiting for the answer to UID FETCH 1:2")
                    .contains("the peer closed the connection"));
        }
    }

    @TranscriptTest
    void doesNotApplyALateAcknowledgementToAnotherMailOfARebuiltFolder(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1
                S: a3 OK
                C: a4 UID FETCH 1 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + mail(1, 1, "", "m1") + "S: a4 OK\nC~ a5 UID STORE .*\n-- close",
                        login("").replace("77", "78") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "").replace("repeatCount=1", "repeatCount=2&delay=100"));
            await().until(() -> server.connections() == 2);
            await().untilAsserted(server::assertPlayedToTheEnd);
            assertThat(routes.delivered).containsExactly("m1");
        }
    }

    @Test
    void reportsEveryWayNotToGetThere() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (ScriptedPeer refusing = ScriptedPeer.serving("""
                        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                        C~ a1 AUTHENTICATE PLAIN .*
                        S: a1 NO [AUTHENTICATIONFAILED] wrong
                        """);
                ScriptedPeer foreign = ScriptedPeer.serving(
                        Pace.WHOLE, TestCertificates.server(TestCertificates.Kind.FOREIGN), "-- tls refused");
                ScriptedPeer noFolder = ScriptedPeer.serving("""
                        S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                        C~ a1 AUTHENTICATE PLAIN .*
                        S: a1 OK [CAPABILITY IMAP4rev1] in
                        C: a2 SELECT "Nowhere"
                        S: a2 NO [NONEXISTENT] no such folder
                        """);
                ScriptedPeer babbling = ScriptedPeer.serving("S: HTTP/1.1 400 Bad Request")) {
            assertFailure(once(new HostPort("127.0.0.1", free), ""), "refused");
            assertFailure(once(new HostPort("no-such-host.invalid", 143), ""), "the host name is unknown");
            assertFailure(once(refusing.address(), ""), "[AUTHENTICATIONFAILED] wrong");
            assertFailure(once(foreign.address(), "").replace("imap:", "imaps:"), "trustAllCertificates=true");
            assertFailure(once(noFolder.address(), "folderName=Nowhere"), "[NONEXISTENT] no such folder");
            assertFailure(once(babbling.address(), ""), "expected an IMAP greeting");
        }
    }

    private static void assertFailure(String uri, String text) throws Exception {
        try (ImapRoutes routes = new ImapRoutes()) {
            routes.start(uri);
            await().until(() -> !routes.failures.isEmpty());
            assertThat(routes.failures).singleElement().satisfies(failure -> assertThat(failure)
                    .contains(text)
                    .doesNotContain("secret1")
                    .doesNotContain("AGFsaWNl"));
        }
    }

    @TranscriptTest
    void doesNotCopyTwiceWhenAMoveFailsHalfway(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("UIDPLUS") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1
                S: a3 OK
                C: a4 UID FETCH 1 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + mail(1, 1, "", "m1") + """
                S: a4 OK
                C: a5 UID STORE 1 +FLAGS.SILENT (\\Seen)
                S: a5 OK
                C: a6 UID COPY 1 "Done"
                S: a6 OK
                C: a7 UID STORE 1 +FLAGS.SILENT (\\Deleted)
                S: a7 NO not allowed
                C: a8 CREATE "Done"
                S: a8 NO [ALREADYEXISTS] it is there
                C: a9 LOGOUT
                S: a9 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true&moveTo=Done"));
            awaitEnd(server, routes);
            assertThat(routes.failures).singleElement().satisfies(failure -> assertThat(failure)
                    .contains("cannot be moved to Done: UIDs 1")
                    .contains("NO not allowed"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stopsAtOnceWhileAServerIsSilent(boolean isGreeted) throws Exception {
        String greeted = "S: * OK [CAPABILITY IMAP4rev1] ready\nC: a1 LOGIN \"alice\" \"secret1\"\n";
        String conversation = (isGreeted ? greeted : "") + "-- closed";
        try (ScriptedPeer server = ScriptedPeer.serving(conversation);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "").replace("readTimeout=5s", "readTimeout=60s"));
            await().until(() -> server.connections() == 1);
            if (isGreeted) {
                server.awaitHeard("a1 LOGIN \"alice\" \"secret1\"");
            }
            long start = System.nanoTime();
            routes.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
            assertThat(routes.failures).as("a stop is no failure of the poll").isEmpty();
        }
    }

    @Test
    void stopsAtOnceWhileTheServerOfAKeptConnectionIsSilent() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(login("") + """
                        C: a3 UID SEARCH UNSEEN UNDELETED
                        S: * SEARCH
                        S: a3 OK
                        C: a4 NOOP
                        -- closed
                        """);
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "closeFolder=false")
                    .replace("readTimeout=5s", "readTimeout=60s")
                    .replace("repeatCount=1", "delay=1"));
            server.awaitHeard("a4 NOOP");
            long start = System.nanoTime();
            routes.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
            assertThat(routes.failures).isEmpty();
        }
    }
}
