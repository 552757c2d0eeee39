package io.mailproto.component.pop3;

import static io.mailproto.component.pop3.Pop3Routes.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.MessageIdUidGenerator;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.MailFailure;
import io.mailproto.wire.ProtocolViolation;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that lack something, or say more than they were asked: what the consumer makes of it. */
class Pop3OdditiesTest {
    private static final String CAPA = "C: CAPA\nS: +OK\nS: USER\nS: PIPELINING\nS: .\n";
    private static final String LOGIN = "S: +OK ready\n" + CAPA + "C: USER alice\nS: +OK\nC: PASS secret1\nS: +OK\n";
    private static final String PLAIN_LOGIN = "S: +OK ready\nC: CAPA\nS: +OK\nS: USER\nS: .\n"
            + "C: USER alice\nS: +OK\nC: PASS secret1\nS: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .\n";
    private static final String QUIT = "C: QUIT\nS: +OK bye\n-- close\n";

    private final Pop3Routes routes = new Pop3Routes();

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    /** One that polls only when the test says so. */
    private void startByHand(ScriptedPeer server, String options) throws Exception {
        routes.start(
                uri(server, "delay=3600000" + options).replace("initialDelay=0", "initialDelay=3600000"),
                exchange -> {});
    }

    private static String listed(String... ids) {
        StringBuilder uids = new StringBuilder("C: UIDL\nS: +OK\n");
        for (int i = 0; i < ids.length; i++) {
            uids.append("S: " + (i + 1) + " " + ids[i] + "\n");
        }
        return uids + "S: .\n" + sizes(ids.length);
    }

    private static String sizes(int count) {
        StringBuilder sizes = new StringBuilder("C: LIST\nS: +OK\n");
        for (int i = 1; i <= count; i++) {
            sizes.append("S: " + i + " 20\n");
        }
        return sizes + "S: .\n";
    }

    private static String retr(int number, String id) {
        return "C: RETR " + number + "\nS: +OK\nS: Subject: " + id + "\nS: Message-ID: <" + id
                + "@example.org>\nS:\nS: text\nS: .\n";
    }

    private static String dele(int number) {
        return "C: DELE " + number + "\nS: +OK\n";
    }

