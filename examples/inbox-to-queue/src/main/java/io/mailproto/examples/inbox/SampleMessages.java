package io.mailproto.examples.inbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The messages the quick start works on: the {@code .eml} files of this example and one big one that is made on the spot. */
final class SampleMessages {
    private static final String FOLDER = "/messages/";
    private static final int BIG_ATTACHMENT_OCTETS = 10 * 1024 * 1024;

    private SampleMessages() {}

    /** One message; the octets are its RFC 5322 form with CRLF line ends and are shared, not copied. */
    record Sample(String name, byte[] octets) {}

    /** All messages in a fixed order, the big one last. */
    static List<Sample> all() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (String name : names()) {
            samples.add(new Sample(name, resource(name)));
        }
        samples.add(new Sample("big-attachment.eml", bigAttachment()));
        return samples;
    }

    private static List<String> names() throws IOException {
        String index = new String(resource("index.txt"), StandardCharsets.US_ASCII);
        try (Stream<String> lines = index.lines()) {
            return lines.filter(line -> !line.isBlank()).toList();
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = SampleMessages.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException("the example's resource " + FOLDER + name + " is missing from the class path");
            }
            return in.readAllBytes();
        }
    }

    /** 10 MiB of noise, the same in every run, as a base64 attachment: too big to be kept among the sources. */
    private static byte[] bigAttachment() throws IOException {
        byte[] noise = new byte[BIG_ATTACHMENT_OCTETS];
        new Random(20260301).nextBytes(noise);
        String start = """
                From: Archive <archive@example.net>
                To: Post room <post@example.org>
                Subject: The whole archive in one mail
                Date: Sun, 29 Mar 2026 12:00:00 +0200
                Message-ID: <big.1@mail.example.com>
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="big"

                --big
                Content-Type: text/plain; charset=us-ascii

                Ten mebibytes are attached.

                --big
                Content-Type: application/octet-stream; name="archive.bin"
                Content-Disposition: attachment; filename="archive.bin"
                Content-Transfer-Encoding: base64

                """;
        ByteArrayOutputStream mail = new ByteArrayOutputStream(BIG_ATTACHMENT_OCTETS * 3 / 2);
        mail.write(start.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        mail.write(Base64.getMimeEncoder().encode(noise));
        mail.write("\r\n--big--\r\n".getBytes(StandardCharsets.US_ASCII));
        return mail.toByteArray();
    }
}
