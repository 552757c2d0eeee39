package io.mailproto.component.imap;

import static io.mailproto.component.imap.ImapRoutes.once;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.MailConstants;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Processor;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several folders, mails that fail, and deleting where that is something else, with scripted servers. */
class ImapSettlingTest {
    private static final Processor FAILING = exchange -> {
        throw new IllegalStateException("cannot do it");
    };

    private static String login(String capabilities) {
        return """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY IMAP4rev1 %s] logged in
                """.formatted(capabilities);
    }

    private static String select(int tag, String folder) {
        return "C: a" + tag + " SELECT " + folder + "\nS: * 1 EXISTS\nS: * OK [UIDVALIDITY 77]\nS: a" + tag
                + " OK [READ-WRITE] selected\n";
    }

    private static String found(int tag, long uid, String subject) {
        int length = "Subject: \r\n\r\nx\r\n".length() + subject.length();
        return "C: a" + tag + " UID SEARCH UNSEEN UNDELETED\nS: * SEARCH " + uid + "\nS: a" + tag + " OK\nC: a"
                + (tag + 1) + " UID FETCH " + uid + " (UID FLAGS INTERNALDATE BODY.PEEK[])\nS: * 1 FETCH (UID " + uid
                + " FLAGS () BODY[] {" + length + "}\nS: Subject: " + subject + "\\r\\n\\r\\nx\\r\\n)\nS: a" + (tag + 1)
                + " OK\n";
    }

    private static String ok(int tag, String command) {
        return "C: a" + tag + " " + command + "\nS: a" + tag + " OK\n";
    }

    private static void awaitEnd(ScriptedPeer server, ImapRoutes routes) {
        await().until(() -> !routes.consumer().isPolling() && server.connections() > 0);
        server.assertPlayedToTheEnd();
    }

    private static String key(ScriptedPeer server) {
        return "alice@" + server.address() + "/INBOX";
    }

