package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeaderFieldsTest {

    @Test
    void keepsFieldsInTheirOrderAndFindsThemWithoutRegardToCase() throws IOException {
        HeaderFields head = Mails.head("""
                Received: from b
                Subject: Hello
                RECEIVED: from a
                To: ann@example.com

                Received: this is the body
                """);

        assertThat(head.names()).containsExactly("Received", "Subject", "To");
        assertThat(head.all("received")).extracting(HeaderField::value).containsExactly("from b", "from a");
        assertThat(head.value("SUBJECT")).contains("Hello");
        assertThat(head.first("Bcc")).isEmpty();
        assertThat(head.truncated()).isFalse();
    }

    @Test
    void unfoldsValuesAndKeepsTheOctetsAsTheyCame() throws IOException {
        HeaderFields head = Mails.head("Subject:  one\n two\n\tthree  \nX: y\n\n");

        HeaderField subject = head.first("Subject").orElseThrow();
        assertThat(subject.value()).isEqualTo("one two\tthree");
        assertThat(new String(subject.octets(), StandardCharsets.US_ASCII))
                .isEqualTo("Subject:  one\r\n two\r\n\tthree  \r\n");
    }

    @Test
    void takesBareLineFeedsAndWhiteSpaceBeforeTheColon() throws IOException {
        HeaderFields head =
                HeaderFields.read(Octets.of("Subject : a\n b\nX:\nEnd: z".getBytes(StandardCharsets.US_ASCII)));

        assertThat(head.value("Subject")).contains("a b");
        assertThat(head.value("X")).contains("");
        assertThat(head.value("End")).contains("z");
    }

    @Test
    void passesOverAnMboxLineAndALineThatIsNoField() throws IOException {
        HeaderFields head = Mails.head("""
                From ann@example.com Thu May  7 10:00:00 2026
                Subject: kept
                a line somebody forgot to indent
                To: bob@example.org

                body
                """);

        assertThat(head.names()).containsExactly("Subject", "To");
    }

    @Test
    void readsEightBitOctetsAsUtf8IfTheyAreThat() throws IOException {
        HeaderFields head = Mails.head("Subject: " + Mails.raw("Grüße 你好", "UTF-8") + "\n\n");

        assertThat(head.value("Subject")).contains("Grüße 你好");
    }

    @Test
    void readsEightBitOctetsInTheCharsetOfTheMessageElse() throws IOException {
        HeaderFields head = Mails.head(
                "Subject: " + Mails.raw("会议通知", "GB18030") + "\nContent-Type: text/plain; charset=gb2312\n\n");

        assertThat(head.decoded("Subject")).contains("会议通知");
    }

    @Test
    void readsEightBitOctetsAsWindows1252IfNothingElseIsKnown() throws IOException {
        HeaderFields head = Mails.head("Subject: " + Mails.raw("Größe – 5 €", "windows-1252") + "\n\n");

        assertThat(head.decoded("Subject")).contains("Größe – 5 €");
    }

    @Test
    void touchesOnlyTheHeadOfTheOctets() throws IOException {
        byte[] body = new byte[8 * 1024 * 1024];
        byte[] message = Mails.joined(Mails.octets("Subject: small\n\n"), body);
        Octets octets = Octets.of(message);

        assertThat(Allocation.of(() -> HeaderFields.read(octets))).isLessThan(64 * 1024);
        assertThat(HeaderFields.read(octets).value("Subject")).contains("small");
    }

    @Test
    void ignoresFieldsBeyondTheLimitAndSaysSo() throws IOException {
        HeaderFields head = Mails.head("X: y\n".repeat(HeadParser.MAX_FIELDS + 5) + "\nbody");

        assertThat(head.all()).hasSize(HeadParser.MAX_FIELDS);
        assertThat(head.truncated()).isTrue();
    }

    @Test
    void ignoresOctetsBeyondTheLimitAndStillFindsTheBody() throws IOException {
        String long1 = "A: " + "a".repeat(HeadParser.MAX_OCTETS / 2) + "\n";
        ParsedMail mail = Mails.mail("Subject: x\n" + long1 + long1 + long1 + "To: z\n\nthe text");

        assertThat(mail.headers().truncated()).isTrue();
        assertThat(mail.headers().names()).containsExactly("Subject", "A");
        assertThat(mail.text()).isEqualTo("the text");
        assertThat(mail.problems()).hasSize(1).first().asString().contains("header section");
    }

    @Test
    void ofAHeaderLineWithoutEndKeepsNothingAndSurvives() throws IOException {
        ParsedMail mail = Mails.mail("Subject: x\nX-Long: " + "a".repeat(5 * HeadParser.MAX_OCTETS));

        assertThat(mail.headers().value("Subject")).contains("x");
        assertThat(mail.headers().truncated()).isTrue();
        assertThat(mail.text()).isEmpty();
    }

    @Test
    void decodedValuesNeverHaveLineEnds() throws IOException {
        HeaderFields head = Mails.head("Subject: =?utf-8?Q?a=0D=0ABcc:=20eve@example.net=00?=\n\n");

        assertThat(head.decoded("Subject")).contains("a  Bcc: eve@example.net ");
    }
}
