package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SortOrderTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            date                    | (DATE)
            date,-size              | (DATE REVERSE SIZE)
            reverse,date, Subject   | (REVERSE DATE SUBJECT)
            -arrival from to cc     | (REVERSE ARRIVAL FROM TO CC)
            """)
    void readsKeysWithAMinusOrTheWordReverse(String text, String order) {
        assertThat(SortOrder.parse(text)).hasToString(order);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | cannot sort by ""
            sender          | cannot sort by "sender"
            date)           | cannot sort by "date)"
            reverse,-date   | reversed twice
            --date          | cannot sort by "-date"
            date,reverse    | no key follows the last reverse
            """)
    void refusesWhatIsNoOrder(String text, String message) {
        assertThatThrownBy(() -> SortOrder.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @TranscriptTest
    void sortsOnTheServer(Pace pace) throws Exception {
        // RFC 5256 §3; a number too often, one that is none, MODSEQ at the end, and an answer in two pieces.
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("SORT", """
                C: a3 UID SORT (REVERSE DATE) US-ASCII UNSEEN UNDELETED
                S: * SORT 5 3 4294967295
                S: * SORT 5 0 1 (MODSEQ 12)
                S: a3 OK
                C: a4 UID SORT (SIZE) UTF-8 SUBJECT {3}
                S: + go on
                C: \u00e4x
                S: * SORT
                S: a4 OK
                C: a5 UID SORT (CC) US-ASCII UNDELETED
                S: * SORT three
                S: a5 NO [SERVERBUG] no
                """));
                ImapClient client = selected(server)) {
            assertThat(client.canSort()).isTrue();
            assertThat(client.uidSort(SortOrder.parse("-date"), SearchCriteria.UNSEEN))
                    .containsExactly(5, 3, 4294967295L, 1);
            assertThat(client.uidSort(SortOrder.parse("size"), SearchCriteria.of("SUBJECT", "\u00e4x")))
                    .isEmpty();
            assertThatThrownBy(() -> client.uidSort(SortOrder.parse("cc"), SearchCriteria.UNDELETED))
                    .isInstanceOf(CommandRefused.class)
                    .hasMessageContaining("UID SORT (CC)");
            server.assertPlayedToTheEnd();
        }
    }
}
