package io.mailproto.component.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Tue, 5 May 2026 10:00:00 +0200",
                "Tue, 5 May 2026 10:00:00 +0200 (CEST)",
                "Tue, 5 May 2026 10:00:00 +0200 (CEST (summer)) (x)",
                "(x) Tue, 5 May 2026 10:00:00 +0200 (never closed"
            })
    void aDateMayHaveComments(String text) {
        assertThat(FieldText.date(text)).contains(OffsetDateTime.parse("2026-05-05T10:00:00+02:00"));
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aDateOfCommentsThatNeverEndTakesNoTime() {
        assertThat(FieldText.date("(".repeat(1_000_000))).isEmpty();
        assertThat(FieldText.date("()".repeat(500_000))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            report.pdf                                              | report.pdf
            dir/report.pdf                                          | report.pdf
            =?UTF-8?B?w7/Dv8O/LnBkZg==?=                            | ÿÿÿ.pdf
            =?UTF-8?B?w7/Dv8O/?= =?UTF-8?B?LnBkZg==?=               | ÿÿÿ.pdf
            dir/=?UTF-8?B?w7/Dv8O/LnBkZg==?=                        | ÿÿÿ.pdf
            =?utf-8?Q?=2E=2E=2F=2E=2E=2Fetc=2Fpasswd?=              | passwd
            =?utf-8?Q?C=3A=5Ctemp=5C?= =?utf-8?Q?a.txt?=            | a.txt
            =?utf-8?Q?..?=                                          | ``
            =?utf-8?Q?a=22=3B_x=3D=0D=0AX-E:_1?=                    | a"; x=  X-E: 1
            =?utf-8?Q?a=09b=1B=C2=9B?=                              | a_b__
            =?utf-8?Q?=3D=3Futf-8=3FQ=3F=3D2E=3D2E=3D2Fx=3F=3D?=    | x
            =?klingon?Q?a.txt?=                                     | =?klingon?Q?a.txt?=
            """)
    void aFileNameIsSafeForWhoeverDecodesIt(String name, String expected) {
        assertThat(FieldText.fileName(name)).isEqualTo(expected);
    }

    @Test
    void encodedWordsWithinEncodedWordsComeToAnEnd() {
        String name = "../x";
        for (int i = 0; i < 20; i++) {
            name = "=?utf-8?B?" + Base64.getEncoder().encodeToString(name.getBytes(UTF_8)) + "?=";
        }
        assertThat(FieldText.fileName(name)).doesNotContain("=?");
    }
}
