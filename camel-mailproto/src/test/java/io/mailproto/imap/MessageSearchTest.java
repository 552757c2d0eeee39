package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.MessageSearch.Threading;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageSearchTest {
    private static final SearchCriteria ALL = SearchCriteria.parse("ALL");

    @TranscriptTest
    void countsWithoutListingWhereTheServerCan(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("ESEARCH PARTIAL", """
                C: a3 UID SEARCH RETURN (MIN MAX COUNT) UNSEEN UNDELETED
                S: * ESEARCH (TAG "a3") UID MIN 2 MAX 4391 COUNT 17
                S: a3 OK
                C: a4 UID SEARCH RETURN (MIN MAX COUNT) ALL
                S: * ESEARCH (TAG "a4") UID COUNT 0
                S: a4 OK
                C: a5 UID SEARCH RETURN (MIN MAX COUNT) ALL
                S: * SEARCH 5 7
                S: a5 OK
                C: a6 UID SEARCH RETURN (PARTIAL 2:3) ALL
                S: * ESEARCH (TAG "a6") UID PARTIAL (2:3 20,44:45)
                S: a6 OK
                C: a7 UID SEARCH RETURN (PARTIAL 20:30) ALL
                S: * ESEARCH (TAG "a7") UID PARTIAL (20:30 NIL)
                S: a7 OK
                C: a8 UID SEARCH RETURN (MIN MAX COUNT) ALL
                S: a8 NO [SERVERBUG] no
                """));
                ImapClient client = selected(server)) {
            SearchResult some = client.searches().count(SearchCriteria.UNSEEN);
            assertThat(some.count()).hasValue(17);
            assertThat(some.min()).hasValue(2);
            assertThat(some.max()).hasValue(4391);
            SearchResult none = client.searches().count(ALL);
            assertThat(none.count()).hasValue(0);
            assertThat(none.min()).isEmpty();
            // Q15: SEARCH as the answer to ESEARCH.
            assertThat(client.searches().count(ALL).count()).hasValue(2);
            assertThat(client.searches().page(ALL, 2, 3)).hasToString("20,44:45");
            assertThat(client.searches().page(ALL, 20, 30).isEmpty()).isTrue();
            assertThatThrownBy(() -> client.searches().count(ALL)).isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void withoutExtensionsItCountsAndCutsItself(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("", """
                C: a3 UID SEARCH ALL
                S: * SEARCH 9 2 5
                S: a3 OK
                C: a4 UID SEARCH ALL
                S: * SEARCH 9 2 5 11
                S: a4 OK
                C: a5 UID SEARCH ALL
                S: a5 OK
                """));
                ImapClient client = selected(server)) {
            SearchResult result = client.searches().count(ALL);
            assertThat(result.count()).hasValue(3);
            assertThat(result.min()).hasValue(2);
            assertThat(result.max()).hasValue(9);
            assertThat(client.searches().page(ALL, 2, 3)).isEqualTo(UidSet.of(5, 9));
            assertThat(client.searches().count(ALL).count()).hasValue(0);
            assertThatThrownBy(() -> client.searches().page(ALL, 0, 3)).isInstanceOf(IllegalArgumentException.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void threads(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, selected("THREAD=REFERENCES", """
                C: a3 UID THREAD REFERENCES US-ASCII ALL
                S: * THREAD (166)(167)(168)(169)(172)((170)(179))(3 6 (4 23)(44 7 96))
                S: a3 OK
                C: a4 UID THREAD ORDEREDSUBJECT US-ASCII ALL
                S: a4 BAD unknown
                """));
                ImapClient client = selected(server)) {
            assertThat(client.searches().canThread(Threading.REFERENCES)).isTrue();
            assertThat(client.searches().canThread(Threading.ORDEREDSUBJECT)).isFalse();
            List<MessageThread> threads = client.searches().threads(Threading.REFERENCES, ALL);
            assertThat(threads).hasSize(7);
            assertThat(threads.get(5).uids()).isEmpty();
            assertThat(threads.get(5).all()).containsExactly(170L, 179L);
            assertThat(threads.get(6).uids()).containsExactly(3L, 6L);
            assertThat(threads.get(6).answers())
                    .extracting(MessageThread::uids)
                    .containsExactly(List.of(4L, 23L), List.of(44L, 7L, 96L));
            assertThatThrownBy(() -> client.searches().threads(Threading.ORDEREDSUBJECT, ALL))
                    .isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @CsvSource({"(1", "(1 (2)", "1 2", "(x)", ")"})
    void threadsThatMakeNoSenseAreSkipped(String threads) {
        assertThat(Raw.parsed("* THREAD " + threads)).isInstanceOf(ImapResponse.Unparsed.class);
    }

    @Test
    void q28ThreadsThatAreNestedWithoutEndAreSkipped() {
        assertThat(Raw.parsed("* THREAD " + "(".repeat(100_000))).isInstanceOf(ImapResponse.Unparsed.class);
        assertThat(Raw.parsed("* THREAD")).isEqualTo(new ImapResponse.Threads(List.of()));
    }
}