    /** P1: nothing but numbers names a mail, and these hold within a session. */
    @TranscriptTest
    void withoutUidlMailsAreFetchedByNumberIfTheyAreToBeDeleted(Pace pace) throws Exception {
        String none = "C: UIDL\nS: -ERR unknown command\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        PLAIN_LOGIN + none + sizes(2) + retr(1, "a") + retr(2, "b") + dele(1) + dele(2) + QUIT,
                        // Another mail by the same number.
                        PLAIN_LOGIN + none + sizes(1) + retr(1, "c") + dele(1) + QUIT);
                LoggedLines log = LoggedLines.of(Pop3Session.class)) {
            startByHand(server, "&delete=true");
            assertThat(routes.consumer().poll()).isEqualTo(2);
            assertThat(routes.consumer().poll()).isEqualTo(1);
            server.assertPlayedToTheEnd();
            assertThat(log.lines.stream().filter(line -> line.startsWith("WARN")))
                    .singleElement()
                    .asString()
                    .contains("no UIDL");
        }
        assertThat(routes.failures).isEmpty();
    }

    /** P1: without deletion every mail would come again at every poll. */
    @TranscriptTest
    void withoutUidlMailsThatAreToStayAreAnErrorThatNamesTheWayOut(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, PLAIN_LOGIN + "C: UIDL\nS: -ERR unknown command\n" + sizes(2) + "-- closed\n")) {
            startByHand(server, "");
            assertThatThrownBy(() -> routes.consumer().poll())
                    .isInstanceOf(WithoutUidlException.class)
                    .hasMessageContaining(server.address() + ": listing the mails: the server has no UIDL")
                    .hasMessageContaining("set delete=true")
                    .satisfies(e -> assertThat(((MailFailure) e).isTransient()).isFalse());
            server.assertPlayedToTheEnd();
        }
    }

    /** P3: an id that is given to another mail later. While the first one is gone it is forgotten. */
    @TranscriptTest
    void anIdThatIsUsedAgainNamesANewMail(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                LOGIN + CAPA + listed("x") + retr(1, "a") + QUIT,
                LOGIN + CAPA + listed() + QUIT,
                LOGIN + CAPA + listed("x") + retr(1, "b") + QUIT)) {
            startByHand(server, "");
            for (int i = 0; i < 3; i++) {
                routes.consumer().poll();
            }
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("x", "x");
    }

    /** P5: what follows an unstuffed dot is no answer; the mails of that session are left alone and come again. */
    @Test
    void aMailWithoutDotStuffingLosesNoOther() throws Exception {
        String unstuffed = "C: RETR 1\nS: +OK\nS: Subject: a\nS:\nS: first\nS: .\nS: second\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                PLAIN_LOGIN + listed("a", "b") + unstuffed + "C: RETR 2\n-- closed\n",
                PLAIN_LOGIN + listed("a", "b") + retr(1, "a") + retr(2, "b") + dele(1) + dele(2) + QUIT)) {
            startByHand(server, "&delete=true");
            assertThatThrownBy(() -> routes.consumer().poll()).isInstanceOf(ProtocolViolation.class);
            routes.consumer().poll();
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "a", "b");
    }

    /** P5: and it does not keep the others back for ever. */
    @Test
    void aMailThatAlwaysPutsTheAnswersOutOfStepIsLetAloneAfterSomeTimes() throws Exception {
        String unstuffed = PLAIN_LOGIN + listed("a", "b")
                + "C: RETR 1\nS: +OK\nS: Subject: a\nS:\nS: first\nS: .\nS: second\nC: RETR 2\n-- closed\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                unstuffed, unstuffed, PLAIN_LOGIN + listed("a", "b") + retr(2, "b") + dele(2) + QUIT)) {
            startByHand(server, "&delete=true&maxDeliveries=2");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> routes.consumer().poll()).isInstanceOf(ProtocolViolation.class);
            }
            routes.consumer().poll();
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "a", "b");
    }

    /** P6: nothing tells its end from its content, so its time passes; the others go on without it. */
    @Test
    void aMailWithoutItsLastLineEndKeepsNoOthersBack() throws Exception {
        String endless = "C: RETR 1\nS: +OK\nS: Subject: a\nS:\nS: text.\n-- closed\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                PLAIN_LOGIN + listed("a", "b") + endless, PLAIN_LOGIN + listed("a", "b") + retr(2, "b") + endless)) {
            startByHand(server, "&delete=true&readTimeout=500");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> routes.consumer().poll())
                        .hasMessageContaining("fetching message 1 by RETR")
                        .hasMessageContaining("still on the server");
            }
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("b");
    }

    /** P13: a size that is absent, wrong, or of nothing; a mail that holds a dot only. */
    @TranscriptTest
    void sizesInFrontOfMailsAreNotNeeded(Pace pace) throws Exception {
        String mails =
                "C: RETR 1\nS: +OK\nS: Subject: a\nS:\nS: .\nC: RETR 2\nS: +OK 3 octets\nS: Subject: b\nS:\nS: .\n"
                        + "C: RETR 3\nS: +OK octets follow\nS: ..\nS: .\nC: RETR 4\nS: -ERR message is deleted\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, LOGIN + CAPA + listed("a", "b", "c", "d") + mails + dele(1) + dele(2) + dele(3) + QUIT)) {
            startByHand(server, "&delete=true");
            assertThat(routes.consumer().poll()).isEqualTo(3);
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b", "c");
    }

    /** A key that is made of the mail is known once the mail has been fetched. */
    @TranscriptTest
    void mailsThatTheRepositoryKnowsByAGeneratedKeyAreFetchedOnceAndKeepNoOthersBack(Pace pace) throws Exception {
        MemoryIdempotentRepository seen = new MemoryIdempotentRepository();
        seen.start();
        seen.add("<a@example.org>");
        seen.add("<b@example.org>");
        routes.context.getRegistry().bind("seen", seen);
        routes.context.getRegistry().bind("byMessageId", new MessageIdUidGenerator());
        String three = LOGIN + CAPA + listed("1a", "2b", "3c");
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, three + retr(1, "a") + retr(2, "b") + QUIT, three + retr(3, "c") + QUIT, three + QUIT)) {
            startByHand(
                    server,
                    "&maxMessagesPerPoll=2&idempotentRepository=%23seen&mailUidGenerator=%23byMessageId"
                            + "&idempotentRepositoryRemoveOnCommit=false");
            for (int i = 0; i < 3; i++) {
                routes.consumer().poll();
            }
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("3c");
    }

    /** Nothing says which of two mails a number names that is listed twice. */
    @TranscriptTest
    void aNumberThatIsListedTwiceEndsTheSessionAndNothingIsLost(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                LOGIN + CAPA + "C: UIDL\nS: +OK\nS: 1 a\nS: 1 b\nS: .\nC: LIST\n-- closed\n",
                LOGIN + CAPA + listed("a", "b") + retr(1, "a") + retr(2, "b") + dele(1) + dele(2) + QUIT)) {
            startByHand(server, "&delete=true");
            assertThatThrownBy(() -> routes.consumer().poll())
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("each message number once");
            routes.consumer().poll();
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a", "b");
    }

    /** One answer too many would be taken for that to the next command, and so on. */
    @TranscriptTest
    void anAnswerTooManyBehindTheLoginEndsTheSessionAndNothingIsLost(Pace pace) throws Exception {
        String twice = "S: +OK logged in\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                LOGIN + twice + "C: CAPA\nS: +OK\nC: UIDL\nC: LIST\n-- closed\n",
                LOGIN.replace("S: PIPELINING\n", "") + twice + "C: CAPA\nS: +OK\n-- closed\n",
                LOGIN + CAPA + "C: UIDL\nS: +OK\nS: +OK 2 messages\nS: 1 a\nC: LIST\n-- closed\n",
                LOGIN + CAPA + listed("a") + retr(1, "a") + dele(1) + QUIT)) {
            startByHand(server, "&delete=true");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> routes.consumer().poll()).isInstanceOf(ProtocolViolation.class);
            }
            routes.consumer().poll();
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.delivered).containsExactly("a");
    }

    /** Nothing is lost by it: the longest wait is for a session that has deletions to tell. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void aServerThatIsSilentAfterTheLoginDelaysNoStop() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(LOGIN + CAPA + "C: UIDL\nC: LIST\n-- closed\n")) {
            routes.context.getShutdownStrategy().setTimeout(60);
            routes.start(uri(server, "delete=true"), exchange -> {});
            server.awaitHeard("LIST");
            routes.context.stop();
            server.assertPlayedToTheEnd();
        }
        assertThat(routes.failures).isEmpty();
    }
}
