package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.imap.MailboxChanges.Position;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.ProtocolViolation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** CONDSTORE and QRESYNC (RFC 7162) and ENABLE (RFC 5161), with the RFC's examples where it has some. */
class MailboxChangesTest {
    private static final String FAREWELL = "S: * BYE\nS: a%1$d OK\n";

    private final List<String> told = new ArrayList<>();

    /** A server that lets alice in and goes on as told. */
    private static String loggedIn(String capabilities, String rest) {
        return """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY IMAP4rev1 %s] logged in
                %s
                """.formatted(capabilities, rest.strip());
    }

    private static ImapClient loggedIn(ScriptedPeer server) throws IOException {
        ImapClient client = ClientFixture.open(server);
        client.login(ClientFixture.ALICE);
        return client;
    }

    private void changed(FetchedMessage message) {
        told.add(message.uid().getAsLong() + " " + message.flags().orElse(Set.of()) + " "
                + message.modSeq().orElse(-1));
    }

    private void vanished(UidSet uids) {
        told.add("gone " + uids);
    }

    private static String bye(int tag) {
        return "C: a" + tag + " LOGOUT\n" + FAREWELL.formatted(tag);
    }

    @TranscriptTest
    void quickResynchronisationTellsWhatHasChangedAndWhatHasGone(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, loggedIn("ENABLE QRESYNC", """
                C: a2 ENABLE QRESYNC
                S: * ENABLED QRESYNC
                S: a2 OK enabled
                C: a3 SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))
                S: * OK [CLOSED] previous mailbox closed
                S: * 100 EXISTS
                S: * OK [UIDVALIDITY 67890007] UIDVALIDITY
                S: * OK [UIDNEXT 600] Predicted next UID
                S: * OK [HIGHESTMODSEQ 20060715205512000] Highest mod-sequence
                S: * VANISHED (EARLIER) 41,43:116,118,120:211,214:540
                S: * 49 FETCH (UID 117 FLAGS (\\Seen \\Answered) MODSEQ (20060115194045001))
                S: * 50 FETCH (UID 119 FLAGS (\\Draft $MDNSent) MODSEQ (9223372036854775807))
                S: a3 OK [READ-WRITE] mailbox selected
                """ + bye(4)))) {
            ImapClient client = loggedIn(server);
            assertThat(client.changes().enable(Set.of("QRESYNC"))).containsExactly("QRESYNC");
            SelectedMailbox opened = client.changes()
                    .resync(
                            MailboxName.INBOX,
                            new Position(67890007, 20050715194045000L, UidSet.parse("41,43:211,214:541")),
                            this::changed,
                            this::vanished);
            client.logout();
            assertThat(opened.highestModSeq()).hasValue(20060715205512000L);
            assertThat(opened.exists()).isEqualTo(100);
            assertThat(told).hasSize(3);
            assertThat(told.get(0)).isEqualTo("gone 41,43:116,118,120:211,214:540");
            assertThat(told.get(1))
                    .startsWith("117 [")
                    .contains("\\Seen", "\\Answered")
                    .endsWith("] 20060115194045001");
            assertThat(told.get(2)).endsWith("] " + Long.MAX_VALUE);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void nothingIsOpenedIfTheServerDoesNotSwitchQresyncOn(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, loggedIn("ENABLE QRESYNC", """
                C: a2 ENABLE QRESYNC
                S: * ENABLED
                S: a2 OK nothing enabled
                """ + bye(3)))) {
            ImapClient client = loggedIn(server);
            assertThat(client.changes().enable(Set.of("QRESYNC"))).isEmpty();
            Position position = new Position(7, 9, UidSet.empty());
            assertThatThrownBy(
                            () -> client.changes().resync(MailboxName.INBOX, position, this::changed, this::vanished))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("QRESYNC must be enabled");
            client.logout();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void onlyWhatIsOfferedIsEnabledAndNothingTwice(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, loggedIn("ENABLE CONDSTORE X-GOOD-IDEA", """
                C: a2 ENABLE CONDSTORE X-GOOD-IDEA
                S: * ENABLED X-GOOD-IDEA
                S: a2 OK
                C: a3 ENABLE CONDSTORE
                S: * ENABLED CONDSTORE
                S: a3 OK
                C: a4 SELECT INBOX
                S: a4 OK
                """ + bye(5)))) {
            ImapClient client = loggedIn(server);
            assertThat(client.changes().enable(List.of("condstore", "X-Good-Idea", "QRESYNC")))
                    .containsExactly("X-GOOD-IDEA");
            assertThat(client.changes().enable(List.of("CONDSTORE", "X-GOOD-IDEA")))
                    .containsExactlyInAnyOrder("CONDSTORE", "X-GOOD-IDEA");
            assertThat(client.changes().canCount()).isTrue();
            assertThat(client.changes().canResync()).isFalse();
            assertThatThrownBy(() -> client.changes().enable(List.of("A\r\nb")))
                    .isInstanceOf(IllegalArgumentException.class);
            client.select(MailboxName.INBOX);
            assertThat(client.changes().enable(List.of("CONDSTORE"))).containsExactly("CONDSTORE");
            client.logout();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void condstoreTellsTheHighestModSequenceOrThatThereIsNone(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("CONDSTORE", """
                C: a3 SELECT INBOX (CONDSTORE)
                S: * 172 EXISTS
                S: * OK [UIDVALIDITY 3857529045] UIDs valid
                S: * OK [HIGHESTMODSEQ 715194045007]
                S: a3 OK [READ-WRITE] SELECT completed
                C: a4 SELECT INBOX (CONDSTORE)
                S: * 172 EXISTS
                S: * OK [UIDVALIDITY 3857529045] UIDs valid
                S: * OK [NOMODSEQ] Sorry, this mailbox format doesn't support modsequences
                S: a4 OK [READ-WRITE] SELECT completed
                """ + bye(5)))) {
            ImapClient client = selected(server);
            assertThat(client.changes().select(MailboxName.INBOX).highestModSeq())
                    .hasValue(715194045007L);
            assertThat(client.changes().select(MailboxName.INBOX).highestModSeq())
                    .isEmpty();
            client.logout();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void fetchesWhatHasChangedSince(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("CONDSTORE QRESYNC", """
                C: a3 UID FETCH 1:4294967295 (UID FLAGS MODSEQ) (CHANGEDSINCE 12345)
                S: * 1 FETCH (UID 4 MODSEQ (65402) FLAGS (\\Seen))
                S: * 2 FETCH (UID 6 MODSEQ (75403) FLAGS (\\Deleted))
                S: a3 OK FETCH Completed
                C: a4 UID FETCH 300:500 (UID FLAGS MODSEQ) (CHANGEDSINCE 12345 VANISHED)
                S: * VANISHED (EARLIER) 300:310,405,411
                S: * 1 FETCH (UID 404 MODSEQ (65402) FLAGS (\\Seen))
                S: a4 OK FETCH Completed
                """ + bye(5)))) {
            ImapClient client = selected(server);
            FetchItems items = FetchItems.of(Attribute.FLAGS, Attribute.MOD_SEQ);
            client.changes().fetchChanged(UidSet.range(1, UidSet.GREATEST), 12345, items, this::changed);
            client.changes().fetchChanged(UidSet.range(300, 500), 12345, items, this::changed, this::vanished);
            client.logout();
            assertThat(told)
                    .containsExactly(
                            "4 [\\Seen] 65402", "6 [\\Deleted] 75403", "gone 300:310,405,411", "404 [\\Seen] 65402");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void storesOnlyWhereNobodyElseHas(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("CONDSTORE", """
                C: a3 UID STORE 6,9,11 (UNCHANGEDSINCE 320162338) +FLAGS.SILENT (\\Deleted)
                S: * 7 FETCH (UID 9 MODSEQ (320162350))
                S: a3 OK [MODIFIED 6,11] Conditional STORE failed
                C: a4 UID STORE 100:150 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($Processed)
                S: a4 NO [MODIFIED 100:150] somebody did that
                C: a5 UID STORE 6 (UNCHANGEDSINCE 320162338) -FLAGS.SILENT (\\Deleted)
                S: a5 NO [NOPERM] may not
                """ + bye(6)))) {
            ImapClient client = selected(server);
            assertThat(client.changes().store(UidSet.of(6, 9, 11), 320162338L, FlagChange.add(Flag.DELETED)))
                    .isEqualTo(UidSet.of(6, 11));
            assertThat(client.changes().store(UidSet.range(100, 150), 0, FlagChange.add(new Flag("$Processed"))))
                    .isEqualTo(UidSet.range(100, 150));
            assertThatThrownBy(() -> client.changes().store(UidSet.of(6), 320162338L, FlagChange.remove(Flag.DELETED)))
                    .isInstanceOf(CommandRefused.class)
                    .hasMessageContaining("NOPERM");
            client.logout();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aListOfModifiedMessagesThatIsNoneEndsTheConversation(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("CONDSTORE", """
                C: a3 UID STORE 6 (UNCHANGEDSINCE 3) +FLAGS.SILENT (\\Deleted)
                S: a3 OK [MODIFIED six] Conditional STORE failed
                -- closed
                """))) {
            ImapClient client = selected(server);
            assertThatThrownBy(() -> client.changes().store(UidSet.of(6), 3, FlagChange.add(Flag.DELETED)))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("MODIFIED six");
            client.close();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void waitingForChangesEndsWithFlagsAndEndsOfMessagesToo(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE ENABLE QRESYNC", """
                C: a3 IDLE
                S: + idling
                S: * 2 FETCH (FLAGS (\\Seen))
                C: DONE
                S: a3 OK
                C: a4 SELECT INBOX
                S: * 3 EXISTS
                S: a4 OK [READ-WRITE]
                C: a5 IDLE
                S: + idling
                S: * VANISHED 7
                C: DONE
                S: a5 OK
                C: a6 SELECT INBOX
                S: * 2 EXISTS
                S: a6 OK [READ-WRITE]
                C: a7 NOOP
                S: * 1 EXPUNGE
                S: a7 OK
                """ + bye(8)))) {
            ImapClient client = selected(server);
            assertThat(client.idleForChanges(Duration.ofSeconds(20))).isEqualTo(IdleEnd.NEWS);
            client.select(MailboxName.INBOX);
            assertThat(client.idleForChanges(Duration.ofSeconds(20))).isEqualTo(IdleEnd.NEWS);
            client.select(MailboxName.INBOX);
            client.noop();
            assertThat(client.idleForChanges(Duration.ofSeconds(20))).isEqualTo(IdleEnd.NEWS);
            client.logout();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aModSequenceIsANumberOf63Bits() {
        assertThat(ModSequence.parse("9223372036854775807")).hasValue(Long.MAX_VALUE);
        assertThat(ModSequence.parse("9223372036854775808")).isEmpty();
        assertThat(ModSequence.parse("0")).isEmpty();
        assertThat(ModSequence.parse("-1")).isEmpty();
        assertThat(ModSequence.parse("")).isEmpty();
        assertThatThrownBy(() -> new Position(0, 1, UidSet.empty())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Position(1, 0, UidSet.empty())).isInstanceOf(IllegalArgumentException.class);
    }
}
