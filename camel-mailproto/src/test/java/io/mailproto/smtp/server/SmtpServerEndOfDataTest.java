package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.smtp.Reply;
import io.mailproto.testing.Pace;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.BareLineEnding;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Only CRLF.CRLF ends a message, whatever the policy on bare line endings: the forms of SMTP smuggling. */
class SmtpServerEndOfDataTest {
    private static final String UP_TO_DATA = """
            S: 220 mx.example.org ESMTP
            C: HELO client.example
            S: 250 mx.example.org
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 sender ok
            C: RCPT TO:<c@d>
            S: 250 2.1.5 recipient ok
            C: DATA
            S~ 354 .*
            """;

    static Stream<Arguments> forms() {
        return Stream.of(
                        "\\n.\\n",
                        "\\n.\\r\\n",
                        "\\r\\n.\\n",
                        "\\n.\\r",
                        "\\r.\\r",
                        "\\r.\\n",
                        "\\r.\\r\\n",
                        "\\r\\n.\\r",
                        "\\r\\n.\\r\\r\\n",
                        "\\r\\r\\n.\\r\\r\\n",
                        "\\r\\n\\x00.\\r\\n",
                        "\\r\\n.\\x00\\r\\n",
                        "\\r\\n\\r\\n.\\n\\r\\n")
                .flatMap(form -> Stream.of(Pace.values()).flatMap(pace -> Stream.of(BareLineEnding.values())
                        .map(policy -> Arguments.of(form, pace, policy))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("forms")
    void takesNothingElseForTheEnd(String form, Pace pace, BareLineEnding policy) throws Exception {
        boolean isBare = form.replace("\\r\\n", "").matches("(?s).*\\\\[rn].*");
        boolean isRefused = isBare && policy == BareLineEnding.REJECT;
        try (TestSmtpServer server = new TestSmtpServer(
                OPTIONS.with(new ServerRules(RecipientDomains.UNSPECIFIED, false, policy, Duration.ZERO)))) {
            server.talk(
                    pace,
                    UP_TO_DATA
                            + """
                    C: Subject: x
                    C:
                    C: body%sMAIL FROM:<evil@x>
                    C: RCPT TO:<victim@y>
                    C: DATA
                    C: Subject: smuggled
                    C:
                    C: hi
                    C: .
                    S: %s
                    C: QUIT
                    S: 221 2.0.0 bye
                    """.formatted(
                                            form,
                                            isRefused
                                                    ? "550 5.6.11 message has a bare CR or LF; lines must end with CR LF"
                                                    : "250 2.0.0 stored"));

            assertThat(server.messages()).hasSize(isRefused ? 0 : 1);
            if (policy == BareLineEnding.NORMALIZE) {
                assertThat(server.onlyText().replace("\r\n", "")).doesNotContain("\r", "\n");
            }
        }
    }

    @TranscriptTest
    void seesTheEndBehindABareCr(Pace pace) throws Exception {
        for (BareLineEnding policy : BareLineEnding.values()) {
            ServerRules rules = new ServerRules(RecipientDomains.UNSPECIFIED, false, policy, Duration.ZERO);
            try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(rules))) {
                server.talk(
                        pace,
                        UP_TO_DATA + "C: a\\r\nC: .\n"
                                + (policy == BareLineEnding.REJECT ? "S~ 550 5.6.11 .*\n" : "S~ 250 .*\n")
                                + "C: NOOP\nS: 250 2.0.0 ok\n");
                if (policy != BareLineEnding.REJECT) {
                    assertThat(server.onlyText()).isEqualTo(policy == BareLineEnding.ACCEPT ? "a\r\r\n" : "a\r\n");
                }
            }
        }
    }

    @TranscriptTest
    void takesAnEmptyMessage(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, UP_TO_DATA + "C: .\nS: 250 2.0.0 stored\n");

            assertThat(server.onlyText()).isEmpty();
        }
    }

    @TranscriptTest
    void takesLinesThatLookLikeCommandsForContent(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, UP_TO_DATA + """
                    C: STARTTLS
                    C: RSET
                    C: QUIT
                    C: .
                    S: 250 2.0.0 stored
                    """);

            assertThat(server.onlyText()).isEqualTo("STARTTLS\r\nRSET\r\nQUIT\r\n");
        }
    }

    @TranscriptTest
    void removesOneDotWhateverFollows(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, UP_TO_DATA + """
                    C: ..x
                    C: ..
                    C: .foo
                    C: .
                    S: 250 2.0.0 stored
                    """);

            assertThat(server.onlyText()).isEqualTo(".x\r\n.\r\nfoo\r\n");
        }
    }

    @TranscriptTest
    void seesTheEndAtEachGapOfSegments(Pace pace) throws Exception {
        String end = "\\r\\n.\\r\\n";
        for (int gap = 2; gap < end.length(); gap++) {
            if (end.charAt(gap - 1) == '\\') {
                continue;
            }
            try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
                server.talk(
                        pace,
                        UP_TO_DATA + "C: x: y" + end.substring(0, gap) + "\\c\n-- wait 20ms\nC: " + end.substring(gap)
                                + "\\c\nS: 250 2.0.0 stored\n");

                assertThat(server.onlyText()).isEqualTo("x: y\r\n");
            }
        }
    }

    @TranscriptTest
    void keepsEightBitAndNulAsTheyAre(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, UP_TO_DATA + "C: a\\xffb\\x00c\nC: .\nS: 250 2.0.0 stored\n");

            assertThat(server.onlyText()).isEqualTo("a\u00ffb\u0000c\r\n");
        }
    }

    @TranscriptTest
    void refusesAMessageThatComesBeforeItIsAskedFor(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // the octets come after the reply then, as they should
        }
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, UP_TO_DATA.replaceFirst("C: DATA\nS~ .*\n", "") + """
                    C: DATA
                    C: Subject: x
                    C: .
                    S: 503 5.5.0 a client must wait for the reply to DATA
                    -- closed
                    """);
            assertThat(server.messages()).isEmpty();
        }
    }

    @TranscriptTest
    void readsATooBigMessageToItsEndAndGoesOn(Pace pace) throws Exception {
        SmtpServerOptions small = OPTIONS.with(new ServerLimits(1000, 3, 20, Duration.ZERO, 3, 100));
        try (TestSmtpServer server = new TestSmtpServer(small)) {
            server.talk(pace, UP_TO_DATA + """
                    -- C {200000}
                    C: .
                    C: QUIT
                    S: 552 5.3.4 message is bigger than 1000 octets
                    S: 221 2.0.0 bye
                    """);
            assertThat(server.messages()).isEmpty();
        }
    }

    @TranscriptTest
    void losesPatienceWithAMessageThatDoesNotEnd(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // only the amount matters
        }
        SmtpServerOptions small = OPTIONS.with(new ServerLimits(1000, 3, 20, Duration.ZERO, 3, 100));
        try (TestSmtpServer server = new TestSmtpServer(small)) {
            server.talk(pace, UP_TO_DATA + """
                    -- C {16790000}
                    S: 552 5.3.4 message is bigger than 1000 octets
                    -- closed
                    """);
            assertThat(server.messages()).isEmpty();
        }
    }

    @TranscriptTest
    void takesALineOfAMegabyte(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // a million segments
        }
        String line = "a".repeat(900_000);
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, UP_TO_DATA + "C: " + line + "\nC: .\nS: 250 2.0.0 stored\n");

            assertThat(server.onlyText()).isEqualTo(line + "\r\n");
        }
    }

    @TranscriptTest
    void refusesAMessageThatRunsInALoop(Pace pace) throws Exception {
        SmtpServerOptions few = OPTIONS.with(new ServerLimits(1_000_000, 3, 20, Duration.ZERO, 3, 2));
        String hops = "C: Received: by a\nC: RECEIVED: by b\nC: \\s folded\n";
        try (TestSmtpServer server = new TestSmtpServer(few)) {
            server.talk(
                    pace,
                    UP_TO_DATA
                            + hops
                            + "C: received: by c\nC:\nC: .\n"
                            + "S: 554 5.4.6 too many Received fields, the message runs in a loop\n"
                            + UP_TO_DATA.substring(UP_TO_DATA.indexOf("C: MAIL"))
                            + hops
                            + "C:\nC: Received: in the body\nC: .\nS: 250 2.0.0 stored\n");
        }
    }

    @TranscriptTest
    void forgetsTheTransactionHoweverItEnds(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS, (message, path) -> Reply.of(554, "5.6.0 no"))) {
            server.talk(pace, UP_TO_DATA + """
                    C: x: y
                    C: .
                    S: 554 5.6.0 no
                    C: RCPT TO:<c@d>
                    S~ 503 5.5.1 .*
                    C: DATA
                    S~ 503 5.5.1 .*
                    """);
        }
    }
}
