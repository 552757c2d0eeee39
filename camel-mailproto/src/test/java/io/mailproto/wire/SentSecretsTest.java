package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a peer says back of what it was told in confidence. */
class SentSecretsTest {
    private final SentSecrets secrets = new SentSecrets();

    @ParameterizedTest
    @CsvSource({
        "PASS hunter2, PASS ***, -ERR what is PASS hunter2?, -ERR what is PASS ***?",
        "PASS hunter2, PASS ***, hunter2hunter2, ******",
        "PASS ab, PASS ***, -ERR no PASS ab, -ERR no ***",
        "PASS ab, PASS ***, +OK about, +OK about",
        "a1 LOGIN \"x\" \"a\\\"b\\\\c\", a1 LOGIN \"x\" ***, you said a\"b\\c, you said ***",
        "PASS hunter2, PASS ***, nothing of it, nothing of it"
    })
    void hidesTheSecretAndNothingElse(String sent, String shown, String said, String told) {
        secrets.add(sent, shown);
        assertThat(secrets.hide(said)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({
        "'|ann|hunter2', AUTH failed for ann with hunter2, AUTH failed for ann with ***",
        "'bob|ann|hunter2', bob as ann: hunter2, bob as ann: ***",
        "'n,a=ann,^auth=Bearer ya29.token^^', no ya29.token, no ***",
        "'user=ann^auth=Bearer ya29.token^^', no ya29.token of ann, no *** of ann"
    })
    void hidesWhatIsInAResponseOfSaslAlso(String response, String said, String told) {
        String octets = response.replace('|', '\0').replace('^', '\u0001');
        String base64 = Base64.getEncoder().encodeToString(octets.getBytes(StandardCharsets.UTF_8));
        secrets.add("AUTH PLAIN " + base64, "AUTH PLAIN ***");
        assertThat(secrets.hide(base64 + " " + said)).isEqualTo("*** " + told);
    }

    @Test
    void anEmptyResponseIsNoSecret() {
        secrets.add("", "***");
        secrets.add("a", "***");
        assertThat(secrets.hide("a no")).isEqualTo("a no");
    }

    @Test
    void keepsTheLastOnesOfALongDialogue() {
        for (int i = 0; i < 100; i++) {
            secrets.add("response-" + i, "***");
        }
        assertThat(secrets.hide("response-99 response-90 response-1")).isEqualTo("*** *** response-1");
    }
}
