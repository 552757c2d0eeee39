package io.mailproto.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the RFCs, and what is not as they have it. */
class SaslVectorsTest {
    private static final Credentials USER = new Credentials("user", Secret.of("pencil"));
    private static final byte[] NO_BINDING = {};

    private static final String SHA1_FIRST = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
    private static final String SHA1_LAST =
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=";
    private static final String SHA1_PROOF = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=";
    private static final String SHA256_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String SHA256_LAST = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String SHA256_PROOF = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static ScramSaslClient sha1() throws SaslFailed {
        return new ScramSaslClient("SCRAM-SHA-1", USER, NO_BINDING, () -> "fyko+d2lbbFgONRv9qkxdawL");
    }

    /** RFC 2195 §2. */
    @Test
    void cramMd5() throws SaslFailed {
        SaslClient client = new CramMd5Client(new Credentials("tim", Secret.of("tanstaaftanstaaf")));
        assertThat(client.initialResponse()).isNull();
        assertThat(text(client.respond(octets("<1896.697170952@postoffice.reston.mci.net>"))))
                .isEqualTo("tim b913a602c7eda7a495b4e6e7334d3890");
        assertThat(client.sendsPlaintextSecret()).isFalse();
        assertThatThrownBy(() -> client.respond(new byte[0])).isInstanceOf(SaslFailed.class);
    }

