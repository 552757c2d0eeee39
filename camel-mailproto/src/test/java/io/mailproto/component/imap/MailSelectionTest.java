package io.mailproto.component.imap;

import static io.mailproto.component.imap.ImapRoutes.once;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailSearchTerm;
import io.mailproto.imap.SearchCriteria;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Which mails a poll takes, and in which order: what goes over the wire. */
class MailSelectionTest {
    private static String login(String capabilities) {
        return """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY IMAP4rev1 %s] logged in
                C: a2 SELECT INBOX
                S: * 9 EXISTS
                S: * OK [UIDVALIDITY 77]
                S: a2 OK [READ-WRITE] selected
                """.formatted(capabilities);
    }

    private static String fetched(long uid, String flags, String subject) {
        String text = "Subject: " + subject + "\\r\\n\\r\\nx\\r\\n";
        int length = "Subject: \r\n\r\nx\r\n".length() + subject.length();
        return "S: * " + uid + " FETCH (UID " + uid + " FLAGS (" + flags
                + ") INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {" + length + "}\nS: " + text + ")\n";
    }

    /** What the server tells before a mail is fetched. */
    private static String told(long uid, String date, int size, String header) {
        String text = header + "\\r\\n\\r\\n";
        return "S: * " + uid + " FETCH (UID " + uid + " FLAGS () INTERNALDATE \"" + date + "\" RFC822.SIZE " + size
                + " BODY[HEADER] {" + (header.replace("\\r\\n", "\r\n").length() + 4) + "}\nS: " + text + ")\n";
    }

    private static final String DATE = "17-Jul-1996 02:44:25 -0700";

    private static void awaitEnd(ScriptedPeer server, ImapRoutes routes) {
        await().until(() -> !routes.consumer().isPolling() && server.connections() > 0);
        server.assertPlayedToTheEnd();
    }

    private static final String SEEN_AND_AWAY = """
            C~ a\\d+ UID STORE [0-9:,]+ \\+FLAGS.SILENT \\(.Seen\\)
            S: a%d OK
            C: a%d LOGOUT
            S: a%2$d OK
            """;

    private static String seenAndAway(int tag) {
        return SEEN_AND_AWAY.formatted(tag, tag + 1);
    }

