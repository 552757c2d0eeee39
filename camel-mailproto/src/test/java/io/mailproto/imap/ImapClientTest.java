package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Each command against a server that does it, and one that does not. */
class ImapClientTest {
    private static final FetchItems ALL = FetchItems.of(Attribute.FLAGS, Attribute.INTERNAL_DATE, Attribute.SIZE)
            .with(BodySection.WHOLE);

    @TranscriptTest
    void listsMailboxes(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 LIST "" "*"
                S: * LIST (\\HasNoChildren) "/" INBOX
                S: * LIST (\\Noselect) "/" "Public Folders"
                S: * LIST () "/" Entw&APw-rfe
                S: a3 OK done
                C: a4 LIST "" "x"
                S: a4 NO no such
                """));
                ImapClient client = selected(server)) {
            assertThat(client.list("", "*"))
                    .extracting(MailboxInfo::name)
                    .containsExactly(
                            MailboxName.INBOX, MailboxName.of("Public Folders"), MailboxName.of("Entw\u00fcrfe"));
            assertThatThrownBy(() -> client.list("", "x"))
                    .isInstanceOf(CommandRefused.class)
                    .hasMessageContaining("waiting for the answer to LIST \"\" \"x\": expected OK, got \"NO no such\"");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void listingsTellWhatMailboxesAreForAndWhatSeparatesLevels(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 LIST "Projects/" "%"
                S: * LIST (\\HasNoChildren \\sent) "/" Projects/Gesendet
                S: * LIST (\\All \\Important) NIL "[Gmail]"
                S: * LIST (\\NonExistent) "/" Projects/Old
                S: a3 OK done
                """));
                ImapClient client = selected(server)) {
            List<MailboxInfo> found = client.list("Projects/", "%");
            assertThat(found).extracting(MailboxInfo::delimiter).containsExactly("/", "", "/");
            assertThat(found)
                    .extracting(MailboxInfo::specialUses)
                    .containsExactly(Set.of(SpecialUse.SENT), Set.of(SpecialUse.ALL, SpecialUse.IMPORTANT), Set.of());
            assertThat(found.get(0).isFor(SpecialUse.SENT)).isTrue();
            assertThat(found.get(0).isFor(SpecialUse.TRASH)).isFalse();
            assertThat(found).extracting(MailboxInfo::isSelectable).containsExactly(true, true, false);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void selectsAndExamines(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("UNSELECT", """
                C: a3 EXAMINE "Entw&APw-rfe"
                S: * 17 EXISTS
                S: * OK [UIDVALIDITY 7]
                S: a3 OK [READ-ONLY] examined
                C: a4 UNSELECT
                S: a4 OK
                C: a5 SELECT "none"
                S: a5 NO [NONEXISTENT] no such mailbox
                """));
                ImapClient client = ClientFixture.open(server)) {
            client.login(ClientFixture.ALICE);
            SelectedMailbox inbox = client.select(MailboxName.INBOX);
            assertThat(inbox.exists()).isEqualTo(3);
            assertThat(inbox.uidValidity()).isEqualTo(3857529045L);
            assertThat(inbox.uidNext()).hasValue(4392);
            assertThat(inbox.isReadOnly()).isFalse();
            assertThat(inbox.permanentFlags()).contains(Flag.SEEN, new Flag("\\*"));

            SelectedMailbox drafts = client.examine(MailboxName.of("Entw\u00fcrfe"));
            assertThat(drafts.exists()).isEqualTo(17);
            assertThat(drafts.uidNext()).isEmpty();
            assertThat(drafts.isReadOnly()).isTrue();

            client.unselect();
            assertThatThrownBy(() -> client.uidSearch(SearchCriteria.UNSEEN)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> client.select(MailboxName.of("none")))
                    .isInstanceOfSatisfying(
                            CommandRefused.class,
                            e -> assertThat(e.code().is("NONEXISTENT")).isTrue());
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void tellsWhoItIsWhenAServerCallsTheLoginUnsafeAndTriesAgain(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1] Coremail System IMap Server Ready
                C: a1 LOGIN "alice" "secret1"
                S: a1 OK [CAPABILITY IMAP4rev1] LOGIN completed
                C: a2 SELECT INBOX
                S: a2 NO SELECT Unsafe Login. Please contact kefu@188.com for help
                C~ a3 ID \\("name" .*
                S: * ID NIL
                S: a3 OK ID completed
                C: a4 SELECT INBOX
                S: * 2 EXISTS
                S: a4 OK [READ-WRITE] SELECT completed
                """)) {
            try (ImapClient client = selected(server)) {
                assertThat(client.isOpen()).isTrue();
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void asksForStatus(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 STATUS "blurdybloop" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)
                S: * STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)
                S: a3 OK STATUS completed
                C: a4 STATUS "x" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)
                S: a4 BAD no
                """));
                ImapClient client = selected(server)) {
            MailboxStatus status = client.status(MailboxName.of("blurdybloop"));
            assertThat(status.messages()).hasValue(231);
            assertThat(status.uidNext()).hasValue(44292);
            assertThat(status.unseen()).isEmpty();
            assertThatThrownBy(() -> client.status(MailboxName.of("x"))).isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void createsMailboxes(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 CREATE "a/b"
                S: a3 OK
                C: a4 CREATE INBOX
                S: a4 NO [ALREADYEXISTS] it is there
                """));
                ImapClient client = selected(server)) {
            client.create(MailboxName.of("a/b"));
            assertThatThrownBy(() -> client.create(MailboxName.INBOX)).isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void searchesWithAndWithoutEsearch(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID SEARCH UNSEEN UNDELETED
                S: * SEARCH 5 3 4 900
                S: a3 OK
                C: a4 UID SEARCH FROM "x"
                S: a4 OK nothing found
                C: a5 UID SEARCH X
                S: a5 BAD what?
                """), selected("ESEARCH", """
                C: a3 UID SEARCH RETURN (ALL) UNSEEN UNDELETED
                S: * ESEARCH (TAG "a3") UID ALL 3:5,900
                S: a3 OK
                C: a4 UID SEARCH RETURN (ALL) UNSEEN UNDELETED
                S: * SEARCH 7
                S: a4 OK
                """))) {
            try (ImapClient client = selected(server)) {
                assertThat(client.uidSearch(SearchCriteria.UNSEEN)).isEqualTo(UidSet.parse("3:5,900"));
                assertThat(client.uidSearch(SearchCriteria.parse("FROM \"x\""))).isEqualTo(UidSet.empty());
                assertThatThrownBy(() -> client.uidSearch(SearchCriteria.parse("X")))
                        .isInstanceOf(CommandRefused.class);
            }
            try (ImapClient client = selected(server)) {
                assertThat(client.uidSearch(SearchCriteria.UNSEEN)).isEqualTo(UidSet.parse("3:5,900"));
                assertThat(client.uidSearch(SearchCriteria.UNSEEN)).isEqualTo(UidSet.of(7));
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void searchesForUnicodeInALiteral(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID SEARCH CHARSET UTF-8 SUBJECT {7}
                S: + OK
                C: Gr\u00fc\u00dfe UNSEEN
                S: * SEARCH 1
                S: a3 OK
                """));
                ImapClient client = selected(server)) {
            assertThat(client.uidSearch(SearchCriteria.parse("SUBJECT \"Gr\u00fc\u00dfe\" UNSEEN")))
                    .isEqualTo(UidSet.of(1));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void fetchesMessagesAndHandsOnEachAsItComes(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 10:11,20 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
                S: * 1 FETCH (UID 10 FLAGS (\\Recent) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 7 BODY[] {7}
                S: one\\r\\n\\r\\n)
                S: * 2 FETCH (FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 0 BODY[] {0}
                S:  UID 11)
                S: * 3 FETCH (UID 20 FLAGS (\\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 5 BODY[] "a b)c")
                S: a3 OK done
                """));
                ImapClient client = selected(server)) {
            assertThat(fetch(client, UidSet.parse("20,10,11"), ALL))
                    .containsExactly(Map.entry(10L, "one\r\n\r\n"), Map.entry(11L, ""), Map.entry(20L, "a b)c"));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void fetchesOneHeader(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 10 (UID BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)])
                S: * 1 FETCH (UID 10 BODY[HEADER.FIELDS (Subject From)] {15}
                S: Subject: hi\\r\\n)
                S: a3 OK done
                C: a4 FETCH 1:2 (UID RFC822.SIZE)
                S: * 1 FETCH (UID 10 RFC822.SIZE 99)
                S: * 2 FETCH (UID 11 RFC822.SIZE 100)
                S: a4 OK done
                """.replace("{15}", "{13}")));
                ImapClient client = selected(server)) {
            BodySection section = BodySection.headerFields("Subject", "From");
            List<String> headers = new ArrayList<>();
            client.uidFetch(
                    UidSet.of(10), FetchItems.of().with(section), message -> headers.add(text(message, section)));
            assertThat(headers).containsExactly("Subject: hi\r\n");

            List<FetchedMessage> sizes = new ArrayList<>();
            client.fetch(SequenceSet.range(1, 2), FetchItems.of(Attribute.SIZE), sizes::add);
            assertThat(sizes).extracting(m -> m.size().orElseThrow()).containsExactly(99L, 100L);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q12PutsTogetherWhatIsSpreadOverSeveralResponses(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 10:11 (UID FLAGS RFC822.SIZE BODY.PEEK[])
                S: * 1 FETCH (UID 10 BODY[] {3}
                S: one)
                S: * 2 FETCH (UID 11 FLAGS ())
                S: * 1 FETCH (UID 10 FLAGS (\\Seen))
                S: * 2 FETCH (UID 11 RFC822.SIZE 3 BODY[] {3}
                S: two)
                S: * 1 FETCH (UID 10 RFC822.SIZE 3)
                S: a3 OK done
                """));
                ImapClient client = selected(server)) {
            FetchItems items = FetchItems.of(Attribute.FLAGS, Attribute.SIZE).with(BodySection.WHOLE);
            assertThat(fetch(client, UidSet.range(10, 11), items))
                    .containsExactly(Map.entry(11L, "two"), Map.entry(10L, "one"));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q13IsNotConfusedByFlagsThatOthersChange(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 10:11 (UID FLAGS BODY.PEEK[])
                S: * 1 FETCH (FLAGS (\\Deleted))
                S: * 2 FETCH (UID 11 FLAGS (\\Seen))
                S: * 3 FETCH (UID 99 FLAGS (\\Seen) BODY[] {5}
                S: wrong)
                S: * 1 FETCH (UID 10 FLAGS () BODY[] {3}
                S: one)
                S: * 5 EXISTS
                S: * 3 EXPUNGE
                S: * 2 FETCH (UID 11 FLAGS (\\Seen \\Flagged))
                S: * 2 FETCH (UID 11 BODY[] {3}
                S: two)
                S: a3 OK done
                """));
                ImapClient client = selected(server)) {
            FetchItems items = FetchItems.of(Attribute.FLAGS).with(BodySection.WHOLE);
            assertThat(fetch(client, UidSet.range(10, 11), items))
                    .containsExactly(Map.entry(10L, "one"), Map.entry(11L, "two"));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q14HandsOnWhatCameAlthoughTheServerRefusedTheRest(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 10:12 (UID FLAGS BODY.PEEK[])
                S: * 1 FETCH (UID 10 FLAGS () BODY[] {3}
                S: one)
                S: * 2 FETCH (UID 11 FLAGS ())
                S: a3 NO Some of the requested messages no longer exist
                C: a4 UID FETCH 12 (UID FLAGS BODY.PEEK[])
                S: a4 OK nothing
                """));
                ImapClient client = selected(server)) {
            FetchItems items = FetchItems.of(Attribute.FLAGS).with(BodySection.WHOLE);
            List<FetchedMessage> got = new ArrayList<>();
            assertThatThrownBy(() -> client.uidFetch(UidSet.range(10, 12), items, got::add))
                    .isInstanceOf(CommandRefused.class)
                    .hasMessageContaining("no longer exist");
            assertThat(got).extracting(m -> m.has(BodySection.WHOLE)).containsExactly(true, false);
            assertThat(fetch(client, UidSet.of(12), items)).isEmpty();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void keepsTwoFetchesApartThatAreUnderWayTogether(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("MOVE", """
                C: a3 UID FETCH 10 (UID BODY.PEEK[])
                C: a4 UID FETCH 11 (UID BODY.PEEK[])
                C: a5 UID STORE 9 +FLAGS.SILENT (\\Seen)
                S: * 2 FETCH (UID 11 BODY[] {3}
                S: two)
                S: a4 OK done
                S: * 1 FETCH (UID 10 BODY[] {3}
                S: one)
                S: a5 OK done
                S: a3 OK done
                """));
                ImapClient client = selected(server)) {
            FetchItems items = FetchItems.of().with(BodySection.WHOLE);
            FetchInFlight first = client.beginFetch(UidSet.of(10), items);
            FetchInFlight second = client.beginFetch(UidSet.of(11), items);
            client.uidStore(UidSet.of(9), FlagChange.add(Flag.SEEN));
            List<String> texts = new ArrayList<>();
            client.finishFetch(first, message -> texts.add(text(message, BodySection.WHOLE)));
            client.finishFetch(second, message -> texts.add(text(message, BodySection.WHOLE)));
            assertThat(texts).containsExactly("one", "two");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void doesNotChangeFlagsThatAFetchUnderWayReads(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID FETCH 10 (UID FLAGS)
                S: * 1 FETCH (UID 10 FLAGS ())
                S: a3 OK done
                C: a4 UID STORE 10 +FLAGS.SILENT (\\Seen)
                S: a4 OK done
                """));
                ImapClient client = selected(server)) {
            FetchInFlight fetch = client.beginFetch(UidSet.of(10), FetchItems.of(Attribute.FLAGS));
            client.uidStore(UidSet.of(10), FlagChange.add(Flag.SEEN));
            List<FetchedMessage> got = new ArrayList<>();
            client.finishFetch(fetch, got::add);
            assertThat(got).hasSize(1);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void storesFlags(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID STORE 1:3 +FLAGS.SILENT (\\Seen $Done)
                S: * 1 FETCH (FLAGS (\\Seen $Done))
                S: a3 OK
                C: a4 UID STORE 1 -FLAGS.SILENT (\\Flagged)
                S: a4 NO [READ-ONLY] no
                """));
                ImapClient client = selected(server)) {
            client.uidStore(UidSet.range(1, 3), FlagChange.add(Flag.SEEN, new Flag("$Done")));
            assertThatThrownBy(() -> client.uidStore(UidSet.of(1), FlagChange.remove(Flag.FLAGGED)))
                    .isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q25SplitsSetsThatDoNotFitOnALine(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C~ a3 UID STORE [0-9,]{1,256} \\+FLAGS.SILENT \\(\\\\Seen\\)
                C~ a4 UID STORE [0-9,]{1,256} \\+FLAGS.SILENT \\(\\\\Seen\\)
                S: a4 OK
                S: a3 OK
                """));
                ImapClient client = selected(
                        server,
                        ClientFixture.inClear()
                                .withLimits(new ImapLimits(8 << 20, 16L << 30, 16 << 20, 64, 100, 1000, 256)))) {
            client.uidStore(UidSet.of(LongStream.range(1, 50).map(i -> i * 2).toArray()), FlagChange.add(Flag.SEEN));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void copiesMessages(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("UIDPLUS", """
                C: a3 UID COPY 304,319:320 "Done"
                S: a3 OK [COPYUID 38505 304,319:320 3956:3958] Done
                C: a4 UID COPY 1 "None"
                S: a4 NO [TRYCREATE] no such mailbox
                """));
                ImapClient client = selected(server)) {
            CopiedUids copied = client.uidCopy(UidSet.parse("304,319:320"), MailboxName.of("Done"));
            assertThat(copied.newUidOf(319)).hasValue(3957);
            // Q22
            assertThatThrownBy(() -> client.uidCopy(UidSet.of(1), MailboxName.of("None")))
                    .isInstanceOfSatisfying(
                            CommandRefused.class,
                            e -> assertThat(e.code().is("TRYCREATE")).isTrue());
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void movesWithMoveWhereOffered(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("UIDPLUS MOVE", """
                C: a3 UID MOVE 42:69 "foo"
                S: * OK [COPYUID 432432 42:69 1202:1229] done
                S: * 22 EXPUNGE
                S: * 23 EXPUNGE
                S: a3 OK Done
                C: a4 UID MOVE 70 "foo"
                S: a4 NO [OVERQUOTA] full
                """));
                ImapClient client = selected(server)) {
            assertThat(client.uidMove(UidSet.range(42, 69), MailboxName.of("foo"))
                            .newUidOf(42))
                    .hasValue(1202);
            assertThatThrownBy(() -> client.uidMove(UidSet.of(70), MailboxName.of("foo")))
                    .isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void movesInThreeStepsOneAfterTheOtherWithoutMove(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("UIDPLUS", """
                C: a3 UID COPY 1:2 "foo"
                S: a3 OK
                C: a4 UID STORE 1:2 +FLAGS.SILENT (\\Deleted)
                S: a4 OK
                C: a5 UID EXPUNGE 1:2
                S: * 1 EXPUNGE
                S: * 1 EXPUNGE
                S: a5 OK
                C: a6 UID COPY 3 "foo"
                S: a6 NO no
                """));
                ImapClient client = selected(server)) {
            client.uidMove(UidSet.range(1, 2), MailboxName.of("foo"));
            assertThatThrownBy(() -> client.uidMove(UidSet.of(3), MailboxName.of("foo")))
                    .isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void neverExpungesWhatOthersHaveMarked(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID COPY 1 "foo"
                S: a3 OK
                C: a4 UID STORE 1 +FLAGS.SILENT (\\Deleted)
                S: a4 OK
                C: a5 UID STORE 2 +FLAGS.SILENT (\\Deleted)
                S: a5 OK
                C: a6 LOGOUT
                S: * BYE
                S: a6 OK
                """));
                ImapClient client = selected(server)) {
            client.uidMove(UidSet.of(1), MailboxName.of("foo"));
            assertThat(client.uidExpunge(UidSet.of(2))).isFalse();
            client.unselect();
            client.logout();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void asksTheServerWhoItIs(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C~ a3 ID \\(.*\\)
                S: * ID ("name" "Cyrus" "version" "1.5")
                S: a3 OK
                C~ a4 ID \\(.*\\)
                S: a4 BAD Invalid command.
                """));
                ImapClient client = selected(server)) {
            assertThat(client.id()).containsEntry("name", "Cyrus").containsEntry("version", "1.5");
            assertThatThrownBy(client::id).isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void saysGoodbyeToServersThatDoNotAnswer(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                selected("", "C: a3 LOGOUT\nS: * BYE see you\n-- close"),
                selected("", "C: a3 LOGOUT\nS: a3 OK\n-- close"))) {
            for (int i = 0; i < 2; i++) {
                ImapClient client = selected(server);
                client.logout();
                assertThat(client.isOpen()).isFalse();
            }
            server.assertPlayedToTheEnd();
        }
    }

    private static Map<Long, String> fetch(ImapClient client, UidSet uids, FetchItems items) throws Exception {
        Map<Long, String> texts = new LinkedHashMap<>();
        client.uidFetch(
                uids, items, message -> texts.put(message.uid().orElseThrow(), text(message, BodySection.WHOLE)));
        return texts;
    }

    private static String text(FetchedMessage message, BodySection section) {
        try {
            return new String(message.octets(section).toByteArray(), StandardCharsets.ISO_8859_1);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
