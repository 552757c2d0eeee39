package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages that no standard allows and that exist all the same. */
class BrokenMailTest {

    @Test
    void findsTheBoundaryThatNobodyNamed() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/mixed

                --found
                Content-Type: text/plain

                here
                --found
                Content-Type: image/gif

                GIF
                --found--
                """);

        assertThat(mail.text()).isEqualTo("here");
        assertThat(mail.attachments()).hasSize(1);
        assertThat(mail.problems()).containsExactly("a multipart/mixed names no boundary");
    }

    @Test
    void findsTheBoundaryThatIsAnotherThanTheOneNamed() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/mixed; boundary=promised

                --used

                here
                --used--
                """);

        assertThat(mail.text()).isEqualTo("here");
        assertThat(mail.problems()).first().asString().contains("\"used\"");
    }

    @Test
    void givesAMultipartWithoutPartsAsText() throws IOException {
        ParsedMail mail = Mails.mail("Content-Type: multipart/mixed; boundary=b\n\njust text\n-- \nAnn\n");

        assertThat(mail.text()).isEqualTo("just text\r\n-- \r\nAnn\r\n");
        assertThat(mail.attachments()).isEmpty();
    }

    @Test
    void endsPartsWithTheMessageIfNoBoundaryDoes() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/mixed; boundary=a

                --a
                Content-Type: multipart/alternative; boundary=b

                --b

                cut off\
                """);

        assertThat(mail.text()).isEqualTo("cut off");
        assertThat(mail.problems()).hasSize(2).allMatch(problem -> problem.contains("does not end"));
    }

    @Test
    void anOuterBoundaryEndsInnerParts() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/mixed; boundary=a

                --a
                Content-Type: multipart/alternative; boundary=ab

                --ab

                inner
                --a
                Content-Type: application/x-next

                next
                --a--
                """);

        assertThat(mail.text()).isEqualTo("inner");
        assertThat(mail.root().parts()).hasSize(2);
        assertThat(Mails.content(mail.attachments().get(0))).isEqualTo("next");
    }

    @Test
    void aBoundaryWithinAHeadEndsThePart() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/mixed; boundary=a

                --a
                Content-Type: text/html
                --a

                text
                --a--
                """);

        assertThat(mail.root().parts()).hasSize(2);
        assertThat(mail.root().parts().get(0).encodedSize()).isZero();
        assertThat(mail.text()).isEqualTo("text");
    }

    @Test
    void takesBoundariesWithWhiteSpaceBehindThemAndBareLineFeeds() throws IOException {
        byte[] message = "Content-Type: multipart/mixed; boundary=\"a b\"\n\n--a b \t\n\ntext\n--a b-- \n"
                .getBytes(StandardCharsets.US_ASCII);
        ParsedMail mail = Mails.mail(message);

        assertThat(mail.text()).isEqualTo("text");
        assertThat(mail.problems()).isEmpty();
    }

    @Test
    void aLineThatOnlyBeginsLikeABoundaryIsNone() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/mixed; boundary=a

                --a

                --ab
                --a-
                --a--b
                --a--
                """);

        assertThat(mail.text()).isEqualTo("--ab\r\n--a-\r\n--a--b");
    }

    @Test
    void findsTheFirstBoundaryRightBehindAHeadWithoutAnEmptyLine() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: multipart/mixed; boundary=a
                --a
                Content-Type: multipart/alternative; boundary=b
                --b
                Content-Type: text/html

                inner
                --b--
                --a--
                """);

        assertThat(mail.headers().names()).containsExactly("Content-Type");
        assertThat(mail.text()).isEqualTo("inner");
        assertThat(mail.leaves()).hasSize(1);
    }

    @Test
    void takesTimeOnlyInProportionToTheOctets() throws IOException {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long start = clock.getCurrentThreadCpuTime();
        for (String hostile : new String[] {
            "=?a?Q?x",
            "=?utf-8?Q?x",
            "=?",
            "?=",
            "\"",
            "\";",
            "(",
            "<",
            "a=\";",
            "a*0*=%",
            " ",
            "=\t",
            "--a",
            "\n--",
            ","
        }) {
            String value = hostile.repeat(60_000 / hostile.length());
            readEverything(Mails.octets("To: " + value + "\n\nx"));
            readEverything(Mails.octets("Content-Type: multipart/mixed; boundary=a;" + value + "\n\n--a\n" + value));
            readEverything(Mails.octets("Content-Transfer-Encoding: quoted-printable\n\n" + value.repeat(4)));
        }
        // Processor time, since a busy machine is no fault; some seconds at most where it is in proportion.
        assertThat(Duration.ofNanos(clock.getCurrentThreadCpuTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void leavesPartsAloneThatAreNestedTooDeep() throws IOException {
        StringBuilder message = new StringBuilder("Content-Type: multipart/mixed; boundary=b0\n\n");
        for (int i = 0; i < 150; i++) {
            message.append("--b")
                    .append(i)
                    .append("\nContent-Type: multipart/mixed; boundary=b")
                    .append(i + 1);
            message.append("\n\n");
        }
        ParsedMail mail = Mails.mail(message.toString());

        MimePart part = mail.root();
        int depth = 0;
        while (part.isMultipart()) {
            part = part.parts().get(0);
            depth++;
        }
        assertThat(depth).isEqualTo(StructureScanner.MAX_DEPTH + 1);
        assertThat(Mails.content(part)).startsWith("--b101");
        assertThat(mail.problems()).anyMatch(problem -> problem.contains("deeper than 100"));
    }

    @Test
    void stopsCountingPartsAtTheLimit() throws IOException {
        ParsedMail mail = Mails.mail("Content-Type: multipart/mixed; boundary=b\n\n"
                + "--b\n\nx\n".repeat(StructureScanner.MAX_PARTS + 500));

        assertThat(mail.root().parts()).hasSize(StructureScanner.MAX_PARTS);
        assertThat(mail.problems()).anyMatch(problem -> problem.contains("more than 10000 parts"));
    }

    @Test
    void keepsTheHeadsOfManyPartsWithinALimit() throws IOException {
        String part = "--b\nX-Pad: " + "p".repeat(900_000) + "\n\nx\n";
        ParsedMail mail = Mails.mail("Content-Type: multipart/mixed; boundary=b\n\n" + part.repeat(20));

        long kept = mail.leaves().stream()
                .flatMap(leaf -> leaf.headers().all().stream())
                .mapToLong(field -> field.octets().length)
                .sum();
        assertThat(kept).isLessThanOrEqualTo(StructureScanner.MAX_HEADS);
        assertThat(mail.leaves()).hasSize(20);
    }

    @Test
    void tellsWhatItCouldNotUnderstand() throws IOException {
        ParsedMail mail = Mails.mail("""
                Content-Type: text/plain; charset=klingon
                Content-Transfer-Encoding: x-yenc
                a line that is no field
                Subject: x

                =ybegin line=128
                """);

        assertThat(mail.text()).startsWith("=ybegin");
        assertThat(mail.problems())
                .containsExactly(
                        "the header section has a line that is no field",
                        "the charset \"klingon\" is unknown",
                        "the transfer encoding \"x-yenc\" is unknown");
        assertThat(Mails.mail("Subject: =?klingon?Q?x?=\nX: =?utf-8?Q?y?= =?z\n\nx")
                        .problems())
                .containsExactly("the field Subject has an encoded word in an unknown charset");
        assertThat(Mails.mail("Content-Type: plain\n\nx").problems())
                .containsExactly("a Content-Type cannot be understood; took text/plain");
    }

    @Test
    void neverFailsForWhatTheOctetsAre() throws IOException {
        String seed = """
                From: =?utf-8?Q?=C3=84nn?= <ann@example.com>
                To: bob@example.org,
                 "C, D" <cd@example.org>
                Subject: =?gb2312?B?u+HS6c2o1qo=?=
                Content-Type: multipart/mixed; boundary="=_a"; x*0*=utf-8''%41

                --=_a
                Content-Type: multipart/related; boundary=b

                --b
                Content-Type: text/html; charset=koi8-r
                Content-Transfer-Encoding: quoted-printable

                =C1=C2 soft=
                 end
                --b--
                --=_a
                Content-Type: application/zip; name*0="a;"; name*1*=%20b
                Content-Transfer-Encoding: base64
                Content-Disposition: attachment; filename="=?utf-8?Q?x=2Ezip?="

                UEsDBAoAAAAAAA==
                --=_a--
                """;
        byte[] good = Mails.octets(seed);
        Random random = new Random(42);
        for (int round = 0; round < 3000; round++) {
            byte[] broken = good.clone();
            for (int i = random.nextInt(12); i >= 0; i--) {
                int at = random.nextInt(broken.length);
                if (random.nextBoolean()) {
                    broken[at] = (byte) random.nextInt(256);
                } else {
                    int length = random.nextInt(broken.length - at);
                    System.arraycopy(good, random.nextInt(good.length - length), broken, at, length);
                }
            }
            readEverything(broken);
        }
    }

    private static void readEverything(byte[] message) throws IOException {
        ParsedMail mail = Mails.mail(message);
        for (HeaderField field : mail.headers().all()) {
            assertThat(field.decoded()).doesNotContain("\r", "\n", "\0");
            NamedAddress.parseListLeniently(field.value());
        }
        assertThat(mail.text()).isNotNull();
        for (MimePart leaf : mail.leaves()) {
            assertThat(leaf.open().readAllBytes()).hasSize((int) leaf.size());
            leaf.fileName();
            leaf.contentId();
            leaf.charset();
        }
        assertThat(new HeaderRewriter().apply(Octets.of(message)).open().readAllBytes())
                .isEqualTo(message);
    }

    @Test
    void takesNoFieldForLostBehindAByteOrderMark() throws IOException {
        String mark = "\u00ef\u00bb\u00bf";
        String message = mark + "Subject: first\nTo: bob@example.org\n\nbody\n";
        ParsedMail mail = Mails.mail(message);

        assertThat(mail.headers().names()).containsExactly("Subject", "To");
        assertThat(mail.headers().value("Subject")).contains("first");
        assertThat(mail.headers().first("Subject").orElseThrow().octets()).isEqualTo(Mails.octets("Subject: first\n"));
        assertThat(mail.text()).isEqualTo("body\r\n");
        assertThat(mail.problems()).isEmpty();
        assertThat(mail.root().openEntire().readAllBytes()).isEqualTo(Mails.octets(message));
        assertThat(Mails.mail("Received: from a\n" + message).headers().names())
                .containsExactly("Received", "Subject", "To");
        assertThat(Mails.mail(mark + "From ann Tue May 5\n" + message).headers().names())
                .containsExactly("Subject", "To");
        assertThat(Mails.mail(mark + "no head at all\n").text()).endsWith("no head at all\r\n");
    }
}
