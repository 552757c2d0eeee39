package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages below {@code mime/messages}: what is read of each. {@link PythonReadsTheSameTest} reads them too. */
class MailsOfEveryKindTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', emptyValue = "", nullValues = "-", textBlock = """
            nested            | Grüße aus Köln\\n            | dot.png image/png 70, report.pdf application/pdf 8
            forwarded         | See below.                   | ? message/rfc822 220
            signed-pgp        | Trailing blanks are kept:  \\n\\n--  \\nAnn\\n | signature.asc application/pgp-signature 80
            signed-smime      | signed text                  | smime.p7s application/pkcs7-signature 8
            encrypted-pgp     | ``                           | ? application/pgp-encrypted 12, encrypted.asc application/octet-stream 69
            encrypted-smime   | ``                           | smime.p7m application/pkcs7-mime 12
            tnef              | The plain text beside it.\\n | winmail.dat application/ms-tnef 6
            calendar          | You are invited.             | ? text/calendar 63, invite.ics application/ics 32
            uuencode-encoding | text                         | old.bin application/octet-stream 7
            flowed            | This is one long line that was cut \\nby the mail program of its writer.\\n\\n> > quoted \\n> > twice\\n-- \\nAnn\\n | ``
            flat-text         | no type at all\\n            | ``
            html-only         | <p>“quoted” – 5 €</p>\\n     | ``
            one-attachment    | ``                           | scan.pdf application/pdf 8
            raw-utf8-headers  | Größe                        | 会议.txt text/plain 1
            raw-8bit-headers  | Größe\\n                     | ``
            raw-gb-headers    | 会议\\n                      | ``
            smart-quotes      | “Größe” – it’s 5 €\\n        | ``
            utf8-label-wrong  | Größe – 5 €\\n               | ``
            gb-label-wrong    | 会议通知：请于周一\\n        | ``
            transport-blanks  | one\\ntwo \\nthree\\n        | ``
            list-footer       | Grüße,\\nAnn\\n              | ``
            bounce            | I'm sorry to have to inform you that your message could not be delivered. | ? message/delivery-status 165, ? text/rfc822-headers 38
            digest            | ``                           | ? message/rfc822 21, ? message/rfc822 22
            bare-line-feeds   | text\\nmore                  | l.bin application/x 3
            mbox-line         | text\\n                      | ``
            empty             | ``                           | ``
            only-line-ends    | \\n                          | ``
            only-head         | ``                           | ``
            only-body         | just text\\n                 | ``
            not-a-mail        | just text without any head\\nand another line\\n | ``
            """)
    void isReadAsPeopleSeeIt(String name, String text, String attachments) throws IOException {
        ParsedMail mail = message(name);

        assertThat(mail.text().replace("\r\n", "\n")).isEqualTo(text.replace("\\n", "\n"));
        assertThat(list(mail)).isEqualTo(attachments);
        assertThat(mail.problems()).isEmpty();
    }

    private static String list(ParsedMail mail) throws IOException {
        StringJoiner list = new StringJoiner(", ");
        for (MimePart part : mail.attachments()) {
            list.add(part.fileName().orElse("?") + " " + part.contentType() + " " + part.size());
        }
        return list.toString();
    }

    static byte[] octets(String name) throws IOException {
        try (InputStream in = MailsOfEveryKindTest.class.getResourceAsStream("/mime/messages/" + name + ".eml")) {
            return in.readAllBytes();
        }
    }

    private static ParsedMail message(String name) throws IOException {
        return ParsedMail.of(Octets.of(octets(name)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            From        | Müller, Ann <ann@example.com>
            To          | 会议室 <bob@example.org>, "Größe" <c@example.org>
            Subject     | 会议通知：请于周一
            X-Split     | 你好
            X-Split-Q   | 你好
            X-Adjacent  | one twö
            X-Between   | one and two
            X-Japanese  | 会議のお知らせ
            X-Sjis      | 会議
            X-Korean    | 회의
            X-Koi       | Отчёт
            X-Big5      | 會議
            X-Lower     | Grüße
            X-Question  | why? = so
            X-Empty     | ` end`
            X-None      | 1 =? 2 ?= 3
            """)
    void decodesTheWordsOfItsHeaders(String name, String value) throws IOException {
        assertThat(message("encoded-words").headers().decoded(name)).contains(value);
    }

    @Test
    void readsRawHeadersInEveryCharset() throws IOException {
        assertThat(message("raw-utf8-headers").headers().decoded("Subject")).contains("会议通知 Größe");
        assertThat(message("raw-8bit-headers").headers().decoded("Subject")).contains("5 € für Größe");
        assertThat(message("raw-gb-headers").headers().decoded("Subject")).contains("会议通知");
        assertThat(message("raw-gb-headers").headers().decoded("From")).contains("张 <z@example.cn>");
    }

    @Test
    void readsATextInEachCharset() throws IOException {
        List<String> texts = new ArrayList<>();
        for (MimePart part : message("charsets").leaves()) {
            texts.add(part.text().strip());
        }
        assertThat(texts)
                .containsExactly(
                        "会议通知：请于周一",
                        "會議镕",
                        "会议 €  𠀀",
                        "會議通知",
                        "会議のお知らせ",
                        "会議のお知らせ",
                        "会議のお知らせ",
                        "회의 알림",
                        "Отчёт за май",
                        "Звіт за травень їжак",
                        "Żółć gęśl",
                        "Отчёт – за май",
                        "“Größe” – 5 €",
                        "Αναφορά",
                        "Görüşme İstanbul",
                        "דוח",
                        "تقرير",
                        "Ataskaita ąčęė",
                        "Bao cao đ",
                        "Größe",
                        "Żółć",
                        "Отчёт",
                        "Αναφορά",
                        "Görüşme",
                        "5 €",
                        "会議 회의 Größe 😀",
                        "zwei Oktette ä",
                        "รายงาน");
    }

    @Test
    void readsFileNamesInEveryWriting() throws IOException {
        assertThat(message("file-names").attachments())
                .extracting(part -> part.fileName().orElseThrow())
                .containsExactly(
                        "plain.txt",
                        "with blank; and semicolon.txt",
                        "say \"hi\".txt",
                        "会议.txt",
                        "会议.txt",
                        "Größe.txt",
                        "会议.txt",
                        "a long name in two pieces.txt",
                        "会议.txt",
                        "会议.txt",
                        "50%.txt",
                        "a b.txt",
                        "会议.pdf");
    }

    @Test
    void readsAddressesAsPeopleWriteThem() throws IOException {
        HeaderFields head = message("addresses").headers();

        assertThat(addresses(head, "From")).isEqualTo("Miller, Ann (at work)=ann@example.com");
        assertThat(addresses(head, "To")).isEqualTo("Bob=bob@example.org =c@example.org Dee=d@example.org");
        assertThat(addresses(head, "Cc")).isEmpty();
        assertThat(addresses(head, "Reply-To")).isEqualTo("=ann@example.com");
        assertThat(addresses(head, "Sender")).isEqualTo("=\"a b\"@example.com");
        assertThat(addresses(head, "Bcc")).isEqualTo("Ann Miller=ann@example.com =bob@example.org");
    }

    private static String addresses(HeaderFields head, String name) {
        StringJoiner list = new StringJoiner(" ");
        NamedAddress.parseListLeniently(head.value(name).orElseThrow())
                .forEach(named -> list.add(named.name() + "=" + named.address()));
        return list.toString();
    }

    @Test
    void filesInTheMiddleOfATextAreAttachmentsAndTheTextStaysWhole() throws IOException {
        ParsedMail mail = message("uuencode-inline");

        assertThat(list(mail))
                .isEqualTo("numbers.bin application/octet-stream 100, a long name.txt application/octet-stream 3");
        byte[] numbers = mail.attachments().get(0).open().readAllBytes();
        for (int i = 0; i < 100; i++) {
            assertThat(numbers[i]).isEqualTo((byte) i);
        }
        assertThat(Mails.content(mail.attachments().get(1))).isEqualTo("abc");
        assertThat(mail.text()).startsWith("Here they are:").contains("begin 644 numbers.bin");
    }

    @Test
    void aSignedPartIsLeftAsItWasSigned() throws IOException {
        ParsedMail mail = message("signed-pgp");
        String whole = new String(octets("signed-pgp"), StandardCharsets.ISO_8859_1);
        int start = whole.indexOf("--sig\r\n") + 7;

        assertThat(new String(mail.root().parts().get(0).openEntire().readAllBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(whole.substring(start, whole.indexOf("\r\n--sig", start)));
        assertThat(mail.root().openEntire().readAllBytes()).isEqualTo(octets("signed-pgp"));
    }

    @Test
    void aThousandNestedLevelsAreReadAsFarAsTheLimit() throws IOException {
        StringBuilder message = new StringBuilder("Content-Type: multipart/mixed; boundary=b0\n\n");
        for (int i = 0; i < 1000; i++) {
            message.append("--b").append(i).append("\nContent-Type: multipart/mixed; boundary=b");
            message.append(i + 1).append("\n\n");
        }
        ParsedMail mail = Mails.mail(message + "--b1000\n\ninnermost\n--b1000--\n");

        assertThat(mail.leaves()).hasSize(1);
        assertThat(mail.text()).contains("innermost");
        assertThat(mail.problems()).anyMatch(problem -> problem.contains("deeper than 100"));
    }

    @Test
    void tenThousandFieldsAreAllThere() throws IOException {
        HeaderFields head = Mails.head("X-Field: value\n".repeat(10_000) + "\nbody");

        assertThat(head.all("x-field")).hasSize(10_000);
        assertThat(head.truncated()).isFalse();
    }
}
