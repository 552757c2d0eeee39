package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ParsedMailTest {

    private static final String TREE = """
            Subject: A report with a picture
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="outer"

            Old programs show this line.
            --outer
            Content-Type: multipart/alternative; boundary=inner

            --inner
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Gr=C3=BC=C3=9Fe,
            see the files=
             below.
            --inner
            Content-Type: text/html

            <p>Gr&uuml;&szlig;e</p>
            --inner--
            a word behind the inner end
            --outer
            Content-Type: image/png; name="dot.png"
            Content-Transfer-Encoding: base64
            Content-ID: <dot@example.com>
            Content-Disposition: inline

            iVBORw0KGgo=
            --outer
            Content-Type: text/csv
            Content-Disposition: attachment; filename=figures.csv

            1,2

            --outer
            Content-Type: message/rfc822

            Subject: the older one
            Content-Type: multipart/mixed; boundary=deep

            --deep

            old text
            --deep--
            --outer--
            --outer
            Content-Type: text/plain

            this is in the epilogue
            """;

    @Test
    void givesTheFirstPlainTextAndTheHtmlBesideIt() throws IOException {
        ParsedMail mail = Mails.mail(TREE);

        assertThat(mail.text()).isEqualTo("Grüße,\r\nsee the files below.");
        assertThat(mail.plainText()).contains("Grüße,\r\nsee the files below.");
        assertThat(mail.html()).contains("<p>Gr&uuml;&szlig;e</p>");
        assertThat(mail.problems()).isEmpty();
    }

    @Test
    void givesTheTreeOfParts() throws IOException {
        MimePart root = Mails.mail(TREE).root();

        assertThat(root.contentType()).isEqualTo("multipart/mixed");
        assertThat(root.parts())
                .extracting(MimePart::contentType)
                .containsExactly("multipart/alternative", "image/png", "text/csv", "message/rfc822");
        assertThat(root.parts().get(0).parts())
                .extracting(MimePart::contentType)
                .containsExactly("text/plain", "text/html");
        assertThat(root.parts().get(1).contentId()).contains("dot@example.com");
        assertThat(root.parts().get(1).disposition()).contains("inline");
        assertThat(root.parts().get(0).parts().get(0).charset()).contains(StandardCharsets.UTF_8);
    }

    @Test
    void givesAttachmentsInTheirOrderAndAMessageAsOneOfThem() throws IOException {
        List<MimePart> attachments = Mails.mail(TREE).attachments();

        assertThat(attachments)
                .extracting(MimePart::contentType)
                .containsExactly("image/png", "text/csv", "message/rfc822");
        assertThat(attachments.get(0).fileName()).contains("dot.png");
        assertThat(attachments.get(0).open().readAllBytes())
                .startsWith(0x89, 'P', 'N', 'G')
                .hasSize(8);
        assertThat(attachments.get(0).size()).isEqualTo(8);
        assertThat(attachments.get(1).fileName()).contains("figures.csv");
        assertThat(Mails.content(attachments.get(1))).isEqualTo("1,2\r\n");
        ParsedMail older = ParsedMail.of(Octets.of(attachments.get(2).open().readAllBytes()));
        assertThat(older.headers().decoded("Subject")).contains("the older one");
        assertThat(older.text()).isEqualTo("old text");
    }

    @Test
    void opensAPartAnyNumberOfTimesAndFromOtherThreads() throws Exception {
        ParsedMail mail = Mails.mail(TREE);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<String>> readers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                readers.add(() -> Mails.content(mail.attachments().get(1))
                        + mail.text()
                        + mail.root().hashCode());
            }
            String expected = readers.get(0).call();
            for (Future<String> result : threads.invokeAll(readers)) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void readsTextInAnEmptyMessageAHeadAloneAndABodyAlone() throws IOException {
        assertThat(Mails.mail("").text()).isEmpty();
        assertThat(Mails.mail("").headers().all()).isEmpty();
        assertThat(Mails.mail("").attachments()).isEmpty();
        assertThat(Mails.mail("Subject: only a head").text()).isEmpty();
        assertThat(Mails.mail("Subject: only a head").headers().value("Subject"))
                .contains("only a head");
        assertThat(Mails.mail("\nonly a body").text()).isEqualTo("only a body");
        assertThat(Mails.mail("only a body\nof two lines\n").text()).isEqualTo("only a body\r\nof two lines\r\n");
        assertThat(Mails.mail("Subject: x\nNobody wrote the empty line.\nSorry.\n")
                        .text())
                .isEqualTo("Nobody wrote the empty line.\r\nSorry.\r\n");
    }

    @Test
    void takesTheFirstTextOfAnyKindIfNoneIsPlain() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: image/gif

                GIF
                --b
                Content-Type: text/html

                <b>hello</b>
                --b--
                """);

        assertThat(mail.text()).isEqualTo("<b>hello</b>");
        assertThat(mail.plainText()).isEmpty();
        assertThat(mail.attachments()).hasSize(1);
    }

    @Test
    void takesAnAttachedTextOnlyIfThereIsNoOther() throws IOException {
        String attached = """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain
                Content-Disposition: attachment; filename=log.txt

                the log
                """;

        assertThat(Mails.mail(attached + "--b--\n").text()).isEqualTo("the log");
        assertThat(Mails.mail(attached + "--b\n\nthe text\n--b--\n").text()).isEqualTo("the text");
    }

    @Test
    void readsAMessageThatIsOneAttachment() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: application/pdf; name=scan.pdf
                Content-Transfer-Encoding: base64

                JVBERg==
                """);

        assertThat(mail.text()).isEmpty();
        assertThat(mail.attachments()).hasSize(1);
        assertThat(Mails.content(mail.attachments().get(0))).isEqualTo("%PDF");
    }

    @Test
    void partsOfADigestAreMessages() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/digest; boundary=b

                --b

                Subject: one

                text
                --b--
                """);

        assertThat(mail.root().parts()).extracting(MimePart::contentType).containsExactly("message/rfc822");
        assertThat(Mails.content(mail.root().parts().get(0))).isEqualTo("Subject: one\r\n\r\ntext");
    }

    @Test
    void fileNamesNeverLeadOutOfADirectory() throws IOException {
        for (String raw : List.of("../../etc/passwd", "C:\\\\windows\\\\passwd", "/passwd", "pass\u0001wd")) {
            assertThat(named(raw).fileName()).contains("passwd");
        }
        assertThat(named("..").fileName()).isEmpty();
        assertThat(named("dir/").fileName()).isEmpty();
    }

    @Test
    void readsFileNamesInEncodedWordsAndRawOctets() throws IOException {
        assertThat(named("=?utf-8?B?5Lya6K6uLnR4dA==?=").fileName()).contains("会议.txt");
        assertThat(named(Mails.raw("会议.txt", "UTF-8")).fileName()).contains("会议.txt");
        assertThat(named(Mails.raw("Größe.txt", "ISO-8859-1")).fileName()).contains("Größe.txt");
    }

    private static MimePart named(String raw) throws IOException {
        return Mails.mail("Content-Disposition: attachment; filename=\"" + raw + "\"\n\nx")
                .root();
    }

    @Test
    void ofATextOnlyMessageReadsNoMoreThanItsText() throws IOException {
        Octets octets = Octets.of(Mails.octets("Subject: hi\nContent-Type: text/plain; charset=utf-8\n\n"
                + "A line of the usual length, as people write them.\n".repeat(60)));

        assertThat(Allocation.of(() -> {
                    ParsedMail mail = ParsedMail.of(octets);
                    mail.headers().decoded("Subject");
                    mail.text();
                }))
                .isLessThan(30 * 1024);
    }

    @Test
    void closingAStreamIsAllowedAndChangesNothing() throws IOException {
        MimePart part = Mails.mail(TREE).attachments().get(1);
        try (InputStream in = part.open()) {
            assertThat(in.read()).isEqualTo('1');
        }
        assertThat(Mails.content(part)).isEqualTo("1,2\r\n");
    }
}
