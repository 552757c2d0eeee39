package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.spool.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SevenBitMessageTest {
    private static final String UMLAUTS = Mails.raw("Grüße aus Köln, and then more\n", "UTF-8");
    private static final String TEXT_HEAD =
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n";

    private static byte[] rewritten(byte[] message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SevenBitMessage.of(RelayedMessage.verbatim(Octets.of(message))).writeTo(out);
        for (byte octet : out.toByteArray()) {
            assertThat(octet).isNotNegative();
        }
        return out.toByteArray();
    }

    private static String rewritten(String message) throws IOException {
        return new String(rewritten(Mails.octets(message)), StandardCharsets.US_ASCII).replace("\r\n", "\n");
    }

    @Test
    void encodesATextAndSaysSo() throws IOException {
        assertThat(rewritten("Subject: x\nMIME-Version: 1.0\n" + TEXT_HEAD + UMLAUTS + ".\nFrom here = there\n"))
                .isEqualTo("""
                        Subject: x
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: quoted-printable

                        Gr=C3=BC=C3=9Fe aus K=C3=B6ln, and then more
                        =2E
                        =46rom here =3D there
                        """);
    }

    @Test
    void makesAMimeMessageOfOneThatIsNone() throws IOException {
        assertThat(rewritten("Subject: x\n\n" + UMLAUTS)).isEqualTo("""
                Subject: x
                MIME-Version: 1.0
                Content-Type: text/plain; charset=unknown-8bit
                Content-Transfer-Encoding: quoted-printable

                Gr=C3=BC=C3=9Fe aus K=C3=B6ln, and then more
                """);
    }

    @Test
    void encodesTheTextOfFieldsOfTextAsWords() throws IOException {
        String subject = Mails.raw("Grüße", "UTF-8");
        assertThat(rewritten("Subject: " + subject + "\nTo: bob@example.org\n\nhello\n"))
                .isEqualTo("Subject: =?UTF-8?B?R3LDvMOfZQ==?=\nTo: bob@example.org\n\nhello\n");
    }

    @Test
    void leavesEveryOctetWhereAllIsAscii() throws IOException {
        String message = "Subject: x\nContent-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 7bit\n\n"
                + "preamble\n--b\n" + TEXT_HEAD + "hello\n--b  \n\nno head\n--b--\nepilogue";
        assertThat(rewritten(message)).isEqualTo(message);
    }

    @Test
    void encodesOnlyThePartsThatNeedItHoweverDeep() throws Exception {
        byte[] binary = new byte[5000];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = (byte) (i * 7);
        }
        byte[] message = Mails.joined(
                Mails.octets("From: a@b\nMIME-Version: 1.0\nContent-Transfer-Encoding: binary\n"
                        + "Content-Type: multipart/mixed;\n boundary=\"out er\"\n\npr\u00e4amble\n--out er\n"
                        + "Content-Type: multipart/alternative; boundary=in\nContent-Transfer-Encoding: 8bit\n\n--in\n"
                        + TEXT_HEAD + UMLAUTS + "\n--in\nContent-Type: text/html\n\n<p>plain</p>\n--in--\n--out er\n"
                        + "Content-Type: application/octet-stream\nContent-Transfer-Encoding: binary\n\n"),
                binary,
                Mails.octets("\n--out er\nContent-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n"
                        + "Subject: inner\n" + TEXT_HEAD + UMLAUTS.repeat(3) + "--out er--\nep\u00efl\u00f6gue\n"));

        byte[] result = rewritten(message);

        assertThat(PythonMail.leaves(result)).isEqualTo(PythonMail.leaves(message));
        ParsedMail before = ParsedMail.of(Octets.of(message));
        ParsedMail after = ParsedMail.of(Octets.of(result));
        assertThat(after.problems()).isEmpty();
        assertThat(after.leaves()).hasSameSizeAs(before.leaves());
        assertThat(after.leaves().get(2).open().readAllBytes()).isEqualTo(binary);
        assertThat(after.leaves().get(1).openEntire().readAllBytes())
                .isEqualTo(before.leaves().get(1).openEntire().readAllBytes());
        assertThat(new String(result, StandardCharsets.US_ASCII))
                .contains("Content-Transfer-Encoding: 7bit", "quoted-printable", "base64", "pr?amble", "ep?l?gue")
                .doesNotContain("8bit", "binary");
    }

    @Test
    void writesTextOfOtherScriptsInBase64AndReadsTheSame() throws IOException {
        String text = "Привет, мир\r\n".repeat(400);
        byte[] result = rewritten(
                Mails.octets("MIME-Version: 1.0\n" + TEXT_HEAD + Mails.raw(text.replace("\r\n", "\n"), "UTF-8")));
        assertThat(new String(result, StandardCharsets.US_ASCII)).contains("Encoding: base64");
        assertThat(ParsedMail.of(Octets.of(result)).root().open().readAllBytes())
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        for (String line : new String(result, StandardCharsets.US_ASCII).split("\r\n")) {
            assertThat(line).hasSizeLessThanOrEqualTo(76);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DKIM-Signature: v=1; b=x\n\n\u00e4\n",
                "Content-Type: multipart/signed; boundary=b\n\n--b\n\n\u00e4\n--b--\n",
                "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/signed; boundary=b\n\n--b\n"
                        + "Content-Type: multipart/mixed; boundary=c\n\n--c\n\n\u00e4\n--c--\n--b--\n--a--\n",
                "Content-Type: multipart/encrypted; boundary=b\n\n\u00e4\n--b--\n",
                "Content-Type: multipart/mixed\n\n\u00e4\n",
                "Content-Type: message/partial\n\n\u00e4\n",
                "Content-Transfer-Encoding: base64\n\n\u00e4\n",
                "Content-Transfer-Encoding: x-own\n\n\u00e4\n",
                "To: \u00c3\u00a4 <a@b>\n\nx\n",
                "Subject: \u00e4\n\nx\n",
                "no field \u00e4\n\nx\n"
            })
    void refusesWhatMustOrCanNotBeEncoded(String message) {
        assertThatThrownBy(() -> rewritten(message)).isInstanceOf(CannotBeSevenBit.class);
    }

    @Test
    void leavesSignedPartsAloneBesideOthers() throws IOException {
        String signed = "--a\nContent-Type: multipart/signed; boundary=b\n\n--b\n" + TEXT_HEAD
                + "ascii \n--b\nContent-Type: application/pgp-signature\n\nxyz\n--b--\n";
        String result = rewritten(
                "Content-Type: multipart/mixed; boundary=a\n\n" + signed + "--a\n" + TEXT_HEAD + UMLAUTS + "--a--\n");
        assertThat(result).contains(signed).contains("K=C3=B6ln");
    }

    @Test
    void keepsBinaryBodiesWhateverLooksLikeALineEndInThem() throws IOException {
        byte[] odd = {'\n', (byte) 0xff, '\r', '\r', '\n', '\n', '\r', (byte) 0x80, '\n', '\r', '\n'};
        byte[] result = rewritten(Mails.joined(Mails.octets("Content-Type: application/x\n\n"), odd));
        assertThat(ParsedMail.of(Octets.of(result)).root().open().readAllBytes())
                .isEqualTo(odd);
    }

    /** A line longer than any buffer, with line ends at its edges. */
    @Test
    void hasRoomForLinesOfAnyLength() throws IOException {
        for (int length = 16_380; length <= 16_388; length++) {
            byte[] body = new byte[length + 2 + 40_000];
            Arrays.fill(body, (byte) 'x');
            body[length] = '\r';
            body[length + 1] = '\n';
            body[body.length - 1] = (byte) 0xe4;
            byte[] result = rewritten(Mails.joined(Mails.octets("Content-Type: text/plain\n\n"), body));
            assertThat(ParsedMail.of(Octets.of(result)).root().open().readAllBytes())
                    .isEqualTo(body);
        }
    }

    @Test
    void holdsNothingOfALargeMessage() throws IOException {
        byte[] head = Mails.octets("Content-Type: application/x\nContent-Transfer-Encoding: binary\n\n");
        byte[] piece = new byte[4 * 1024 * 1024];
        Arrays.fill(piece, (byte) 0xe4);
        RelayedMessage message = RelayedMessage.verbatim(Octets.of(Mails.joined(head, piece)));
        SevenBitMessage.of(message).writeTo(OutputStream.nullOutputStream());

        long allocated = Allocation.of(() -> SevenBitMessage.of(message).writeTo(OutputStream.nullOutputStream()));

        assertThat(allocated).isLessThan(1024 * 1024);
    }

    @Test
    void comesThroughTheCollectionOfOddMails() throws IOException {
        List<String> odd = List.of("", "\n", "\u00e4", "\n\u00e4", "Content-Type: multipart/mixed; boundary=b\n\n--b");
        for (String message : odd) {
            try {
                rewritten(message);
            } catch (CannotBeSevenBit refused) {
                assertThat(refused).hasMessageMatching("[ -~]+");
            }
        }
    }
}
