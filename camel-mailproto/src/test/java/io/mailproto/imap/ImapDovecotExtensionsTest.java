package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.imap.MessageSearch.Threading;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.spool.SpoolWriter;
import io.mailproto.testing.DovecotPeer;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Extensions, against a server that has them. */
class ImapDovecotExtensionsTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    private static final MailboxName ARCHIVE = MailboxName.of("Archive");

    @BeforeEach
    void emptyMailboxes() throws Exception {
        DOVECOT.expungeAll(DovecotPeer.ALICE, "Archive");
    }

    private static ImapClient loggedIn() throws Exception {
        ImapClient client = ClientFixture.open(DOVECOT.imap(), ClientFixture.inClear());
        client.login(new Credentials(DovecotPeer.ALICE, Secret.of(DovecotPeer.passwordOf(DovecotPeer.ALICE))));
        return client;
    }

    private static NewMessage message(String text, Flag... flags) {
        return NewMessage.of(Octets.of(text.getBytes(StandardCharsets.US_ASCII)), flags);
    }

    private static String mail(int number, String more) {
        return "From: ann@example.com\r\nSubject: n" + number + "\r\nMessage-ID: <" + number + "@x>\r\n" + more
                + "\r\nHello.\r\n";
    }

    @Test
    void listsWithStatusSpecialUseAndSubscriptions() throws Exception {
        try (ImapClient client = loggedIn()) {
            client.appends().append(ARCHIVE, List.of(message(mail(1, ""))));
            Map<String, MailboxInfo> all = new HashMap<>();
            client.mailboxes()
                    .list(ListQuery.of("INBOX", "*").with(StatusItem.MESSAGES, StatusItem.SIZE, StatusItem.MAILBOXID))
                    .forEach(info -> all.put(info.name().name(), info));
            assertThat(all.keySet()).contains("INBOX", "Sent", "Archive");
            MailboxStatus archive = all.get("Archive").status().orElseThrow();
            assertThat(archive.messages()).hasValue(1);
            assertThat(archive.size()).isPresent();
            assertThat(all.get("Sent").specialUses()).isEqualTo(Set.of(SpecialUse.SENT));
            assertThat(client.mailboxes().list(ListQuery.of("*").subscribed()))
                    .extracting(info -> info.name().name())
                    .contains("Sent")
                    .doesNotContain("Archive");
            assertThat(client.mailboxes().list(ListQuery.of("*").forSpecialUse()))
                    .extracting(info -> info.name().name())
                    .contains("Junk", "Trash")
                    .doesNotContain("INBOX");
            assertThat(client.mailboxes()
                            .find(SpecialUse.TRASH)
                            .orElseThrow()
                            .name()
                            .name())
                    .isEqualTo("Trash");
            client.logout();
        }
    }

    @Test
    void appendsSeveralAtOnceWithFlagsAndDateAndFindsThemAgain() throws Exception {
        try (ImapClient client = loggedIn()) {
            OffsetDateTime date = OffsetDateTime.parse("2020-02-03T04:05:06+01:00");
            NewMessage dated = new NewMessage(
                    message(mail(2, "References: <1@x>\r\nIn-Reply-To: <1@x>\r\n"))
                            .octets(),
                    Set.of(Flag.FLAGGED),
                    Optional.of(date));
            AppendedUids appended = client.appends()
                    .append(ARCHIVE, List.of(message(mail(1, ""), Flag.SEEN), dated, message(mail(3, ""))));
            assertThat(appended.uids().count()).isEqualTo(3);
            client.select(ARCHIVE);
            long second = appended.uids().at(1);
            List<FetchedMessage> got = new ArrayList<>();
            client.uidFetch(
                    UidSet.of(second),
                    FetchItems.of(Attribute.FLAGS, Attribute.INTERNAL_DATE).with(BodySection.TEXT.range(1, 3)),
                    got::add);
            assertThat(got.get(0).internalDate().orElseThrow().toInstant()).isEqualTo(date.toInstant());
            assertThat(got.get(0).flags().orElseThrow()).contains(Flag.FLAGGED);
            try (InputStream octets = got.get(0).open(BodySection.TEXT.range(1, 3))) {
                assertThat(octets.readAllBytes()).asString().isEqualTo("ell");
            }
            SearchResult unseen = client.searches().count(SearchCriteria.UNSEEN);
            assertThat(unseen.count()).hasValue(2);
            assertThat(unseen.min()).hasValue(second);
            assertThat(client.searches().page(SearchCriteria.parse("ALL"), 2, 2))
                    .isEqualTo(UidSet.of(second));
            List<MessageThread> threads = client.searches().threads(Threading.REFERENCES, SearchCriteria.parse("ALL"));
            assertThat(threads).hasSize(2);
            assertThat(threads.get(0).all()).contains(second);
            client.logout();
        }
    }

    @Test
    void takesAPartWithoutItsTransferEncodingAndAMessageWithNul() throws Exception {
        try (ImapClient client = loggedIn()) {
            String encoded = "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
                    + "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n";
            String binary = "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
                    + "Content-Transfer-Encoding: binary\r\n\r\na\0b\r\n";
            AppendedUids uids = client.appends().append(ARCHIVE, List.of(message(encoded), message(binary)));
            client.select(ARCHIVE);
            BodySection part = BodySection.part("1").decoded();
            List<String> texts = new ArrayList<>();
            client.uidFetch(uids.uids(), FetchItems.of().with(part), message -> {
                try (InputStream octets = message.open(part)) {
                    texts.add(new String(octets.readAllBytes(), StandardCharsets.US_ASCII));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(texts).hasSize(2);
            assertThat(texts.get(0)).isEqualTo("hello");
            assertThat(texts.get(1)).startsWith("a");
            client.logout();
        }
    }

    @Test
    void tellsQuotaRightsAndNamespaces() throws Exception {
        try (ImapClient client = loggedIn()) {
            assertThat(client.quotas().of(MailboxName.INBOX))
                    .singleElement()
                    .satisfies(quota -> assertThat(quota.resource("STORAGE")).isPresent());
            assertThat(client.quotas().ofRoot("User quota")).hasSize(1);
            assertThat(client.mailboxes().namespaces().personal()).containsExactly(new Namespaces.Namespace("", "/"));
            assertThat(client.access().myRights(ARCHIVE)).contains("l", "r", "a");
            client.access().set(ARCHIVE, DovecotPeer.BOB, "lr");
            assertThat(client.access().rights(ARCHIVE)).containsEntry(DovecotPeer.BOB, "lr");
            assertThat(client.access().requiredRights(ARCHIVE, DovecotPeer.BOB)).isNotNull();
            client.access().remove(ARCHIVE, DovecotPeer.BOB);
            assertThat(client.access().rights(ARCHIVE)).doesNotContainKey(DovecotPeer.BOB);
            assertThatThrownBy(() -> client.access().rights(MailboxName.of("none")))
                    .isInstanceOf(CommandRefused.class);
            client.logout();
        }
    }

    @Test
    void goesOnCompressed() throws Exception {
        try (ImapClient client = loggedIn()) {
            assertThat(client.compress()).isTrue();
            String text = mail(1, "") + "The same again and again.\r\n".repeat(50_000);
            client.appends().append(ARCHIVE, List.of(message(text), message(mail(2, ""))));
            client.select(ARCHIVE);
            List<Long> sizes = new ArrayList<>();
            client.uidFetch(
                    client.uidSearch(SearchCriteria.parse("ALL")),
                    FetchItems.of().with(BodySection.WHOLE),
                    message -> {
                        try {
                            sizes.add(message.octets(BodySection.WHOLE).size());
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
            assertThat(sizes)
                    .containsExactly((long) text.length(), (long) mail(2, "").length());
            client.logout();
        }
    }

    @Test
    void appends64MebibytesWithoutHoldingThem() throws Exception {
        Spool spool = new Spool(SpoolOptions.defaults());
        Octets octets;
        try (SpoolWriter writer = spool.newWriter(-1)) {
            writer.write(mail(1, "").getBytes(StandardCharsets.US_ASCII));
            byte[] lines = "0123456789abcdefghijklmnopqrstuvwxyz+/0123456789abcdefghijklmn\r\n"
                    .repeat(1024)
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1024; i++) {
                writer.write(lines);
            }
            octets = writer.finish();
        }
        assertThat(octets.isInMemory()).isFalse();
        try (ImapClient client = loggedIn()) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            AppendedUids uids = client.appends().append(ARCHIVE, List.of(NewMessage.of(octets)));
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8L << 20);
            client.examine(ARCHIVE);
            List<Long> sizes = new ArrayList<>();
            client.uidFetch(
                    uids.uids(),
                    FetchItems.of(Attribute.SIZE),
                    message -> sizes.add(message.size().orElseThrow()));
            assertThat(sizes).containsExactly(octets.size());
            client.logout();
        } finally {
            octets.release();
        }
    }

    @Test
    void tellsWhatHasChangedSinceAndStoresOnlyWhatHasNot() throws Exception {
        try (ImapClient client = loggedIn();
                ImapClient other = loggedIn()) {
            assertThat(client.changes().enable(Set.of("QRESYNC"))).containsExactly("QRESYNC");
            AppendedUids appended = client.appends()
                    .append(ARCHIVE, List.of(message(mail(1, "")), message(mail(2, "")), message(mail(3, ""))));
            long first = appended.uids().first();
            SelectedMailbox before = client.changes().select(ARCHIVE);
            long modSeq = before.highestModSeq().orElseThrow();
            other.select(ARCHIVE);
            other.uidStore(UidSet.of(first), FlagChange.add(Flag.FLAGGED));
            assertThat(client.changes().store(UidSet.of(first, first + 1), modSeq, FlagChange.add(Flag.SEEN)))
                    .isEqualTo(UidSet.of(first));
            other.uidExpunge(UidSet.of(first + 2));
            other.logout();

            Map<Long, Set<Flag>> changed = new HashMap<>();
            List<UidSet> gone = new ArrayList<>();
            SelectedMailbox after = client.changes()
                    .resync(
                            ARCHIVE,
                            new MailboxChanges.Position(before.uidValidity(), modSeq, UidSet.empty()),
                            message -> changed.put(
                                    message.uid().orElseThrow(), message.flags().orElseThrow()),
                            gone::add);
            assertThat(changed.get(first)).contains(Flag.FLAGGED).doesNotContain(Flag.SEEN);
            assertThat(changed.get(first + 1)).contains(Flag.SEEN);
            assertThat(gone).anyMatch(uids -> uids.contains(first + 2));
            assertThat(after.highestModSeq().orElseThrow()).isGreaterThan(modSeq);

            changed.clear();
            client.changes()
                    .fetchChanged(
                            UidSet.range(1, UidSet.GREATEST),
                            modSeq,
                            FetchItems.of(Attribute.FLAGS, Attribute.MOD_SEQ),
                            message -> changed.put(
                                    message.uid().orElseThrow(), message.flags().orElseThrow()),
                            gone::add);
            assertThat(changed).containsOnlyKeys(first, first + 1);
            client.logout();
        }
    }
}
