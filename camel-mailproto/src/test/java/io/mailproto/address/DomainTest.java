package io.mailproto.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTest {

    @ParameterizedTest
    @ValueSource(strings = {"ü.example", "Ü.EXAMPLE", "xn--tda.example", "XN--TDA.Example"})
    void aNameEqualsItsALabelWhateverTheCase(String text) {
        Domain domain = Domain.parse(text);

        assertThat(domain.ascii()).isEqualTo("xn--tda.example");
        assertThat(domain).isEqualTo(Domain.parse("xn--tda.example")).hasSameHashCodeAs(Domain.parse("ü.example"));
        assertThat(domain).hasToString(text);
    }

    @Test
    void onlyANameBeyondAsciiNeedsUtf8() {
        assertThat(Domain.parse("ü.example").needsUtf8()).isTrue();
        assertThat(Domain.parse("xn--tda.example").needsUtf8()).isFalse();
    }

    @Test
    void aLabelHas63OctetsAndANameHas255() {
        String label = "x".repeat(63);

        assertThat(Domain.parse(label + "." + label + "." + label + "." + label).ascii())
                .hasSize(255);
        assertThatThrownBy(() -> Domain.parse("x".repeat(64))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Domain.parse("y." + label + "." + label + "." + label + "." + label))
                .hasMessage("domain is longer than 255 octets");
        assertThatThrownBy(() -> Domain.parse("ü".repeat(64))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u3002", "\uff0e", "\uff61", "\u2024", "\ufe52", "\uff0f", "\uff20", "\u00a0"})
    void charactersThatPassForDotsSlashesAtSignsOrSpacesAreRefused(String character) {
        assertThatThrownBy(() -> Domain.parse("a" + character + "example"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Domain.parse("ü" + character + "example"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[IPv6:::]",
                "[IPv6:::1]",
                "[ipv6:1::]",
                "[IPv6:1:2:3:4:5:6:7:8]",
                "[IPv6:::ffff:192.0.2.1]",
                "[IPv6:1:2:3:4:5:6:192.0.2.1]",
                "[192.0.2.255]"
            })
    void addressLiteralsAreTaken(String text) {
        assertThat(Domain.parse(text).isLiteral()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[IPv6:1:2:3:4:5:6:7]",
                "[IPv6:1:2:3:4:5:6:7:8:9]",
                "[IPv6:1::2::3]",
                "[IPv6:12345::]",
                "[IPv6::1]",
                "[IPv6:1:]",
                "[IPv6:1:2:3:4:5:6:7:192.0.2.1]",
                "[IPv6:192.0.2.1]",
                "[IPv6:::ffff:192.0.2.256]",
                "[192.0.2]",
                "[192.0.2.1.]",
                "[::1]",
                "[",
                "]"
            })
    void whatIsNoAddressInBracketsIsRefused(String text) {
        assertThatThrownBy(() -> Domain.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLiteralOfAHundredThousandGroupsIsRefused() {
        assertThatThrownBy(() -> Domain.parse("[IPv6:" + "1:".repeat(100_000) + "1]"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
