package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterizedValueTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            attachment; filename=plain.txt                                  | plain.txt
            attachment; FileName="with blank.txt"                           | with blank.txt
            attachment; filename=no quotes at all.txt; size=3               | no quotes at all.txt
            attachment; filename=report(2).pdf                              | report(2).pdf
            attachment; filename="a;b.txt"; x=y                             | a;b.txt
            attachment; filename="say \\"hi\\".txt"                         | say "hi".txt
            attachment; filename="C:\\temp\\a.txt"                          | C:\\temp\\a.txt
            attachment; filename="never closed.txt; size=3                  | "never closed.txt
            attachment; filename*=utf-8''%E4%BC%9A%E8%AE%AE.txt             | 会议.txt
            attachment; filename*=GBK''%BB%E1%D2%E9.txt                     | 会议.txt
            attachment; filename="x.txt"; filename*=utf-8'de'%C3%A4.txt     | ä.txt
            attachment; filename*0="first "; filename*1="second.txt"        | first second.txt
            attachment; filename*1=b.txt; filename*0=a                      | ab.txt
            attachment; filename*0*=utf-8''%E4%BC; filename*1*=%9A; filename*2=.txt | 会.txt
            attachment; filename*0*=utf-8''a; filename*2=c.txt              | a
            attachment; filename*=no%20charset.txt                          | no charset.txt
            attachment; filename*=x-never''%41.txt                          | A.txt
            attachment; filename*=utf-8''50%.txt                            | 50%.txt
            attachment ;  filename = spaced.txt                             | spaced.txt
            attachment; filename=first.txt; filename=second.txt             | first.txt
            """)
    void readsFileNamesAsTheyOccur(String text, String fileName) {
        ParameterizedValue value = ParameterizedValue.parse(text);

        assertThat(value.value()).isEqualTo("attachment");
        assertThat(value.parameters().get("filename"))
                .isEqualTo(fileName.startsWith("\"") ? fileName.substring(1) : fileName);
    }

    @Test
    void readsAMediaTypeWithCommentsAndUpperCase() {
        ParameterizedValue type = ParameterizedValue.parse("Text/Plain (plain); CHARSET=us-ascii (old)");

        assertThat(type.value()).isEqualTo("text/plain");
        assertThat(type.parameters()).isEqualTo(Map.of("charset", "us-ascii"));
    }

    @Test
    void missesNoParameterForWantOfASemicolon() {
        ParameterizedValue type = ParameterizedValue.parse("text/plain charset=us-ascii; format=flowed");

        assertThat(type.value()).isEqualTo("text/plain");
        assertThat(type.parameters()).isEqualTo(Map.of("charset", "us-ascii", "format", "flowed"));
    }

    @ParameterizedTest
    @CsvSource({"''", ";", ";;;", "=", ";=", "a;*=b", "a;*0*=b", "a;x*y=b", "a;x*99999999999=b", "'a;b=\"'", "a;b=\"\\"
    })
    void takesAnythingWithoutFailing(String text) {
        assertThat(ParameterizedValue.parse(text)).isNotNull();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void quotesThatNeverEndTakeNoTime() {
        String text = "a/b;x=" + "\"\\\";".repeat(250_000);

        assertThat(ParameterizedValue.parse(text).value()).isEqualTo("a/b");
    }
}
