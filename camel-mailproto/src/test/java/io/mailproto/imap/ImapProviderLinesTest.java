package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that providers and servers are known to send, by the name of who sends them. */
class ImapProviderLinesTest {
    /** Nothing of it may cost the message: its UID and flags are known, and it counts as undamaged. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Gmail      | BODYSTRUCTURE (("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 400 NIL NIL NIL)("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1) "MIXED")
            Gmail      | BODYSTRUCTURE ("ALTERNATIVE")
            Gmail      | ENVELOPE (NIL "s" (("a" NIL "Ann A" "example.com")) NIL NIL NIL NIL NIL NIL NIL)
            Gmail      | X-GM-LABELS NIL X-GM-MSGID 1278455344230334865
            Gmail      | X-GM-LABELS () X-GM-THRID 1266894439832287888
            Gmail      | X-GM-LABELS (+foo "\\\\Sent" a]b)
            Exchange   | ENVELOPE (NIL "s" (("A" NIL "a" "x") ("B" NIL "b" "y")) NIL NIL NIL NIL NIL NIL NIL)
            Exchange   | BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" NIL) NIL NIL 7BIT -1 -1 NIL "inline" NIL NIL)
            Exchange   | BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "base64 " 10 1 NIL ("attachment" ("filename" "a\tb")) NIL)
            Exchange   | BODYSTRUCTURE (NIL "alternative" ("boundary" "x"))
            Exchange   | BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1 NIL "a description" NIL)
            Yahoo      | ENVELOPE (NIL "s" () () () () () () NIL "<1@x>" )
            mail.ru    | RFC822.SIZE 9.3736e+06
            mail.ru    | BODYSTRUCTURE ("TEXT" "PLAIN" ("boundary" NIL) NIL NIL "7BIT" 1 1)
            Zoho       | MODSEQ (-1)
            Zoho       | INTERNALDATE NIL
            NetEase    | BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL "\"\"" "7BIT" 1 1)
            NetEase    | BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL "\"\"" "7BIT" 1 1 NIL NIL NIL)
            Domino     | ENVELOPE ((NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL))
            Domino     | INTERNALDATE "00-Jan-0000 00:00:00 +0000"
            Domino     | BODYSTRUCTURE ("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 0 NIL () 0)
            SmarterMail| ENVELOPE (NIL "s" (NIL ("A" NIL "a" "x")) NIL NIL NIL NIL NIL NIL NIL)
            UW         | ENVELOPE (NIL "s" ((NIL NIL "a" ".MISSING-HOST-NAME.")) NIL NIL NIL NIL NIL NIL NIL)
            Dovecot    | ENVELOPE (NIL "s" ((NIL NIL "a" "MISSING_DOMAIN")) NIL NIL NIL NIL NIL NIL NIL)
            Bluemind   | BODYSTRUCTURE (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1) (("X" "Y")) NIL)
            """)
    void costNoMessage(String provider, String item) {
        ImapResponse.Fetched fetched = (ImapResponse.Fetched)
                Raw.parsed("* 3 FETCH (UID 9 " + item.replace("\\t", "\t") + " FLAGS (\\Seen ))");

        assertThat(fetched.message().uid()).as(provider).hasValue(9);
        assertThat(fetched.message().damage()).as(provider).isEmpty();
        assertThat(fetched.message().flags().orElseThrow()).contains(Flag.SEEN);
        // Whoever asks for it gets something or nothing, never an exception.
        assertThat(fetched.message()
                        .structure()
                        .map(structure -> structure.leaves().size()))
                .satisfiesAnyOf(size -> assertThat(size).isEmpty(), size -> assertThat(size.orElseThrow())
                        .isNotNegative());
    }

    @Test
    void davMailPutsTwoSpacesInFrontOfAHeader() throws Exception {
        ImapResponse.Fetched fetched =
                (ImapResponse.Fetched) Raw.parsed("* 3 FETCH (UID 9 RFC822.HEADER  {4}\r\na:b\n)");
        assertThat(new String(fetched.message().octets(BodySection.HEADER).toByteArray(), StandardCharsets.US_ASCII))
                .isEqualTo("a:b\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Exchange | * LIST (\\HasNoChildren) "/" "Public Folders/"    | Public Folders/ | true
            Exchange | * LIST () "/" a\\tb                                | a\tb            | true
            Courier  | * LIST (\\HasNoChildren) "." "INBOX.Sent"         | INBOX.Sent      | true
            Yahoo    | * LIST (\\HasNoChildren) "/" "Inbox"              | INBOX           | true
            Dovecot  | * LIST (\\Noselect \\HasChildren) "/" "/lead"     | /lead           | false
            rev2     | * LIST (\\NonExistent) "/" gone (OLDNAME ("x"))  | gone            | false
            NIL      | * LIST () "/" NIL                                | NIL             | true
            UW       | * LIST () NIL ""                                 | -               | true
            """)
    void q26NamesOfMailboxesAreTakenAsTheyAre(String provider, String line, String name, boolean isSelectable) {
        ImapResponse response = Raw.parsed(line.replace("\\\\", "\\").replace("\\t", "\t"));
        if (name.equals("-")) {
            assertThat(response).as("a mailbox without a name").isInstanceOf(ImapResponse.Unparsed.class);
            return;
        }
        MailboxInfo info = ((ImapResponse.Listing) response).info();
        assertThat(info.name().name()).as(provider).isEqualTo(name.replace("\\t", "\t"));
        assertThat(info.isSelectable()).isEqualTo(isSelectable);
    }

    @TranscriptTest
    void q11ASelectedMailboxWithNumbersThatCannotBeIsStillOpen(Pace pace) throws Exception {
        String login = """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 OK [CAPABILITY IMAP4rev1 IDLE] logged in
                C: a2 SELECT INBOX
                """;
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                login + """
                S: * 3 EXISTS
                S: * OK [UIDVALIDITY 0]
                S: * OK [UIDNEXT 0]
                S: * OK [UNSEEN 0]
                S: * OK [HIGHESTMODSEQ 0]
                S: * 7 EXPUNGE
                S: * 0 FETCH (FLAGS ())
                S: a2 OK
                C: a3 NOOP
                S: a3 OK
                """,
                // Winmail, NetEase: hardly anything at all.
                login + """
                S: a2 OK
                C: a3 NOOP
                S: a3 OK
                """)) {
            for (int i = 0; i < 2; i++) {
                try (ImapClient client = ClientFixture.open(server)) {
                    client.login(ClientFixture.ALICE);
                    SelectedMailbox mailbox = client.select(MailboxName.INBOX);
                    assertThat(mailbox.uidValidity()).isNotPositive();
                    assertThat(mailbox.uidNext()).isEmpty();
                    client.noop();
                }
            }
            server.assertPlayedToTheEnd();
        }
    }

    /** hMailServer, Exchange. */
    @TranscriptTest
    void aRangeMayBeAnsweredWithEverythingOrWithALengthInItsName(Pace pace) throws Exception {
        BodySection range = BodySection.WHOLE.range(2, 3);
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 7 (UID BODY.PEEK[]<2.3>)
                S: * 1 FETCH (UID 7 BODY[] {8}
                S: 01234567)
                S: a3 OK
                C: a4 UID FETCH 7 (UID BODY.PEEK[]<2.3>)
                S: * 1 FETCH (UID 7 BODY[]<2.3> {6}
                S: 234567)
                S: a4 OK
                C: a5 UID FETCH 7 (UID BODY.PEEK[]<2.3>)
                S: * 1 FETCH (UID 7 BODY[]<2> "234")
                S: a5 OK
                """));
                ImapClient client = selected(server)) {
            for (int i = 0; i < 3; i++) {
                List<String> got = new ArrayList<>();
                client.uidFetch(UidSet.of(7), FetchItems.of().with(range), message -> {
                    try (var in = message.open(range)) {
                        got.add(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertThat(got).containsExactly("234");
            }
            server.assertPlayedToTheEnd();
        }
    }

    /** Exchange: a login that is none shows itself only at the first command; and then the server hangs up. */
    @TranscriptTest
    void exchangeIsAuthenticatedButNotConnected(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 BAD User is authenticated but not connected.
                S: * BYE Connection closed. 14
                -- closed
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.uidSearch(SearchCriteria.UNSEEN))
                    .isInstanceOfSatisfying(CommandRefused.class, e -> {
                        assertThat(e.isTransient()).isTrue();
                        assertThat(e.concernsTheAccount()).isTrue();
                    })
                    .hasMessageContaining("authenticated but not connected");
        }
    }

    @TranscriptTest
    void q15NothingFoundMayMeanNothingSaid(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("ESEARCH", """
                C: a3 UID SEARCH RETURN (ALL) UNSEEN UNDELETED
                S: a3 OK SEARCH completed (took 2 ms)
                C: a4 UID SEARCH RETURN (ALL) UNSEEN UNDELETED
                S: * SEARCH 3 5
                S: a4 OK
                C: a5 UID SEARCH RETURN (ALL) UNSEEN UNDELETED
                S: * ESEARCH (TAG "a5") UID
                S: a5 OK
                """));
                ImapClient client = selected(server)) {
            assertThat(client.uidSearch(SearchCriteria.UNSEEN).isEmpty()).isTrue();
            assertThat(client.uidSearch(SearchCriteria.UNSEEN)).isEqualTo(UidSet.parse("3,5"));
            assertThat(client.uidSearch(SearchCriteria.UNSEEN).isEmpty()).isTrue();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q16AnEndInTheMiddleOfALiteralIsALostConnection(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 7 (UID FLAGS)
                S: * 1 FETCH (UID 7 ENVELOPE ({100}
                S: half
                -- close
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() ->
                            client.uidFetch(UidSet.of(7), FetchItems.of(Attribute.FLAGS), FetchedMessage::release))
                    .isInstanceOf(io.mailproto.wire.ConnectionLost.class)
                    .hasMessageContaining("waiting for the answer to UID FETCH 7");
        }
    }

    @TranscriptTest
    void q25ALineThatIsTooLongForTheServerIsARefusalLikeOthers(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID STORE 1:3 +FLAGS.SILENT (\\Seen)
                S: a3 BAD parse error: maximum request size exceeded
                C: a4 NOOP
                S: a4 OK
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.uidStore(UidSet.range(1, 3), FlagChange.add(Flag.SEEN)))
                    .isInstanceOf(CommandRefused.class)
                    .hasMessageContaining("maximum request size exceeded");
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }

    /** Any end that is the server's own idea, and news in front of the continuation. */
    @TranscriptTest
    void q20TheServerEndsIdleItselfInItsOwnWays(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("IDLE", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: a3 OK
                C: a4 IDLE
                S: + idling
                S: * OK Still here
                S: * OK Still here
                S: a4 OK enough
                C: a5 UID SEARCH UNSEEN UNDELETED
                S: a5 OK
                C: a6 IDLE
                S: + idling
                S: a6 NO not any more
                C: a7 UID SEARCH UNSEEN UNDELETED
                S: a7 OK
                C: a8 IDLE
                S: +
                S: a8 BAD timed out
                C: a9 UID SEARCH UNSEEN UNDELETED
                S: a9 OK
                C: a10 IDLE
                S: * 4 EXISTS
                S: + idling
                C: DONE
                S: a10 OK
                C: a11 UID SEARCH UNSEEN UNDELETED
                S: a11 OK
                C: a12 IDLE
                S: * 5 EXISTS
                S: a12 OK at once
                C: a13 NOOP
                S: a13 OK
                """));
                ImapClient client = selected(server)) {
            Duration longTime = Duration.ofMinutes(5);
            for (int i = 0; i < 3; i++) {
                client.uidSearch(SearchCriteria.UNSEEN);
                assertThat(client.idle(longTime)).isEqualTo(IdleEnd.ENDED_BY_SERVER);
            }
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(client.idle(longTime)).isEqualTo(IdleEnd.NEWS);
            client.uidSearch(SearchCriteria.UNSEEN);
            assertThat(client.idle(longTime)).isIn(IdleEnd.ENDED_BY_SERVER, IdleEnd.NEWS);
            client.noop();
            server.assertPlayedToTheEnd();
        }
    }
}
