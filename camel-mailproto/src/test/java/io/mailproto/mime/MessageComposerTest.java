package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageComposerTest {

    private static final NamedAddress ANN = NamedAddress.parse("Ann Example <ann@example.com>");

    private static MessageComposer composer() {
        return new MessageComposer()
                .from(ANN)
                .to(NamedAddress.parseList("bob@example.org"))
                .date(OffsetDateTime.of(2026, 5, 7, 9, 30, 0, 0, ZoneOffset.ofHours(2)))
                .messageId("one@example.com");
    }

    private static String written(MessageComposer composer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        composer.writeTo(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static ParsedMail read(MessageComposer composer) throws IOException {
        String message = written(composer);
        assertThat(message).endsWith("\r\n");
        assertThat(message.replace("\r\n", "")).doesNotContain("\r", "\n");
        assertThat(message.split("\r\n")).allMatch(line -> line.length() <= 998);
        return ParsedMail.of(Octets.of(message.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void writesASimpleMessageAsOneWouldByHand() throws IOException {
        assertThat(written(composer().subject("Lunch").text("At noon?\nAnn\n"))).isEqualTo("""
                        Date: Thu, 7 May 2026 09:30:00 +0200
                        From: Ann Example <ann@example.com>
                        To: bob@example.org
                        Subject: Lunch
                        Message-ID: <one@example.com>
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=US-ASCII
                        Content-Transfer-Encoding: 7bit

                        At noon?
                        Ann
                        """.replace("\n", "\r\n"));
    }

    @Test
    void givesTheSameOctetsEachTime() throws IOException {
        MessageComposer composer = new MessageComposer()
                .from(ANN)
                .text("a")
                .attach(Attachment.of("a.bin", "application/x-a", Octets.of(new byte[] {1, 2})));

        assertThat(written(composer)).isEqualTo(written(composer));
        assertThat(composer.messageId()).matches("<[0-9a-f-]{36}@example\\.com>");
        assertThat(new MessageComposer().from(ANN).messageId()).isNotEqualTo(composer.messageId());
    }

    @Test
    void foldsAndEncodesWhatComesBackUnchanged() throws IOException {
        List<String> subjects = List.of(
                "plain",
                "two  blanks and a \t tab",
                "a rather long subject that has to be folded because a line of a header section has 78 characters",
                "Re: Größe und Maße",
                "会议通知：".repeat(40),
                "mixed ascii 会议 and more ascii that goes on and on until the line is full 会议",
                "emoji \ud83d\ude00 ".repeat(30) + "end",
                "x".repeat(200),
                "ä".repeat(300),
                "has a control\u0001 in it");
        for (String subject : subjects) {
            ParsedMail mail =
                    read(composer().subject(subject).header("X-Copy", subject).text("x"));

            assertThat(mail.headers().decoded("Subject")).contains(subject);
            assertThat(mail.headers().decoded("X-Copy")).contains(subject);
            assertThat(linesOf(mail)).allMatch(line -> line.length() <= 78 || line.contains("xxxx"));
        }
    }

    private static String[] linesOf(ParsedMail mail) throws IOException {
        StringBuilder head = new StringBuilder();
        for (HeaderField field : mail.headers().all()) {
            head.append(new String(field.octets(), StandardCharsets.ISO_8859_1));
        }
        assertThat(head.toString().chars()).allMatch(c -> c < 0x80);
        return head.toString().split("\r\n");
    }

    @Test
    void splitsAWordThatIsLongerThanALineMayBe() throws IOException {
        String word = "y".repeat(3000);

        assertThat(read(composer().header("X-Long", word).text("x")).headers().decoded("X-Long"))
                .contains(word);
    }

    @Test
    void encodesNamesAndKeepsAddresses() throws IOException {
        List<NamedAddress> many = NamedAddress.parseList("\"Müller, Ann\" <ann@example.com>, \"B. C\" <b@example.com>, "
                + "会议室 <room@example.com>, plain@example.com, \"a \\\"b\\\" c\" <q@example.com>, "
                + "Someone With A Name So Long That It Must Be Folded Somewhere Or Other <long@example.com>");
        ParsedMail mail =
                read(composer().to(many).cc(many).replyTo(many).sender(ANN).text("x"));

        for (String name : List.of("To", "Cc", "Reply-To")) {
            assertThat(NamedAddress.parseList(mail.headers().value(name).orElseThrow()))
                    .isEqualTo(many);
        }
        assertThat(linesOf(mail)).allMatch(line -> line.length() <= 78);
    }

    @Test
    void writesDomainsAsALabelsUnlessUtf8IsNeededAnyway() throws IOException {
        MessageComposer ascii = composer().to(List.of(NamedAddress.of(EmailAddress.parse("bob@bücher.example"))));
        MessageComposer utf8 =
                composer().to(List.of(NamedAddress.of(new EmailAddress("bøb", Domain.parse("bücher.example")))));

        assertThat(read(ascii).headers().value("To")).contains("bob@xn--bcher-kva.example");
        assertThat(ascii.needsUtf8()).isFalse();
        assertThat(read(utf8).headers().value("To")).contains("bøb@bücher.example");
        assertThat(utf8.needsUtf8()).isTrue();
    }

    @Test
    void choosesTheEncodingByTheContent() throws IOException {
        assertThat(encodingOf("plain\n")).isEqualTo("7bit");
        assertThat(encodingOf("Some Größe in a text that is mostly ASCII")).isEqualTo("quoted-printable");
        assertThat(encodingOf("会议通知")).isEqualTo("base64");
        assertThat(encodingOf("a".repeat(999))).isEqualTo("quoted-printable");
        assertThat(encodingOf("From me\n")).isEqualTo("quoted-printable");
        assertThat(encodingOf("")).isEqualTo("7bit");
    }

    private static String encodingOf(String text) throws IOException {
        ParsedMail mail = read(composer().text(text).html("x"));
        assertThat(mail.text()).isEqualTo(text.replace("\n", "\r\n"));
        return mail.leaves().get(0).transferEncoding();
    }

    @Test
    void writesTextInOtherCharsetsAndInUtf8WhatTheyLack() throws IOException {
        for (String charset : List.of("GB18030", "Shift_JIS", "ISO-2022-JP", "UTF-16", "ISO-8859-1", "EUC-KR")) {
            ParsedMail mail = read(composer()
                    .charset(Charset.forName(charset))
                    .text("日本 Größe 회의")
                    .html("x"));
            assertThat(mail.text()).as(charset).isEqualTo("日本 Größe 회의");
        }
        assertThat(read(composer()
                                .charset(StandardCharsets.ISO_8859_1)
                                .text("Größe")
                                .html("x"))
                        .leaves()
                        .get(0)
                        .charset())
                .contains(StandardCharsets.ISO_8859_1);
    }

    @Test
    void writesABodyOfAnotherType() throws IOException {
        ParsedMail mail = read(composer().text("text/calendar; method=REQUEST", "BEGIN:VCALENDAR ä"));

        assertThat(mail.root().contentType()).isEqualTo("text/calendar");
        assertThat(mail.root().parameters()).containsEntry("method", "REQUEST").containsEntry("charset", "UTF-8");
        assertThat(mail.text()).startsWith("BEGIN:VCALENDAR ä");
        for (String type : List.of("calendar", "text/x; charset=utf-8", "multipart/mixed", "text/x\r\nBcc: a")) {
            assertThatThrownBy(() -> composer().text(type, "x")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nestsAlternativesInlinePartsAndAttachments() throws IOException {
        ParsedMail mail = read(composer()
                .text("see the picture")
                .html("<img src='cid:pic@example.com'>")
                .attach(Attachment.inline("pic@example.com", "p.png", "image/png", Octets.of(new byte[100])::open))
                .attach(Attachment.of("a.pdf", "application/pdf", Octets.of(new byte[100]))));

        MimePart root = mail.root();
        assertThat(root.contentType()).isEqualTo("multipart/mixed");
        MimePart alternative = root.parts().get(0);
        assertThat(alternative.contentType()).isEqualTo("multipart/alternative");
        MimePart related = alternative.parts().get(1);
        assertThat(related.contentType()).isEqualTo("multipart/related");
        assertThat(related.parts().get(1).contentId()).contains("pic@example.com");
        assertThat(related.parts().get(1).disposition()).contains("inline");
        assertThat(mail.problems()).isEmpty();
        assertThat(mail.text()).isEqualTo("see the picture");
        assertThat(mail.html()).contains("<img src='cid:pic@example.com'>");
    }

    @Test
    void attachmentsComeBackOctetForOctetUnderTheirNames() throws IOException {
        Random random = new Random(3);
        byte[] binary = new byte[100_000];
        random.nextBytes(binary);
        byte[] text = "a\nb\r\nc\rd \t\r\n.\r\nFrom e".getBytes(StandardCharsets.US_ASCII);
        byte[] message = Mails.octets("Subject: inner\n\ntext\n");
        List<String> names = List.of(
                "plain.txt",
                "with blank.txt",
                "quote\"d.txt",
                "会议通知.txt",
                "会议".repeat(60) + ".txt",
                "Größe (2).txt",
                "n".repeat(150) + ".txt",
                "semi;colon=.txt",
                "percent%41.txt");
        for (String name : names) {
            ParsedMail mail = read(composer()
                    .attach(Attachment.of(name, "application/octet-stream", Octets.of(binary)))
                    .attach(Attachment.of(name, "text/csv; charset=us-ascii", Octets.of(text)))
                    .attach(Attachment.of(name, "message/rfc822", Octets.of(message))));

            assertThat(mail.attachments()).hasSize(3).allSatisfy(part -> assertThat(part.fileName())
                    .contains(name));
            assertThat(mail.attachments().get(0).open().readAllBytes()).isEqualTo(binary);
            assertThat(mail.attachments().get(1).open().readAllBytes()).isEqualTo(text);
            assertThat(mail.attachments().get(2).open().readAllBytes()).isEqualTo(message);
            assertThat(mail.attachments().get(2).contentType()).isEqualTo("message/rfc822");
            assertThat(linesOf(mail)).allMatch(line -> line.length() <= 78);
        }
    }

    @Test
    void aMessageThatCannotTravelAsItIsBecomesAFile() throws IOException {
        byte[] eightBit = Mails.octets("Subject: inner\n\nGr\u00f6\u00dfe\n");
        ParsedMail mail =
                read(composer().text("x").attach(Attachment.of("m.eml", "message/rfc822", Octets.of(eightBit))));

        assertThat(mail.attachments().get(0).contentType()).isEqualTo("application/octet-stream");
        assertThat(mail.attachments().get(0).open().readAllBytes()).isEqualTo(eightBit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: eve@example.net", "a\nb", "a\rb", "a\0b"})
    void refusesWhatWouldBringInFields(String evil) {
        MessageComposer composer = composer();
        List<Runnable> attempts = List.of(
                () -> composer.subject(evil),
                () -> composer.header("X-Note", evil),
                () -> composer.header(evil, "x"),
                () -> composer.messageId(evil),
                () -> composer.from(new NamedAddress(evil, ANN.address())),
                () -> Attachment.of(evil, "text/plain", Octets.of(new byte[0])),
                () -> Attachment.of("a", "text/plain; x=" + evil, Octets.of(new byte[0])),
                () -> Attachment.inline(evil, "a", "text/plain", Octets.of(new byte[0])::open),
                () -> new HeaderRewriter().replace("Subject", evil),
                () -> new HeaderRewriter().prepend("Received", evil),
                () -> new HeaderRewriter().add(evil, "x"));

        assertThat(attempts)
                .allSatisfy(attempt -> assertThatThrownBy(attempt::run).isInstanceOf(IllegalArgumentException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "ä", "Bcc", "RESENT-BCC", "From", "Content-Type", "mime-version"})
    void refusesNamesThatAreNoneOrNotForEveryone(String name) {
        assertThatThrownBy(() -> composer().header(name, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void streamsAnAttachmentThatIsLargerThanTheHeap() throws IOException {
        long size = 300L * 1024 * 1024;
        MessageComposer composer =
                composer().text("big").attach(Attachment.of("big.bin", "application/x-big", () -> new Zeros(size)));

        assertThat(Allocation.of(() -> composer.writeTo(OutputStream.nullOutputStream())))
                .isLessThan(1024 * 1024);
    }

    @Test
    void readsABigMessageFromTheSpoolInLittleMemory() throws IOException {
        long size = 48L * 1024 * 1024;
        Octets octets = composer()
                .text("big")
                .attach(Attachment.of("big.bin", "application/x-big", () -> new Zeros(size)))
                .compose(new Spool(SpoolOptions.defaults()));
        assertThat(octets.isInMemory()).isFalse();

        long allocated = Allocation.of(() -> {
            ParsedMail mail = ParsedMail.of(octets);
            assertThat(mail.text()).isEqualTo("big");
            assertThat(mail.attachments().get(0).size()).isEqualTo(size);
        });

        assertThat(allocated).isLessThan(2 * 1024 * 1024);
        octets.release();
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int read = (int) Math.min(left, length);
            left -= read;
            return read;
        }
    }

    @Test
    void aFileNameThatLooksLikeAnEncodedWordIsNotWrittenAsOne() throws IOException {
        String name = "=?utf-8?Q?x?=";
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        new MessageComposer()
                .from(NamedAddress.parse("ann@example.com"))
                .attach(Attachment.of(name, "a/b", Octets.of(new byte[] {1})))
                .writeTo(message);

        assertThat(message.toString(StandardCharsets.UTF_8))
                .contains("filename*")
                .doesNotContain(name);
    }
}
