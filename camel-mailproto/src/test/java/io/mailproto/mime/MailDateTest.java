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
            Tue, 5 May 2026 10:00:00 +0200            | 2026-05-05T10:00+02:00
            Tue, 05 May 2026 10:00:59 -0730           | 2026-05-05T10:00:59-07:30
            5 May 2026 10:00 GMT                      | 2026-05-05T10:00Z
            Tue, 5 May 26 10:00:00 EST                | 2026-05-05T10:00-05:00
            Tue, 5 May 99 10:00:00 UT                 | 1999-05-05T10:00Z
            Tue, 5 May 126 10:00:00 Z                 | 2026-05-05T10:00Z
            Tue, 5 May 2026 10:00:00 +0200 (CEST)     | 2026-05-05T10:00+02:00
            (a) Tue (b), 5 (c) May 2026 10:00 PDT     | 2026-05-05T10:00-07:00
            Tue May  5 10:00:00 2026                  | 2026-05-05T10:00Z
            Tue, 5-May-2026 10:00:00 GMT              | 2026-05-05T10:00Z
            TUE,5 MAY 2026 10:00:00 GMT               | 2026-05-05T10:00Z
            Tuesday, 5 September 2026 10:00:00 +02:00 | 2026-09-05T10:00+02:00
            5 May 2026 23:59:60 +0000                 | 2026-05-05T23:59:59Z
            5 May 2026 10:00:00.123 -0000             | 2026-05-05T10:00Z
            5 May 2026 10:00:00 XYZ                   | 2026-05-05T10:00Z
            5 May 2026 10:00:00 +2                    | 2026-05-05T10:00Z
            Fri, 21 Nov 1997 09:55:06 -0600                | 1997-11-21T09:55:06-06:00
            21 Nov 97 09:55 GMT                            | 1997-11-21T09:55Z
            21 Nov 25 09:55 EST                            | 2025-11-21T09:55-05:00
            Thu, 13 (comment) Feb 1969 23:32:54 -0330 (x)  | 1969-02-13T23:32:54-03:30
            Mon,  1 January 2026 1:02:03 +0800             | 2026-01-01T01:02:03+08:00
            Tue, 31 Dec 2016 23:59:60 +0000                | 2016-12-31T23:59:59Z
            1-Feb-2026 00:00:00 +0100                      | 2026-02-01T00:00:00+01:00
            21 Nov 1997 09.55.06 -0600                     | 1997-11-21T09:55:06-06:00
            Wed, 02 Oct 102 10:11:12 Z                     | 2002-10-02T10:11:12Z
            Mon, 03 Jun 2002 11:45:53 -1900                | 2002-06-04T06:45:53Z
            """)
    void readsDatesAsTheyOccur(String text, String date) {
        assertThat(MailDate.parse(text)).contains(OffsetDateTime.parse(date));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "now",
                "31 Feb 2026 10:00",
                "5 May 2026",
                "5 May 2026 25:00",
                "May",
                "10:00",
                "5 May 2026 10",
                "5 May 2026 a:b",
                "99999999999 May 2026 10:00",
                "5 May 99999999999 10:00",
                "-",
                "+",
                ":",
                "5-",
                "5 May 2026 10:00:00 +9999",
                "((((",
                "5 May 2026 :",
                "5 May 2026 10:0x"
            })
    void whatIsNoDateIsNoFailure(String text) {
        assertThat(MailDate.parse(text)).isEmpty();
    }

    @Test
    void doesNotLookAtNovels() {
        assertThat(MailDate.parse("1 Jan 2026 00:00:00 +0000" + "(".repeat(100_000)))
                .isEmpty();
    }
}
