package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.ALICE;
import static io.mailproto.imap.ClientFixture.inClear;
import static io.mailproto.imap.ClientFixture.open;
import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolException;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.ConnectFailed;
import io.mailproto.wire.ConnectionLost;
import io.mailproto.wire.DeadlineExceeded;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.LimitExceeded;
import io.mailproto.wire.MailFailure;
import io.mailproto.wire.ProtocolViolation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that hang up, lie, babble or inject: the error says where, nothing hangs, nothing is mixed up. */
class ImapHostileServerTest {
    private static final FetchItems BODY = FetchItems.of(Attribute.FLAGS).with(BodySection.WHOLE);
    private static final ImapLimits SMALL = new ImapLimits(4096, 100_000, 2048, 16, 5, 50, 1000);

    private interface Talk {
        void with(ImapClient client) throws IOException;
    }

    @TranscriptTest
    void aCutIsReportedInEveryState(Pace pace) throws Exception {
        cut(
                pace,
                "C~ a3 UID SEARCH .*\n-- close",
                "waiting for the answer to UID SEARCH UNSEEN UNDELETED",
                c -> c.uidSearch(SearchCriteria.UNSEEN));
        cut(
                pace,
                "C~ a3 UID SEARCH .*\nS: * SEARCH 1 2\\c\n-- close",
                "waiting for the answer to UID SEARCH",
                c -> c.uidSearch(SearchCriteria.UNSEEN));
        cut(
                pace,
                "C~ a3 UID FETCH .*\n-- close",
                "waiting for the answer to UID FETCH 7",
                c -> c.uidFetch(UidSet.of(7), BODY, FetchedMessage::release));
        cut(
                pace,
                "C~ a3 UID FETCH .*\nS: * 1 FETCH (UID 7 FLAGS () BODY[] {100}\nS: half of it\n-- close",
                "waiting for the answer to UID FETCH 7",
                c -> c.uidFetch(UidSet.of(7), BODY, FetchedMessage::release));
        cut(
                pace,
                "C~ a3 UID STORE .*\n-- reset",
                "UID STORE 7",
                c -> c.uidStore(UidSet.of(7), FlagChange.add(Flag.SEEN)));
        cut(
                pace,
                "C~ a3 UID MOVE .*\n-- close",
                "waiting for the answer to UID MOVE 7 \"x\"",
                c -> c.uidMove(UidSet.of(7), MailboxName.of("x")));
        cut(pace, "C~ a3 LIST .*\n-- close", "waiting for the answer to LIST", c -> c.list("", "*"));
        cut(pace, "C: a3 NOOP\n-- close", "waiting for the answer to NOOP", ImapClient::noop);
        cut(pace, "C: a3 LOGOUT\n-- close", "waiting for the answer to LOGOUT", ImapClient::logout);
    }

