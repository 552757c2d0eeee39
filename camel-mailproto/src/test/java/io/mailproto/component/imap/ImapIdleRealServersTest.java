package io.mailproto.component.imap;

import static io.mailproto.component.imap.ImapRoutes.polling;
import static io.mailproto.testing.DovecotPeer.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailproto.testing.DovecotPeer;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.FileStateRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code idle=true} with Dovecot; the delay between polls is an hour where nothing else is said. */
class ImapIdleRealServersTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @TempDir
    Path directory;

    private final ImapRoutes routes = new ImapRoutes();

    @BeforeEach
    void emptyMailboxes() throws Exception {
        DOVECOT.expungeAll(ALICE, "INBOX");
        DOVECOT.expungeAll(ALICE, "Archive");
        DOVECOT.expungeAll(ALICE, "Trash");
    }

    @AfterEach
    void stop() throws IOException {
        routes.close();
    }

    private static void save(String folder, String... subjects) throws IOException {
        for (String subject : subjects) {
            byte[] mail = ("From: ann@example.com\r\nSubject: " + subject + "\r\n\r\nHello.\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            DOVECOT.save(ALICE, folder, mail);
        }
    }

    private static String idling(String options) {
        HostPort server = DOVECOT.imap();
        return polling(server, "idle=true&" + options);
    }

    private void awaitIdle() {
        await().until(() -> routes.consumer().getSuccessCounter() > 0);
    }

    @Test
    void deliversWhatComesWithoutWaitingForTheClock() throws Exception {
        save("INBOX", "before");
        routes.start(idling("delay=3600000").replace("&delay=100", ""));
        awaitIdle();
        save("INBOX", "one");
        await().until(() -> routes.delivered.contains("one"));
        save("INBOX", "two", "three");
        await().until(() -> routes.delivered.size() == 4);
        assertThat(routes.delivered).containsExactly("before", "one", "two", "three");
        assertThat(routes.failures).isEmpty();
    }

    /** A notice may come in the middle of a wait, or of a block of compressed octets. */
    @Test
    void waitsOverACompressedConnection() throws Exception {
        routes.start(idling("compress=true&idleRenewal=1000&delay=3600000").replace("&delay=100", ""));
        awaitIdle();
        for (int i = 1; i <= 20; i++) {
            String subject = "mail " + i;
            save("INBOX", subject);
            await().until(() -> routes.delivered.contains(subject));
        }
        assertThat(routes.delivered).hasSize(20);
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void afterARestartOfTheServerEachMailComesOnce() throws Exception {
        routes.context.getRegistry().bind("known", MemoryIdempotentRepository.memoryIdempotentRepository(1000));
        save("INBOX", "one");
        // Mails stay as they are: only the repository knows them.
        routes.start(idling("unseen=false&idempotentRepository=%23known&idempotentRepositoryRemoveOnCommit=false"));
        awaitIdle();
        save("INBOX", "two");
        await().until(() -> routes.delivered.contains("two"));
        DOVECOT.restart();
        save("INBOX", "three");
        await().until(() -> routes.delivered.contains("three"));
        save("INBOX", "four");
        await().until(() -> routes.delivered.contains("four"));
        assertThat(routes.delivered).containsExactly("one", "two", "three", "four");
    }

    @Test
    void waitsForTheFirstFolderAndPollsTheOthers() throws Exception {
        save("Archive", "archived");
        save("Trash", "trashed");
        routes.start(idling("folderName=INBOX,Arch*,Trash"));
        await().until(() -> routes.delivered.size() == 2);
        save("INBOX", "new");
        await().until(() -> routes.delivered.contains("new"));
        save("Archive", "archived later");
        await().until(() -> routes.delivered.contains("archived later"));
        assertThat(routes.delivered).containsExactly("archived", "trashed", "new", "archived later");
        assertThat(routes.failures).isEmpty();
    }

    /** Dovecot has NOTIFY, so an hour between polls does not matter for any of them. */
    @Test
    void waitsForAllFoldersAtATimeWithNotify() throws Exception {
        save("Archive", "archived");
        routes.start(idling("folderName=INBOX,Arch*,Trash&delay=3600000").replace("&delay=100", ""));
        await().until(() -> routes.delivered.contains("archived"));
        save("INBOX", "new");
        await().until(() -> routes.delivered.contains("new"));
        save("Archive", "archived later");
        await().until(() -> routes.delivered.contains("archived later"));
        save("Trash", "trashed");
        await().until(() -> routes.delivered.contains("trashed"));
        assertThat(routes.delivered).containsExactly("archived", "new", "archived later", "trashed");
        assertThat(routes.failures).isEmpty();
    }

    @Test
    void goesOnWhereItEndedWhenItIsStartedAgain() throws Exception {
        FileStateRepository memory = FileStateRepository.fileStateRepository(
                directory.resolve("state").toFile());
        routes.context.getRegistry().bind("memory", memory);
        String uri = idling("unseen=false&stateRepository=%23memory");
        save("INBOX", "one", "two");
        routes.start(uri);
        await().until(() -> routes.delivered.size() == 2);
        save("INBOX", "three");
        await().until(() -> routes.delivered.size() == 3);
        routes.stop();
        save("INBOX", "four");
        try (ImapRoutes again = new ImapRoutes()) {
            again.context
                    .getRegistry()
                    .bind(
                            "memory",
                            FileStateRepository.fileStateRepository(
                                    directory.resolve("state").toFile()));
            again.start(uri);
            await().until(() -> again.delivered.contains("four"));
            save("INBOX", "five");
            await().until(() -> again.delivered.contains("five"));
            save("INBOX", "six");
            await().until(() -> again.delivered.contains("six"));
            save("INBOX", "seven");
            await().until(() -> again.delivered.contains("seven"));
            assertThat(again.delivered).containsExactly("four", "five", "six", "seven");
        }
        assertThat(routes.delivered).containsExactly("one", "two", "three");
    }
}
