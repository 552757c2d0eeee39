package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.octets;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.spool.Octets;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.Pace;
import io.mailproto.testing.PostfixPeer;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.BareLineEnding;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BDAT (RFC 3030). */
class SmtpChunkingTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final PostfixPeer POSTFIX = PostfixPeer.extension(DOVECOT);

    private static final String HELLO = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250-mx
            S: 250-PIPELINING
            S: 250-8BITMIME
            S: 250 CHUNKING
            """;

    private static final String STEP_BY_STEP = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250-mx
            S: 250-8BITMIME
            S: 250 CHUNKING
            C: MAIL FROM:<ann@example.com> BODY=8BITMIME
            S: 250 ok
            C: RCPT TO:<bob@example.org>
            S: 250 ok
            """;

    private static MessageContent large(int size) {
        return MessageContent.of(
                Octets.of("x".repeat(62).concat("\r\n").repeat(size / 64).getBytes(StandardCharsets.US_ASCII)));
    }

    @TranscriptTest
    void sendsASmallMessageTogetherWithItsEnvelope(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: RCPT TO:<eve@example.org>
                C: BDAT 11 LAST
                C: a
                C: .
                C: .b
                C: c\\c
                S: 250 ok
                S: 550 no bob
                S: 250 ok
                S: 250 2.0.0 taken as 7
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: BDAT 0 LAST
                S: 250 ok
                S: 250 ok
                S: 250 taken
                """)) {
            try (SmtpClient client = open(server, options())) {
                TransactionReport report = client.send(
                        envelope("ann@example.com", "bob@example.org", "eve@example.org"), octets("a\n.\r\n.b\rc"));
                assertThat(report.fate()).isEqualTo("accepted for eve@example.org; refused for bob@example.org");
                assertThat(report.queueId()).contains("2.0.0 taken as 7");
                assertThat(client.send(envelope("ann@example.com", "bob@example.org"), octets(""))
                                .isComplete())
                        .isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }

    /** Whatever was sent along is refused too, and the next message begins afresh. */
    @TranscriptTest
    void resetsWhenNobodyOrNothingWasTaken(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: BDAT 1 LAST
                C: x\\c
                S: 250 ok
                S: 550 no
                S: 503 no recipients
                C: RSET
                S: 250 ok
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: BDAT 1 LAST
                C: x\\c
                S: 451 not you, now
                S: 503 no
                S: 503 no
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: BDAT 1 LAST
                C: x\\c
                S: 250 ok
                S: 250 ok
                S: 554 5.6.0 bad content
                C: RSET
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                assertThat(refused(client).phase()).isEqualTo(SmtpPhase.RCPT);
                assertThat(refused(client).phase()).isEqualTo(SmtpPhase.MAIL);
                SmtpRefused content = refused(client);
                assertThat(content.phase()).isEqualTo(SmtpPhase.LAST_CHUNK);
                assertThat(content).hasMessageContaining("no message was sent");
                client.rset();
            }
            server.assertPlayedToTheEnd();
        }
    }

    private static SmtpRefused refused(SmtpClient client) {
        return catchThrowableOfType(
                SmtpRefused.class, () -> client.send(envelope("ann@example.com", "bob@example.org"), octets("x")));
    }

    @TranscriptTest
    void sendsALargeMessageChunkByChunk(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, STEP_BY_STEP + """
                C: BDAT 65536
                -- C {65536}
                S: 250 ok
                C: BDAT 65536
                -- C {65536}
                S: 250 ok
                C: BDAT 64 LAST
                -- C {64}
                S: 250 taken
                """)) {
            try (SmtpClient client = open(server, options())) {
                assertThat(client.send(envelope("ann@example.com", "bob@example.org"), large(2 * 65536 + 64))
                                .isComplete())
                        .isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void stopsWhenAChunkIsRefused(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, STEP_BY_STEP + """
                C: BDAT 65536
                -- C {65536}
                S: 552 5.3.4 too big
                C~ BDAT .*
                -- C {64}
                S: 503 no
                C: RSET
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                SmtpRefused refused = catchThrowableOfType(
                        SmtpRefused.class,
                        () -> client.send(envelope("ann@example.com", "bob@example.org"), large(65536 + 64)));
                assertThat(refused.reply().code()).isEqualTo(552);
                assertThat(client.isUsable()).isTrue();
                client.rset();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void leavesOpenWhatBecameOfAMessageWhoseReplyIsMissing(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: BDAT 1 LAST
                C: x\\c
                S: 250 ok
                -- close
                """, HELLO + """
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: BDAT 1 LAST
                C: x\\c
                S: 250 ok
                S: 550 no
                -- close
                """)) {
            try (SmtpClient client = open(server, options())) {
                SmtpOutcomeUnknown unknown = catchThrowableOfType(
                        SmtpOutcomeUnknown.class,
                        () -> client.send(envelope("ann@example.com", "bob@example.org"), octets("x")));
                assertThat(unknown).hasMessageContaining("may have been delivered");
                assertThat(unknown.report().recipients())
                        .extracting(RecipientResult::outcome)
                        .containsExactly(RecipientResult.Outcome.UNKNOWN);
                assertThat(client.isTransactionBegun()).isTrue();
            }
            try (SmtpClient client = open(server, options())) {
                assertThatThrownBy(() -> client.send(envelope("ann@example.com", "bob@example.org"), octets("x")))
                        .as("nobody was accepted, so nobody got it")
                        .isNotInstanceOf(SmtpOutcomeUnknown.class);
            }
        }
    }

    @TranscriptTest
    void sendsNothingWhenTheSourceFailsOrMustNotBeSent(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: NOOP
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options().withBareLineEnding(BareLineEnding.REJECT))) {
                assertThatThrownBy(() -> client.send(envelope("ann@example.com", "bob@example.org"), octets("a\nb")))
                        .isInstanceOf(SmtpContentFailed.class)
                        .hasMessageContaining("bare LF");
                client.noop();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void usesDataWhenToldTo() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(HELLO + """
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 354 ok
                C: x
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options().withChunking(false))) {
                client.send(envelope("ann@example.com", "bob@example.org"), octets("x"));
            }
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 16_384, 65_536, 65_537, 3_000_000})
    void deliversEverySizeToPostfix(int size) throws IOException {
        DOVECOT.expungeAll(DovecotPeer.BOB, "INBOX");
        byte[] body = ("Subject: chunks\r\n\r\n" + "0123456789.\r\n".repeat(size / 13) + "y".repeat(size % 13))
                .getBytes(StandardCharsets.US_ASCII);
        try (SmtpClient client = open(POSTFIX.smtp(), options())) {
            assertThat(client.extensions().offers("CHUNKING")).isTrue();
            TransactionReport report = client.send(
                    envelope("ann@example.com", "reject@example.test", DovecotPeer.BOB),
                    MessageContent.of(Octets.of(body)));
            assertThat(report.delivered()).hasSize(1);
            assertThat(report.queueId().orElseThrow()).contains("queued as");
            assertThatThrownBy(() -> client.send(
                            envelope("ann@example.com", "reject@example.test"), MessageContent.of(Octets.of(body))))
                    .isInstanceOf(SmtpRefused.class);
            client.quit();
        }
        DOVECOT.awaitCount(DovecotPeer.BOB, "INBOX", 1);
        String arrived = new String(DOVECOT.messages(DovecotPeer.BOB, "INBOX").get(0), StandardCharsets.US_ASCII);
        // Postfix adds fields to the header.
        assertThat(textOf(arrived).equals(textOf(new String(body, StandardCharsets.US_ASCII))))
                .as("the body is as it was sent")
                .isTrue();
    }

    private static String textOf(String message) {
        return message.substring(message.indexOf("\r\n\r\n")).strip();
    }

    /** What the size says need not be what comes. */
    @TranscriptTest
    void trustsNoAnnouncedSize(Pace pace) throws IOException {
        MessageContent liar = new MessageContent() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public boolean isEightBit() {
                return false;
            }

            @Override
            public boolean needsSmtpUtf8() {
                return false;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                for (byte octet : "hello".getBytes(StandardCharsets.US_ASCII)) {
                    out.write(octet);
                }
            }
        };
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                C: RCPT TO:<bob@example.org>
                C: BDAT 5 LAST
                C: hello\\c
                S: 250 ok
                S: 250 ok
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                client.send(envelope("ann@example.com", "bob@example.org"), liar);
            }
            server.assertPlayedToTheEnd();
        }
    }
}
