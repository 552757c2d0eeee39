package io.mailproto.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.testing.TestCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which mechanism is taken, by what is offered, wanted, at hand and safe. */
class SaslChooserTest {
    private static final Credentials PASSWORD = new Credentials("tim", Secret.of("tanstaaf"));
    private static final Credentials TOKEN = Credentials.ofTokens("tim", refused -> refused ? "new" : "old");
    private static final Credentials CERTIFICATE = Credentials.external("");

    static X509Certificate certificate() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(TestCertificates.chainPem(TestCertificates.Kind.LOCALHOST)
                                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    static SaslChannel channel(String kind) {
        return switch (kind) {
            case "tls" -> new SaslChannel(true, certificate(), "server.example.com", 143);
            case "local" -> new SaslChannel(true, null, "localhost", 143);
            default -> new SaslChannel(false, null, "server.example.com", 143);
        };
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : Arrays.asList(text.split(" "));
    }

    private static Credentials credentials(String kind) {
        return kind.equals("password") ? PASSWORD : kind.equals("token") ? TOKEN : CERTIFICATE;
    }

    @ParameterizedTest
    @CsvSource({
        // channel, credentials, offered, wanted, chosen
        "tls, password, PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS,, SCRAM-SHA-256-PLUS",
        "tls, password, SCRAM-SHA-1-PLUS SCRAM-SHA-256,, SCRAM-SHA-1-PLUS",
        "local, password, SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-1 PLAIN,, SCRAM-SHA-1",
        "tls, password, login plain cram-md5,, CRAM-MD5",
        "tls, password, login plain,, PLAIN",
        "tls, password, login plain, LOGIN PLAIN, LOGIN",
        "tls, password, LOGIN,, LOGIN",
        "clear, password, PLAIN LOGIN CRAM-MD5,, CRAM-MD5",
        "clear, password, PLAIN SCRAM-SHA-256,, SCRAM-SHA-256",
        "tls, password, PLAIN EXTERNAL XOAUTH2,, PLAIN",
        "tls, password, PLAIN XOAUTH2, XOAUTH2, XOAUTH2",
        "tls, token, PLAIN XOAUTH2 OAUTHBEARER,, OAUTHBEARER",
        "tls, token, PLAIN XOAUTH2,, XOAUTH2",
        "tls, certificate, PLAIN EXTERNAL,, EXTERNAL",
        "clear, certificate, EXTERNAL,, EXTERNAL",
    })
    void takesTheStrongestThatFits(String channel, String kind, String offered, String wanted, String chosen)
            throws Exception {
        SaslChooser chooser = new SaslChooser(credentials(kind), words(wanted));
        assertThat(chooser.choose(words(offered), channel(channel), false).mechanism())
                .isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource({
        "clear, password, PLAIN LOGIN,, true",
        "clear, token, XOAUTH2 OAUTHBEARER,, true",
        "clear, password, GSSAPI,, false",
        "tls, password, OAUTHBEARER,, false",
        "tls, token, PLAIN,, false",
        "tls, password, PLAIN, SCRAM-SHA-256, false",
        "local, password, SCRAM-SHA-256-PLUS,, false",
    })
    void tellsWhyThereIsNone(String channel, String kind, String offered, String wanted, boolean needsEncryption) {
        SaslChooser chooser = new SaslChooser(credentials(kind), words(wanted));
        SaslImpossible none = catchThrowableOfType(
                SaslImpossible.class, () -> chooser.choose(words(offered), channel(channel), false));
        assertThat(none.needsEncryption()).isEqualTo(needsEncryption);
        assertThat(none).hasMessageNotContaining("tanstaaf");
    }

    @Test
    void refusesMechanismsThatDoNotExistOrDoNotFit() {
        assertThatThrownBy(() -> new SaslChooser(PASSWORD, List.of("X")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PLAIN, LOGIN");
        assertThatThrownBy(() -> new SaslChooser(TOKEN, List.of("PLAIN")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
    }

    @Test
    void asksForANewTokenOnlyWhenTheOldOneWasRefused() throws Exception {
        SaslChooser chooser = new SaslChooser(TOKEN, List.of("XOAUTH2"));
        assertThat(text(chooser.choose(List.of("XOAUTH2"), channel("tls"), false)
                        .initialResponse()))
                .contains("Bearer old");
        assertThat(text(chooser.choose(List.of("XOAUTH2"), channel("tls"), true).initialResponse()))
                .contains("Bearer new");
    }

    @Test
    void aTokenThatCannotBeHadIsATransientFailureThatShowsNothing() {
        Credentials broken = Credentials.ofTokens("tim", refused -> {
            throw new IOException("secret answer of the token endpoint");
        });
        SaslFailed failed = catchThrowableOfType(SaslFailed.class, () -> new SaslChooser(broken, List.of())
                .choose(List.of("XOAUTH2"), channel("tls"), false));
        assertThat(failed.isTransient()).isTrue();
        assertThat(failed).hasMessageContaining("no access token").hasMessageNotContaining("secret");
        for (String bad : Arrays.asList("a b", "", "a\r\nRSET", "a\1b", "ä", null)) {
            Credentials strange = Credentials.ofTokens("tim", refused -> bad);
            assertThatThrownBy(
                            () -> new SaslChooser(strange, List.of()).choose(List.of("XOAUTH2"), channel("tls"), false))
                    .as("token %s", bad)
                    .isInstanceOf(SaslFailed.class);
        }
    }

    /** RFC 5802 §6: who could have bound says so, and a server that can as well knows that its offer was taken away. */
    @ParameterizedTest
    @CsvSource({
        "tls,, y",
        "tls, SCRAM-SHA-256, n",
        "tls, SCRAM-SHA-256 SCRAM-SHA-256-PLUS, n",
        "local,, n",
    })
    void tellsTheServerWhetherItCouldHaveBound(String channel, String wanted, String flag) throws Exception {
        SaslClient client =
                new SaslChooser(PASSWORD, words(wanted)).choose(List.of("SCRAM-SHA-256"), channel(channel), false);
        assertThat(text(client.initialResponse())).startsWith(flag + ",,n=tim,r=");
    }

    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-256-PLUS",
        "SCRAM-SHA-1-PLUS",
        "SCRAM-SHA-256",
        "SCRAM-SHA-1",
        "PLAIN",
        "LOGIN",
        "OAUTHBEARER",
        "XOAUTH2"
    })
    void bothHalvesUnderstandEachOther(String name) throws Exception {
        String user = "t=i,m";
        SaslServers servers = SaslServers.of(
                (u, p) -> u.equals(user) && p.reveal().equals("tanstaaf"),
                (u, m) -> u.equals(user)
                        ? java.util.Optional.of(ScramKeys.of(m, Secret.of("tanstaaf"), new byte[] {1, 2}, 4096))
                        : java.util.Optional.empty(),
                (u, t) -> t.reveal().equals("tanstaaf") ? java.util.Optional.of(user) : java.util.Optional.empty());
        assertThat(servers.mechanisms(true, certificate())).contains(name);
        assertThat(dialogue(servers, name, new Credentials(user, Secret.of("tanstaaf"))))
                .isEqualTo("Done " + user);
        assertThat(dialogue(servers, name, new Credentials(user, Secret.of("wrong"))))
                .isEqualTo("Refused WRONG");
        if (!name.endsWith("OAUTH2") && !name.startsWith("OAUTH")) {
            assertThat(dialogue(servers, name, new Credentials("eve", Secret.of("tanstaaf"))))
                    .isEqualTo("Refused WRONG");
        } else {
            assertThat(dialogue(servers, name, new Credentials("eve", Secret.of("tanstaaf"))))
                    .isEqualTo("Refused NOT_AUTHORIZED");
        }
    }

    @Test
    void passwordsThatAreKnownGiveEverythingButTokens() throws Exception {
        SaslServers servers = SaslServers.ofPasswords(java.util.Map.of("tim", Secret.of("tanstaaf")));
        assertThat(servers.mechanisms(true, null)).containsExactly("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN");
        assertThat(servers.mechanisms(false, null)).containsExactly("SCRAM-SHA-256", "SCRAM-SHA-1");
        for (String name : servers.mechanisms(true, certificate())) {
            assertThat(dialogue(servers, name, PASSWORD)).isEqualTo("Done tim");
            assertThat(dialogue(servers, name, new Credentials("tim", Secret.of("x"))))
                    .isEqualTo("Refused WRONG");
            assertThat(dialogue(servers, name, new Credentials("eve", Secret.of("x"))))
                    .isEqualTo("Refused WRONG");
        }
        assertThatThrownBy(() -> servers.begin("XOAUTH2", null)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String dialogue(SaslServers servers, String name, Credentials credentials) throws Exception {
        SaslClient client = new SaslChooser(credentials, List.of(name)).begin(name, channel("tls"), false);
        SaslServer server = servers.begin(name, certificate());
        List<String> steps = new ArrayList<>();
        SaslServer.Step step = server.next(client.initialResponse());
        while (step instanceof SaslServer.Challenge challenge) {
            steps.add(text(challenge.octets()));
            step = server.next(client.respond(challenge.octets()));
        }
        if (step instanceof SaslServer.Done done) {
            client.checkServer();
            return "Done " + done.user();
        }
        return "Refused " + ((SaslServer.Refused) step).reason();
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