    private static void cut(Pace pace, String rest, String step, Talk talk) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("MOVE UIDPLUS", rest));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> talk.with(client))
                    .isInstanceOf(ConnectionLost.class)
                    .hasMessageStartingWith(server.address() + ": ")
                    .hasMessageContaining(step)
                    .satisfies(e -> assertThat(((MailFailure) e).isTransient()).isTrue());
            assertThat(client.isOpen()).isFalse();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aCutWhileLoggingInIsReported(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\nC~ a1 AUTHENTICATE PLAIN .*\n-- close");
                ImapClient client = open(server)) {
            assertThatThrownBy(() -> client.login(ALICE))
                    .isInstanceOf(ConnectionLost.class)
                    .hasMessageContaining("AUTHENTICATE PLAIN ***")
                    .hasMessageNotContaining("AGFsaWNl");
        }
    }

    @TranscriptTest
    void garbageIsSkippedInEveryState(Pace pace) throws Exception {
        String garbage =
                "S: \\x00\\x00\\xFF hello ((((\nS: Server Unavailable. 15\nS: * 1 FETCH (FLAGS (\nS:\nS: * LIST";
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("MOVE", """
                C: a3 NOOP
                %1$s
                S: a3 OK
                C: a4 UID SEARCH UNSEEN UNDELETED
                %1$s
                S: * SEARCH 7
                %1$s
                S: a4 OK [Error="Microsoft.Exchange.Data.Storage.WrongServerException" Proxy=x]
                C: a5 UID FETCH 7 (UID FLAGS BODY.PEEK[])
                %1$s
                S: * 1 FETCH (UID 7 FLAGS () BODY[] {2}
                S: hi)
                %1$s
                S: a5 OK
                """.formatted(garbage)));
                ImapClient client = selected(server)) {
            client.noop();
            assertThat(client.uidSearch(SearchCriteria.UNSEEN)).isEqualTo(UidSet.of(7));
            assertThat(fetchTexts(client, UidSet.of(7))).containsExactly("hi");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q2TakesBareLineFeedsAndPaddedLines(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 NOOP
                S: * 4 EXISTS\\n\\x00\\x00 * 1 RECENT\\n a3 OK done\\n\\c
                C: a4 NOOP
                S: A4 OK\\s
                """));
                ImapClient client = selected(server)) {
            client.noop();
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q6AWrongLiteralLengthCostsOneMessageOnly(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 7:8 (UID FLAGS BODY.PEEK[])
                S: * 1 FETCH (UID 7 FLAGS () BODY[] {4}
                S: first\\r\\nline\\r\\n)
                S: * 2 FETCH (UID 8 FLAGS () BODY[] {2}
                S: hi)
                S: a3 OK
                """));
                ImapClient client = selected(server)) {
            List<FetchedMessage> got = new ArrayList<>();
            client.uidFetch(UidSet.range(7, 8), BODY, got::add);
            assertThat(got).hasSize(2);
            assertThat(got.get(0).uid()).hasValue(8);
            assertThat(got.get(0).damage()).isEmpty();
            assertThat(got.get(1).uid()).hasValue(7);
            assertThat(got.get(1).damage()).isPresent();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q16ReportsAGoodbyeInTheMiddleAndTakesTheCompletionBehindIt(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                selected("", "C: a3 NOOP\nS: * BYE Connection closed. 14\n-- close"),
                selected("", "C: a3 NOOP\nS: * BYE shutting down\nS: a3 OK\n-- closed"),
                selected("", "C: a3 NOOP\nS: a3 BYE gone\n-- closed"),
                selected("", "C: a3 NOOP\n" + "S: * BYE again\n".repeat(4) + "-- closed"))) {
            for (String text : List.of("Connection closed. 14", "shutting down", "gone", "again")) {
                try (ImapClient client = selected(server)) {
                    assertThatThrownBy(() -> {
                                client.noop();
                                client.noop();
                            })
                            .isInstanceOf(ServerSaidBye.class)
                            .hasMessageContaining(text);
                    assertThat(client.isOpen()).isFalse();
                }
            }
        }
    }

    @TranscriptTest
    void q19EndsWhenACompletionComesForACommandThatWasNotSent(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        // At once, so that the guess is there before the command.
                        Pace.WHOLE, selected("", "C: a3 NOOP\nS: a3 OK\\r\\na4 OK guessed\n-- closed"));
                ImapClient client = selected(server)) {
            client.noop();
            assertThatThrownBy(client::noop)
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("expected the end of a command that was sent, got \"a4 OK guessed\"");
            assertThat(pace).isNotNull();
        }
        try (ScriptedPeer server =
                        ScriptedPeer.serving(pace, selected("", "C: a3 NOOP\nS: * 1 EXISTS\nS: b7 OK\n-- closed"));
                ImapClient client = selected(server)) {
            assertThatThrownBy(client::noop).isInstanceOf(ProtocolViolation.class);
        }
    }

    @TranscriptTest
    void q19SkipsASecondEndOfTheSameCommand(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace, selected("", "C: a3 NOOP\nS: a3 OK\nS: a3 OK again\nC: a4 NOOP\nS: a3 NO\nS: a4 OK"));
                ImapClient client = selected(server)) {
            client.noop();
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q28EndsWhenTooMuchComes(Pace pace) throws Exception {
        String[] rests = {
            "S: * 1 FETCH (UID 7 BODY[] {1073741824}",
            "S: * 1 FETCH (UID 7 ENVELOPE ({5000}",
            "S: * " + "x".repeat(5000),
            "S: * 1 EXISTS\n".repeat(60),
            "S: * 1 FETCH (UID 7 ENVELOPE (" + "{1}\nS: x".repeat(7),
            "S: * 1 FETCH (UID 7 BODY[] {99999999999999999999999999}",
        };
        for (String rest : rests) {
            try (ScriptedPeer server = ScriptedPeer.serving(
                            pace, selected("", "C~ a3 UID FETCH .*\n" + rest.replace("\\c", "") + "\n-- closed"));
                    ImapClient client = selected(server, inClear().withLimits(SMALL))) {
                assertThatThrownBy(() -> client.uidFetch(UidSet.of(7), BODY, FetchedMessage::release))
                        .as(rest.substring(0, Math.min(rest.length(), 60)))
                        .isInstanceOf(LimitExceeded.class);
                assertThat(client.isOpen()).isFalse();
            }
        }
    }

    @TranscriptTest
    void aNestingBombCostsOneResponseOnly(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                        pace,
                        selected(
                                "",
                                "C~ a3 UID FETCH .*\nS: * 1 FETCH (UID 7 ENVELOPE " + "(".repeat(3000)
                                        + "\nS: a3 OK\nC: a4 NOOP\nS: a4 OK"));
                ImapClient client = selected(server, inClear().withLimits(SMALL))) {
            List<FetchedMessage> got = new ArrayList<>();
            client.uidFetch(UidSet.of(7), BODY, got::add);
            assertThat(got).singleElement().satisfies(m -> assertThat(m.damage())
                    .isPresent());
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aFullDiskCostsOneMessageOnly(Pace pace) throws Exception {
        Spool nowhere = new Spool(new SpoolOptions(4, Path.of("/nonexistent/spool")));
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 7:8 (UID FLAGS BODY.PEEK[])
                S: * 1 FETCH (UID 7 FLAGS () BODY[] {10}
                S: 0123456789)
                S: * 2 FETCH (UID 8 FLAGS () BODY[] {2}
                S: hi)
                S: a3 OK
                """));
                ImapClient client = ImapClient.open(TestWire.dialer(), server.address(), inClear(), nowhere)) {
            client.login(ALICE);
            client.select(MailboxName.INBOX);
            List<FetchedMessage> got = new ArrayList<>();
            client.uidFetch(UidSet.range(7, 8), BODY, got::add);
            assertThat(got).hasSize(2);
            assertThatThrownBy(() -> got.get(0).octets(BodySection.WHOLE))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining("/nonexistent/spool");
            assertThat(got.get(1).octets(BodySection.WHOLE).size()).isEqualTo(2);
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void bigMessagesGoToAFileThatIsFreed() throws Exception {
        Spool spool = new Spool(new SpoolOptions(1024, Path.of(System.getProperty("java.io.tmpdir"))));
        try (ScriptedPeer server = ScriptedPeer.serving(selected("", """
                C: a3 UID FETCH 7 (UID FLAGS BODY.PEEK[])
                S: * 1 FETCH (UID 7 FLAGS () BODY[] {300000}
                -- {300000}
                S: )
                S: a3 OK
                """));
                ImapClient client = ImapClient.open(TestWire.dialer(), server.address(), inClear(), spool)) {
            client.login(ALICE);
            client.select(MailboxName.INBOX);
            List<FetchedMessage> got = new ArrayList<>();
            client.uidFetch(UidSet.of(7), BODY, got::add);
            assertThat(got.get(0).octets(BodySection.WHOLE).size()).isEqualTo(300_000);
            assertThat(spool.openFiles()).isEqualTo(1);
            got.get(0).release();
            assertThat(spool.openFiles()).isZero();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aSilentServerIsGivenUp() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("-- wait 3s");
                ScriptedPeer mute = ScriptedPeer.serving(selected("", "C: a3 NOOP\nS: * 1 EXISTS\n-- wait 3s"))) {
            ImapTimeouts short300 =
                    ClientFixture.IMPATIENT.withGreeting(Duration.ofMillis(300)).withAnswer(Duration.ofMillis(300));
            assertThatThrownBy(() -> open(server, inClear().withTimeouts(short300)))
                    .isInstanceOf(DeadlineExceeded.class)
                    .hasMessageContaining("waiting for the greeting: no answer within 300 ms");
            try (ImapClient client = selected(mute, inClear().withTimeouts(short300))) {
                assertThatThrownBy(client::noop)
                        .isInstanceOf(DeadlineExceeded.class)
                        .hasMessageContaining("waiting for the answer to NOOP");
            }
        }
    }

    @Test
    void nobodyThereIsReported() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> open(new HostPort("127.0.0.1", free), inClear()))
                .isInstanceOf(ConnectFailed.class)
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> open(new HostPort("no-such-host.invalid", 143), inClear()))
                .isInstanceOf(ConnectFailed.class)
                .hasMessageContaining("unknown");
    }

    @Test
    void canBeEndedByAnotherThread() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(selected("", "C: a3 NOOP\n-- closed"));
                ImapClient client = selected(server)) {
            var noop = TestWire.executor().submit(() -> {
                assertThatThrownBy(client::noop)
                        .isInstanceOf(ConnectionLost.class)
                        .hasMessageContaining("shutting down");
            });
            server.awaitHeard("a3 NOOP");
            client.abort("shutting down");
            noop.get(5, TimeUnit.SECONDS);
        }
    }

    @TranscriptTest
    void aConsumerThatThrowsEndsTheConversation(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C~ a3 UID FETCH .*
                S: * 1 FETCH (UID 7 FLAGS () BODY[] {2}
                S: hi)
                -- closed
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.uidFetch(UidSet.of(7), BODY, message -> {
                        throw new IllegalStateException("my fault");
                    }))
                    .hasMessage("my fault");
            assertThat(client.isOpen()).isFalse();
        }
    }

    /** Q29: nothing of it reaches the server, and the conversation can go on. */
    @ParameterizedTest
    @ValueSource(strings = {"x\r\na9 LOGOUT", "x\na9 LOGOUT", "x\u0000", "x\r"})
    void q29RefusesWhatCouldSmuggleACommand(String evil) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(selected("LITERAL+", "C: a3 NOOP\nS: a3 OK"));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.select(MailboxName.of(evil))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.uidSearch(SearchCriteria.parse(evil)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.uidStore(UidSet.of(1), FlagChange.add(new Flag(evil))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> BodySection.headerFields(evil)).isInstanceOf(IllegalArgumentException.class);
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    private static List<String> fetchTexts(ImapClient client, UidSet uids) throws IOException {
        List<FetchedMessage> got = new ArrayList<>();
        client.uidFetch(uids, BODY, got::add);
        List<String> texts = new ArrayList<>();
        for (FetchedMessage message : got) {
            texts.add(new String(message.octets(BodySection.WHOLE).toByteArray(), StandardCharsets.ISO_8859_1));
        }
        return texts;
    }
}
