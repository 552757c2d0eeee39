package io.mailproto.pop3;

import static io.mailproto.pop3.Pop3Peers.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslChannel;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** APOP and the mechanisms of AUTH. */
class Pop3MechanismsTest {
    private static final String RFC_GREETING = "S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\n";

    private static String offering(String greeting, String... lines) {
        StringBuilder text = new StringBuilder(greeting).append("C: CAPA\nS: +OK\nS: PIPELINING\n");
        for (String line : lines) {
            text.append("S: ").append(line).append('\n');
        }
        return text + "S: .\n";
    }

    private static String offering(String mechanisms) {
        return offering("S: +OK ready\n", "SASL " + mechanisms);
    }

    private static void logIn(Pace pace, String transcript, Credentials credentials, String... methods)
            throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, transcript)) {
            try (Pop3Client client = open(server)) {
                client.logIn(new Pop3Login(credentials, List.of(methods)));
                client.quit();
            }
            server.assertPlayedToTheEnd();
        }
    }

    private static final String BYE = "C: QUIT\nS: +OK\n";
    private static final Credentials TIM = new Credentials("tim", Secret.of("tanstaaftanstaaf"));

    /** Servers exist that say back what they do not understand, in a refusal or in a line that is none. */
    @ParameterizedTest
    @ValueSource(strings = {"-ERR unknown command: PASS tanstaaftanstaaf", "what is PASS tanstaaftanstaaf"})
    void tellsNoPasswordThatTheServerSaysBack(String answer) throws Exception {
        String hello = offering(RFC_GREETING, "USER") + "C: USER tim\nS: +OK\nC: PASS tanstaaftanstaaf\nS: ";
        assertThatThrownBy(() -> logIn(Pace.WHOLE, hello + answer + "\n", TIM))
                .hasMessageContaining("PASS ***")
                .hasMessageNotContaining("tanstaaf");
    }

    @Test
    void tellsNoResponseThatTheServerSaysBack() {
        String response = "AHRpbQB0YW5zdGFhZnRhbnN0YWFm";
        String hello = offering(RFC_GREETING, "SASL PLAIN") + "C: AUTH PLAIN " + response + "\nS: -ERR no AUTH PLAIN ";
        assertThatThrownBy(() -> logIn(Pace.WHOLE, hello + response + " (tim, tanstaaftanstaaf)\n", TIM, "PLAIN"))
                .hasMessageContaining("no AUTH PLAIN ***")
                .hasMessageNotContaining("tanstaaf")
                .hasMessageNotContaining("AHRpbQ");
    }

    @TranscriptTest
    void apopIsTheExampleOfRfc1939(Pace pace) throws Exception {
        logIn(
                pace,
                offering(RFC_GREETING, "USER") + "C: APOP mrose c4c9334bac560ecc979e58001b3e22fb\nS: +OK\n" + BYE,
                new Credentials("mrose", Secret.of("tanstaaf")),
                "APOP");
    }

    @TranscriptTest
    void apopIsNotUsedUnlessAskedForWhereThereIsABetterWay(Pace pace) throws Exception {
        logIn(
                pace,
                offering(RFC_GREETING, "USER") + "C: USER tim\nS: +OK\nC: PASS tanstaaftanstaaf\nS: +OK\n" + BYE,
                TIM);
    }

    @Test
    void apopIsUsedWhereThePasswordMustNotBeShownAndThereIsNothingElse() {
        Pop3Login login = new Pop3Login(TIM, List.of());
        assertThat(login.methods()).last().isEqualTo("APOP");
        SaslChannel inClear = new SaslChannel(false, null, "h", 110);
        assertThat(login.methods().stream().filter(m -> login.isUsable(m, List.of("PLAIN", "LOGIN"), inClear)))
                .containsExactly("APOP");
        assertThat(login.methods().stream()
                        .filter(m -> login.isUsable(m, List.of("CRAM-MD5", "SCRAM-SHA-256"), inClear)))
                .containsExactly("SCRAM-SHA-256", "CRAM-MD5", "APOP");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no timestamp",
                "<>",
                "<@>",
                "<a@>",
                "<@b>",
                "<a b@c>",
                "<a@b@c>",
                "<nohost>",
                "<a@b",
                "a@b>",
                "<a@\u00e9>",
                "<a@\u0001>"
            })
    void whatHasNotTheShapeOfATimestampIsNone(String greeting) {
        assertThat(ApopTimestamp.in(greeting)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"<1.2@h>,<1.2@h>", "hi <1.2@h> there,<1.2@h>", "<<1.2@h>,<1.2@h>", "<no> <1.2@h>,<1.2@h>"})
    void theTimestampIsFoundWhereverItStands(String greeting, String timestamp) {
        assertThat(ApopTimestamp.in(greeting)).contains(new ApopTimestamp(timestamp));
    }

    /** P7: quadratic time in the length of the greeting would show here. */
    @Test
    void aMegabyteOfAngleBracketsTakesOnePass() {
        String brackets = "<".repeat(1 << 20);
        assertThat(ApopTimestamp.in(brackets)).isEmpty();
        assertThat(ApopTimestamp.in(brackets + ">")).isEmpty();
        assertThat(ApopTimestamp.in("<a@" + "b".repeat(1 << 20) + ">")).isEmpty();
    }

    @TranscriptTest
    void cramMd5IsTheExampleOfRfc2195(Pace pace) throws Exception {
        logIn(
                pace,
                offering("CRAM-MD5")
                        + "C: AUTH CRAM-MD5\nS: + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\n"
                        + "C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\nS: +OK\n"
                        + BYE,
                TIM);
    }

    /** P8. */
    @TranscriptTest
    void aChallengeBehindOkIsTaken(Pace pace) throws Exception {
        logIn(
                pace,
                offering("CRAM-MD5")
                        + "C: AUTH CRAM-MD5\nS: +OK PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\n"
                        + "C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\nS: +OK\n"
                        + BYE,
                TIM);
    }

    @TranscriptTest
    void aTokenGoesWithTheCommandOnlyWhileTheLineIsShort(Pace pace) throws Exception {
        String shortOnes = "dXNlcj10aW0BYXV0aD1CZWFyZXIgdG9rZW4BAQ==";
        logIn(
                pace,
                offering("PLAIN XOAUTH2") + "C: AUTH XOAUTH2 " + shortOnes + "\nS: +OK\n" + BYE,
                new Credentials("tim", Secret.of("token")),
                "XOAUTH2");
        String token = "t".repeat(3000);
        String response = Base64.getEncoder()
                .encodeToString(
                        ("user=tim\u0001auth=Bearer " + token + "\u0001\u0001").getBytes(StandardCharsets.US_ASCII));
        logIn(
                pace,
                offering("XOAUTH2") + "C: AUTH XOAUTH2\nS: +\\s\nC: " + response + "\nS: +OK\n" + BYE,
                Credentials.ofTokens("tim", refused -> token));
    }

    @TranscriptTest
    void aRefusedTokenIsARefusalAndTheConversationGoesOn(Pace pace) throws Exception {
        String error = "eyJzdGF0dXMiOiI0MDEifQ==";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                offering("XOAUTH2") + "C~ AUTH XOAUTH2 .*\nS: + " + error + "\nC:\nS: -ERR [AUTH] token expired\n"
                        + BYE)) {
            try (Pop3Client client = open(server)) {
                assertThatThrownBy(() -> client.logIn(
                                new Pop3Login(Credentials.ofTokens("tim", refused -> "secret-token"), List.of())))
                        .isInstanceOf(Pop3Refused.class)
                        .hasMessageContaining("AUTH XOAUTH2: refused with \"-ERR [AUTH] token expired\"")
                        .message()
                        .doesNotContain("secret-token");
                client.quit();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aTokenThatCannotBeHadIsToldBeforeAnythingIsSent(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, offering("XOAUTH2") + BYE)) {
            try (Pop3Client client = open(server)) {
                assertThatThrownBy(() -> client.logIn(new Pop3Login(
                                Credentials.ofTokens("tim", refused -> {
                                    throw new IllegalStateException("authority is down");
                                }),
                                List.of())))
                        .isInstanceOfSatisfying(Pop3LoginImpossible.class, e -> assertThat(e.isTransient())
                                .isTrue())
                        .hasMessageContaining("no access token");
                client.quit();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void externalSendsAnEmptyResponseAsAnEqualsSign(Pace pace) throws Exception {
        logIn(pace, offering("EXTERNAL PLAIN") + "C: AUTH EXTERNAL =\nS: +OK\n" + BYE, Credentials.external(""));
    }

    @TranscriptTest
    void aDialogueThatCannotGoOnIsCancelled(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                offering("SCRAM-SHA-256")
                        + "C~ AUTH SCRAM-SHA-256 .*\nS: + cj1mb3JnZWQscz1zYWx0LGk9MQ==\nC: *\nS: -ERR cancelled\n"
                        + BYE)) {
            try (Pop3Client client = open(server)) {
                assertThatThrownBy(() -> client.logIn(new Pop3Login(TIM, List.of())))
                        .isInstanceOf(Pop3LoginImpossible.class)
                        .hasMessageContaining("SCRAM-SHA-256");
                client.quit();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aServerThatDoesNotProveThatItKnowsThePasswordIsLeft(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, offering("SCRAM-SHA-256") + "C~ AUTH SCRAM-SHA-256 .*\nS: +OK come in\n-- closed\n")) {
            try (Pop3Client client = open(server)) {
                assertThatThrownBy(() -> client.logIn(new Pop3Login(TIM, List.of())))
                        .isInstanceOf(Pop3LoginImpossible.class);
                assertThat(client.isOpen()).isFalse();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aServerWithUtf8IsToldThatMailsMayComeAsTheyAre(Pace pace) throws Exception {
        String plain = "C: USER tim\nS: +OK\nC: PASS tanstaaftanstaaf\nS: +OK\n";
        logIn(pace, offering("S: +OK\n", "USER", "UTF8 USER") + "C: UTF8\nS: +OK\n" + plain + BYE, TIM);
        logIn(pace, offering("S: +OK\n", "USER", "UTF8") + "C: UTF8\nS: -ERR not now\n" + plain + BYE, TIM);
    }

    @TranscriptTest
    void whatMayDependOnTheUserIsAskedForAgainAfterTheLogin(Pace pace) throws Exception {
        String capa = "C: CAPA\nS: +OK\nS: PIPELINING\nS: LOGIN-DELAY 720\nS: EXPIRE 30\nS: .\nC: NOOP\nS: +OK\n";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                offering("S: +OK\n", "USER", "LOGIN-DELAY 60 USER", "EXPIRE NEVER USER")
                        + "C: USER tim\nS: +OK\nC: PASS tanstaaftanstaaf\nS: +OK\n" + capa)) {
            try (Pop3Client client = open(server)) {
                assertThat(client.capabilities().loginDelay()).hasSeconds(60);
                assertThat(client.capabilities().expireDays()).isEmpty();
                client.logIn(new Pop3Login(TIM, List.of()));
                client.noop();
                assertThat(client.capabilities().loginDelay()).hasSeconds(720);
                assertThat(client.capabilities().expireDays()).hasValue(30);
            }
            server.assertPlayedToTheEnd();
        }
    }

    /** As all mechanisms of the SMTP client: it is the only one of some servers. */
    @TranscriptTest
    void authLoginIsUsedWhereThereIsNothingBetter(Pace pace) throws Exception {
        String login =
                "C: AUTH LOGIN\nS: + VXNlcm5hbWU6\nC: dGlt\nS: + UGFzc3dvcmQ6\nC: dGFuc3RhYWZ0YW5zdGFhZg==\nS: +OK\n";
        logIn(pace, offering("S: +OK\n", "SASL LOGIN") + login + BYE, TIM);
        // Jakarta Mail calls USER and PASS so.
        logIn(pace, offering("S: +OK\n", "SASL LOGIN PLAIN") + login + BYE, TIM, "LOGIN");
        logIn(
                pace,
                offering("S: +OK\n", "USER", "SASL LOGIN") + "C: USER tim\nS: +OK\nC: PASS tanstaaftanstaaf\nS: +OK\n"
                        + BYE,
                TIM,
                "LOGIN");
        logIn(pace, offering("S: +OK\n", "SASL LOGIN") + login.replace("S: + VXNlcm5hbWU6", "S: +OK") + BYE, TIM);
    }

    @ParameterizedTest
    @CsvSource({"LOGIN-DELAY,0", "LOGIN-DELAY x,0", "LOGIN-DELAY 99999999999,86400", "NOTHING,0"})
    void loginDelaysAreTakenWithinReason(String line, long seconds) {
        assertThat(Pop3Capabilities.parse(List.of(line)).loginDelay()).hasSeconds(seconds);
    }
}
