package io.mailproto.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which refusals are about the account, and how long they want it to wait. */
class ThrottlingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOGIN \"a\" ***|[ALERT] Too many simultaneous connections. (Failure)|true|",
                "UID FETCH 5|Request is throttled. Suggested Backoff Time: 299961 milliseconds|true|299961",
                "SELECT INBOX|Suggested Backoff Time: 30 seconds|true|30000",
                "SELECT INBOX|Suggested Backoff Time: 999999999 seconds|true|3600000",
                "SELECT INBOX|Suggested Backoff Time: soon|true|",
                "SELECT INBOX|[UNAVAILABLE] try later|true|",
                "UID SEARCH UNSEEN|[LIMIT] no|true|",
                "UID SEARCH UNSEEN|[OVERQUOTA] Account exceeded command or bandwidth limits.|true|",
                "UID FETCH 5|[UNAVAILABLE] UID FETCH Server error - Please try again later|false|",
                "UID COPY 5 \"Archive\"|[OVERQUOTA] mailbox is full|false|",
                "SELECT INBOX|[NONEXISTENT] no|false|",
            })
    void knowsTheWordsOfProviders(String command, String text, boolean isMeant, Long millis) {
        ResponseText parsed = ResponseText.parse(text);
        assertThat(Throttling.isMeant(command, parsed)).isEqualTo(isMeant);
        assertThat(Throttling.suggested(parsed).map(Duration::toMillis).orElse(null))
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[UNAVAILABLE] Maximum number of connections from user+IP exceeded|true",
                "[OVERQUOTA] Account exceeded command or bandwidth limits.|true",
                "[UNAVAILABLE] Server shutting down.|false",
                "Logging out|false"
            })
    void knowsWhenAFarewellMeansThat(String text, boolean isMeant) {
        assertThat(Throttling.isMeantByFarewell(ResponseText.parse(text))).isEqualTo(isMeant);
    }
}
