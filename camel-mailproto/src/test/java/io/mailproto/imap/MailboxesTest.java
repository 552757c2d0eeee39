package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands about mailboxes, quotas and rights, against servers that do them and servers that do not. */
class MailboxesTest {
    @TranscriptTest
    void oneExtendedListTellsSpecialUsesSubscriptionsAndStatus(Pace pace) throws Exception {
        try (ScriptedPeer server =
                        ScriptedPeer.serving(pace, selected("LIST-EXTENDED LIST-STATUS SPECIAL-USE STATUS=SIZE", """
                C: a3 LIST "" "%" RETURN (SPECIAL-USE STATUS (MESSAGES SIZE))
                S: * LIST (\\Marked) "/" INBOX
                S: * STATUS INBOX (MESSAGES 17 SIZE 16234)
                S: * LIST (\\Sent) "/" "Gesendet" ("CHILDINFO" ("SUBSCRIBED"))
                S: * LIST (\\NonExistent) "/" foo
                S: * STATUS "Gesendet" (MESSAGES 30 SIZE 99)
                S: a3 OK done
                C: a4 LIST (SUBSCRIBED) "A/" ("x*" "Entw&APw-rfe") RETURN (SPECIAL-USE)
                S: * LIST (\\Subscribed) "/" A/x
                S: a4 OK done
                C: a5 LIST (SPECIAL-USE) "" "*" RETURN (SPECIAL-USE)
                S: a5 BAD what
                """));
                ImapClient client = selected(server)) {
            List<MailboxInfo> found = client.mailboxes()
                    .list(ListQuery.of("%").with(StatusItem.SIZE, StatusItem.MESSAGES, StatusItem.MAILBOXID));
            assertThat(found).extracting(info -> info.name().name()).containsExactly("INBOX", "Gesendet", "foo");
            assertThat(found.get(0).status().orElseThrow().size()).hasValue(16234);
            assertThat(found.get(1).status().orElseThrow().messages()).hasValue(30);
            assertThat(found.get(1).isFor(SpecialUse.SENT)).isTrue();
            assertThat(found.get(2).status()).isEmpty();
            assertThat(client.mailboxes()
                            .list(ListQuery.of("x*", "Entw\u00fcrfe")
                                    .below("A/")
                                    .subscribed()))
                    .singleElement()
                    .satisfies(info -> assertThat(info.isSubscribed()).isTrue());
            assertThatThrownBy(() -> client.mailboxes().list(ListQuery.of("*").forSpecialUse()))
                    .isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void withoutExtensionsTheSameIsAskedStepByStep(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 LSUB "" "a"
                S: * LSUB () "/" a
                S: a3 OK done
                C: a4 LSUB "" "b"
                S: * LSUB (\\Noselect) "/" b
                S: a4 OK done
                C: a5 STATUS "a" (UNSEEN)
                S: a5 NO [NOPERM] no right to read
                C: a6 LIST "" "*"
                S: * LIST (\\Trash) "/" Bin
                S: * LIST () "/" c
                S: a6 OK done
                """));
                ImapClient client = selected(server)) {
            List<MailboxInfo> subscribed =
                    client.mailboxes().list(ListQuery.of("a", "b").subscribed().with(StatusItem.UNSEEN));
            assertThat(subscribed).extracting(MailboxInfo::isSubscribed).containsExactly(true, true);
            assertThat(subscribed).extracting(MailboxInfo::status).allMatch(status -> status.isEmpty());
            assertThat(client.mailboxes().find(SpecialUse.TRASH))
                    .hasValueSatisfying(info -> assertThat(info.name().name()).isEqualTo("Bin"));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void makesRenamesSubscribesAndRemoves(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("OBJECTID CREATE-SPECIAL-USE", """
                C: a3 CREATE "x"
                S: a3 OK [MAILBOXID (F2212ea87-6097-4256-9d51-71338625)] done
                C: a4 CREATE "Sent" (USE (\\Sent))
                S: a4 OK done
                C: a5 RENAME "x" "y"
                S: a5 OK
                C: a6 SUBSCRIBE "y"
                S: a6 OK
                C: a7 UNSUBSCRIBE "y"
                S: a7 OK
                C: a8 DELETE "y"
                S: a8 OK
                C: a9 STATUS "z" (MESSAGES MAILBOXID)
                S: * STATUS z (MESSAGES 0 MAILBOXID (F1))
                S: a9 OK
                """));
                ImapClient client = selected(server)) {
            Mailboxes mailboxes = client.mailboxes();
            assertThat(mailboxes.create(MailboxName.of("x"))).hasValue("F2212ea87-6097-4256-9d51-71338625");
            assertThat(mailboxes.create(MailboxName.of("Sent"), SpecialUse.SENT))
                    .isEmpty();
            mailboxes.rename(MailboxName.of("x"), MailboxName.of("y"));
            mailboxes.subscribe(MailboxName.of("y"));
            mailboxes.unsubscribe(MailboxName.of("y"));
            mailboxes.delete(MailboxName.of("y"));
            MailboxStatus status =
                    mailboxes.status(MailboxName.of("z"), List.of(StatusItem.MESSAGES, StatusItem.MAILBOXID));
            assertThat(status.mailboxId()).hasValue("F1");
            assertThat(status.messages()).hasValue(0);
            server.assertPlayedToTheEnd();
        }
    }

    /** Cyrus 3.6 tells an identifier of memory that it has freed: anything may be in it. */
    @TranscriptTest
    void asksAgainWithoutAnIdentifierThatBreaksTheAnswer(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("OBJECTID", """
                        C: a3 STATUS "z" (MESSAGES MAILBOXID)
                        S: * STATUS z (MESSAGES 1 MAILBOXID (x5"´UV) UNSEEN 0)
                        S: a3 OK
                        C: a4 STATUS "z" (MESSAGES)
                        S: * STATUS z (MESSAGES 1)
                        S: a4 OK
                        C: a5 STATUS "z" (MESSAGES MAILBOXID)
                        S: * STATUS z (MESSAGES 2 MAILBOXID (x5´UV) UNSEEN 0)
                        S: a5 OK
                        """));
                ImapClient client = selected(server)) {
            List<StatusItem> items = List.of(StatusItem.MESSAGES, StatusItem.MAILBOXID);
            assertThat(client.mailboxes().status(MailboxName.of("z"), items).messages())
                    .hasValue(1);
            MailboxStatus garbage = client.mailboxes().status(MailboxName.of("z"), items);
            assertThat(garbage.messages()).hasValue(2);
            assertThat(garbage.mailboxId()).isEmpty();
            server.assertPlayedToTheEnd();
        }
    }

    /** RFC 2342 §5, examples 5.1 to 5.4, and Q8. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            (("" "/")) NIL NIL                                  | [Namespace[prefix=, delimiter=/]] | [] | []
            NIL NIL (("" "."))                                  | [] | [] | [Namespace[prefix=, delimiter=.]]
            (("" "/")) (("~" "/")) (("#shared/" "/")("#news." ".")) | [Namespace[prefix=, delimiter=/]] | [Namespace[prefix=~, delimiter=/]] | [Namespace[prefix=#shared/, delimiter=/], Namespace[prefix=#news., delimiter=.]]
            (("INBOX." NIL "X-PARAM" ("FLAG1" "FLAG2")))        | [Namespace[prefix=INBOX., delimiter=]] | [] | []
            ((NIL NIL)) () NIL                                  | [] | [] | []
            """)
    void readsNamespaces(String values, String personal, String others, String shared) {
        ImapResponse.Data data = (ImapResponse.Data) Raw.parsed("* NAMESPACE " + values);
        Namespaces namespaces = Namespaces.of(data.values());
        assertThat(namespaces.personal()).hasToString(personal);
        assertThat(namespaces.others()).hasToString(others);
        assertThat(namespaces.shared()).hasToString(shared);
    }

    @TranscriptTest
    void tellsNamespacesQuotasAndRights(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("NAMESPACE QUOTA ACL RIGHTS=texk", """
                C: a3 NAMESPACE
                S: * NAMESPACE (("" "/")) NIL NIL
                S: a3 OK
                C: a4 GETQUOTAROOT INBOX
                S: * QUOTAROOT INBOX "" other
                S: * QUOTA "" (STORAGE 10 512 MESSAGE 3 9223372036854775807)
                S: * QUOTA other ()
                S: a4 OK
                C: a5 GETQUOTA "none"
                S: a5 NO no such quota root
                C: a6 SETQUOTA "" (STORAGE 600)
                S: a6 NO [NOPERM] not you
                C: a7 GETACL INBOX
                S: * ACL INBOX Fred rwipslxetad -Chris "" "B Smith" lr
                S: a7 OK
                C: a8 MYRIGHTS INBOX
                S: * MYRIGHTS INBOX rwiptsldaex
                S: a8 OK
                C: a9 LISTRIGHTS INBOX "smith"
                S: * LISTRIGHTS INBOX smith la r swicdkxte
                S: a9 OK
                C: a10 SETACL INBOX "smith" "+lr"
                S: a10 OK
                C: a11 DELETEACL INBOX "smith"
                S: a11 NO no
                """));
                ImapClient client = selected(server)) {
            assertThat(client.mailboxes().namespaces().personal()).containsExactly(new Namespaces.Namespace("", "/"));
            List<Quota> quotas = client.quotas().of(MailboxName.INBOX);
            assertThat(quotas).extracting(Quota::root).containsExactly("", "other");
            assertThat(quotas.get(0).resource("storage")).hasValueSatisfying(storage -> {
                assertThat(storage.usage()).isEqualTo(10);
                assertThat(storage.limit()).isEqualTo(512);
                assertThat(storage.isExhausted()).isFalse();
            });
            assertThatThrownBy(() -> client.quotas().ofRoot("none")).isInstanceOf(CommandRefused.class);
            assertThatThrownBy(() -> client.quotas().set("", Map.of("STORAGE", 600L)))
                    .hasMessageContaining("NOPERM");
            assertThat(client.access().rights(MailboxName.INBOX))
                    .isEqualTo(Map.of("Fred", "rwipslxetad", "-Chris", "", "B Smith", "lr"));
            assertThat(client.access().myRights(MailboxName.INBOX)).isEqualTo("rwiptsldaex");
            assertThat(client.access().requiredRights(MailboxName.INBOX, "smith"))
                    .isEqualTo("la");
            client.access().set(MailboxName.INBOX, "smith", "+lr");
            assertThatThrownBy(() -> client.access().remove(MailboxName.INBOX, "smith"))
                    .isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aServerThatCanOnlyHandleSoManyMessagesGetsThatManyAtATime(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("MESSAGELIMIT=3 X-GM-EXT-1", """
                C: a3 UID STORE 1:3 +FLAGS.SILENT (\\Seen)
                S: a3 OK
                C: a4 UID STORE 4,9:10 +FLAGS.SILENT (\\Seen)
                S: a4 OK
                C: a5 UID STORE 11 +FLAGS.SILENT (\\Seen)
                S: a5 OK
                C: a6 UID STORE 1 +X-GM-LABELS.SILENT (\\Inbox "Entw&APw-rfe")
                S: a6 OK
                """));
                ImapClient client = selected(server)) {
            client.uidStore(UidSet.parse("1:4,9:11"), FlagChange.add(Flag.SEEN));
            client.uidStore(UidSet.of(1), LabelChange.add("\\Inbox", "Entw\u00fcrfe"));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void fetchesIdentifiersLabelsAndRanges(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("X-GM-EXT-1 OBJECTID", """
                C: a3 UID FETCH 1:2 (UID EMAILID THREADID X-GM-LABELS X-GM-MSGID)
                S: * 1 FETCH (UID 1 EMAILID (M1) THREADID (T1) X-GM-LABELS (\\Inbox "a b" +c) X-GM-MSGID 1278455344230334865)
                S: * 2 UIDFETCH (EMAILID (M2) THREADID NIL X-GM-LABELS NIL X-GM-MSGID 12)
                S: a3 OK
                C: a4 UID FETCH 1 (UID BODY.PEEK[1.2]<2.3>)
                S: * 1 FETCH (UID 1 BODY[1.2]<2> {3}
                S: cde)
                S: a4 OK
                C: a5 UID FETCH 1 (UID BODY.PEEK[TEXT]<2.3>)
                S: * 1 FETCH (UID 1 BODY[TEXT] "abcdefg")
                S: a5 OK
                C: a6 UID FETCH 1 (UID BINARY.PEEK[2])
                S: * 1 FETCH (UID 1 BINARY[2] ~{2}
                S: hi)
                S: a6 OK
                """));
                ImapClient client = selected(server)) {
            List<FetchedMessage> got = new java.util.ArrayList<>();
            client.uidFetch(
                    UidSet.range(1, 2),
                    FetchItems.of(
                            FetchItems.Attribute.EMAIL_ID,
                            FetchItems.Attribute.THREAD_ID,
                            FetchItems.Attribute.GMAIL_LABELS,
                            FetchItems.Attribute.GMAIL_MESSAGE_ID),
                    got::add);
            assertThat(got.get(0).id(FetchItems.Attribute.EMAIL_ID)).hasValue("M1");
            assertThat(got.get(0).id(FetchItems.Attribute.GMAIL_MESSAGE_ID)).hasValue("1278455344230334865");
            assertThat(Set.copyOf(got.get(0).labels().orElseThrow())).isEqualTo(Set.of("\\Inbox", "a b", "+c"));
            assertThat(got.get(1).uid()).hasValue(2);
            assertThat(got.get(1).id(FetchItems.Attribute.THREAD_ID)).isEmpty();
            assertThat(got.get(1).labels().orElseThrow()).isEmpty();

            assertThat(range(client, BodySection.part("1.2").range(2, 3))).isEqualTo("cde");
            // Deviation: everything, where a range was asked for.
            assertThat(range(client, BodySection.TEXT.range(2, 3))).isEqualTo("cde");
            assertThat(range(client, BodySection.part("2").decoded())).isEqualTo("hi");
            server.assertPlayedToTheEnd();
        }
    }

    private static String range(ImapClient client, BodySection section) throws Exception {
        List<FetchedMessage> got = new java.util.ArrayList<>();
        client.uidFetch(UidSet.of(1), FetchItems.of().with(section), got::add);
        assertThat(got).singleElement().satisfies(one -> assertThat(one.holds(section))
                .isTrue());
        return new String(got.get(0).open(section).readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
    }
}
