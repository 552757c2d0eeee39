package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sent Items          | Sent Items
            Entwürfe            | Entw&APw-rfe
            a & b               | a &- b
            台北                 | &U,BTFw-
            ~peter/mail/台北/日本語 | ~peter/mail/&U,BTFw-/&ZeVnLIqe-
            ☺!                  | &Jjo-!
            😀                   | &2D3eAA-
            """)
    void travelsAsModifiedUtf7(String name, String wire) {
        assertThat(MailboxName.of(name).wire()).isEqualTo(wire);
        assertThat(MailboxName.ofWire(wire).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"&", "a&b", "&Jjo", "&!!!-", "&AA-"})
    void keepsWhatIsNoModifiedUtf7(String wire) {
        assertThat(MailboxName.ofWire(wire)).hasToString(wire);
        assertThat(MailboxName.ofWire(wire).wire()).isEqualTo(wire);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INBOX", "inbox", "Inbox"})
    void knowsTheInboxInAnyCase(String name) {
        assertThat(MailboxName.of(name)).isEqualTo(MailboxName.INBOX);
        assertThat(MailboxName.ofWire(name)).isEqualTo(MailboxName.INBOX);
    }

    @Test
    void comparesOtherNamesAsTheyAre() {
        assertThat(MailboxName.of("Sent")).isNotEqualTo(MailboxName.of("sent"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\r\nb", "a\u0000", "a\nA1 LOGOUT", "a\u007f"})
    void refusesNamesThatCouldEndACommand(String name) {
        assertThatThrownBy(() -> MailboxName.of(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
