package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.message;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.EnhancedStatusCode;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.ConnectionLost;
import io.mailproto.wire.ProtocolViolation;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Conversations without TLS and AUTH, as transcripts. */
class SmtpConversationTest {
    private static final String HELLO = """
            S: 220 mx.example.org ESMTP
            C: EHLO client.example.com
            S: 250-mx.example.org greets you
            S: 250 ENHANCEDSTATUSCODES
            """;

    private static final String PIPELINED = """
            S: 220 mx.example.org ESMTP
            C: EHLO client.example.com
            S: 250-mx.example.org
            S: 250 PIPELINING
            """;

    @TranscriptTest
    void tellsWhichRecipientWasRefusedAndDeliversToTheOther(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 250 2.1.0 ok
                C: RCPT TO:<bob@example.org>
                S: 250 2.1.5 ok
                C: RCPT TO:<eve@example.org>
                S: 550 5.1.1 no such user
                C: DATA
                S: 354 go on
                C: Subject: hi
                C:
                C: ..leading dot
                C: .
                S: 250-2.0.0 thank you
                S: 250 2.0.0 Ok: queued as 4Zx9 <42@mx>
                C: QUIT
                S: 221 2.0.0 bye
                """)) {
            TransactionReport report;
            try (SmtpClient client = open(server, options())) {
                report = client.send(
                        envelope("ann@example.com", "bob@example.org", "eve@example.org"),
                        message("Subject: hi\n\n.leading dot\n"));
                client.quit();
            }

            assertThat(report.isTaken()).isTrue();
            assertThat(report.isComplete()).isFalse();
            assertThat(report.delivered()).containsExactly(EmailAddress.parse("bob@example.org"));
            assertThat(report.refused()).singleElement().satisfies(refused -> {
                assertThat(refused.recipient()).hasToString("eve@example.org");
                assertThat(refused.outcome()).isEqualTo(RecipientResult.Outcome.REFUSED);
                assertThat(refused.reply().orElseThrow().enhanced()).contains(new EnhancedStatusCode(5, 1, 1));
            });
            assertThat(report.queueId()).contains("2.0.0 Ok: queued as 4Zx9 <42@mx>");
            assertThat(report.enhanced()).contains(new EnhancedStatusCode(2, 0, 0));
            assertThat(report.fate()).isEqualTo("accepted for bob@example.org; refused for eve@example.org");
            assertThat(report.tls()).isEmpty();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void sendsSeveralMessagesOverOneConnectionAndTheNullSender(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<>
                S: 250 ok
                C: RCPT TO:<Postmaster>
                S: 251 will forward
                C: DATA
                S: 354 go on
                C: .
                S: 250 ok
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<"a b"@example.org>
                S: 252 cannot verify
                C: DATA
                S: 354 go on
                C: no line end
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                client.send(new Envelope(Optional.empty(), List.of(EmailAddress.parse("Postmaster"))), message(""));
                TransactionReport second =
                        client.send(envelope("ann@example.com", "\"a b\"@example.org"), message("no line end"));
                assertThat(second.isComplete()).isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void resetsBeforeTheNextMessageWhenEveryRecipientWasRefused(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 452 4.5.3 too many
                C: RCPT TO:<eve@example.org>
                S: 550 no
                C: RSET
                S: 250 ok
                C: MAIL FROM:<ann@example.com>
                S: 550 5.7.1 not you
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 451 4.3.0 disk full
                C: RSET
                S: 250 ok
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 554 5.6.0 bad content
                C: NOOP
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                SmtpRefused all = refusedBy(client, envelope("ann@example.com", "bob@example.org", "eve@example.org"));
                assertThat(all.phase()).isEqualTo(SmtpPhase.RCPT);
                assertThat(all.isTransient()).as("one may be accepted later").isTrue();
                assertThat(all.report().orElseThrow().refused()).hasSize(2);

                SmtpRefused sender = refusedBy(client, envelope("ann@example.com", "bob@example.org"));
                assertThat(sender.phase()).isEqualTo(SmtpPhase.MAIL);
                assertThat(sender.isTransient()).isFalse();
                assertThat(sender)
                        .hasMessage(server.address() + ": waiting for the reply to MAIL: refused: 550 5.7.1 not you;"
                                + " no message was sent");

                SmtpRefused data = refusedBy(client, envelope("ann@example.com", "bob@example.org"));
                assertThat(data.phase()).isEqualTo(SmtpPhase.DATA);
                assertThat(data.isTransient()).isTrue();

                SmtpRefused content = refusedBy(client, envelope("ann@example.com", "bob@example.org"));
                assertThat(content.phase()).isEqualTo(SmtpPhase.FINAL_DOT);
                assertThat(content.fate()).isEqualTo("no message was sent");
                assertThat(content.report().orElseThrow().acceptedByRcpt()).hasSize(1);
                assertThat(content.report().orElseThrow().delivered()).isEmpty();

                client.noop();
                assertThat(client.isUsable()).isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }

    private static SmtpRefused refusedBy(SmtpClient client, Envelope envelope) {
        return catchThrowableOfType(SmtpRefused.class, () -> client.send(envelope, message("x\n")));
    }

    @TranscriptTest
    void saysHeloToAServerThatDoesNotKnowEhlo(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 220-mx.example.org
                S: 220 welcome
                C: EHLO client.example.com
                S: 502 what
                C: HELO client.example.com
                S: 250 mx.example.org
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                assertThat(client.extensions().keywords()).isEmpty();
                assertThat(client.send(envelope("ann@example.com", "bob@example.org"), message("x\n"))
                                .isComplete())
                        .isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void triesHeloOnANewConnectionWhenTheServerHangsUpAtEhlo(Pace pace) throws IOException {
        String first = """
                S: 220 old
                C: EHLO client.example.com
                -- close
                """;
        String second = """
                S: 220 old
                C: HELO client.example.com
                S: 250 old
                """;
        try (ScriptedPeer server = ScriptedPeer.serving(pace, first, second)) {
            open(server, options()).close();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void takesAGreetingThatRefusesForWhatItIs(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 554-mx.example.org
                S: 554 5.7.1 we do not like you
                C: QUIT
                """, """
                S: 421 4.3.2 not now
                """)) {
            SmtpRefused no = catchThrowableOfType(SmtpRefused.class, () -> open(server, options()));
            assertThat(no.phase()).isEqualTo(SmtpPhase.GREETING);
            assertThat(no.isTransient()).isFalse();
            assertThat(no.reply().lines()).containsExactly("mx.example.org", "5.7.1 we do not like you");

            SmtpRefused later = catchThrowableOfType(SmtpRefused.class, () -> open(server, options()));
            assertThat(later.isTransient()).isTrue();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void pipelinesMailRecipientsAndData(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINED + """
                C: MAIL FROM:<ann@example.com>
                C: RCPT TO:<bob@example.org>
                C: RCPT TO:<eve@example.org>
                C: DATA
                S: 250 sender ok
                S: 550 no bob
                S: 250 eve ok
                S: 354 go on
                C: x
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                TransactionReport report =
                        client.send(envelope("ann@example.com", "bob@example.org", "eve@example.org"), message("x\n"));
                assertThat(report.delivered()).containsExactly(EmailAddress.parse("eve@example.org"));
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void correctsItsCourseWhenDataIsWelcomeButNobodyIsThere(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINED + """
                C: MAIL FROM:<ann@example.com>
                C: RCPT TO:<bob@example.org>
                C: DATA
                S: 250 ok
                S: 550 no
                S: 354 go on
                C: .
                S: 554 no valid recipients
                C: MAIL FROM:<ann@example.com>
                C: RCPT TO:<bob@example.org>
                C: DATA
                S: 450 no
                S: 503 no
                S: 503 no
                C: MAIL FROM:<ann@example.com>
                C: RCPT TO:<bob@example.org>
                C: DATA
                S: 250 ok
                S: 550 no
                S: 503 no
                C: RSET
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                assertThat(refusedBy(client, envelope("ann@example.com", "bob@example.org"))
                                .phase())
                        .isEqualTo(SmtpPhase.RCPT);
                SmtpRefused sender = refusedBy(client, envelope("ann@example.com", "bob@example.org"));
                assertThat(sender.phase()).isEqualTo(SmtpPhase.MAIL);
                assertThat(sender.report().orElseThrow().recipients())
                        .extracting(RecipientResult::outcome)
                        .containsExactly(RecipientResult.Outcome.NOT_TRIED);
                refusedBy(client, envelope("ann@example.com", "bob@example.org"));
                client.rset();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void neverHoldsA421AgainstARecipient(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: RCPT TO:<eve@example.org>
                S: 421 4.3.2 shutting down
                -- close
                """)) {
            try (SmtpClient client = open(server, options())) {
                SmtpRefused closing =
                        refusedBy(client, envelope("ann@example.com", "bob@example.org", "eve@example.org"));
                assertThat(closing.isTransient()).isTrue();
                assertThat(closing.report().orElseThrow().refused()).isEmpty();
                assertThat(closing.report().orElseThrow().recipients())
                        .extracting(RecipientResult::outcome)
                        .containsExactly(RecipientResult.Outcome.ACCEPTED, RecipientResult.Outcome.NOT_TRIED);
                assertThat(client.isUsable()).isFalse();
            }
        }
    }

    @TranscriptTest
    void countsA521AgainstItsRecipientAndEnds(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<drop@example.org>
                S: 521 5.3.2 going away
                -- close
                """)) {
            try (SmtpClient client = open(server, options())) {
                SmtpRefused refused = refusedBy(client, envelope("ann@example.com", "drop@example.org"));
                assertThat(refused.isTransient()).isFalse();
                assertThat(refused.report().orElseThrow().refused()).hasSize(1);
                assertThat(client.isUsable()).isFalse();
            }
        }
    }

    /** The one is refused for good; the others have not had their turn, so that another attempt makes sense. */
    @TranscriptTest
    void holdsA521AgainstNobodyElse(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: RCPT TO:<drop@example.org>
                S: 521 5.3.2 going away
                -- close
                """)) {
            try (SmtpClient client = open(server, options())) {
                SmtpRefused refused = refusedBy(
                        client, envelope("ann@example.com", "bob@example.org", "drop@example.org", "eve@example.org"));
                assertThat(refused.isTransient()).isTrue();
                assertThat(refused.retry()).isEqualTo(SmtpRefused.Retry.ELSEWHERE);
                assertThat(refused.report().orElseThrow().recipients())
                        .extracting(RecipientResult::outcome)
                        .containsExactly(
                                RecipientResult.Outcome.ACCEPTED,
                                RecipientResult.Outcome.REFUSED,
                                RecipientResult.Outcome.NOT_TRIED);
                assertThat(refused.report().orElseThrow().delivered()).isEmpty();
            }
        }
    }

    @TranscriptTest
    void declaresSizeEightBitAndUtf8WhenOfferedAndNeeded(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250-SIZE 100
                S: 250-8BITMIME
                S: 250-SMTPUTF8
                S: 250\\s
                C: MAIL FROM:<ann@example.com> SIZE=3 BODY=8BITMIME
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: \\xE4
                C: .
                S: 250 ok
                C: MAIL FROM:<ann@example.com> SIZE=3 BODY=8BITMIME SMTPUTF8
                S: 250 ok
                C: RCPT TO:<jörg@bücher.example>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: \\xE4
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                client.send(envelope("ann@example.com", "bob@example.org"), message("\u00e4\n"));
                client.send(envelope("ann@example.com", "jörg@bücher.example"), message("\u00e4\n"));

                MessageContent tooLarge = message("x".repeat(101));
                SmtpRequirementUnmet unmet = catchThrowableOfType(
                        SmtpRequirementUnmet.class,
                        () -> client.send(envelope("ann@example.com", "bob@example.org"), tooLarge));
                assertThat(unmet.requirement()).isEqualTo(SmtpRequirementUnmet.Requirement.SIZE);
                assertThat(client.isUsable()).isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void writesADomainOfAnotherScriptAsItsALabelWithoutSmtputf8(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@xn--bcher-kva.example>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                client.send(envelope("ann@example.com", "bob@bücher.example"), message("x\n"));
                SmtpRequirementUnmet unmet = catchThrowableOfType(
                        SmtpRequirementUnmet.class,
                        () -> client.send(envelope("ann@example.com", "jörg@example.org"), message("x\n")));
                assertThat(unmet.requirement()).isEqualTo(SmtpRequirementUnmet.Requirement.SMTPUTF8);
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void asksWithVrfyExpnAndHelpAndGivesBackWhateverIsSaid(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: VRFY Ann
                S: 252 cannot say
                C: EXPN staff
                S: 250-ann@example.com
                S: 250 bob@example.com
                C: HELP
                S: 214 read the RFC
                C: VRFY Eve
                S: 550 no
                C: NOOP
                S: 500 what
                """)) {
            try (SmtpClient client = open(server, options())) {
                assertThat(client.verify("Ann").code()).isEqualTo(252);
                assertThat(client.expand("staff").lines()).containsExactly("ann@example.com", "bob@example.com");
                assertThat(client.help("").code()).isEqualTo(214);
                assertThat(client.verify("Eve").isPermanent()).isTrue();
                assertThatThrownBy(client::noop).isInstanceOf(SmtpRefused.class).hasMessageContaining("500 what");
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void saysThatTheMessageMayHaveBeenDeliveredWhenTheLastReplyIsMissing(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                -- close
                """)) {
            try (SmtpClient client = open(server, options())) {
                SmtpOutcomeUnknown unknown = catchThrowableOfType(
                        SmtpOutcomeUnknown.class,
                        () -> client.send(envelope("ann@example.com", "bob@example.org"), message("x\n")));
                assertThat(unknown.fate()).isEqualTo("the message may have been delivered");
                assertThat(unknown.isTransient()).isFalse();
                assertThat(unknown)
                        .hasMessageContaining("waiting for the reply to the final dot")
                        .hasCauseInstanceOf(ConnectionLost.class);
                assertThat(unknown.report().acceptedByRcpt()).hasSize(1);
                assertThat(client.isTransactionBegun()).isTrue();
            }
        }
    }

    @TranscriptTest
    void neverSendsTheDotWhenTheSourceFails(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                -- closed
                """)) {
            try (SmtpClient client = open(server, options())) {
                MessageContent broken = new BrokenContent();
                SmtpContentFailed failed = catchThrowableOfType(
                        SmtpContentFailed.class,
                        () -> client.send(envelope("ann@example.com", "bob@example.org"), broken));
                assertThat(failed).hasMessageContaining("disk gone").hasMessageContaining("no message was sent");
                assertThat(client.isUsable()).isFalse();
            }
            server.assertPlayedToTheEnd();
        }
    }

    private static final class BrokenContent implements MessageContent {
        @Override
        public long size() {
            return -1;
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
            out.write('x');
            throw new IOException("disk gone");
        }
    }

    @TranscriptTest
    void endsWhenAReplyMakesNoSense(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: hello there
                """, HELLO + """
                C: MAIL FROM:<ann@example.com>
                S: 354 too early
                """, """
                S: 220-one
                S: 250 other
                """)) {
            assertThatThrownBy(() -> open(server, options()))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("got \"hello there\"");
            try (SmtpClient client = open(server, options())) {
                assertThatThrownBy(() -> client.send(envelope("ann@example.com", "b@example.org"), message("x\n")))
                        .isInstanceOf(ProtocolViolation.class)
                        .hasMessageContaining("354 too early");
                assertThat(client.isUsable()).isFalse();
            }
            assertThatThrownBy(() -> open(server, options()))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("a further line of the 220 reply");
        }
    }
}
