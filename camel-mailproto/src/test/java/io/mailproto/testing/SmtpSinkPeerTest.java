package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SmtpSinkPeerTest {
    @RegisterExtension
    static final SmtpSinkPeer sink = SmtpSinkPeer.extension();

    @Test
    void keepsWhatItTakes() throws Exception {
        String conversation = """
                S~ 220 .*
                C: HELO client.example.com
                S~ 250 .*
                C: MAIL FROM:<ann@example.com>
                S~ 250 .*
                C: RCPT TO:<bob@example.org>
                S~ 250 .*
                C: RCPT TO:<eve@example.org>
                S~ 250 .*
                C: DATA
                S~ 354 .*
                C: Subject: kept
                C:
                C: ..dot
                C: .
                S~ 250 .*
                C: QUIT
                S~ 221 .*
                """;
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.OCTETS, sink.smtp(), conversation)) {
            client.play();
        }

        SmtpSinkPeer.Message kept = sink.messages().stream()
                .filter(message -> message.mailArguments().equals("<ann@example.com>"))
                .findFirst()
                .orElseThrow();
        assertThat(kept.recipientArguments()).containsExactly("<bob@example.org>", "<eve@example.org>");
        assertThat(new String(kept.text(), StandardCharsets.US_ASCII)).isEqualTo("Subject: kept\n\n.dot\n");
    }

    @Test
    void refusesHangsUpOrSpeaksLmtpAsItIsTold(@TempDir Path directory) throws Exception {
        try (SmtpSinkPeer refusing = SmtpSinkPeer.startOrSkip(directory.resolve("1"), "-f", "MAIL");
                SmtpSinkPeer leaving = SmtpSinkPeer.startOrSkip(directory.resolve("2"), "-q", "MAIL");
                SmtpSinkPeer silent = SmtpSinkPeer.startOrSkip(directory.resolve("3"), "-q", "CONNECT");
                SmtpSinkPeer lmtp = SmtpSinkPeer.startForgetfulOrSkip(directory.resolve("4"), "-L")) {
            play(refusing, "S~ 220 .*\nC: HELO x\nS~ 250 .*\nC: MAIL FROM:<a@b.test>\nS~ 5.. .*");
            play(leaving, "S~ 220 .*\nC: HELO x\nS~ 250 .*\nC: MAIL FROM:<a@b.test>\n-- closed");
            play(silent, "-- closed");
            SmtpSource.run(lmtp.smtp(), "-L", "-m", "1", "-f", "a@x.test", "-t", "b@y.test")
                    .orFail();
        }
    }

    @Test
    void smtpSourceFillsIt(@TempDir Path directory) throws Exception {
        try (SmtpSinkPeer target = SmtpSinkPeer.startOrSkip(directory)) {
            SmtpSource.run(target.smtp(), "-m", "50", "-s", "2", "-l", "1000", "-f", "a@x.test", "-t", "b@y.test")
                    .orFail();
            assertThat(target.messages()).hasSize(50).allSatisfy(message -> assertThat(message.text())
                    .hasSizeGreaterThan(900));
        }
    }

    private static void play(SmtpSinkPeer peer, String transcript) throws Exception {
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, peer.smtp(), transcript)) {
            client.play();
        }
    }
}
