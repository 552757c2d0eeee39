package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.wire.HostPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DovecotPeerTest {
    @RegisterExtension
    static final DovecotPeer dovecot = DovecotPeer.extension();

    @Test
    void speaksImapPop3LmtpAndSubmission() throws Exception {
        String imap = """
                S~ \\* OK \\[CAPABILITY .*] Dovecot test peer ready\\.
                C: a LOGIN alice@example.test secret1
                S~ a OK .*
                """;
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, dovecot.imap(), imap)) {
            client.play();
        }
        String pop3 = """
                S~ \\+OK Dovecot test peer ready\\..*
                C: USER bob@example.test
                S: +OK
                C: PASS secret2
                S: +OK Logged in.
                C: QUIT
                S: +OK Logging out.
                -- closed
                """;
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.OCTETS, dovecot.pop3(), pop3)) {
            client.play();
        }
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, dovecot.pop3s(), "-- tls\n" + pop3)) {
            client.play();
        }
        for (var submission : new HostPort[] {dovecot.submission(), dovecot.lmtp()}) {
            try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, submission, "S~ 220.*\nC: QUIT\nS~ 221.*")) {
                client.play();
            }
        }
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, dovecot.imaps(), "-- tls\n" + imap)) {
            client.play();
        }
    }

    @Test
    void messagesCanBeSavedReadAndFlagged() throws Exception {
        byte[] message = "Subject: hi\r\n\r\nböse\r\n".getBytes(StandardCharsets.UTF_8);

        dovecot.create(DovecotPeer.CAROL, "work/2024");
        dovecot.save(DovecotPeer.CAROL, "work/2024", message);
        dovecot.save(DovecotPeer.CAROL, "work/2024", message);
        dovecot.addFlags(DovecotPeer.CAROL, "work/2024", "2", "\\Seen $done");

        assertThat(dovecot.count(DovecotPeer.CAROL, "work/2024")).isEqualTo(2);
        assertThat(dovecot.messages(DovecotPeer.CAROL, "work/2024")).containsExactly(message, message);
        assertThat(dovecot.flagsByUid(DovecotPeer.CAROL, "work/2024"))
                .containsEntry(1L, Set.of())
                .containsEntry(2L, Set.of("\\Seen", "$done"));

        dovecot.expungeAll(DovecotPeer.CAROL, "work/2024");
        assertThat(dovecot.uids(DovecotPeer.CAROL, "work/2024")).isEmpty();
    }

    @Test
    void manyMessagesArePreloadedAsFiles() throws Exception {
        dovecot.preload(DovecotPeer.BOB, "INBOX", 1000, 4096);
        dovecot.preload(DovecotPeer.BOB, "Big", 10, 100_000);

        assertThat(dovecot.count(DovecotPeer.BOB, "INBOX")).isEqualTo(1000);
        assertThat(dovecot.count(DovecotPeer.BOB, "Big")).isEqualTo(10);
        assertThat(new String(dovecot.message(DovecotPeer.BOB, "INBOX", 3), StandardCharsets.US_ASCII))
                .contains("\r\nSubject: Message 2\r\n");
    }

    @Test
    void twoRunAtOnceAndLeaveNothing(@TempDir Path directory) throws Exception {
        List<ProcessHandle> family;
        try (DovecotPeer one = DovecotPeer.startOrSkip(directory.resolve("one"));
                DovecotPeer two = DovecotPeer.startOrSkip(directory.resolve("two"))) {
            assertThat(one.imap().port())
                    .isNotEqualTo(two.imap().port())
                    .isNotEqualTo(dovecot.imap().port());
            one.save(DovecotPeer.ALICE, "INBOX", "Subject: one\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(one.count(DovecotPeer.ALICE, "INBOX")).isEqualTo(1);
            assertThat(two.count(DovecotPeer.ALICE, "INBOX")).isZero();
            family = one.processes();
            assertThat(family).hasSizeGreaterThan(1).allMatch(PeerProcess::isWorking);
        }
        // The ports may be somebody else's by now; the processes tell.
        assertThat(family).noneMatch(PeerProcess::isWorking);
    }
}
