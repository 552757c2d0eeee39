package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
            ann . m @ example . com                     |                | ann.m@example.com
            "a@b"@example.com                           |                | "a@b"@example.com
            ann@example.com <ann@example.com>           | ann@example.com | ann@example.com
            (x) ann (y) @example.com                    | xy             | ann@example.com
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a@x.org b@x.org                  | a blank within the address
            Ann a@x.org                      | a blank within the address
            a@x.org (Ann) b@x.org            | a blank within the address
            a(c)b@x.org                      | a blank within the address
            <a@x.org b@x.org>                | a blank within the address
            A@B@x.org                        | a second @
            Ann <a@b@x.org>                  | a second @
            a@x.org(Ann)@y.org               | a second @
            Ann <a@x.org> Bob <b@x.org>      | text behind the angle brackets
            Ann <a@x.org> "Bob" <b@x.org>    | text behind the angle brackets
            <a@x.org><b@x.org>               | two addresses in angle brackets
            c@x.org, a@x.org Bcc: b@x.org    | colon behind an address
            <a@x.org>: b@x.org               | colon behind an address
            a@x.org:;                        | colon behind an address
            a@x.org (Ann, b@x.org            | comment in parentheses does not end
            """)
    void refusesWhatMayBeTwoAddressesOrLosesOne(String text, String fault) {
        assertThatThrownBy(() -> NamedAddress.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("address [12]: .*" + fault + ".*")
                .hasMessageNotContaining("x.org");
        // In a received mail it is what it is.
        assertThatCode(() -> NamedAddress.parseListLeniently(text)).doesNotThrowAnyException();
    }

    @Test
    void anAddressInBracketsOfVersion6BeginsNoGroup() {
        assertThat(NamedAddress.parseList("a@[IPv6:2001:db8::25], [b] Bob <b@[127.0.0.1]>"))
                .extracting(named -> named.address().toString())
                .containsExactly("a@[IPv6:2001:db8::25]", "b@[127.0.0.1]");
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

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void bracketsThatNeverEndTakeNoTime() {
        assertThat(NamedAddress.parseListLeniently("]" + "[".repeat(1_000_000) + "]"))
                .isEmpty();
        assertThat(NamedAddress.parseListLeniently("a@" + "@[".repeat(500_000))).isEmpty();
        assertThat(NamedAddress.parseListLeniently("ann@[IPv6:" + "1:".repeat(100_000) + "1], bob@x.test"))
                .extracting(NamedAddress::toString)
                .containsExactly("bob@x.test");
    }
}
