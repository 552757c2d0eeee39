package io.mailproto.component.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of waiting that need no server. */
class ImapIdlePartsTest {
    @Test
    void pausesGrowUpToTheDelayAndAreByHalfAtRandom() {
        ReconnectPace pace = new ReconnectPace(Duration.ofSeconds(1), Duration.ofSeconds(60), new Random(1));
        for (long most : new long[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
            Duration whole = Duration.ofSeconds(most);
            assertThat(pace.next()).isBetween(whole.dividedBy(2), whole);
        }
        pace.reset();
        assertThat(pace.next()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        ReconnectPace many = new ReconnectPace(Duration.ofSeconds(1), Duration.ofSeconds(60), new Random(2));
        assertThat(many.next()).isNotEqualTo(pace.next());
    }

    @Test
    void aShortDelayIsTheLongestPause() {
        ReconnectPace pace = new ReconnectPace(Duration.ofSeconds(1), Duration.ofMillis(100), new Random(1));
        for (int i = 0; i < 5; i++) {
            assertThat(pace.next()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "imap.gmail.com, Gmail, 480, true",
        "OUTLOOK.office365.com, Microsoft, 480, true",
        "imap.mail.yahoo.com, Yahoo, 180, true",
        "imap.163.com, NetEase, 50, false",
        "imap.naver.com, Naver, 1740, false",
        "mail.example.org, others, 1740, true",
        "notgmail.com, others, 1740, true"
    })
    void knowsProvidersByTheirHosts(String host, String provider, long idleSeconds, boolean noopTellsNews) {
        ServerHabits habits = ServerHabits.of(host);
        assertThat(habits.provider()).isEqualTo(provider);
        assertThat(habits.longestIdle()).hasSeconds(idleSeconds);
        assertThat(habits.noopTellsNews()).isEqualTo(noopTellsNews);
    }

    @Test
    void oneNameIsOneFolder() {
        assertThat(FolderSelection.parse("INBOX").isSingle()).isTrue();
        assertThat(FolderSelection.parse("\"a,b*\"").isSingle()).isTrue();
        assertThat(FolderSelection.parse("a,b").isSingle()).isFalse();
        assertThat(FolderSelection.parse("Archive/*").isSingle()).isFalse();
        assertThat(FolderSelection.parse("Archive/%").isSingle()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a,", ",a", "a,,b", "\"a", "a\tb"})
    void refusesWhatCanBeNoFolder(String option) {
        assertThatThrownBy(() -> FolderSelection.parse(option)).isInstanceOf(IllegalArgumentException.class);
    }
}
