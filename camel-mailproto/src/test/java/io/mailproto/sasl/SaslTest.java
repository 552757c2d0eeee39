package io.mailproto.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PLAIN and LOGIN, each half alone and one against the other. */
class SaslTest {
    private static final Credentials TIM = new Credentials("tim", Secret.of("tanstaaf"));
    private static final PasswordVerifier VERIFIER =
            (user, password) -> user.equals("tim") && password.reveal().equals("tanstaaf");

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 4616 §4. */
    @Test
    void plainIsTheMessageOfTheRfc() {
        assertThat(new PlainClient(TIM).initialResponse()).isEqualTo(octets("\0tim\0tanstaaf"));
        assertThat(new PlainServer(VERIFIER).next(octets("\0tim\0tanstaaf"))).isEqualTo(new SaslServer.Done("tim"));
    }

    @ParameterizedTest
    @CsvSource({
        "'|tim|wrong', WRONG",
        "'|eve|tanstaaf', WRONG",
        "'boss|tim|tanstaaf', NOT_AUTHORIZED",
        "'tim|tanstaaf', MALFORMED",
        "'', MALFORMED",
        "'||tanstaaf', MALFORMED",
        "'|tim|', MALFORMED",
        "'|tim|a|b', MALFORMED"
    })
    void plainRefuses(String message, SaslServer.Reason reason) {
        SaslServer.Step step = new PlainServer(VERIFIER).next(octets(message.replace('|', '\0')));
        assertThat(step).isInstanceOfSatisfying(SaslServer.Refused.class, refused -> assertThat(refused.reason())
                .isEqualTo(reason));
    }

    @Test
    void plainTakesTheSameIdentityTwice() {
        assertThat(new PlainServer(VERIFIER).next(octets("tim\0tim\0tanstaaf"))).isEqualTo(new SaslServer.Done("tim"));
    }

    @Test
    void plainAsksWithAnEmptyChallengeWhenNothingCameAlong() {
        SaslServer.Step step = new PlainServer(VERIFIER).next(null);
        assertThat(step).isInstanceOfSatisfying(SaslServer.Challenge.class, challenge -> assertThat(challenge.octets())
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "login"})
    void bothHalvesUnderstandEachOther(String name) throws SaslFailed {
        SaslClient client = SaslMechanisms.client(name, TIM);
        SaslServer server = SaslServers.of(VERIFIER, null, null).begin(name, null);
        SaslServer.Step step = server.next(client.initialResponse());
        while (step instanceof SaslServer.Challenge challenge) {
            step = server.next(client.respond(challenge.octets()));
        }
        assertThat(step).isEqualTo(new SaslServer.Done("tim"));
        assertThat(client.mechanism()).isEqualTo(server.mechanism());
        assertThat(client.sendsPlaintextSecret()).isTrue();
        assertThatThrownBy(() -> client.respond(new byte[0])).isInstanceOf(SaslFailed.class);
    }

    @Test
    void loginTakesAUserNameThatComesWithTheCommand() {
        LoginServer server = new LoginServer(VERIFIER);
        assertThat(server.next(octets("tim"))).isInstanceOf(SaslServer.Challenge.class);
        assertThat(server.next(octets("tanstaaf"))).isEqualTo(new SaslServer.Done("tim"));
    }

    @Test
    void invalidUtf8IsMalformedAndNoException() {
        assertThat(new LoginServer(VERIFIER).next(new byte[] {(byte) 0xff}))
                .isEqualTo(new SaslServer.Refused(SaslServer.Reason.MALFORMED, ""));
    }

    @Test
    void aSecretDoesNotShowItself() {
        assertThat(TIM.toString()).doesNotContain("tanstaaf").contains("***");
        assertThat(Secret.of("x")).isNotEqualTo(Secret.of("x"));
    }
}
