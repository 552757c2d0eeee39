package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static io.mailproto.smtp.client.Smtp.sevenBit;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.Pace;
import io.mailproto.testing.PostfixPeer;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several messages over one conversation, overlapped. */
class SmtpBatchTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final PostfixPeer POSTFIX = PostfixPeer.extension(DOVECOT);

    private static final String PIPELINING = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250-mx
            S: 250 PIPELINING
            """;
    private static final String CHUNKING = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250-mx
            S: 250-CHUNKING
            S: 250 PIPELINING
            """;

    private static Outgoing to(String recipient) {
        return new Outgoing(envelope("ann@example.com", recipient), sevenBit("x"), DeliveryRequest.USUAL);
    }

    /** What became of each, by its index: the last reply's text, or the kind of failure. */
    private static final class Seen implements BatchResults {
        private final TreeMap<Integer, String> outcomes = new TreeMap<>();

        @Override
        public void sent(int index, TransactionReport report) {
            assertThat(outcomes.put(index, report.reply().orElseThrow().lastLine()))
                    .isNull();
        }

        @Override
        public void failed(int index, Exception failure) {
            assertThat(outcomes.put(index, failure.getClass().getSimpleName())).isNull();
        }
    }

    private static String envelopeOf(String recipient, String last) {
        return "C: MAIL FROM:<ann@example.com>\nC: RCPT TO:<" + recipient + ">\n" + last;
    }

    @TranscriptTest
    void sendsEachEnvelopeWithTheDotBefore(Pace pace) throws IOException {
        String data = "C: DATA\n";
        String body = "C: x\nC: .\n";
        String accepted = "S: 250 ok\nS: 250 ok\nS: 354 go on\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                PIPELINING
                        + envelopeOf("a@example.org", data)
                        + accepted
                        + body
                        + envelopeOf("b@example.org", data)
                        + "S: 250 a taken\n"
                        + accepted
                        + body
                        + envelopeOf("nobody@example.org", data)
                        + "S: 554 b not taken\n"
                        + "S: 250 ok\nS: 550 nobody\nS: 503 no recipients\n"
                        + "C: RSET\n"
                        + envelopeOf("c@example.org", data)
                        + "S: 250 reset\n"
                        + accepted
                        + body
                        + envelopeOf("d@example.org", data)
                        + "S: 250 c taken\n"
                        + accepted
                        + body
                        + "S: 250 d taken\n")) {
            Seen seen = new Seen();
            try (SmtpClient client = open(server, options())) {
                List<Outgoing> all = new ArrayList<>();
                for (String name : List.of("a", "b", "nobody", "c", "d")) {
                    all.add(to(name + "@example.org"));
                }
                assertThat(client.sendAll(all, 0, seen)).isEqualTo(5);
            }
            assertThat(seen.outcomes)
                    .containsEntry(0, "a taken")
                    .containsEntry(1, "SmtpRefused")
                    .containsEntry(2, "SmtpRefused")
                    .containsEntry(3, "c taken")
                    .containsEntry(4, "d taken");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void hasSeveralChunkedMessagesInFlight(Pace pace) throws IOException {
        String chunk = "C: BDAT 1 LAST\nC: x\\c\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                CHUNKING
                        + envelopeOf("a@example.org", chunk)
                        + "C: RSET\n"
                        + envelopeOf("nobody@example.org", chunk)
                        + "C: RSET\n"
                        + envelopeOf("c@example.org", chunk)
                        + "S: 250 ok\nS: 250 ok\nS: 250 a taken\n"
                        + "S: 250 reset\nS: 250 ok\nS: 550 nobody\nS: 503 nobody\n"
                        + "S: 250 reset\nS: 250 ok\nS: 250 ok\nS: 250 c taken\n")) {
            Seen seen = new Seen();
            try (SmtpClient client = open(server, options())) {
                List<Outgoing> all = List.of(to("a@example.org"), to("nobody@example.org"), to("c@example.org"));
                assertThat(client.sendAll(all, 0, seen)).isEqualTo(3);
                assertThat(client.isUsable()).isTrue();
            }
            assertThat(seen.outcomes)
                    .containsEntry(0, "a taken")
                    .containsEntry(1, "SmtpRefused")
                    .containsEntry(2, "c taken");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void tellsWhatIsInDoubtAndWhatWasNotBegunWhenTheConnectionBreaks(Pace pace) throws IOException {
        String chunk = "C: BDAT 1 LAST\nC: x\\c\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                CHUNKING
                        + envelopeOf("a@example.org", chunk)
                        + "C: RSET\n"
                        + envelopeOf("b@example.org", chunk)
                        + "S: 250 ok\nS: 250 ok\nS: 250 a taken\nS: 250 reset\n-- close\n",
                PIPELINING
                        + envelopeOf("a@example.org", "C: DATA\n")
                        + "S: 250 ok\nS: 250 ok\nS: 354 go on\nC: x\nC: .\n"
                        + envelopeOf("b@example.org", "C: DATA\n")
                        + "-- close\n",
                PIPELINING
                        + envelopeOf("a@example.org", "C: DATA\n")
                        + "S: 250 ok\nS: 250 ok\nS: 354 go on\nC: x\nC: .\n"
                        + envelopeOf("b@example.org", "C: DATA\n")
                        + "S: 421 4.3.2 going down\n-- close\n")) {
            List<Outgoing> two = List.of(to("a@example.org"), to("b@example.org"));
            Seen chunked = new Seen();
            try (SmtpClient client = open(server, options())) {
                assertThat(client.sendAll(two, 0, chunked)).isEqualTo(2);
            }
            assertThat(chunked.outcomes).containsEntry(0, "a taken").containsEntry(1, "SmtpOutcomeUnknown");

            Seen dotted = new Seen();
            try (SmtpClient client = open(server, options())) {
                assertThat(client.sendAll(two, 0, dotted)).as("b was not begun").isEqualTo(1);
            }
            assertThat(dotted.outcomes).containsOnlyKeys(0).containsEntry(0, "SmtpOutcomeUnknown");

            Seen closed = new Seen();
            try (SmtpClient client = open(server, options())) {
                assertThat(client.sendAll(two, 0, closed)).isEqualTo(1);
            }
            assertThat(closed.outcomes).containsOnlyKeys(0).containsEntry(0, "SmtpRefused");
        }
    }

    @TranscriptTest
    void sendsOneByOneWhereNothingCanBeOverlapped(Pace pace) throws IOException {
        String step = """
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<%s@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 250 %s taken
                """;
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, """
                S: 220 mx
                C: EHLO client.example.com
                S: 250 mx
                """ + step.formatted("a", "a") + step.formatted("b", "b"))) {
            Seen seen = new Seen();
            try (SmtpClient client = open(server, options())) {
                List<Outgoing> mixed = List.of(
                        to("a@example.org"),
                        new Outgoing(
                                envelope("ann@example.com", "jörg@example.org"), sevenBit("x"), DeliveryRequest.USUAL),
                        to("b@example.org"));
                assertThat(client.sendAll(mixed, 0, seen)).isEqualTo(3);
            }
            assertThat(seen.outcomes)
                    .containsEntry(0, "a taken")
                    .containsEntry(1, "SmtpRequirementUnmet")
                    .containsEntry(2, "b taken");
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void postfixTakesAHundredOverlapped(boolean chunking) throws IOException {
        Seen seen = new Seen();
        List<Outgoing> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(to(i % 10 == 7 ? "reject@example.test" : "x" + i + "@discard.test"));
        }
        try (SmtpClient client = open(POSTFIX.smtp(), options().withChunking(chunking))) {
            assertThat(client.sendAll(all, 0, seen)).isEqualTo(100);
            client.quit();
        }
        assertThat(seen.outcomes).hasSize(100);
        seen.outcomes.forEach((index, outcome) -> {
            if (index % 10 == 7) {
                assertThat(outcome).isEqualTo("SmtpRefused");
            } else {
                assertThat(outcome).contains("queued as");
            }
        });
    }
}
