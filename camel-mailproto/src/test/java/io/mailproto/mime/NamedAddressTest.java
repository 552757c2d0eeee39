package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedAddressTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ann@example.com                             |                | ann@example.com
            <ann@example.com>                           |                | ann@example.com
            Ann Miller <ann@example.com>                | Ann Miller     | ann@example.com
            "Miller, Ann" <ann@example.com>             | Miller, Ann    | ann@example.com
            "say \\"hi\\"" <ann@example.com>            | say "hi"       | ann@example.com
            ann@example.com (Ann Miller)                | Ann Miller     | ann@example.com
            Ann (at work) <ann@example.com>             | Ann            | ann@example.com
            =?utf-8?Q?M=C3=BCller=2C_Ann?= <ann@example.com> | Müller, Ann | ann@example.com
            "=?utf-8?Q?M=C3=BCller?=" <ann@example.com> | Müller         | ann@example.com
            <@relay.example:ann@example.com>            |                | ann@example.com
            "a b"@example.com                           |                | "a b"@example.com
            Ann <"a>b"@example.com>                     | Ann            | "a>b"@example.com
            Müller <ann@example.com>                    | Müller         | ann@example.com
            Ann < ann @ example.com >                   | Ann            | ann@example.com
            """)
    void readsOneAddressAsItOccurs(String text, String name, String address) {
        NamedAddress parsed = NamedAddress.parse(text);

        assertThat(parsed.name()).isEqualTo(name == null ? "" : name);
        assertThat(parsed.address().toString()).isEqualTo(address);
    }

    @Test
    void readsListsAndGroups() {
        assertThat(NamedAddress.parseList("a@x.org, \"B, b\" <b@x.org>; c@x.org,,"))
                .extracting(named -> named.address().toString())
                .containsExactly("a@x.org", "b@x.org", "c@x.org");
        assertThat(NamedAddress.parseList("friends: a@x.org, b@x.org;, c@x.org"))
                .extracting(named -> named.address().toString())
                .containsExactly("a@x.org", "b@x.org", "c@x.org");
        assertThat(NamedAddress.parseList("undisclosed-recipients:;")).isEmpty();
        assertThat(NamedAddress.parseList("  ")).isEmpty();
    }

    @Test
    void tellsWhichAddressIsWrong() {
        assertThatThrownBy(() -> NamedAddress.parseList("a@x.org, no address"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("address 2");
        assertThatThrownBy(() -> NamedAddress.parse("a@x.org, b@x.org"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are 2");
    }

    @Test
    void leavesOutWhatItCannotReadInSomebodyElsesList() {
        assertThat(NamedAddress.parseListLeniently("a@x.org, nobody, <b@x.org, c@x.org"))
                .extracting(named -> named.address().toString())
                .containsExactly("a@x.org");
        assertThat(NamedAddress.parseListLeniently("\"never closed <a@x.org>")).isEmpty();
        assertThat(NamedAddress.parseListLeniently("(((")).isEmpty();
        assertThat(NamedAddress.parseListLeniently("<")).isEmpty();
    }

    @Test
    void printsNamesSoThatTheyCanBeReadAgain() {
        for (String name : new String[] {"Ann", "Miller, Ann", "say \"hi\" \\o/", "Müller", "a.b", ""}) {
            NamedAddress named =
                    new NamedAddress(name, NamedAddress.parse("ann@example.com").address());
            assertThat(NamedAddress.parse(named.toString())).isEqualTo(named);
        }
    }
}
