package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.inClear;
import static io.mailproto.imap.ClientFixture.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.imap.FetchItems.Attribute;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.wire.LimitExceeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Q28 beyond the plain cases: little that would become much, and much that comes in small pieces. */
class ImapLimitsTest {
    private static final ImapLimits SMALL = new ImapLimits(4096, 100_000, 2048, 16, 50, 50, 1000);

    @ParameterizedTest
    @ValueSource(strings = {"BODY[1] {0}", "BODY[1] {300}", "ENVELOPE {0}"})
    void q28ManySmallPiecesOfOneResponseEndTheConversation(String piece) throws Exception {
        int octets = piece.contains("300") ? 300 : 0;
        String pieces = ("S: * 1 FETCH (UID 7 " + piece)
                + ("\nS: " + "x".repeat(octets) + "y".repeat(400) + " " + piece).repeat(11);
        try (ScriptedPeer server = ScriptedPeer.serving(selected("", "C~ a3 UID FETCH .*\n" + pieces + "\n-- closed"));
                ImapClient client = selected(server, inClear().withLimits(SMALL))) {
            assertThatThrownBy(() -> client.uidFetch(
                            UidSet.of(7),
                            FetchItems.of(Attribute.FLAGS).with(BodySection.WHOLE),
                            FetchedMessage::release))
                    .isInstanceOf(LimitExceeded.class)
                    .hasMessageContaining("a response with more than");
        }
    }

    @Test
    void q28ASearchThatFindsMoreThanThereCanBeEndsTheConversation() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(selected("ESEARCH", """
                C: a3 UID SEARCH RETURN (ALL) UNSEEN UNDELETED
                S: * ESEARCH (TAG "a3") UID ALL 1:4294967295
                S: a3 OK
                -- closed
                """));
                ImapClient client = selected(server)) {
            assertThatThrownBy(() -> client.uidSearch(SearchCriteria.UNSEEN))
                    .isInstanceOf(LimitExceeded.class)
                    .hasMessageContaining("a search that found 4294967295 messages");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"* FLAGS (", "* 1 FETCH (UID 7 ENVELOPE (", "* CAPABILITY ", "* ID (", "* ACL INBOX "})
    void q28AListOfVeryManyValuesIsSkipped(String start) {
        ImapResponse response = Raw.parsed(start + "a ".repeat(ResponseLexer.MAX_VALUES + 1));
        if (response instanceof ImapResponse.Fetched fetched) {
            assertThat(fetched.message().damage())
                    .hasValueSatisfying(why -> assertThat(why).contains("more than"));
        } else {
            assertThat(response).isInstanceOf(ImapResponse.Unparsed.class);
        }
    }

    /** With a look at the whole rest for each number this would take minutes. */
    @Test
    void aLongSetWithoutRangesIsReadInOneGo() {
        StringBuilder set = new StringBuilder("2");
        for (int i = 4; i < 800_000; i += 2) {
            set.append(',').append(i);
        }
        ImapResponse.Found found = (ImapResponse.Found) Raw.parsed("* ESEARCH (TAG \"a1\") UID ALL " + set);
        assertThat(found.numbers().count()).isEqualTo(399_999);
    }

    @Test
    void whatIsWrongWithALongSetIsToldInShort() {
        ImapResponse.Unparsed response =
                (ImapResponse.Unparsed) Raw.parsed("* ESEARCH UID ALL " + "1,".repeat(10_000) + "x");
        assertThat(response.reason()).hasSizeLessThan(500);
    }
}
