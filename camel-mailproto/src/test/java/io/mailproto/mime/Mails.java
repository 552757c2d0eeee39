package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Messages for tests, written as text blocks: line ends become CRLF, a character is an octet. */
final class Mails {

    private Mails() {}

    static byte[] octets(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    static ParsedMail mail(String text) {
        return ParsedMail.of(Octets.of(octets(text)));
    }

    static ParsedMail mail(byte[]... pieces) {
        return ParsedMail.of(Octets.of(joined(pieces)));
    }

    static HeaderFields head(String text) throws IOException {
        return HeaderFields.read(Octets.of(octets(text)));
    }

    static byte[] joined(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    /** The octets of a text in a charset, as characters for {@link #octets(String)}. */
    static String raw(String text, String charset) {
        return new String(text.getBytes(Charset.forName(charset)), StandardCharsets.ISO_8859_1);
    }

    static String content(MimePart part) throws IOException {
        return new String(part.open().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
