package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailDateTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Fri, 21 Nov 1997 09:55:06 -0600                | 1997-11-21T09:55:06-06:00
            21 Nov 97 09:55 GMT                            | 1997-11-21T09:55Z
            21 Nov 25 09:55 EST                            | 2025-11-21T09:55-05:00
            Thu, 13 (comment) Feb 1969 23:32:54 -0330 (x)  | 1969-02-13T23:32:54-03:30
            Mon,  1 January 2026 1:02:03 +0800             | 2026-01-01T01:02:03+08:00
            Tue, 31 Dec 2016 23:59:60 +0000                | 2016-12-31T23:59:59Z
            1-Feb-2026 00:00:00 +0100                      | 2026-02-01T00:00:00+01:00
            21 Nov 1997 09.55.06 -0600                     | 1997-11-21T09:55:06-06:00
            Wed, 02 Oct 102 10:11:12 Z                     | 2002-10-02T10:11:12Z
            """)
    void readsDatesAsTheyAreWritten(String text, String date) {
        assertThat(MailDate.parse(text)).contains(OffsetDateTime.parse(date));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "31 Feb 2026 00:00:00 +0000",
                "1 Foo 2026 00:00:00 +0000",
                "1 Jan 2026 25:00 Z",
                "1 Jan 2026 00:00 +9999",
                "2026-01-01 00:00:00"
            })
    void findsNoDateInWhatIsNone(String text) {
        assertThat(MailDate.parse(text)).isEmpty();
    }

    @Test
    void doesNotLookAtNovels() {
        assertThat(MailDate.parse("1 Jan 2026 00:00:00 +0000" + "(".repeat(100_000)))
                .isEmpty();
    }
}
