package io.mailproto.component.imap;

import static io.mailproto.component.imap.ImapRoutes.polling;
import static io.mailproto.testing.DovecotPeer.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.processor.state.FileStateRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code changes=true} with Dovecot (QRESYNC) and GreenMail (comparing). */
class ImapChangesRealServersTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    @TempDir
    Path directory;

    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void emptyMailboxes() throws Exception {
        DOVECOT.expungeAll(ALICE, "INBOX");
        DOVECOT.expungeAll(ALICE, "Archive");
        GREENMAIL.purge();
    }

    private static void save(String folder, String... subjects) throws IOException {
        for (String subject : subjects) {
            byte[] mail = ("From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nHello.\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            DOVECOT.save(ALICE, folder, mail);
        }
    }

    private void record(Exchange exchange) {
        MailboxChange change = exchange.getMessage().getBody(MailboxChange.class);
        told.add(change.kind().word() + " " + change.uid() + " " + new TreeSet<>(change.flags()));
    }

    private ImapRoutes start(String options) throws Exception {
        ImapRoutes routes = new ImapRoutes();
        routes.context
                .getRegistry()
                .bind(
                        "positions",
                        FileStateRepository.fileStateRepository(
                                directory.resolve("positions").toFile()));
        return routes.start(
                options.contains("&delay=")
                        ? polling(DOVECOT.imap(), "changes=true&stateRepository=%23positions" + options)
                                .replace("&delay=100&", "&")
                        : polling(DOVECOT.imap(), "changes=true&stateRepository=%23positions" + options),
                this::record);
    }

    @Test
    void tellsWhatHappenedWhileNobodyLookedAndWhatHappensNow() throws Exception {
        save("INBOX", "one", "two", "three");
        List<Long> uids = DOVECOT.uids(ALICE, "INBOX");
        try (ImapRoutes routes = start("&idle=true")) {
            await().until(() -> told.size() == 3);
            assertThat(told)
                    .containsExactly(
                            "new " + uids.get(0) + " []", "new " + uids.get(1) + " []", "new " + uids.get(2) + " []");
            assertThat(routes.failures).isEmpty();
        }
        told.clear();
        DOVECOT.addFlags(ALICE, "INBOX", "" + uids.get(0), "\\Flagged");
        DOVECOT.doveadm("expunge", "-u", ALICE, "mailbox", "INBOX", "uid", "" + uids.get(1));
        save("INBOX", "four");
        long four = DOVECOT.uids(ALICE, "INBOX").get(2);
        try (ImapRoutes routes = start("&idle=true")) {
            await().until(() -> told.size() == 3);
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            "expunged " + uids.get(1) + " []",
                            "flags " + uids.get(0) + " [\\Flagged]",
                            "new " + four + " []");
            told.clear();
            DOVECOT.addFlags(ALICE, "INBOX", "" + four, "\\Seen");
            await().until(() -> told.contains("flags " + four + " [\\Seen]"));
            DOVECOT.doveadm("expunge", "-u", ALICE, "mailbox", "INBOX", "uid", "" + four);
            await().until(() -> told.contains("expunged " + four + " []"));
            assertThat(routes.failures).isEmpty();
            DOVECOT.restart();
            save("INBOX", "five");
            await().until(() -> told.stream().anyMatch(change -> change.startsWith("new ")));
            assertThat(told).hasSize(3);
        }
    }

    @Test
    void tellsOfSeveralFoldersAtOnceWithNotify() throws Exception {
        save("Archive", "archived");
        try (ImapRoutes routes = start("&idle=true&folderName=INBOX,Archive&delay=3600000")) {
            await().until(() -> told.size() == 1);
            long uid = DOVECOT.uids(ALICE, "Archive").get(0);
            DOVECOT.addFlags(ALICE, "Archive", "" + uid, "\\Flagged");
            await().until(() -> told.contains("flags " + uid + " [\\Flagged]"));
            save("INBOX", "new");
            await().until(() -> told.size() == 3);
            assertThat(routes.failures).isEmpty();
        }
    }

    @Test
    void comparesWithAServerThatCountsNothing() throws Exception {
        byte[] mail = "From: ann@example.com\r\nSubject: one\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII);
        GREENMAIL.deliver(ALICE, mail);
        GREENMAIL.deliver(ALICE, mail);
        String account =
                "imap:" + GREENMAIL.imap() + "?username=" + ALICE + "&password=" + DovecotPeer.passwordOf(ALICE);
        for (int round = 0; round < 2; round++) {
            try (ImapRoutes routes = new ImapRoutes()) {
                routes.context
                        .getRegistry()
                        .bind(
                                "positions",
                                FileStateRepository.fileStateRepository(
                                        directory.resolve("positions").toFile()));
                routes.start(
                        account + "&changes=true&stateRepository=%23positions&initialDelay=0&delay=100"
                                + "&exceptionHandler=%23failures",
                        this::record);
                if (round == 0) {
                    await().until(() -> told.size() == 2);
                    assertThat(told).allMatch(change -> change.startsWith("new "));
                } else {
                    await().until(() -> told.size() == 4);
                    assertThat(told.subList(2, 4))
                            .anyMatch(change -> change.startsWith("flags ") && change.contains("Flagged"))
                            .anyMatch(change -> change.startsWith("new "));
                }
                ProducerTemplate template = routes.context.createProducerTemplate();
                String first = told.get(0).split(" ")[1];
                if (round == 1) {
                    template.sendBodyAndHeaders(
                            account + "&operation=delete", null, Map.of(MailConstants.IMAP_UIDS, first));
                    await().until(() -> told.contains("expunged " + first + " []"));
                }
                if (round == 0) {
                    // What follows happens while nobody looks.
                    routes.context.getRouteController().stopRoute("poll");
                    template.sendBodyAndHeaders(
                            account + "&operation=store",
                            null,
                            Map.of(MailConstants.IMAP_UIDS, first, MailConstants.IMAP_FLAGS, "\\Flagged"));
                    GREENMAIL.deliver(ALICE, mail);
                }
                assertThat(routes.failures).isEmpty();
            }
        }
    }

    /** The recipe of docs/imap.md: a copy that is kept in step, and changes that are made offline. */
    @Test
    void keepsACopyInStepAndBringsChangesBackThatNobodyElseHasMade() throws Exception {
        save("INBOX", "one", "two");
        Map<String, Set<?>> flags = new ConcurrentHashMap<>();
        Map<String, String> copy = new ConcurrentHashMap<>();
        Map<String, Long> modSeqs = new ConcurrentHashMap<>();
        String account = "imap:" + DOVECOT.imap() + "?username=" + ALICE + "&password=" + DovecotPeer.passwordOf(ALICE);
        try (ImapRoutes routes = new ImapRoutes()) {
            routes.context
                    .getRegistry()
                    .bind(
                            "positions",
                            FileStateRepository.fileStateRepository(
                                    directory.resolve("positions").toFile()));
            routes.context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(polling(DOVECOT.imap(), "changes=true&stateRepository=%23positions&idle=true"))
                            .process(exchange -> {
                                String uid = exchange.getMessage().getHeader(MailConstants.UID, String.class);
                                MailboxChange change = exchange.getMessage().getBody(MailboxChange.class);
                                if (change.kind() == MailboxChange.Kind.EXPUNGED) {
                                    copy.remove(uid);
                                } else {
                                    flags.put(uid, change.flags());
                                    modSeqs.put(uid, change.modSeq());
                                }
                            })
                            .filter(header(MailConstants.CHANGE).isEqualTo("new"))
                            .to(account + "&operation=fetch&keepSession=true")
                            .process(exchange -> copy.put(
                                    exchange.getMessage().getHeader(MailConstants.UID, String.class),
                                    exchange.getMessage()
                                            .getBody(Mail.class)
                                            .headers()
                                            .value("Subject")
                                            .orElse("")));
                }
            });
            routes.context.start();
            await().until(() -> copy.size() == 2);
            assertThat(new TreeMap<>(copy).values()).containsExactly("one", "two");

            String first = DOVECOT.uids(ALICE, "INBOX").get(0).toString();
            long before = modSeqs.get(first);
            ProducerTemplate template = routes.context.createProducerTemplate();
            Map<String, Object> offline = Map.of(
                    MailConstants.IMAP_UIDS,
                    first,
                    MailConstants.IMAP_FLAGS,
                    "$Done",
                    MailConstants.IMAP_UNCHANGED_SINCE,
                    before);
            Exchange applied = template.request(account + "&operation=store", exchange -> exchange.getMessage()
                    .setHeaders(offline));
            assertThat(applied.getException()).isNull();
            assertThat(applied.getMessage().getHeader(MailConstants.IMAP_RESULT))
                    .isEqualTo(List.of());
            await().until(() -> flags.get(first).contains("$Done"));

            Exchange refused = template.request(account + "&operation=store", exchange -> exchange.getMessage()
                    .setHeaders(offline));
            assertThat(refused.getMessage().getHeader(MailConstants.IMAP_RESULT))
                    .isEqualTo(List.of(Long.parseLong(first)));
        }
    }
}
