package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.Pace;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.BareLineEnding;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BDAT (RFC 3030): whatever the reply is, the octets of a chunk are never commands. */
class SmtpServerChunkingTest {
    private static final String GREETED = """
            S: 220 mx.example.org ESMTP
            C: HELO client.example
            S: 250 mx.example.org
            """;
    private static final String ADDRESSED = GREETED + """
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 sender ok
            C: RCPT TO:<c@d>
            S: 250 2.1.5 recipient ok
            """;
    private static final String ALIVE = "C: NOOP\nS: 250 2.0.0 ok\n";

    @TranscriptTest
    void takesAMessageInChunksSentWithItsEnvelope(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, GREETED + """
                    C: MAIL FROM:<a@b> BODY=8BITMIME
                    C: RCPT TO:<c@d>
                    C: BDAT 15
                    C: Subject: hi
                    C:
                    C: BDAT 7 LAST
                    C: .
                    C: .x
                    C: \\c
                    C: QUIT
                    S: 250 2.1.0 sender ok
                    S: 250 2.1.5 recipient ok
                    S: 250 2.0.0 15 octets received
                    S: 250 2.0.0 stored
                    S: 221 2.0.0 bye
                    """);

            assertThat(server.onlyText()).isEqualTo("Subject: hi\r\n\r\n.\r\n.x\r\n");
        }
    }

    @TranscriptTest
    void takesTheEndOfDataForContent(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(
                    pace,
                    ADDRESSED
                            + "C: BDAT 26 LAST\nC: a\nC: .\nC: MAIL FROM:<e@x>\nC: .\\r\\n\\c\n"
                            + "S: 250 2.0.0 stored\n" + ALIVE);
            assertThat(server.onlyText()).isEqualTo("a\r\n.\r\nMAIL FROM:<e@x>\r\n.\r\n");
        }
    }

    @TranscriptTest
    void takesNoOctetOfAnUnaskedChunkForACommand(Pace pace) throws Exception {
        for (String before : new String[] {"", "C: MAIL FROM:<a@b>\nS: 250 2.1.0 sender ok\n"}) {
            try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
                server.talk(
                        pace,
                        GREETED + before + "C: BDAT 23 LAST\nC: MAIL FROM:<e@x>\nC: QUIT\nS~ 5(03|54) 5.5.1 .*\n"
                                + ALIVE);
            }
        }
    }

    @TranscriptTest
    void refusesDataAfterAChunkWithoutATransaction(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(
                    pace, GREETED + "C: BDAT 3 LAST\nC: abc\\c\nS~ 503 5.5.1 .*\nC: DATA\nS~ 503 5.5.1 .*\n" + ALIVE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"BDAT", "BDAT x", "BDAT 99999999999999999999 LAST", "BDAT -1", "BDAT 1 FIRST", "BDAT 1 2 3"})
    void hangsUpIfItCannotKnowWhereTheNextCommandBegins(String bdat) throws Exception {
        for (String before : new String[] {GREETED, ADDRESSED}) {
            try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
                server.talk(
                        Pace.WHOLE,
                        before + "C: " + bdat + "\nC: MAIL FROM:<e@x>\nC: QUIT\nS~ 50[13] 5.5.[14] .*\n-- closed\n");
            }
        }
    }

    @TranscriptTest
    void doesNotMixChunksWithDataOrRecipients(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, ADDRESSED + """
                    C: BDAT 3
                    C: abc\\c
                    S: 250 2.0.0 3 octets received
                    C: DATA
                    S: 503 5.5.1 the message has begun with BDAT and must go on with it
                    C: RCPT TO:<e@x>
                    S: 503 5.5.1 the message has begun with BDAT and must go on with it
                    C: MAIL FROM:<e@x>
                    S~ 503 5.5.1 .*
                    C: BDAT 0 LAST
                    S: 250 2.0.0 stored
                    """);
            assertThat(server.onlyText()).isEqualTo("abc");
        }
    }

    @TranscriptTest
    void takesAnEmptyMessage(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, ADDRESSED + "C: BDAT 0 LAST\nS: 250 2.0.0 stored\n");
            assertThat(server.onlyText()).isEmpty();
        }
    }

    @TranscriptTest
    void forgetsTheChunksAtReset(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, ADDRESSED + """
                    C: BDAT 3
                    C: abc\\c
                    S: 250 2.0.0 3 octets received
                    C: RSET
                    S: 250 2.0.0 ok
                    C: BDAT 3 LAST
                    C: abc\\c
                    S~ 503 5.5.1 .*
                    """);
            assertThat(server.messages()).isEmpty();
        }
    }

    @TranscriptTest
    void answersTheRestOfARefusedMessageWith503(Pace pace) throws Exception {
        if (pace == Pace.OCTETS) {
            return; // a megabyte would take too long
        }
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(
                    pace,
                    ADDRESSED
                            + "C: BDAT 900000\n-- C {900000}\nS: 250 2.0.0 900000 octets received\n"
                            + "C: BDAT 100001\n-- C {100001}\nS: 552 5.3.4 message is bigger than 1000000 octets\n"
                            + "C: BDAT 5\nC: QUIT\\r\\c\nS~ 503 5.5.1 .*\nC: BDAT 5 LAST\nC: QUIT\\r\\c\nS~ 503 5.5.1 .*\n"
                            + ALIVE);
            assertThat(server.messages()).isEmpty();
        }
    }

    @TranscriptTest
    void losesPatienceWithAMessageOfTinyChunks(Pace pace) throws Exception {
        SmtpServerOptions options = OPTIONS.with(new ServerLimits(0, 3, 4, Duration.ZERO, 3, 100));
        try (TestSmtpServer server = new TestSmtpServer(options)) {
            server.talk(
                    pace,
                    ADDRESSED + "C: BDAT 1\nC: x\\c\nS: 250 2.0.0 1 octets received\n".repeat(103)
                            + "C: BDAT 1\nC: x\\c\nS: 421 4.7.0 too many errors, closing\n-- closed\n");
        }
    }

    @ParameterizedTest
    @EnumSource(BareLineEnding.class)
    void seesBareLineEndingsAcrossChunks(BareLineEnding policy) throws Exception {
        ServerRules rules = new ServerRules(RecipientDomains.UNSPECIFIED, false, policy, Duration.ZERO);
        for (Pace pace : Pace.values()) {
            try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(rules))) {
                server.talk(
                        pace,
                        ADDRESSED + "C: BDAT 2\nC: a\\r\\c\nS: 250 2.0.0 2 octets received\n"
                                + "C: BDAT 3\nC: \\nb\\n\\c\nS: 250 2.0.0 3 octets received\n"
                                + "C: BDAT 3 LAST\nC: \\rc\\r\\c\n"
                                + (policy == BareLineEnding.REJECT
                                        ? "S: 550 5.6.11 message has a bare CR or LF; lines must end with CR LF\n"
                                        : "S: 250 2.0.0 stored\n"));
                if (policy != BareLineEnding.REJECT) {
                    assertThat(server.onlyText())
                            .isEqualTo(policy == BareLineEnding.ACCEPT ? "a\r\nb\n\rc\r" : "a\r\nb\r\n\r\nc\r\n");
                }
            }
        }
    }

    @TranscriptTest
    void hangsUpOnChunksIfItDoesNotOfferThem(Pace pace) throws Exception {
        ServerDialect plain = new ServerDialect(false, false, false, false);
        for (String before : new String[] {GREETED, ADDRESSED}) {
            try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(plain))) {
                server.talk(pace, before + "C: BDAT 6\\r\\n\\c\nS~ 50[23] 5.5.1 .*\n-- closed\n");
            }
        }
    }
}
