package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.ScriptedPeer;
import io.mailproto.wire.MailFailure;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every reply code means in every phase (RFC 5321 §4.2, §4.3.2), and what to do about it. */
class SmtpReplyTableTest {
    private static final String EHLO = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250 mx
            """;
    private static final String MAIL = EHLO + """
            C: MAIL FROM:<ann@example.com>
            S: 250 ok
            """;
    private static final String RCPT = MAIL + """
            C: RCPT TO:<bob@example.org>
            S: 250 ok
            """;
    private static final String DATA = RCPT + """
            C: DATA
            S: 354 go on
            C: x
            C: .
            """;

    private static final List<String> CLOSING = List.of("421", "521");

    private static String script(String phase, String reply) {
        String before =
                switch (phase) {
                    case "GREETING" -> "";
                    case "EHLO" -> """
                            S: 220 mx
                            C: EHLO client.example.com
                            """;
                    case "MAIL" -> EHLO + "C: MAIL FROM:<ann@example.com>\n";
                    case "RCPT" -> MAIL + "C: RCPT TO:<bob@example.org>\n";
                    case "DATA" -> RCPT + "C: DATA\n";
                    default -> DATA;
                };
        return before + "S: " + reply + "\n" + (CLOSING.contains(reply.substring(0, 3)) ? "-- close\n" : "");
    }

    private static String outcome(ScriptedPeer server) throws IOException {
        SmtpClient client = null;
        try {
            client = open(server, options());
            client.send(envelope("ann@example.com", "bob@example.org"), Smtp.sevenBit("x\r\n"));
            return "sent" + (client.isUsable() ? "" : ", over");
        } catch (SmtpRefused refused) {
            boolean isOver = client == null || !client.isUsable();
            return (refused.isTransient() ? "transient " : "permanent ") + refused.retry() + (isOver ? ", over" : "");
        } catch (IOException e) {
            return e instanceof MailFailure ? "nonsense, over" : e.toString();
        } finally {
            if (client != null) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // a server that does not want anybody: another host may
        "GREETING, 421 4.3.2 not now, 'transient ELSEWHERE, over'",
        "GREETING, 450 busy, 'transient ELSEWHERE, over'",
        "GREETING, 521 no mail here, 'permanent ELSEWHERE, over'",
        "GREETING, 554 go away, 'permanent ELSEWHERE, over'",
        "GREETING, 354 what, 'permanent ELSEWHERE, over'",
        "GREETING, 120 wait, 'nonsense, over'",
        "GREETING, 600 what, 'nonsense, over'",
        "EHLO, 421 not now, 'transient ELSEWHERE, over'",
        "EHLO, 450 not now, 'transient ELSEWHERE, over'",
        "EHLO, 550 not you, 'permanent ELSEWHERE, over'",
        "EHLO, 554 not you, 'permanent ELSEWHERE, over'",
        "MAIL, 421 4.3.2 bye, 'transient ELSEWHERE, over'",
        "MAIL, 450 4.7.1 slow, transient LATER",
        "MAIL, 451 4.3.0 error, transient LATER",
        "MAIL, 452 4.3.1 full, transient LATER",
        "MAIL, 454 4.7.0 tls down, transient LATER",
        "MAIL, 455 4.5.1 parameters, transient LATER",
        "MAIL, 499 odd, transient LATER",
        "MAIL, 500 what, permanent NEVER",
        "MAIL, 501 5.5.4 syntax, permanent NEVER",
        "MAIL, 502 5.5.1 no, permanent NEVER",
        "MAIL, 503 5.5.1 sequence, permanent NEVER",
        "MAIL, 504 5.5.4 parameter, permanent NEVER",
        "MAIL, 521 5.3.2 bye, 'permanent ELSEWHERE, over'",
        "MAIL, 530 5.7.0 log in first, permanent NEVER",
        "MAIL, 534 5.7.9 stronger, permanent NEVER",
        "MAIL, 535 5.7.8 wrong, permanent NEVER",
        "MAIL, 538 5.7.11 encrypt, permanent NEVER",
        "MAIL, 550 5.7.1 no, permanent NEVER",
        "MAIL, 552 5.3.4 too big, permanent NEVER",
        "MAIL, 553 5.1.7 address, permanent NEVER",
        "MAIL, 555 5.5.4 parameters, permanent NEVER",
        "MAIL, 556 5.1.10 null mx, permanent NEVER",
        "MAIL, 599 odd, permanent NEVER",
        "MAIL, 354 what, 'nonsense, over'",
        "MAIL, 334 what, 'nonsense, over'",
        "RCPT, 421 4.3.2 bye, 'transient ELSEWHERE, over'",
        "RCPT, 450 4.2.1 busy, transient LATER",
        "RCPT, 451 4.7.1 greylisted, transient LATER",
        "RCPT, 452 4.5.3 too many, transient LATER",
        "RCPT, 500 what, permanent NEVER",
        "RCPT, 503 sequence, permanent NEVER",
        "RCPT, 521 5.7.1 bye, 'permanent NEVER, over'",
        "RCPT, 550 5.1.1 nobody, permanent NEVER",
        "RCPT, 551 5.1.6 moved, permanent NEVER",
        "RCPT, 552 too many, transient LATER",
        "RCPT, 552 5.5.3 too many, transient LATER",
        "RCPT, 552 5.2.2 full, permanent NEVER",
        "RCPT, 552 5.1.1 nobody, permanent NEVER",
        "RCPT, 553 5.1.3 address, permanent NEVER",
        "RCPT, 554 5.7.1 no, permanent NEVER",
        "RCPT, 556 5.1.10 null mx, permanent NEVER",
        "RCPT, 550 4.2.2 the code counts, permanent NEVER",
        "RCPT, 450 5.2.2 the code counts, transient LATER",
        "RCPT, 354 what, 'nonsense, over'",
        "DATA, 421 bye, 'transient ELSEWHERE, over'",
        "DATA, 451 error, transient LATER",
        "DATA, 452 full, transient LATER",
        "DATA, 503 sequence, permanent NEVER",
        "DATA, 554 no valid recipients, permanent NEVER",
        "DATA, 250 what, 'nonsense, over'",
        "DATA, 334 what, 'nonsense, over'",
        "DOT, 250 2.0.0 queued, sent",
        "DOT, 251 fine, sent",
        "DOT, 299 odd but fine, sent",
        "DOT, 421 4.3.0 bye, 'transient ELSEWHERE, over'",
        "DOT, 450 later, transient LATER",
        "DOT, 451 4.3.0 error, transient LATER",
        "DOT, 452 4.3.1 full, transient LATER",
        "DOT, 521 bye, 'permanent NEVER, over'",
        "DOT, 550 5.7.1 spam, permanent NEVER",
        "DOT, 552 5.3.4 too big, permanent NEVER",
        "DOT, 554 5.6.0 content, permanent NEVER",
        "DOT, 354 what, 'nonsense, over'",
    })
    void everyCodeLeadsToTheRightAction(String phase, String reply, String expected) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(script(phase, reply))) {
            assertThat(outcome(server)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"250 ok", "251 will forward", "252 cannot verify", "220 odd but positive"})
    void everyPositiveReplyToRcptIsAnAcceptance(String reply) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(script("RCPT", reply) + """
                C: DATA
                S: 354 go on
                C: x
                C: .
                S: 250 ok
                """)) {
            assertThat(outcome(server)).isEqualTo("sent");
        }
    }
}
