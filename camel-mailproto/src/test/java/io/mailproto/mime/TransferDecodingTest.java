package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferDecodingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "NOTHING", textBlock = """
            YWJj               | abc
            YWJjZA==           | abcd
            YWJjZA=            | abcd
            YWJjZA             | abcd
            YWJjZGU            | abcde
            Y W~J\\r\\nj\\r\\n | abc
            YWJjZA==\\r\\nfooter of a list | abcd
            YWJjZA==YWJj       | abcd
            YWJjY              | abc
            =                  | ''
            ====               | ''
            !!!                | ''
            """)
    void decodesBase64AsItOccurs(String encoded, String decoded) throws IOException {
        assertThat(decodedInAllWays("base64", text(encoded))).isEqualTo(decoded);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            plain|plain
            a=20b=3Dc|a b=c
            =e4=F6|äö
            soft=\\r\\n break|soft break
            soft= \\t\\r\\nbreak|softbreak
            soft=\\nbreak|softbreak
            line \\t \\r\\nend  |line\\r\\nend
            kept  inside|kept  inside
            a   b  \\r\\nc  d|a   b\\r\\nc  d
            bad =XY =4 end=|bad =XY =4 end
            ==3D|==
            =|''
            a=\\r\\n|a
            bare\\rcr \\r|bare\\rcr \\r
            """)
    void decodesQuotedPrintableAsItOccurs(String encoded, String decoded) throws IOException {
        String expected = decoded.equals("''") ? "" : text(decoded);
        assertThat(decodedInAllWays("quoted-printable", text(encoded))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            begin 644 a\\n#86)C\\n`\\nend\\n|abc
            text\\r\\n\\r\\nbegin 0644 a b.txt\\r\\n#86)C\\r\\n \\r\\nend\\r\\nmore|abc
            begin 644 a\\n#86)C\\n\\nend|abc
            begin 644 a\\n#86)C\\nend\\n#86)C\\n|abc
            begin 644 a\\n#86)C|abc
            begin 644 a\\n#86)C1\\n$86)C9```\\nend|abcabcd
            begin 644 a\\n"86(\\nend|ab
            #86)C\\n$86)C9```\\n`\\n|abcabcd
            no uuencode at all\\nHello\\n|
            begin\\nbegin 6\\nbegin 644\\nbegin 6444444 x\\n|
            begin 644 a\\n|
            """)
    void decodesUuencodeAsItOccurs(String encoded, String decoded) throws IOException {
        assertThat(decodedInAllWays("x-uuencode", text(encoded))).isEqualTo(decoded == null ? "" : decoded);
    }

    @ParameterizedTest
    @CsvSource({"Base64", "BASE64 ", "base-64", "base 64"})
    void knowsEncodingsInOddWriting(String label) {
        assertThat(ContentDecoding.of(label)).isEqualTo(ContentDecoding.BASE64);
        assertThat(ContentDecoding.of("Quoted Printable")).isEqualTo(ContentDecoding.QUOTED_PRINTABLE);
        assertThat(ContentDecoding.of("8-bit")).isEqualTo(ContentDecoding.NONE);
        assertThat(ContentDecoding.of("x-yenc")).isEqualTo(ContentDecoding.UNKNOWN);
    }

    private static String text(String escaped) {
        return escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
    }

    /** Whole, and with source and target of one octet at a time. */
    private static String decodedInAllWays(String encoding, String encoded) throws IOException {
        byte[] octets = encoded.getBytes(StandardCharsets.ISO_8859_1);
        String head = "Content-Type: application/x\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n";
        byte[] message = Mails.joined(head.getBytes(StandardCharsets.US_ASCII), octets);
        MimePart part = ParsedMail.of(Octets.of(message)).root();
        String whole = Mails.content(part);
        InputStream slow = new InputStream() {
            private final InputStream in = new ByteArrayInputStream(octets);

            @Override
            public int read() {
                throw new AssertionError("a decoder reads into its buffer");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return in.read(target, offset, Math.min(1, length));
            }
        };
        InputStream decoder = ContentDecoding.of(encoding).decode(slow, 5);
        ByteArrayOutputStream single = new ByteArrayOutputStream();
        int octet;
        while ((octet = decoder.read()) >= 0) {
            single.write(octet);
        }
        assertThat(single.toString(StandardCharsets.ISO_8859_1)).isEqualTo(whole);
        return whole;
    }

    @Test
    void decodesWhatWasEncodedWhateverTheSizesOfReads() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            byte[] content = new byte[random.nextInt(5000)];
            random.nextBytes(content);
            byte[] base64 = Base64.getMimeEncoder().encode(content);
            ByteArrayOutputStream quoted = new ByteArrayOutputStream();
            try (QuotedPrintableOutput out = new QuotedPrintableOutput(quoted)) {
                out.write(content);
            }

            assertThat(readRandomly(new Base64Input(new ByteArrayInputStream(base64), 64), random))
                    .isEqualTo(content);
            assertThat(readRandomly(
                            new QuotedPrintableInput(new ByteArrayInputStream(quoted.toByteArray()), 64), random))
                    .isEqualTo(content);
            assertThat(quoted.toString(StandardCharsets.US_ASCII).lines()).allMatch(line -> line.length() <= 76);
        }
    }

    private static byte[] readRandomly(InputStream in, Random random) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[100];
        int read;
        while ((read = in.read(chunk, 0, 1 + random.nextInt(chunk.length))) >= 0) {
            assertThat(read).isPositive();
            all.write(chunk, 0, read);
        }
        return all.toByteArray();
    }
}
