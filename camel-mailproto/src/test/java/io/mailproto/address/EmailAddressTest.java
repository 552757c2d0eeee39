package io.mailproto.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.example",
                "A.b+c=d@B.example",
                "!#$%&'*+-/=?^_`{|}~@b.example",
                "user%other.example@local.example",
                "other!user@local.example",
                "\"a b\"@c.example",
                "\"a@x\"@c.example",
                "\"a\\\"b\"@c.example",
                "\"a\\\\b\"@c.example",
                "\"<>,;:()[]\"@c.example",
                "Postmaster",
                "a@[127.0.0.1]",
                "a@[IPv6:::1]",
                "a@[IPv6:2001:db8::25]",
                "a@xn--tda.example",
                "ü@b.example",
                "a@ü.example",
                "瘍瘊@瘍瘊.example",
                "\uD83D\uDE00@b.example",
                "\"ü b\"@c.example"
            })
    void anAddressIsWrittenAsItWasRead(String text) {
        EmailAddress address = EmailAddress.parse(text);

        assertThat(address).hasToString(text);
        assertThat(EmailAddress.parse(address.toString())).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"a b\"@c.example, a b",
                "\"a\\\"b\"@c.example, a\"b",
                "\"a@x\"@c.example, a@x",
                "\"plain\"@c.example, plain",
                "user@other@c.example, user@other"
            })
    void theLocalPartIsTheMeaningAndTheLastAtBeginsTheDomain(String text, String localPart) {
        EmailAddress address = EmailAddress.parse(text);

        assertThat(address.localPart()).isEqualTo(localPart);
        assertThat(address.domain()).isEqualTo(Domain.parse("c.example"));
        assertThat(EmailAddress.parse(address.toString())).isEqualTo(address);
    }

    @Test
    void whereMailIsToGoASecondAtMustBeQuoted() {
        assertThatThrownBy(() -> EmailAddress.parseStrictly("user@other@c.example"))
                .hasMessage("there is a second @ that is not quoted; a comma may be missing");
        assertThat(EmailAddress.parseStrictly("\"user@other\"@c.example"))
                .isEqualTo(EmailAddress.parse("user@other@c.example"));
        assertThat(EmailAddress.parseStrictly("a@c.example")).isEqualTo(EmailAddress.parse("a@c.example"));
    }

    @Test
    void quotesThatAreNotNeededAreDropped() {
        assertThat(EmailAddress.parse("\"plain\"@c.example")).hasToString("plain@c.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {".a@b.example", "a.@b.example", "a..b@b.example"})
    void dotsAtOddPlacesAreTakenAndWrittenAsTheyCame(String text) {
        EmailAddress address = EmailAddress.parse(text);

        assertThat(address).hasToString(text);
        assertThat(EmailAddress.parse(address.toString())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "@b.example",
                "a@",
                "a",
                "\"\"@b.example",
                "a b@c.example",
                "a(comment)@b.example",
                "a@b.example(comment)",
                "<a@b.example>",
                "a@b.example> , <c@d.example",
                "a@b.example,c@d.example",
                "@x.example,@y.example:a@b.example",
                "\"a@b.example",
                "\"a\"b@c.example",
                "\"a\"",
                "\"a\\",
                "a\"b\"@c.example",
                "a@b..c",
                "a@.b",
                "a@b.",
                "a@-b",
                "a@b-",
                "a@b c",
                "a@b/c",
                "a@b\u3002example",
                "a@ü\u3002example",
                "a@[]",
                "a@[127.0.0.1",
                "a@[256.0.0.1]",
                "a@[IPv6:]",
                "a@[IPv6:g::1]",
                "a@[IPv6:::::]",
                "a@[IPv6:abcd]",
                "a@[x]"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> EmailAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r",
                "\n",
                "\r\n",
                "\0",
                "\t",
                "\u001b",
                "\u007f",
                "\u0080",
                "\u0085",
                "\u009f",
                "\u2028",
                "\u2029",
                "\uD800",
                "\uDC00",
                "\uDC00\uD800",
                "\uD83D\uD83D\uDE00"
            })
    void charactersThatCouldBeginANewLineOrAreNoneAreRefusedEverywhere(String evil) {
        List<String> texts = List.of(
                evil + "a@b.example",
                "a" + evil + "b@c.example",
                "a" + evil + "@c.example",
                "\"a" + evil + "b\"@c.example",
                "\"a\\" + evil + "b\"@c.example",
                "a@" + evil + "b.example",
                "a@b" + evil + "c.example",
                "a@b.example" + evil,
                "a@[127.0.0.1" + evil + "]",
                "a@[IPv6:::1" + evil + "]");
        for (String text : texts) {
            assertThatThrownBy(() -> EmailAddress.parse(text))
                    .as(() ->
                            text.chars().mapToObj(Integer::toHexString).toList().toString())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aLocalPartIsCheckedHoweverTheAddressIsMade() {
        Domain domain = Domain.parse("b.example");

        for (String local : List.of("", "a\r\nb", "a\0", "a\u0085", "a\u2028", "a\uD800", "x".repeat(65))) {
            assertThatThrownBy(() -> new EmailAddress(local, domain)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** U+760D and U+760A end in the octets of CR and LF; cut to one octet each they would begin a new line. */
    @Test
    void charactersWhoseLowOctetsAreCrAndLfStayWhole() {
        EmailAddress address = EmailAddress.parse("瘍瘊@瘍瘊.example");

        assertThat(address.toString().getBytes(StandardCharsets.UTF_8)).doesNotContain('\r', '\n');
        assertThat(address.domain().ascii()).startsWith("xn--").doesNotContain("\r", "\n");
        assertThat(address.needsUtf8()).isTrue();
    }

    @Test
    void theLengthOfALocalPartIsCountedInOctets() {
        assertThat(EmailAddress.parse("x".repeat(64) + "@b.example").localPart())
                .hasSize(64);
        assertThat(EmailAddress.parse("ü".repeat(32) + "@b.example").localPart())
                .hasSize(32);
        assertThatThrownBy(() -> EmailAddress.parse("x".repeat(65) + "@b.example"))
                .hasMessage("local part is longer than 64 octets");
        assertThatThrownBy(() -> EmailAddress.parse("ü".repeat(33) + "@b.example"))
                .hasMessage("local part is longer than 64 octets");
    }

    @Test
    void onlyPostmasterNeedsNoDomain() {
        assertThat(EmailAddress.parse("postMASTER").domain().isNone()).isTrue();
        assertThatThrownBy(() -> EmailAddress.parse("hostmaster")).hasMessage("address has no domain");
    }

    @Test
    void aFaultIsNamedWithoutRepeatingTheText() {
        assertThatThrownBy(() -> EmailAddress.parse("geheim geheim@b.example"))
                .hasMessage("local part has a character that must be quoted");
    }

    @Test
    void localPartsDifferByCaseAndDomainsDoNot() {
        assertThat(EmailAddress.parse("a@B.Example")).isEqualTo(EmailAddress.parse("a@b.example"));
        assertThat(EmailAddress.parse("A@b.example")).isNotEqualTo(EmailAddress.parse("a@b.example"));
    }

    @Test
    void anEnvelopeNeedsUtf8IfOneOfItsAddressesDoes() {
        EmailAddress plain = EmailAddress.parse("a@b.example");
        EmailAddress foreign = EmailAddress.parse("a@ü.example");

        assertThat(Envelope.of(plain, List.of(plain)).needsUtf8()).isFalse();
        assertThat(Envelope.of(foreign, List.of(plain)).needsUtf8()).isTrue();
        assertThat(Envelope.of(plain, List.of(plain, foreign)).needsUtf8()).isTrue();
        assertThat(new Envelope(Optional.empty(), List.of(plain)).reversePath()).isEqualTo("<>");
    }
}
