package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PostfixPeerTest {
    @RegisterExtension
    static final DovecotPeer dovecot = DovecotPeer.extension();

    @RegisterExtension
    static final PostfixPeer postfix = PostfixPeer.extension(dovecot);

    @Test
    void deliversToMaildirDovecotAndSink() throws Exception {
        send(postfix, "ann@example.com", "dave@maildir.test", "alice@example.test", "x@relay.test", "y@discard.test");

        dovecot.awaitCount(DovecotPeer.ALICE, "INBOX", 1);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(text(postfix.maildir("dave"))).singleElement().asString().contains("Subject: through postfix");
            assertThat(postfix.sink().messages()).singleElement().satisfies(message -> assertThat(
                            message.recipientArguments())
                    .singleElement()
                    .asString()
                    .startsWith("<x@relay.test>"));
        });
        assertThat(postfix.log()).contains("status=sent");
    }

    @Test
    void refusesByItsTestRules() throws Exception {
        play(postfix, """
                S~ 220 mx1\\.example\\.test ESMTP.*
                C: HELO client.example.com
                S~ 250 .*
                C: MAIL FROM:<ann@example.com>
                S~ 250 .*
                C: RCPT TO:<reject@example.test>
                S~ 550 5\\.7\\.1 .*
                C: RCPT TO:<defer@example.test>
                S~ 450 4\\.2\\.0 .*
                C: RCPT TO:<nosuch@example.test>
                S~ 550 5\\.1\\.1 .*
                C: RCPT TO:<drop@example.test>
                S~ 521 5\\.3\\.2 .*
                -- closed
                """);
    }

    @Test
    void submissionTakesDovecotsPasswords() throws Exception {
        PeerCommand.Result result = PeerCommand.of(
                        "swaks",
                        "--server",
                        postfix.submission().toString(),
                        "--tls",
                        "--auth",
                        "PLAIN",
                        "--auth-user",
                        DovecotPeer.ALICE,
                        "--auth-password",
                        "secret1",
                        "--from",
                        DovecotPeer.ALICE,
                        "--to",
                        "z@discard.test")
                .run();

        assertThat(result.output())
                .contains("235 2.7.0 Authentication successful")
                .contains("250 2.0.0 Ok: queued as");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void twoRunAtOnceAndAloneDeliverIntoMaildirs(@TempDir Path directory) throws Exception {
        try (PostfixPeer one = PostfixPeer.startOrSkip(directory.resolve("one"));
                PostfixPeer two = PostfixPeer.startOrSkip(directory.resolve("two"))) {
            send(one, "ann@example.com", "alice@example.test");
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(one.maildir("alice"))
                    .hasSize(1));
            assertThat(two.maildir("alice")).isEmpty();
            assertThat(one.command("postqueue", "-j")).isEmpty();
        }
    }

    private static void send(PostfixPeer server, String from, String... recipients) throws Exception {
        StringBuilder text = new StringBuilder("S~ 220 .*\nC: HELO client.example.com\nS~ 250 .*\n");
        text.append("C: MAIL FROM:<" + from + ">\nS~ 250 .*\n");
        for (String recipient : recipients) {
            text.append("C: RCPT TO:<" + recipient + ">\nS~ 250 .*\n");
        }
        text.append(
                "C: DATA\nS~ 354 .*\nC: Subject: through postfix\nC:\nC: hello\nC: .\nS~ 250 .*\nC: QUIT\nS~ 221 .*");
        play(server, text.toString());
    }

    private static void play(PostfixPeer server, String transcript) throws Exception {
        try (ScriptedPeer client = ScriptedPeer.talkingTo(Pace.WHOLE, server.smtp(), transcript)) {
            client.play();
        }
    }

    private static List<String> text(List<byte[]> messages) {
        return messages.stream()
                .map(message -> new String(message, StandardCharsets.ISO_8859_1))
                .toList();
    }
}