    /** RFC 5802 §5. */
    @Test
    void scramSha1() throws SaslFailed {
        ScramSaslClient client = sha1();
        assertThat(text(client.initialResponse())).isEqualTo("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
        assertThat(text(client.respond(octets(SHA1_FIRST)))).isEqualTo(SHA1_LAST);
        assertThat(client.respond(octets(SHA1_PROOF))).isEmpty();
        client.checkServer();
        assertThat(client.sendsPlaintextSecret()).isFalse();
    }

    /** RFC 7677 §3. */
    @Test
    void scramSha256() throws SaslFailed {
        ScramSaslClient client = new ScramSaslClient("SCRAM-SHA-256", USER, NO_BINDING, () -> "rOprNGfwEbeRWgbNEkqO");
        assertThat(text(client.initialResponse())).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(text(client.respond(octets(SHA256_FIRST)))).isEqualTo(SHA256_LAST);
        assertThat(client.respond(octets(SHA256_PROOF))).isEmpty();
        client.checkServer();
    }

    /** RFC 5802 §5 and RFC 7677 §3 from the other side. */
    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-1, QSXCR+Q6sek8bf92, fyko+d2lbbFgONRv9qkxdawL, 3rfcNHYJY1ZVvWVs7j",
        "SCRAM-SHA-256, W22ZaJ0SNY7soEsUEjb6gQ==, rOprNGfwEbeRWgbNEkqO, %hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    })
    void scramOnTheServer(String name, String salt, String clientNonce, String serverNonce) {
        boolean is1 = name.equals("SCRAM-SHA-1");
        ScramKeys keys =
                ScramKeys.of(name, Secret.of("pencil"), Base64.getDecoder().decode(salt), 4096);
        ScramSaslServer server = new ScramSaslServer(
                name, (user, mechanism) -> Optional.of(keys), NO_BINDING, user -> new byte[1], () -> serverNonce);
        assertThat(server.next(octets("n,,n=user,r=" + clientNonce)))
                .isInstanceOfSatisfying(SaslServer.Challenge.class, first -> assertThat(text(first.octets()))
                        .isEqualTo(is1 ? SHA1_FIRST : SHA256_FIRST));
        assertThat(server.next(octets(is1 ? SHA1_LAST : SHA256_LAST)))
                .isInstanceOfSatisfying(SaslServer.Challenge.class, proof -> assertThat(text(proof.octets()))
                        .isEqualTo(is1 ? SHA1_PROOF : SHA256_PROOF));
        assertThat(server.next(new byte[0])).isEqualTo(new SaslServer.Done("user"));
    }

    /** As doveadm pw -s SCRAM-SHA-256 writes it. */
    @Test
    void readsStoredKeys() {
        ScramKeys made = ScramKeys.of("SCRAM-SHA-256", Secret.of("pencil"), octets("0123456789abcdef"), 4096);
        Base64.Encoder base64 = Base64.getEncoder();
        ScramKeys read = ScramKeys.parse("{SCRAM-SHA-256}4096," + base64.encodeToString(made.salt()) + ","
                + base64.encodeToString(made.storedKey()) + "," + base64.encodeToString(made.serverKey()));
        assertThat(read.storedKey()).isEqualTo(made.storedKey());
        assertThat(read.serverKey()).isEqualTo(made.serverKey());
        assertThat(read.toString()).doesNotContain(base64.encodeToString(made.storedKey()));
        assertThatThrownBy(() -> ScramKeys.parse("{SCRAM-SHA-256}secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    /** RFC 7628 §4.1. */
    @Test
    void oauthbearer() throws SaslFailed {
        SaslClient client = new BearerClient(
                "OAUTHBEARER",
                "user@example.com",
                "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
                new SaslChannel(true, null, "server.example.com", 143));
        assertThat(Base64.getEncoder().encodeToString(client.initialResponse()))
                .isEqualTo(
                        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZG"
                                + "OWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB");
        // §4.3: the refusal is told in a challenge, which is answered with AQ==.
        assertThat(client.respond(octets("{\"status\":\"invalid_token\",\"scope\":\"example_scope\"}")))
                .isEqualTo(new byte[] {1});
        assertThat(client.sendsPlaintextSecret()).isTrue();
    }

    /** The example in Google's description of the protocol. */
    @Test
    void xoauth2() throws SaslFailed {
        SaslClient client = new BearerClient(
                "XOAUTH2",
                "someuser@example.com",
                "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg",
                new SaslChannel(true, null, "x", 1));
        assertThat(Base64.getEncoder().encodeToString(client.initialResponse()))
                .isEqualTo("dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhk"
                        + "SFJoZG1semRHRXVZMjl0Q2cBAQ==");
        assertThat(client.respond(octets("{\"status\":\"401\"}"))).isEmpty();
    }

    @Test
    void externalNamesWhomToActFor() {
        assertThat(new ExternalClient(Credentials.external("")).initialResponse())
                .isEmpty();
        assertThat(text(new ExternalClient(Credentials.external("boss")).initialResponse()))
                .isEqualTo("boss");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "e=other-error",
                "r=somebodyelses,s=QSXCR+Q6sek8bf92,i=4096",
                "r=fyko+d2lbbFgONRv9qkxdawL3rfc,s=QSXCR+Q6sek8bf92,i=0",
                "r=fyko+d2lbbFgONRv9qkxdawL3rfc,s=QSXCR+Q6sek8bf92,i=-1",
                "r=fyko+d2lbbFgONRv9qkxdawL3rfc,s=QSXCR+Q6sek8bf92,i=2147483647",
                "r=fyko+d2lbbFgONRv9qkxdawL3rfc,s=QSXCR+Q6sek8bf92,i=99999999999999999999",
                "r=fyko+d2lbbFgONRv9qkxdawL3rfc,s=!,i=4096",
                "m=ext,r=fyko+d2lbbFgONRv9qkxdawL3rfc,s=QSXCR+Q6sek8bf92,i=4096",
                "\u0000",
            })
    void scramGoesNoFurtherWhenTheServerIsStrange(String first) throws SaslFailed {
        ScramSaslClient client = sha1();
        client.initialResponse();
        assertThatThrownBy(() -> client.respond(octets(first)))
                .isInstanceOf(SaslFailed.class)
                .hasMessageNotContaining("pencil");
        assertThatThrownBy(client::checkServer).isInstanceOf(SaslFailed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=AAAApqV8S7suAoZWja4dJRkFsKQ=", "v=", "e=invalid-proof"})
    void scramBelievesNoServerWithoutItsProof(String last) throws SaslFailed {
        ScramSaslClient client = sha1();
        client.initialResponse();
        client.respond(octets(SHA1_FIRST));
        assertThatThrownBy(() -> client.respond(octets(last))).isInstanceOf(SaslFailed.class);
        assertThatThrownBy(client::checkServer).isInstanceOf(SaslFailed.class);
    }

    @Test
    void scramTakesPasswordsThatSaslprepDoesNotKnow() throws SaslFailed {
        Credentials young = new Credentials("user", Secret.of("pencil \ud83d\ude00"));
        ScramSaslClient client =
                new ScramSaslClient("SCRAM-SHA-1", young, NO_BINDING, () -> "fyko+d2lbbFgONRv9qkxdawL");
        client.initialResponse();
        assertThat(text(client.respond(octets(SHA1_FIRST)))).startsWith("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SCRAM-SHA-1 | n,,n=user | MALFORMED",
                "SCRAM-SHA-1 | n,,n=,r=abc | MALFORMED",
                "SCRAM-SHA-1 | n,,n=us=er,r=abc | MALFORMED",
                "SCRAM-SHA-1 | n,,m=x,n=user,r=abc | MALFORMED",
                "SCRAM-SHA-1 | n,b=x,n=user,r=abc | MALFORMED",
                "SCRAM-SHA-1 | hello | MALFORMED",
                "SCRAM-SHA-1 | p=tls-server-end-point,,n=user,r=abc | WRONG",
                "SCRAM-SHA-1 | y,,n=user,r=abc | WRONG",
                "SCRAM-SHA-1-PLUS | n,,n=user,r=abc | WRONG",
                "SCRAM-SHA-1-PLUS | p=tls-unique,,n=user,r=abc | WRONG",
            })
    void aScramServerRefuses(String name, String first, SaslServer.Reason reason) {
        SaslServer server = SaslServers.ofPasswords(java.util.Map.of("user", Secret.of("pencil")))
                .begin(name, SaslChooserTest.certificate());
        SaslServer scram = name.endsWith("PLUS") || first.startsWith("y")
                ? new ScramSaslServer(name, (u, m) -> Optional.empty(), new byte[] {1}, u -> new byte[1])
                : server;
        assertThat(scram.next(octets(first)))
                .isInstanceOfSatisfying(SaslServer.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(reason));
    }

    @Test
    void aScramServerTellsNobodyWhoExists() {
        SaslServers servers = SaslServers.ofPasswords(java.util.Map.of("user", Secret.of("pencil")));
        List<String> seen = new java.util.ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SaslServer server = servers.begin("SCRAM-SHA-256", null);
            SaslServer.Challenge first = (SaslServer.Challenge) server.next(octets("n,,n=nobody,r=abc"));
            seen.add(text(first.octets()).replaceFirst("r=[^,]*", ""));
            String nonce = text(first.octets()).replaceFirst(",s=.*", "");
            assertThat(server.next(octets("c=biws," + nonce + ",p=AAAA")))
                    .isEqualTo(new SaslServer.Refused(SaslServer.Reason.WRONG, "nobody"));
        }
        assertThat(seen.get(0)).isEqualTo(seen.get(1)).contains("i=4096");
    }

    @ParameterizedTest
    @CsvSource({
        "OAUTHBEARER, 'n,a=tim,|auth=Bearer good||', Done",
        "OAUTHBEARER, 'n,,|host=x|auth=bearer good||', Done",
        "OAUTHBEARER, 'n,a=eve,|auth=Bearer good||', NOT_AUTHORIZED",
        "OAUTHBEARER, 'n,a=tim,|auth=Bearer bad||', WRONG",
        "OAUTHBEARER, 'n,a=tim,|auth=Basic good||', MALFORMED",
        "OAUTHBEARER, 'p=x,,|auth=Bearer good||', MALFORMED",
        "OAUTHBEARER, 'n,a=tim,|auth=Bearer good', MALFORMED",
        "OAUTHBEARER, '|', MALFORMED",
        "XOAUTH2, 'user=tim|auth=Bearer good||', Done",
        "XOAUTH2, 'user=tim|auth=Bearer bad||', WRONG",
        "XOAUTH2, 'user=|auth=Bearer good||', MALFORMED",
        "XOAUTH2, 'n,a=tim,|auth=Bearer good||', MALFORMED",
    })
    void aTokenServerAnswers(String name, String message, String outcome) {
        SaslServer server = SaslServers.of(
                        null,
                        null,
                        (user, token) -> token.reveal().equals("good") ? Optional.of("tim") : Optional.empty())
                .begin(name, null);
        SaslServer.Step step = server.next(octets(message.replace('|', '\1')));
        if (step instanceof SaslServer.Challenge) {
            step = server.next(new byte[] {1});
        }
        String got =
                step instanceof SaslServer.Refused refused ? refused.reason().name() : "Done";
        assertThat(got).isEqualTo(outcome);
    }
}