    @TranscriptTest
    void pollsSeveralFoldersOneAfterTheOtherOverOneConnection(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("UNSELECT") + """
                        C: a2 LIST "" "Archive/*"
                        S: * LIST (\\Noselect) "/" Archive/Old
                        S: * LIST () "/" Archive/2025
                        S: * LIST () "/" INBOX
                        S: * LIST () "/" "Archive/Entw&APw-rfe"
                        S: a2 OK
                        """ + select(3, "INBOX") + found(4, 9, "one")
                                + ok(6, "UID STORE 9 +FLAGS.SILENT (\\Seen)")
                                + select(7, "\"Archive/2025\"") + ok(8, "UID SEARCH UNSEEN UNDELETED")
                                + select(9, "\"Archive/Entw&APw-rfe\"") + found(10, 9, "two")
                                + ok(12, "UID STORE 9 +FLAGS.SILENT (\\Seen)") + ok(13, "LOGOUT"));
                ImapRoutes routes = new ImapRoutes()) {
            List<String> folders = new CopyOnWriteArrayList<>();
            routes.start(
                    once(server.address(), "disconnect=true&folderName=INBOX,Archive/*"),
                    exchange -> folders.add(exchange.getMessage().getHeader(MailConstants.FOLDER, String.class)));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("one", "two");
            assertThat(folders).containsExactly("INBOX", "Archive/Entw\u00fcrfe");
            assertThat(routes.failures).isEmpty();
        }
    }

    @TranscriptTest
    void aFolderThatCannotBeOpenedDoesNotKeepTheOthers(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("") + "C: a2 SELECT \"gone\"\nS: a2 NO [NONEXISTENT] no such folder\n"
                                + select(3, "INBOX") + found(4, 9, "one")
                                + ok(6, "UID STORE 9 +FLAGS.SILENT (\\Seen)") + ok(7, "LOGOUT"));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true&folderName=gone,INBOX"));
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("one");
            assertThat(routes.failures)
                    .singleElement()
                    .asString()
                    .contains("The folder gone of", "cannot be opened; the others go on", "no such folder");
        }
    }

    @Test
    void aPatternThatFindsNothingIsAFailedPoll() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(login("") + ok(2, "LIST \"\" \"Archive.*\"") + "-- closed\n");
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "folderName=Archive.*"));
            await().until(() -> routes.consumer().getErrorCounter() > 0);
            server.assertPlayedToTheEnd();
            assertThat(routes.failures).singleElement().asString().contains("the option folderName");
        }
    }

    @TranscriptTest
    void movesAFailedMailAtOnceIfThatIsSaid(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace, login("MOVE") + select(2, "INBOX") + found(3, 9, "bad") + """
                        C: a5 UID STORE 9 +FLAGS.SILENT ($Failed)
                        S: a5 OK
                        C: a6 UID MOVE 9 "Failed"
                        S: a6 NO [TRYCREATE] no such folder
                        C: a7 CREATE "Failed"
                        S: a7 OK
                        C: a8 UID MOVE 9 "Failed"
                        S: * OK [COPYUID 1 9 1]
                        S: * 1 EXPUNGE
                        S: a8 OK
                        """ + ok(9, "LOGOUT"));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(
                    once(server.address(), "disconnect=true&onFailureMoveTo=Failed&onFailureFlag=$Failed"), FAILING);
            awaitEnd(server, routes);
            assertThat(routes.failures).singleElement().asString().contains("cannot do it");
        }
    }

    @TranscriptTest
    void movesAFailedMailAfterAsManyFailuresAsAreSaidAndWithoutMoveStepByStep(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("UIDPLUS")
                                + select(2, "INBOX")
                                + found(3, 9, "bad")
                                + ok(5, "NOOP")
                                + found(6, 9, "bad")
                                + ok(8, "UID COPY 9 \"Failed\"")
                                + ok(9, "UID STORE 9 +FLAGS.SILENT (\\Deleted)")
                                + ok(10, "UID EXPUNGE 9")
                                + ok(11, "LOGOUT"));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(
                    once(server.address(), "closeFolder=false&onFailureMoveTo=Failed&maxDeliveries=2")
                            .replace("repeatCount=1", "repeatCount=2&delay=20"),
                    FAILING);
            await().until(() -> routes.consumer().getCounter() > 2);
            routes.stop();
            server.assertPlayedToTheEnd();
            assertThat(routes.delivered).hasSize(2);
        }
    }

    @TranscriptTest
    void deletesOnGmailByMovingToTheBin(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        login("X-GM-EXT-1 UIDPLUS MOVE") + select(2, "INBOX") + found(3, 9, "one") + """
                        C: a5 LIST "" "*"
                        S: * LIST (\\HasNoChildren) "/" "INBOX"
                        S: * LIST (\\HasChildren \\Noselect) "/" "[Gmail]"
                        S: * LIST (\\All \\HasNoChildren) "/" "[Gmail]/Alle Nachrichten"
                        S: * LIST (\\HasNoChildren \\Trash) "/" "[Gmail]/Papierkorb"
                        S: a5 OK
                        C: a6 UID MOVE 9 "[Gmail]/Papierkorb"
                        S: * 1 EXPUNGE
                        S: a6 OK
                        """
                                + ok(7, "LOGOUT"));
                ImapRoutes routes = new ImapRoutes()) {
            routes.start(once(server.address(), "disconnect=true&delete=true"));
            awaitEnd(server, routes);
            assertThat(routes.failures).isEmpty();
        }
    }

    @Test
    void deletesForGoodWhatIsInTheBinOrWhereThereIsNone() throws Exception {
        String bin = "C: a5 LIST \"\" \"*\"\nS: * LIST (\\Trash) \"/\" \"[Gmail]/Bin\"\nS: a5 OK\n";
        String expunge = ok(6, "UID STORE 9 +FLAGS.SILENT (\\Deleted)") + ok(7, "UID EXPUNGE 9") + ok(8, "LOGOUT");
        for (boolean isBin : new boolean[] {true, false}) {
            String folder = isBin ? "\"[Gmail]/Bin\"" : "INBOX";
            try (ScriptedPeer server = ScriptedPeer.serving(login("X-GM-EXT-1 UIDPLUS MOVE")
                            + select(2, folder)
                            + found(3, 9, "one")
                            + (isBin ? bin : ok(5, "LIST \"\" \"*\""))
                            + expunge);
                    ImapRoutes routes = new ImapRoutes()) {
                routes.start(once(
                        server.address(),
                        "disconnect=true&delete=true&folderName=" + (isBin ? "RAW([Gmail]/Bin)" : "INBOX")));
                awaitEnd(server, routes);
                assertThat(routes.failures).isEmpty();
            }
        }
    }

    @Test
    void afterARestartOnlyNewMailsAreTakenAndFailuresAreKnown() throws Exception {
        MemoryStateRepository memory = new MemoryStateRepository();
        String options = "disconnect=true&unseen=false&stateRepository=%23memory&maxDeliveries=2";
        try (ScriptedPeer server = ScriptedPeer.serving(login("UIDPLUS")
                        + select(2, "INBOX")
                        + found(3, 8, "good").replace("UNSEEN UNDELETED", "UID 1:4294967295 UNDELETED")
                        + ok(5, "UID STORE 8 +FLAGS.SILENT (\\Seen)")
                        + ok(6, "LOGOUT"));
                ImapRoutes routes = new ImapRoutes()) {
            routes.context.getRegistry().bind("memory", memory);
            routes.start(once(server.address(), options));
            awaitEnd(server, routes);
            assertThat(memory.getState(key(server))).isEqualTo("1;77;8;;");
        }
        try (ScriptedPeer server = ScriptedPeer.serving(login("UIDPLUS")
                        + select(2, "INBOX")
                        + found(3, 9, "bad").replace("UNSEEN UNDELETED", "UID 9:4294967295 UNDELETED")
                        + ok(5, "LOGOUT"));
                ImapRoutes routes = new ImapRoutes()) {
            memory.setState(key(server), "1;77;8;;");
            routes.context.getRegistry().bind("memory", memory);
            routes.start(once(server.address(), options), FAILING);
            awaitEnd(server, routes);
            assertThat(routes.delivered).containsExactly("bad");
            assertThat(memory.getState(key(server))).isEqualTo("1;77;9;9;9x1");
        }
        try (ScriptedPeer server = ScriptedPeer.serving(login("UIDPLUS")
                        + select(2, "INBOX")
                        + found(3, 9, "bad").replace("UNSEEN UNDELETED", "UID 9:4294967295 UNDELETED")
                        + ok(5, "UID STORE 9 +FLAGS.SILENT (\\Flagged)")
                        + ok(6, "LOGOUT"));
                ImapRoutes routes = new ImapRoutes()) {
            memory.setState(key(server), "1;77;9;9;9x1");
            routes.context.getRegistry().bind("memory", memory);
            routes.start(once(server.address(), options), FAILING);
            awaitEnd(server, routes);
            assertThat(memory.getState(key(server))).isEqualTo("1;77;9;;9x2");
        }
    }

    @ParameterizedTest
    @CsvSource({"onFailureFlag=a b,onFailureFlag", "folderName=a%2C%2Cb,folderName"})
    void refusesToStartNamingTheOption(String options, String option) throws Exception {
        try (ScriptedPeer nobody = ScriptedPeer.serving();
                ImapRoutes routes = new ImapRoutes()) {
            assertThatThrownBy(() -> routes.start(once(nobody.address(), options)))
                    .hasStackTraceContaining("IllegalArgumentException: " + option);
        }
    }
}
