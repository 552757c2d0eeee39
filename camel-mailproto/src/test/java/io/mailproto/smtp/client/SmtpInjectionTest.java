package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.testing.ScriptedPeer;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What would bring a command or a parameter of its own is refused before a byte of the command is written, and the
 * conversation goes on: the scripted server would see any byte too many.
 */
class SmtpInjectionTest {
    /** Refused wherever text goes into a command. */
    private static final List<String> ANYWHERE = List.of(
            "a\r\nRSET\r\n",
            "a\nRSET",
            "a\rRSET",
            "a\0b",
            "a\u007fb",
            "a\u0085b",
            "a\u2028b",
            "a\u760d\u760aRCPT TO:<x@y>",
            "\"a\r\nb\"@c",
            "\ud800",
            "x".repeat(100_000));

    /** Refused where an address is meant. */
    private static final List<String> ADDRESSES =
            List.of("a@b> SIZE=1", "a@b>\tNOTIFY=NEVER", "<a@b> X", "<a@b>", "=?utf-8?q?=0d=0aX:_y?=");

    static Stream<String> everywhere() {
        return ANYWHERE.stream();
    }

    static Stream<String> inAddresses() {
        return Stream.concat(ANYWHERE.stream(), ADDRESSES.stream());
    }

    @ParameterizedTest
    @MethodSource("inAddresses")
    void noAddressCanBeMadeOfIt(String evil) {
        assertThatThrownBy(() -> EmailAddress.parse(evil)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EmailAddress.parse("ann@" + evil)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EmailAddress.parse(evil + "@example.com"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("inAddresses")
    void noEhloNameCanBeMadeOfIt(String evil) {
        assertThatThrownBy(() -> Domain.parse(evil)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void vrfyAndExpnRefuseItAndTheConversationGoesOn() throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: 220 mx
                C: EHLO client.example.com
                S: 250 mx
                C: NOOP
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                for (String evil : ANYWHERE) {
                    assertThatThrownBy(() -> client.verify(evil)).isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> client.expand(evil)).isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> client.help(evil)).isInstanceOf(IllegalArgumentException.class);
                }
                client.noop();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void credentialsRefuseControlCharactersAndHalfCharacters(String evil) {
        boolean isOnlyData = evil.startsWith("x") || evil.startsWith("a\u760d");
        if (isOnlyData) {
            // Base64 carries it as what it is: data.
            Assertions.assertThat(new Credentials(evil, Secret.of(evil)).username())
                    .isEqualTo(evil);
        } else {
            assertThatThrownBy(() -> new Credentials(evil, Secret.of("x")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Credentials("ann", Secret.of(evil)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the password");
        }
    }
}
