package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImapDovecotTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    private static final Credentials ALICE =
            new Credentials(DovecotPeer.ALICE, Secret.of(DovecotPeer.passwordOf(DovecotPeer.ALICE)));

    @BeforeEach
    void emptyMailboxes() throws Exception {
        DOVECOT.expungeAll(DovecotPeer.ALICE, "INBOX");
        DOVECOT.expungeAll(DovecotPeer.ALICE, "Archive");
    }

    private static ImapClient loggedIn() throws Exception {
        ImapClient client = ClientFixture.open(DOVECOT.imap(), ClientFixture.inClear());
        client.login(ALICE);
        return client;
    }

    private static byte[] mail(String subject) {
        return ("From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nHello.\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({"NONE,false", "STARTTLS,true", "IMPLICIT,true", "AUTO,false"})
    void logsInWithEveryKindOfTls(TlsMode mode, boolean encrypted) throws Exception {
        TlsSettings tls = TlsSettings.client(TestCertificates.client());
        ImapClientOptions options = new ImapClientOptions(
                mode,
                tls,
                false,
                List.of(),
                ClientFixture.inClear().identity(),
                ClientFixture.IMPATIENT,
                ImapLimits.defaults());
        HostPort server = mode == TlsMode.IMPLICIT ? DOVECOT.imaps() : DOVECOT.imap();
        try (ImapClient client = ClientFixture.open(server, options)) {
            client.login(ALICE);
            assertThat(client.tls().isPresent()).isEqualTo(encrypted);
            assertThat(client.capabilities().has("MOVE")).isTrue();
            client.logout();
        }
    }

    @ParameterizedTest
    @CsvSource({"PLAIN", "LOGIN", "LOGIN-COMMAND", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"})
    void logsInWithEveryMechanism(String mechanism) throws Exception {
        try (ImapClient client =
                ClientFixture.open(DOVECOT.imap(), ClientFixture.inClear().withMechanisms(mechanism))) {
            client.login(ALICE);
            assertThat(client.id()).containsEntry("name", "Dovecot");
        }
    }

    @Test
    void reportsAWrongPassword() throws Exception {
        try (ImapClient client = ClientFixture.open(DOVECOT.imap(), ClientFixture.inClear())) {
            assertThatThrownBy(() -> client.login(new Credentials(DovecotPeer.ALICE, Secret.of("wrong"))))
                    .isInstanceOf(LoginRefused.class)
                    .hasMessageContaining("AUTHENTICATIONFAILED");
            client.login(ALICE);
        }
    }

    /** What a beginner does with telnet: log in, list folders, select, search, fetch one header. */
    @Test
    void doesWhatABeginnerDoes() throws Exception {
        DOVECOT.save(DovecotPeer.ALICE, "INBOX", mail("one"));
        try (ImapClient client = loggedIn()) {
            assertThat(client.list("", "*"))
                    .extracting(info -> info.name().name())
                    .contains("INBOX", "Archive", "Trash");
            assertThat(client.select(MailboxName.INBOX).exists()).isEqualTo(1);
            UidSet found = client.uidSearch(SearchCriteria.parse("UNSEEN SUBJECT \"one\""));
            assertThat(found.count()).isEqualTo(1);
            BodySection subject = BodySection.headerFields("Subject");
            List<String> headers = new ArrayList<>();
            client.uidFetch(found, FetchItems.of().with(subject), message -> headers.add(text(message, subject)));
            assertThat(headers).containsExactly("Subject: one\r\n\r\n");
            client.logout();
        }
        assertThat(DOVECOT.flagsByUid(DovecotPeer.ALICE, "INBOX").values())
                .allSatisfy(flags -> assertThat(flags).doesNotContain("\\Seen"));
    }

    @Test
    void fetchesOctetForOctet() throws Exception {
        byte[] odd = "Subject: \u00e4\r\n\r\n.\r\n..\r\n)\r\na1 OK\r\n* BYE\r\n{5}\r\n\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        DOVECOT.save(DovecotPeer.ALICE, "INBOX", odd);
        try (ImapClient client = loggedIn()) {
            client.select(MailboxName.INBOX);
            List<FetchedMessage> got = new ArrayList<>();
            client.uidFetch(
                    client.uidSearch(SearchCriteria.UNSEEN),
                    FetchItems.of(
                                    Attribute.FLAGS,
                                    Attribute.INTERNAL_DATE,
                                    Attribute.SIZE,
                                    Attribute.ENVELOPE,
                                    Attribute.BODY_STRUCTURE)
                            .with(BodySection.WHOLE),
                    got::add);
            assertThat(got).singleElement().satisfies(message -> {
                assertThat(message.octets(BodySection.WHOLE).toByteArray()).isEqualTo(odd);
                assertThat(message.size()).hasValue(odd.length);
                assertThat(message.internalDate()).isPresent();
                assertThat(message.bodyStructure()).isPresent();
                assertThat(message.damage()).isEmpty();
            });
        }
    }

    @Test
    void storesCopiesMovesAndExpunges() throws Exception {
        for (int i = 1; i <= 4; i++) {
            DOVECOT.save(DovecotPeer.ALICE, "INBOX", mail("m" + i));
        }
        MailboxName archive = MailboxName.of("Archive");
        try (ImapClient client = loggedIn()) {
            client.select(MailboxName.INBOX);
            UidSet all = client.uidSearch(SearchCriteria.UNSEEN);
            long first = all.first();
            client.uidStore(UidSet.of(first), FlagChange.add(Flag.SEEN, new Flag("$Done")));
            CopiedUids copied = client.uidCopy(UidSet.of(first), archive);
            assertThat(copied.newUidOf(first)).isPresent();
            CopiedUids moved = client.uidMove(UidSet.of(first + 1), archive);
            assertThat(moved.newUidOf(first + 1)).isPresent();
            assertThat(client.uidExpunge(UidSet.of(first + 2))).isTrue();
            assertThat(client.uidSearch(SearchCriteria.UNDELETED)).isEqualTo(UidSet.of(first, first + 3));
            client.unselect();
            assertThat(client.status(archive).messages()).hasValue(2);
            assertThatThrownBy(() -> {
                        client.select(MailboxName.INBOX);
                        client.uidMove(UidSet.of(first), MailboxName.of("nowhere"));
                    })
                    .isInstanceOfSatisfying(
                            CommandRefused.class,
                            e -> assertThat(e.code().is("TRYCREATE")).isTrue());
        }
        assertThat(DOVECOT.flagsByUid(DovecotPeer.ALICE, "INBOX")).hasSize(2);
    }

    @Test
    void createsAndSelectsMailboxesInEveryScript() throws Exception {
        MailboxName name = MailboxName.of("Entw\u00fcrfe & \u53f0\u5317");
        try (ImapClient client = loggedIn()) {
            client.create(name);
            assertThat(client.list("", "*")).extracting(MailboxInfo::name).contains(name);
            assertThat(client.examine(name).isReadOnly()).isTrue();
            assertThatThrownBy(() -> client.create(name)).isInstanceOfSatisfying(CommandRefused.class, e -> assertThat(
                            e.code().is("ALREADYEXISTS"))
                    .isTrue());
        }
    }

    @Test
    void fetchesManyMessagesInWindowsThatOverlap() throws Exception {
        DOVECOT.preload(DovecotPeer.CAROL, "Big", 1000, 2000);
        try (ImapClient client = ClientFixture.open(DOVECOT.imap(), ClientFixture.inClear())) {
            client.login(new Credentials(DovecotPeer.CAROL, Secret.of(DovecotPeer.passwordOf(DovecotPeer.CAROL))));
            client.select(MailboxName.of("Big"));
            UidSet all = client.uidSearch(SearchCriteria.UNDELETED);
            assertThat(all.count()).isEqualTo(1000);
            FetchItems items = FetchItems.of(Attribute.FLAGS).with(BodySection.WHOLE);
            List<Long> uids = new ArrayList<>();
            FetchInFlight ahead = client.beginFetch(UidSet.range(all.first(), all.first() + 99), items);
            for (int window = 1; window <= 10; window++) {
                FetchInFlight current = ahead;
                if (window < 10) {
                    long from = all.first() + window * 100L;
                    ahead = client.beginFetch(UidSet.range(from, from + 99), items);
                }
                client.finishFetch(current, message -> {
                    uids.add(message.uid().orElseThrow());
                    message.release();
                });
                client.uidStore(current.uids(), FlagChange.add(Flag.SEEN));
            }
            assertThat(uids).hasSize(1000).doesNotHaveDuplicates().isSorted();
            assertThat(client.uidSearch(SearchCriteria.parse("UNSEEN"))).isEqualTo(UidSet.empty());
            client.logout();
        }
    }

    private static String text(FetchedMessage message, BodySection section) {
        try {
            return new String(message.octets(section).toByteArray(), StandardCharsets.ISO_8859_1);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
