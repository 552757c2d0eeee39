package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailCharsetsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gb18030        | GB18030            | 会议通知：请于周一 €
            gb2312         | GB18030            | 會議 of a label too small
            GBK            | GB18030            | 会议
            big5           | Big5               | 會議通知
            iso-2022-jp    | ISO-2022-JP        | 会議のお知らせ
            iso-2022-jp    | x-windows-iso2022jp| ｶﾀｶﾅ ①
            shift_jis      | windows-31j        | 会議 ① ｶﾀｶﾅ
            euc-jp         | EUC-JP             | 会議のお知らせ
            euc-kr         | x-windows-949      | 회의 똠방각하
            ks_c_5601-1987 | x-windows-949      | 회의 알림
            koi8-r         | KOI8-R             | Отчёт за май
            windows-1251   | windows-1251       | Отчёт за май
            iso-8859-1     | ISO-8859-1         | Größe
            iso-8859-15    | ISO-8859-15        | 5 €
            "utf-8"        | UTF-8              | all of them 会議 회의
            utf-16         | UTF-16             | zwei Oktette
            us-ascii       | UTF-8              | Größe in fact
            us-ascii       | windows-1252       | Größe – in fact
            iso-8859-1     | windows-1252       | “Größe” in fact
            utf-8          | windows-1252       | Größe – in fact
            gb2312         | UTF-8              | 会议通知：请于周一 in fact
            unknown-8bit   | UTF-8              | Größe
            x-unknown      | windows-1252       | Größe –
            windows1251    | windows-1251       | Отчёт за май
            koi8r          | KOI8-R             | Отчёт за май
            iso-8859-8-i   | ISO-8859-8         | דוח
            macintosh      | x-MacRoman         | Größe
            klingon        | UTF-8              | Größe in fact
            klingon        | windows-1252       | Größe – in fact
            """)
    void readsTextUnderTheLabelThatMailGivesIt(String label, String written, String text) throws IOException {
        ParsedMail mail = Mails.mail(
                Mails.octets("Content-Type: text/plain; charset=" + label + "\nContent-Transfer-Encoding: 8bit\n\n"),
                text.getBytes(Charset.forName(written)));

        assertThat(mail.text()).isEqualTo(text);
    }

    @Test
    void readsTextWithoutALabelAsUtf8OrWindows1252() throws IOException {
        assertThat(Mails.mail("\n" + Mails.raw("Größe", "UTF-8")).text()).isEqualTo("Größe");
        assertThat(Mails.mail("\n" + Mails.raw("Größe – €", "windows-1252")).text())
                .isEqualTo("Größe – €");
    }

    @Test
    void oneBrokenCharacterDoesNotMakeALabelWrong() {
        byte[] octets = Mails.octets(Mails.raw("Größe und mehr", "UTF-8") + "\u00e4");

        assertThat(MailCharsets.decode(octets, 0, octets.length, StandardCharsets.UTF_8))
                .isEqualTo("Größe und mehr\uFFFD");
    }

    @ParameterizedTest
    @CsvSource({"''", "' '", "a b", "\u00e4", "x-never-heard", "{}", "utf-8;"})
    void anUnknownLabelIsNoFailure(String label) {
        assertThat(MailCharsets.lookup(label)).isNull();
    }
}
