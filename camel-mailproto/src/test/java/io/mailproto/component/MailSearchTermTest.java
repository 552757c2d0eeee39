package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailSearchTermTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final MailMoment NOON = MailMoment.of(Instant.parse("2026-03-01T12:00:00Z"));

    private static String criteria(MailSearchTerm term) {
        return term.criteria(NOW).toString();
    }

    private static boolean admits(MailSearchTerm term, String sent, String received) {
        return term.admits(
                Optional.ofNullable(sent).map(Instant::parse),
                Optional.ofNullable(received).map(Instant::parse),
                NOW);
    }

    @Test
    void isSaidInTheWordsOfImap() {
        MailSearchTerm term = MailSearchTerm.unseen()
                .and(MailSearchTerm.subject("a \"b\"").or(MailSearchTerm.from("ann")))
                .and(MailSearchTerm.flag("\\Flagged").not())
                .and(MailSearchTerm.flag("$Junk"))
                .and(MailSearchTerm.header("List-Id", ""))
                .and(MailSearchTerm.imap("LARGER 10"));
        assertThat(criteria(term))
                .isEqualTo("UNSEEN OR ( SUBJECT \"a \\\"b\\\"\" ) ( FROM \"ann\" ) NOT Flagged KEYWORD $Junk"
                        + " HEADER \"List-Id\" \"\" LARGER 10");
        assertThat(term.isForUnseenOnly()).isTrue();
        assertThat(term.not().isForUnseenOnly()).isFalse();
        assertThat(term.hasMoments()).isFalse();
        assertThatThrownBy(() -> MailSearchTerm.flag("x y")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MailSearchTerm.body("x\r\ny")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void asksForAllDaysThatMayBeMeantAndLooksAtTheHourAfterwards() {
        MailSearchTerm term = MailSearchTerm.receivedSince(NOON).and(MailSearchTerm.sentUntil(NOON));
        assertThat(criteria(term)).isEqualTo("SINCE 1-Mar-2026 SENTBEFORE 3-Mar-2026");
        assertThat(criteria(MailSearchTerm.receivedSince(MailMoment.of(Instant.parse("2026-03-01T11:59:59Z")))))
                .isEqualTo("SINCE 28-Feb-2026");
        assertThat(term.hasMoments()).isTrue();
        assertThat(term.asksWhenSent()).isTrue();
        assertThat(admits(term, "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z")).isTrue();
        assertThat(admits(term, "2026-03-01T12:00:01Z", "2026-03-01T12:00:00Z")).isFalse();
        assertThat(admits(term, "2026-03-01T12:00:00Z", "2026-03-01T11:59:59Z")).isFalse();
        assertThat(admits(term, null, "2026-03-01T12:00:00Z"))
                .as("without a date")
                .isFalse();
        assertThat(admits(term, "2026-03-01T12:00:00Z", null))
                .as("the server does not tell")
                .isTrue();
    }

    @Test
    void turnsEverythingRoundForTheOpposite() {
        MailSearchTerm term = MailSearchTerm.receivedSince(NOON)
                .or(MailSearchTerm.subject("x"))
                .not();
        assertThat(criteria(term)).isEqualTo("BEFORE 3-Mar-2026 NOT ( SUBJECT \"x\" )");
        assertThat(admits(term, null, "2026-03-01T11:59:59Z")).isTrue();
        assertThat(admits(term, null, "2026-03-01T12:00:00Z")).isFalse();
        assertThat(criteria(MailSearchTerm.sentUntil(NOON).not())).isEqualTo("SENTSINCE 1-Mar-2026");
        assertThat(criteria(
                        MailSearchTerm.subject("x").and(MailSearchTerm.unseen()).not()))
                .isEqualTo("OR ( NOT ( SUBJECT \"x\" ) ) SEEN");
    }

    @Test
    void cannotTellTheHourOfOneAlternative() {
        MailSearchTerm term = MailSearchTerm.receivedSince(NOON).or(MailSearchTerm.subject("x"));
        assertThat(admits(term, null, "2026-03-01T00:00:00Z")).isTrue();
    }

    @Test
    void movesWithTheClock() {
        MailSearchTerm term = MailSearchTerm.sentSince(MailMoment.ago(Duration.ofHours(24)));
        assertThat(criteria(term)).isEqualTo("SENTSINCE 2-Mar-2026");
        assertThat(admits(term, "2026-03-03T05:06:07Z", null)).isTrue();
        assertThat(admits(term, "2026-03-03T05:06:06Z", null)).isFalse();
    }

    @Test
    void hasAllKeysOfCamelMail() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("subjectOrBody", "a");
        options.put("subject", "b");
        options.put("body", "c");
        options.put("from", "d");
        options.put("to", "e");
        options.put("fromSentDate", "now-24h");
        options.put("toSentDate", "now");
        options.put("fromReceivedDate", "now-2d");
        options.put("toReceivedDate", "now");
        assertThat(criteria(SearchTermOptions.term(options).orElseThrow()))
                .contains("UNSEEN", "OR ( SUBJECT \"a\" ) ( BODY \"a\" )", "SUBJECT \"b\"", "BODY \"c\"", "FROM \"d\"")
                .contains("TO \"e\"", "SENTSINCE 2-Mar-2026", "SENTBEFORE 5-Mar-2026", "SINCE 1-Mar-2026")
                .contains(" BEFORE 5-Mar-2026");
        assertThat(criteria(SearchTermOptions.term(Map.of("unseen", "false", "subject", "x"))
                        .orElseThrow()))
                .isEqualTo("SUBJECT \"x\"");
        assertThat(SearchTermOptions.term(Map.of("unseen", "false"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "cc, x, searchTerm.cc: unknown; there are unseen",
        "unseen, maybe, searchTerm.unseen must be true or false",
        "fromSentDate, 1.1.2026, searchTerm.fromSentDate: no moment"
    })
    void refusesWhatItCannotSay(String key, String value, String message) {
        assertThatThrownBy(() -> SearchTermOptions.term(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
