package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.login;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static io.mailproto.smtp.client.Smtp.tls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.smtp.client.SmtpRequirementUnmet.Requirement;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTH with everything but PLAIN and LOGIN, in transcripts and at a real server. */
class SmtpMechanismsTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    private static final String OPENING = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250-mx
            """;

    private static SmtpLogin tokens(String... mechanisms) {
        return new SmtpLogin(
                Credentials.ofTokens("ann", refused -> refused ? "new" : "old"), List.of(mechanisms), false);
    }

    @TranscriptTest
    void answersTheChallengeOfCramMd5(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, OPENING + """
                S: 250 AUTH LOGIN CRAM-MD5
                C: AUTH CRAM-MD5
                S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+
                C~ YW5u.*
                S: 235 ok
                """)) {
            open(server, options().withLogin(login())).close();
            server.assertPlayedToTheEnd();
        }
    }

    /** Without the proof, whoever answers 235 need not know the password. */
    @TranscriptTest
    void believesNoServerThatHasNotProvedItself(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, OPENING + """
                S: 250 AUTH SCRAM-SHA-256
                C~ AUTH SCRAM-SHA-256 .*
                S: 235 welcome
                -- closed
                """)) {
            SmtpRequirementUnmet unmet = catchThrowableOfType(
                    SmtpRequirementUnmet.class, () -> open(server, options().withLogin(login())));
            assertThat(unmet.requirement()).isEqualTo(Requirement.SERVER_PROOF);
            assertThat(unmet).hasMessageContaining("has not proved");
        }
    }

    /** The refusal comes in a challenge first, then as 535; then the supplier is asked for another token, once. */
    @TranscriptTest
    void fetchesOneNewTokenWhenTheOldOneIsRefused(Pace pace) throws IOException {
        String refusal = OPENING + """
                S: 250 AUTH PLAIN XOAUTH2
                C: AUTH XOAUTH2 %s
                S: 334 eyJzdGF0dXMiOiI0MDEifQ==
                C:
                S: 535 5.7.8 token expired
                C: QUIT
                """;
        String old = "dXNlcj1hbm4BYXV0aD1CZWFyZXIgb2xkAQE=";
        String fresh = "dXNlcj1hbm4BYXV0aD1CZWFyZXIgbmV3AQE=";
        String success = OPENING + """
                S: 250 AUTH PLAIN XOAUTH2
                C: AUTH XOAUTH2 %s
                S: 235 ok
                """.formatted(fresh);
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace, refusal.formatted(old), success, refusal.formatted(old), refusal.formatted(fresh))) {
            open(server, options().withLogin(tokens())).close();
            SmtpAuthenticationFailed failed = catchThrowableOfType(
                    SmtpAuthenticationFailed.class, () -> open(server, options().withLogin(tokens())));
            assertThat(failed.reason()).isEqualTo(SmtpAuthenticationFailed.Reason.WRONG_CREDENTIALS);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void sendsOauthbearerWithHostAndPort(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, OPENING + """
                S: 250 AUTH XOAUTH2 OAUTHBEARER
                C~ AUTH OAUTHBEARER bixhPWFubiwBaG9zdD0.*
                S: 235 ok
                """)) {
            open(server, options().withLogin(tokens())).close();
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void writesAnEmptyInitialResponseOfExternalAsAnEqualsSign(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, OPENING + """
                S: 250 AUTH PLAIN EXTERNAL
                C: AUTH EXTERNAL =
                S: 235 ok
                """)) {
            open(server, options().withLogin(SmtpLogin.of(Credentials.external(""))))
                    .close();
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void aMissingTokenIsTransientAndNothingIsSent() throws IOException {
        SmtpLogin none = SmtpLogin.of(Credentials.ofTokens("ann", refused -> {
            throw new IOException("no answer");
        }));
        try (ScriptedPeer server = ScriptedPeer.serving(OPENING + """
                S: 250 AUTH XOAUTH2
                C: QUIT
                """)) {
            SmtpRequirementUnmet unmet = catchThrowableOfType(
                    SmtpRequirementUnmet.class, () -> open(server, options().withLogin(none)));
            assertThat(unmet.requirement()).isEqualTo(Requirement.TOKEN);
            assertThat(unmet.isTransient()).isTrue();
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN", "LOGIN", ""})
    void logsInAtDovecot(String mechanism) throws IOException {
        List<String> wanted = mechanism.isEmpty() ? List.of() : List.of(mechanism);
        SmtpLogin right = new SmtpLogin(
                new Credentials(DovecotPeer.ALICE, Secret.of(DovecotPeer.passwordOf(DovecotPeer.ALICE))),
                wanted,
                false);
        SmtpLogin wrong =
                new SmtpLogin(new Credentials(DovecotPeer.ALICE, Secret.of("not her password")), wanted, false);
        try (SmtpClient client =
                open(DOVECOT.submissions(), tls(TlsMode.IMPLICIT).withLogin(right))) {
            client.quit();
        }
        assertThatThrownBy(
                        () -> open(DOVECOT.submissions(), tls(TlsMode.IMPLICIT).withLogin(wrong)))
                .isInstanceOfSatisfying(SmtpAuthenticationFailed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(SmtpAuthenticationFailed.Reason.WRONG_CREDENTIALS));
    }
}