    @TranscriptTest
    void searchesByTheKeysOfCamelMailWithUnicodeAsLiteral(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace, login("LITERAL+") + """
                C: a3 UID SEARCH CHARSET UTF-8 UNSEEN FROM "ann" SUBJECT {4+}
                C: \u00e4.x UNDELETED SINCE 1-Jan-2026
                S: * SEARCH 4
                S: a3 OK
                C: a4 UID FETCH 4 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + fetched(4, "", "one") + "S: a4 OK\n" + seenAndAway(5));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(
                    server.address(),
                    "disconnect=true&searchTerm.subject=%C3%A4.x&searchTerm.from=ann&search=RAW(SINCE 1-Jan-2026)"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("one");
        }
    }

    @TranscriptTest
    void takesASearchTermAsABeanInsteadOfUnseen(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace, login("") + """
                C: a3 UID SEARCH OR (SUBJECT "order") (FROM "shop") UNDELETED
                S: * SEARCH 4
                S: a3 OK
                C: a4 UID FETCH 4 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + fetched(4, "\\Seen", "order") + "S: a4 OK\n" + seenAndAway(5));
                ImapRoutes routes = new ImapRoutes()) {
            routes.context
                    .getRegistry()
                    .bind("mine", MailSearchTerm.subject("order").or(MailSearchTerm.from("shop")));
            routes.start(once(server.address(), "disconnect=true&searchTerm=%23mine"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).as("seen ones too").containsExactly("order");
        }
    }

    @TranscriptTest
    void looksAtTheHourWhereTheServerKnowsDaysOnly(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("")
                                + """
                C~ a3 UID SEARCH UNSEEN SINCE [0-9]+-[A-Z][a-z]+-2026 UNDELETED
                S: * SEARCH 1 2 3
                S: a3 OK
                C: a4 UID FETCH 1:3 (UID INTERNALDATE RFC822.SIZE)
                S: * 1 FETCH (UID 1 INTERNALDATE "11-Jan-2026 10:00:00 +0000" RFC822.SIZE 10)
                S: * 2 FETCH (UID 2 INTERNALDATE "13-Jan-2026 10:00:00 +0000" RFC822.SIZE 10)
                S: * 3 FETCH (UID 3 RFC822.SIZE 10)
                S: a4 OK
                C: a5 UID FETCH 2:3 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + fetched(2, "", "later")
                                + fetched(3, "", "who knows")
                                + "S: a5 OK\n"
                                + seenAndAway(6));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true&searchTerm.fromReceivedDate=2026-01-12 12:00:00"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("later", "who knows");
        }
    }

    @TranscriptTest
    void processesInTheOrderOfTheServersSort(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("SORT")
                                + """
                C: a3 UID SORT (DATE REVERSE SIZE) US-ASCII UNSEEN UNDELETED
                S: * SORT 7 2 5 1
                S: a3 OK
                C: a4 UID FETCH 2,5,7 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + fetched(2, "", "second")
                                + fetched(5, "", "third")
                                + fetched(7, "", "first")
                                + "S: a4 OK\n"
                                + seenAndAway(5));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true&sortTerm=date,-size&fetchSize=3"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("first", "second", "third");
        }
    }

    @TranscriptTest
    void sortsHereWhereTheServerCannotOrWillNot(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("SORT")
                                + """
                C: a3 UID SORT (SUBJECT REVERSE DATE) US-ASCII UNSEEN UNDELETED
                S: a3 BAD what?
                C: a4 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 2 3 4
                S: a4 OK
                C: a5 UID FETCH 1:4 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])
                """
                                + told(1, DATE, 10, "Subject: Re: b\\r\\nDate: 1 Jan 2026 00:00:00 +0000")
                                + told(2, DATE, 10, "Subject: [list] B\\r\\nDate: 2 Jan 2026 00:00:00 +0000")
                                + told(3, DATE, 10, "Subject: Fwd: RE: a")
                                + "S: a5 OK\n"
                                + "C: a6 UID FETCH 1:3 (UID FLAGS INTERNALDATE BODY.PEEK[])\n"
                                + fetched(1, "", "m1")
                                + fetched(2, "", "m2")
                                + fetched(3, "", "m3")
                                + "S: a6 OK\n"
                                + seenAndAway(7));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true&sortTerm=subject,reverse,date"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("m3", "m2", "m1");
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void asksTheFilterBeforeTheBodyIsFetchedAndRemembersItsRefusals(Pace pace) throws Exception {
        String items = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])";
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("")
                                + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 2 3
                S: a3 OK
                """
                                + "C: a4 UID FETCH 1:3 " + items + "\n"
                                + told(1, DATE, 5000000, "Subject: too big")
                                + told(2, DATE, 1000, "Subject: right")
                                + told(3, DATE, 1000, "X: no subject")
                                + """
                S: a4 OK
                C: a5 UID FETCH 2 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + fetched(2, "", "right")
                                + """
                S: a5 OK
                C: a6 UID STORE 2 +FLAGS.SILENT (\\Seen)
                S: a6 OK
                C: a7 NOOP
                S: a7 OK
                C: a8 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 3 4
                S: a8 OK
                """
                                + "C: a9 UID FETCH 4 " + items + "\n"
                                + told(4, DATE, 1000, "Subject: new")
                                + """
                S: a9 OK
                C: a10 UID FETCH 4 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + fetched(4, "", "new")
                                + """
                S: a10 OK
                C: a11 UID STORE 4 +FLAGS.SILENT (\\Seen)
                S: a11 OK
                -- close
                """);
                ImapRoutes routes = new ImapRoutes()) {
            String filter = "RAW(${header.CamelMailSize} < 1000000 && ${header.Subject} != null && "
                    + "${header.CamelMailFlags.size} == 0)";
            routes.start(once(server.address(), "closeFolder=false&filterMail=" + filter)
                    .replace("repeatCount=1", "repeatCount=2&delay=50"));
            await().until(() -> routes.delivered.size() == 2);
            await().untilAsserted(server::assertPlayedToTheEnd);
            assertThat(routes.delivered).containsExactly("right", "new");
        }
    }

    @TranscriptTest
    void aMailOfWhichNothingCanBeToldDoesNotKeepTheOthers(Pace pace) throws Exception {
        String items = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])";
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("")
                                + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 1 2 3
                S: a3 OK
                """
                                + "C: a4 UID FETCH 1:3 " + items + "\n"
                                + told(1, DATE, 1000, "Subject: one")
                                + "S: a4 NO [SERVERBUG] no\n"
                                + "C: a5 UID FETCH 2 " + items + "\n"
                                + "S: a5 NO [SERVERBUG] never\n"
                                + "C: a6 UID FETCH 3 " + items + "\n"
                                + told(3, DATE, 1000, "Subject: fail")
                                + """
                S: a6 OK
                C: a7 UID FETCH 1 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """
                                + fetched(1, "", "one")
                                + "S: a7 OK\n"
                                + seenAndAway(8));
                ImapRoutes routes = new ImapRoutes()) {
            routes.context.getRegistry().bind("judge", new Judge());
            routes.start(once(server.address(), "disconnect=true&filterMail=RAW(${bean:judge?method=isGood})"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("one");
            assertThat(routes.failures)
                    .hasSize(2)
                    .anySatisfy(failure ->
                            assertThat(failure).contains("/77/2, so it is not").contains("never"))
                    .anySatisfy(failure -> assertThat(failure).contains("/77/3, so it is not"));
        }
    }

    /** A predicate that cannot decide about everything. */
    public static final class Judge {
        /** Fails for one subject. */
        public boolean isGood(@org.apache.camel.Header("Subject") String subject) {
            if ("fail".equals(subject)) {
                throw new IllegalStateException("cannot decide");
            }
            return true;
        }
    }

    @TranscriptTest
    void postProcessesTheMailboxWhenAllIsSettled(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, login("UIDPLUS") + """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 4
                S: a3 OK
                C: a4 UID FETCH 4 (UID FLAGS INTERNALDATE BODY.PEEK[])
                """ + fetched(4, "", "one") + """
                S: a4 OK
                C: a5 UID STORE 4 +FLAGS.SILENT (\\Seen)
                S: a5 OK
                C: a6 UID SEARCH BEFORE 1-Jan-2020
                S: * SEARCH 1 2
                S: a6 OK
                C: a7 UID STORE 1:2 +FLAGS.SILENT (\\Deleted)
                S: a7 OK
                C: a8 UID EXPUNGE 1:2
                S: a8 NO [NOPERM] not yours
                C: a9 LOGOUT
                S: a9 OK
                """);
                ImapRoutes routes = new ImapRoutes()) {
            List<String> before = new CopyOnWriteArrayList<>();
            ImapPostProcessAction removeOld = client -> {
                before.addAll(routes.delivered);
                client.uidExpunge(client.uidSearch(SearchCriteria.parse("BEFORE 1-Jan-2020")));
            };
            routes.context.getRegistry().bind("clean", removeOld);
            routes.start(once(server.address(), "disconnect=true&postProcessAction=%23clean"));
            awaitEnd(server, routes);
            assertThat(before).containsExactly("one");
            assertThat(routes.failures).singleElement().satisfies(failure -> assertThat(failure)
                    .contains("postProcessAction")
                    .contains("[NOPERM] not yours"));
        }
    }
}
