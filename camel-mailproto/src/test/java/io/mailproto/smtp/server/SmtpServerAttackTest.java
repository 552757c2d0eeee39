package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static io.mailproto.smtp.server.TestSmtpServer.SECURITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.Pace;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.BareLineEnding;
import io.mailproto.wire.MinimumRate;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not mean well. */
class SmtpServerAttackTest {
    private static final String GREETED = """
            S: 220 mx.example.org ESMTP
            C: HELO client.example
            S: 250 mx.example.org
            """;
    private static final String SLOW = "S: 421 4.4.2 too slow, closing\n-- closed\n";
    private static final String TWO_RECIPIENTS_LEFT = "C: MAIL FROM:<a@b>\nS: 250 2.1.0 sender ok\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "POST / HTTP/1.1",
                "CONNECT mx:25 HTTP/1.1",
                "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03"
            })
    void hangsUpOnBrowsers(String line) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(
                    Pace.WHOLE,
                    "S: 220 mx.example.org ESMTP\nC: " + line
                            + "\nC: EHLO x\nC: MAIL FROM:<a@b>\nS: 221 2.7.0 this is SMTP, goodbye\n-- closed\n");
        }
    }

    @TranscriptTest
    void hangsUpOnATlsClientAlthoughItsLineDoesNotEnd(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // the first octet is enough, and the others meet a closed door
        }
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            for (String before : new String[] {"S: 220 mx.example.org ESMTP\n", GREETED}) {
                server.talk(
                        pace,
                        before
                                + "C: \\x16\\x03\\x01\\x02\\x00\\x01\\c\nS: 221 2.7.0 this is SMTP, goodbye\n-- closed\n");
            }
        }
    }

    @TranscriptTest
    void tellsItsLastWordsAlthoughMuchMoreIsSent(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // only the amount matters
        }
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(
                    pace,
                    GREETED + "C: GET / HTTP/1.1\n-- C {100000}\nS: 221 2.7.0 this is SMTP, goodbye\n-- closed\n");
        }
    }

    @TranscriptTest
    void skipsALineThatIsTooLongAndStaysInStep(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(
                    pace,
                    GREETED
                            + "C: NOOP " + "x".repeat(2044) + "\nS: 500 5.5.2 line too long\n"
                            + "C: NOOP " + "x".repeat(65_536) + "\nC: NOOP\n"
                            + "S: 500 5.5.2 line too long\nS: 250 2.0.0 ok\n");
        }
    }

    @TranscriptTest
    void takesLongAuthLinesButNotWithoutEnd(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY))) {
            server.talk(
                    pace,
                    GREETED
                            + "C: AUTH PLAIN " + "A".repeat(12_288) + "\nS: 501 5.5.2 malformed response\n"
                            + "C: AUTH PLAIN\nS: 334\\s\nC: " + "A".repeat(13_000)
                            + "\nS: 500 5.5.2 line too long\n-- closed\n");
        }
    }

    @TranscriptTest
    void readsLinesByTheSameRuleAsMessages(Pace pace) throws Exception {
        try (TestSmtpServer strict = new TestSmtpServer(OPTIONS)) {
            strict.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: EHLO x\\n\\c
                    S: 500 5.5.2 line must end with CR LF
                    C: STARTTLS\\n\\c
                    S: 500 5.5.2 line must end with CR LF
                    C: HELO a\\rb
                    S: 501 5.5.4 malformed host name
                    """);
        }
        ServerRules tolerant =
                new ServerRules(RecipientDomains.UNSPECIFIED, false, BareLineEnding.NORMALIZE, Duration.ZERO);
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(tolerant))) {
            server.talk(pace, "S: 220 mx.example.org ESMTP\nC: HELO x\\n\\c\nS: 250 mx.example.org\n");
        }
    }

    @TranscriptTest
    void refusesWhatIsPipelinedBehindStartTls(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // the octets come after the reply then, and are a bad handshake: see below
        }
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY))) {
            server.talk(
                    pace, GREETED + "C: STARTTLS\nC: NOOP\nS: 501 5.5.1 pipelined data after STARTTLS\n-- closed\n");
        }
    }

    @TranscriptTest
    void neverGoesOnInClearAfterABadHandshake(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY))) {
            // The server may send an alert (octets that are no line), never a reply.
            server.talk(
                    pace,
                    GREETED + "C: STARTTLS\nS: 220 2.0.0 ready to start TLS\nC: QUIT\\r\\c\n-- S {7}\n-- closed\n");
        }
    }

    @TranscriptTest
    void tellsClientsToComeAgainWithTheOtherRecipients(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // only the number matters
        }
        StringBuilder conversation = new StringBuilder(GREETED).append(TWO_RECIPIENTS_LEFT);
        for (int i = 0; i < 3; i++) {
            conversation.append("C: RCPT TO:<u").append(i).append("@b>\nS: 250 2.1.5 recipient ok\n");
        }
        for (int i = 0; i < 1000; i++) {
            conversation.append("C: RCPT TO:<v").append(i).append("@b>\nS: 452 4.5.3 too many recipients\n");
        }
        conversation.append("C: RCPT TO:<w@b>\nS: 421 4.7.0 too many recipients, closing\n-- closed\n");
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, conversation.toString());
        }
    }

    @TranscriptTest
    void losesPatienceAfterManyErrors(Pace pace) throws Exception {
        SmtpServerOptions options = OPTIONS.with(new ServerLimits(0, 3, 4, Duration.ofMillis(20), 3, 100));
        try (TestSmtpServer server = new TestSmtpServer(options)) {
            server.talk(
                    pace,
                    GREETED
                            + "C: FOO\nS: 500 5.5.2 command not recognized\n".repeat(4)
                            + "C: FOO\nS: 421 4.7.0 too many errors, closing\n-- closed\n");
        }
    }

    @TranscriptTest
    void losesPatienceWithClientsThatOnlyChat(Pace pace) throws Exception {
        SmtpServerOptions options = OPTIONS.with(new ServerLimits(0, 3, 4, Duration.ZERO, 3, 100));
        try (TestSmtpServer server = new TestSmtpServer(options)) {
            server.talk(
                    pace,
                    GREETED + "C: NOOP\nS: 250 2.0.0 ok\n".repeat(103)
                            + "C: NOOP\nS: 421 4.7.0 too many errors, closing\n-- closed\n");
        }
    }

    @TranscriptTest
    void hangsUpOnClientsThatTalkBeforeTheGreeting(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // the first octet is enough, and the others meet a closed door
        }
        ServerRules rules =
                new ServerRules(RecipientDomains.UNSPECIFIED, false, BareLineEnding.REJECT, Duration.ofMillis(500));
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(rules))) {
            server.talk(pace, "C: EHLO early\nS: 554 5.5.1 a client must wait for the greeting\n-- closed\n");
            server.talk(pace, "S: 220 mx.example.org ESMTP\nC: QUIT\nS: 221 2.0.0 bye\n");
        }
    }

    @TranscriptTest
    void tellsWhoDripsItsPasswordOrItsChunkThatItIsTooSlow(Pace pace) throws Exception {
        ServerTimeouts brief = new ServerTimeouts(
                Duration.ofMillis(400),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                new MinimumRate(1_000_000, Duration.ofMillis(500)));
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY).with(brief))) {
            server.talk(pace, GREETED + "C: AUTH PLAIN\nS: 334\\s\nC: A\\c\n-- wait 200ms\nC: B\\c\n" + SLOW);
            server.talk(
                    pace,
                    GREETED + TWO_RECIPIENTS_LEFT + "C: RCPT TO:<c@d>\nS: 250 2.1.5 recipient ok\n"
                            + "C: BDAT 10\nC: a\\c\n-- wait 200ms\nC: b\\c\n" + SLOW);
            server.talk(pace, GREETED + "C: BDAT 10\nC: a\\c\n-- wait 200ms\nC: b\\c\n" + SLOW);
        }
    }

    @TranscriptTest
    void limitsTheMessagesOfAClientOverAllItsConnections(Pace pace) throws Exception {
        SmtpServerOptions options = OPTIONS.with(new ServerLimits(0, 3, 20, Duration.ZERO, 3, 100, 3));
        String mail = "C: MAIL FROM:<a@b>\nS: 250 2.1.0 sender ok\nC: RSET\nS: 250 2.0.0 ok\n";
        try (TestSmtpServer server = new TestSmtpServer(options)) {
            server.talk(pace, GREETED + mail + mail);
            server.talk(
                    pace,
                    GREETED + mail + "C: MAIL FROM:<a@b>\n"
                            + "S: 450 4.7.1 too many messages from your address, try again later\n");
        }
    }

    @TranscriptTest
    void saysThatNoCommandCame(Pace pace) throws Exception {
        ServerTimeouts brief = new ServerTimeouts(
                Duration.ofMillis(300),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                new MinimumRate(500, Duration.ofMinutes(1)));
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(brief))) {
            server.talk(pace, GREETED + "S: 421 4.4.2 no command came in time, closing\n-- closed\n");
        }
    }

    @TranscriptTest
    void cutsOffWhoSendsAnOctetNowAndThen(Pace pace) throws Exception {
        ServerTimeouts brief = new ServerTimeouts(
                Duration.ofMillis(400),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                new MinimumRate(1_000_000, Duration.ofMillis(500)));
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(brief))) {
            server.talk(pace, GREETED + "C: N\\c\n-- wait 200ms\nC: O\\c\n-- wait 150ms\nC: O\\c\n" + SLOW);
            server.talk(
                    pace,
                    GREETED
                            + TWO_RECIPIENTS_LEFT
                            + "C: RCPT TO:<c@d>\nS: 250 2.1.5 recipient ok\nC: DATA\nS~ 354 .*\n"
                            + "C: a\n-- wait 200ms\nC: b\n" + SLOW);
            assertThat(server.messages()).isEmpty();
        }
    }
}
