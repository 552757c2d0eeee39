package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchCriteriaTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            UNSEEN                                   | UNSEEN
            OR (FROM "a b") (SEEN TO ("x" "y") )     | OR (FROM "a b") (SEEN TO ("x" "y"))
            OR (FROM "a b" SEEN)  SINCE 1-Jan-2026   | OR (FROM "a b" SEEN) SINCE 1-Jan-2026
            SUBJECT "say \\"hi\\" \\\\o/"            | SUBJECT "say \\"hi\\" \\\\o/"
            """)
    void areSentAsTheyAre(String text, String sent) {
        ImapCommand command = SearchCriteria.parse(text).appendTo(ImapCommand.of(ImapVerb.UID_SEARCH));

        assertThat(command.parts()).singleElement().satisfies(part -> assertThat(part.text())
                .isEqualTo("UID SEARCH " + sent));
    }

    @Test
    void sendUnicodeAsLiterals() throws Exception {
        ImapCommand command = SearchCriteria.parse("SUBJECT \"Gr\u00fc\u00dfe\" UNSEEN")
                .appendTo(ImapCommand.of(ImapVerb.UID_SEARCH));

        List<ImapCommand.Part> parts = command.parts();
        assertThat(parts).hasSize(2);
        assertThat(parts.get(0).text()).isEqualTo("UID SEARCH CHARSET UTF-8 SUBJECT ");
        assertThat(parts.get(0).literal().toByteArray()).isEqualTo("Gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8));
        assertThat(parts.get(1).text()).isEqualTo(" UNSEEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "SUBJECT \"x",
                "(UNSEEN",
                "UNSEEN)",
                ")(",
                "UNSEEN\r\na9 LOGOUT",
                "SUBJECT \"a\r\nb\"",
                "SUBJECT {3}",
                "SUBJECT Gr\u00fc\u00dfe",
                "SUBJECT \"a\u0000\""
            })
    void refuseWhatWouldBeNoSearch(String text) {
        assertThatThrownBy(() -> SearchCriteria.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void canBeCombined() {
        assertThat(SearchCriteria.UNSEEN.and(SearchCriteria.parse("FROM \"x\"")).within(UidSet.range(1, 5)))
                .hasToString("UID 1:5 UNSEEN UNDELETED FROM \"x\"");
    }

    @Test
    void areMadeOfKeysAndTextsAndDays() {
        SearchCriteria subject = SearchCriteria.of("SUBJECT", "a \"b\" \\ c)");
        SearchCriteria since = SearchCriteria.of("SINCE", LocalDate.of(2026, 1, 9));
        assertThat(subject).hasToString("SUBJECT \"a \\\"b\\\" \\\\ c)\"");
        assertThat(since).hasToString("SINCE 9-Jan-2026");
        assertThat(SearchCriteria.parse("SEEN").not()).hasToString("NOT SEEN");
        assertThat(since.not()).hasToString("NOT ( SINCE 9-Jan-2026 )");
        ImapCommand command = since.or(SearchCriteria.parse("SEEN"))
                .and(SearchCriteria.header("X-Spam", ""))
                .appendTo(ImapCommand.of(ImapVerb.UID_SEARCH));
        assertThat(command.parts()).singleElement().satisfies(part -> assertThat(part.text())
                .isEqualTo("UID SEARCH OR (SINCE 9-Jan-2026) SEEN HEADER \"X-Spam\" \"\""));
        assertThatThrownBy(() -> SearchCriteria.of("SUBJECT", "a\r\nb")).isInstanceOf(IllegalArgumentException.class);
    }
}
