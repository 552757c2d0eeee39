package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailMomentTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            now           | 2026-03-04T05:06:07Z
            now-24h       | 2026-03-03T05:06:07Z
            now - 5h30m   | 2026-03-03T23:36:07Z
            now+60s       | 2026-03-04T05:07:07Z
            now-1000      | 2026-03-04T05:06:06Z
            """)
    void movesWithTheClock(String text, Instant moment) {
        assertThat(MailMoment.parse(text).at(NOW)).isEqualTo(moment);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2026-01-31 23:59:58 | 2026-01-31T23:59:58
            2026-01-31          | 2026-01-31T00:00:00
            """)
    void isInTheZoneOfTheMachine(String text, LocalDateTime local) {
        assertThat(MailMoment.parse(text).at(NOW))
                .isEqualTo(local.atZone(ZoneId.systemDefault()).toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-02-30",
                "2026-01-31 24:00:00",
                "31.1.2026",
                "nowhere",
                "now-",
                "now-xh",
                "now 24h"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> MailMoment.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write 2026-01-31 23:59:59");
    }
}
