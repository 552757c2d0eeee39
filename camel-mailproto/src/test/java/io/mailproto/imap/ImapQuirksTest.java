package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Oddities of real servers that no other test is about. */
class ImapQuirksTest {
    private static final MailboxName DONE = MailboxName.of("Done");

    /** Fields that are missing at the end, address lists that are none, and names where mailboxes should be. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(NIL \"s\" NIL NIL NIL NIL NIL NIL)",
                "(NIL \"s\" NIL NIL NIL NIL NIL NIL NIL)",
                "(NIL \"s\" () () () () NIL NIL NIL \"<1@x>\")",
                "(\"d\" \"s\" ((NIL NIL \"a\" \"b\" ) (\"n\" NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL \"<1@x>\" )",
                "(\"d\" \"say \\\"\" NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"
            })
    void q9AnOddEnvelopeCostsNothingElse(String envelope) {
        ImapResponse.Fetched fetched =
                (ImapResponse.Fetched) Raw.parsed("* 3 FETCH (UID 9 ENVELOPE " + envelope + " FLAGS (\\Seen))");

        assertThat(fetched.message().damage()).isEmpty();
        assertThat(fetched.message().flags().orElseThrow()).containsExactly(Flag.SEEN);
        assertThat(fetched.message().envelope().orElseThrow().elements().get(1).textOrNull())
                .startsWith("s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1 NIL ("attachment" ("filename" "a")) "en" () "x" ("y" (NIL)))| a
            ("PLAIN" ("NAME" "a"))                                                                           | -
            ("TEXT" "PLAIN" ("NAME" "b" "CHARSET" NIL) NIL "descr" "7BIT" 1 1 NIL NIL "loc" NIL)               | b
            ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 ("inline" ("filename" "c")))                                  | c
            """)
    void q10AStructureWithTooMuchOrTooLittleIsStillOne(String text, String name) {
        ImapResponse.Fetched fetched =
                (ImapResponse.Fetched) Raw.parsed("* 1 FETCH (UID 1 BODYSTRUCTURE " + text + ")");
        assertThat(fetched.message().structure().orElseThrow().fileName().orElse("-"))
                .isEqualTo(name);
    }

    @TranscriptTest
    void q22TheNewUidsAreKnownWhereverTheServerTellsThem(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("UIDPLUS MOVE", """
                C: a3 UID COPY 1:3 "Done"
                S: a3 OK [COPYUID 5 1:3 11:13] in the end
                C: a4 UID MOVE 1:3 "Done"
                S: * OK [COPYUID 5 1:3 11:13] at first
                S: * 1 EXPUNGE
                S: a4 OK done
                C: a5 UID MOVE 1:3 "Done"
                S: * OK [COPYUID 5 1:3 11:13] twice
                S: a5 OK [COPYUID 5 1:3 11:13] twice
                C: a6 UID COPY 1:3 "Done"
                S: a6 OK not at all
                C: a7 UID COPY 1:3 "Done"
                S: a7 OK [COPYUID 701  ] of nothing
                """));
                ImapClient client = selected(server)) {
            UidSet uids = UidSet.range(1, 3);
            CopiedUids known = new CopiedUids(5, uids, UidSet.range(11, 13));
            assertThat(client.uidCopy(uids, DONE)).isEqualTo(known);
            assertThat(client.uidMove(uids, DONE)).isEqualTo(known);
            assertThat(client.uidMove(uids, DONE)).isEqualTo(known);
            assertThat(client.uidCopy(uids, DONE)).isEqualTo(CopiedUids.UNKNOWN);
            assertThat(client.uidCopy(uids, DONE)).isEqualTo(CopiedUids.UNKNOWN);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q22AMissingTargetAndAMoveThatStoppedHalfWayAreErrorsAndNoMore(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("UIDPLUS MOVE", """
                C: a3 UID COPY 1:3 "Done"
                S: a3 NO [TRYCREATE] no such mailbox
                C: a4 UID MOVE 1:3 "Done"
                S: * OK [COPYUID 5 1 11] one of them
                S: * 1 EXPUNGE
                S: a4 NO [OVERQUOTA] the others do not fit
                C: a5 NOOP
                S: a5 OK
                """));
                ImapClient client = selected(server)) {
            UidSet uids = UidSet.range(1, 3);
            assertThatThrownBy(() -> client.uidCopy(uids, DONE))
                    .isInstanceOfSatisfying(
                            CommandRefused.class,
                            e -> assertThat(e.code().is("TRYCREATE")).isTrue());
            assertThatThrownBy(() -> client.uidMove(uids, DONE))
                    .isInstanceOfSatisfying(CommandRefused.class, e -> assertThat(e.isTransient())
                            .isTrue());
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q27NumbersThatAreMissingOrNegativeAreUnknown(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("APPENDLIMIT= STATUS=SIZE", """
                C: a3 STATUS "Done" (MESSAGES SIZE)
                S: * STATUS Done (MESSAGES -1 SIZE)
                S: a3 BAD no
                C: a4 STATUS "Done" (MESSAGES)
                S: * STATUS Done (MESSAGES -1 HIGHESTMODSEQ)
                S: a4 OK
                C: a5 UID FETCH 1 (UID FLAGS RFC822.SIZE)
                S: * 1 FETCH (UID 1 MODSEQ (-1) FLAGS () RFC822.SIZE -1)
                S: a5 OK
                """));
                ImapClient client = selected(server)) {
            assertThat(client.capabilities().number("APPENDLIMIT")).isEqualTo(-1);
            assertThatThrownBy(() -> client.mailboxes().status(DONE, List.of(StatusItem.MESSAGES, StatusItem.SIZE)))
                    .isInstanceOf(CommandRefused.class);
            assertThat(client.mailboxes()
                            .status(DONE, List.of(StatusItem.MESSAGES))
                            .messages())
                    .isEmpty();
            List<FetchedMessage> got = new ArrayList<>();
            client.uidFetch(UidSet.of(1), FetchItems.of(Attribute.FLAGS, Attribute.SIZE), got::add);
            assertThat(got).singleElement().satisfies(message -> {
                assertThat(message.size()).isEmpty();
                assertThat(message.flags().orElseThrow()).isEmpty();
            });
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q30ACompletionWithAnUnreadableCodeIsStillTheEnd(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 NOOP
                S: a3 OK [Error="Microsoft.Exchange.Data.Storage.WrongServerException: x]y" AuthResultFromPopImapEnd=0 Proxy=p]
                C: a4 NOOP
                S: a4 OK [UNCLOSED
                """));
                ImapClient client = selected(server)) {
            client.noop();
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }
}
