package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderRewriterTest {

    private static final String MESSAGE = """
            Received: from a
            Subject: the
              old one
            X-Note: 1
            X-NOTE: 2
            To: bob@example.org

            Subject: in the body\u00e4
            """;

    private static String rewritten(HeaderRewriter rewriter, String message) throws IOException {
        return rewritten(rewriter, Mails.octets(message)).replace("\r\n", "\n");
    }

    private static String rewritten(HeaderRewriter rewriter, byte[] message) throws IOException {
        RelayedMessage relayed = rewriter.apply(Octets.of(message));
        byte[] read = relayed.open().readAllBytes();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        relayed.writeTo(written);
        assertThat(written.toByteArray()).isEqualTo(read);
        assertThat(relayed.size()).isEqualTo(read.length);
        return new String(read, StandardCharsets.ISO_8859_1);
    }

    @Test
    void changesNothingIfNothingIsToBeChanged() throws IOException {
        assertThat(rewritten(new HeaderRewriter(), MESSAGE)).isEqualTo(MESSAGE);
        assertThat(new HeaderRewriter().isEmpty()).isTrue();
        assertThat(RelayedMessage.verbatim(Octets.of(Mails.octets(MESSAGE)))
                        .open()
                        .readAllBytes())
                .isEqualTo(Mails.octets(MESSAGE));
    }

    @Test
    void replacesAFieldAtItsPlaceAndRemovesItsRepetitions() throws IOException {
        assertThat(rewritten(new HeaderRewriter().replace("SUBJECT", "new").replace("x-note", "3"), MESSAGE))
                .isEqualTo(MESSAGE.replace("Subject: the\n  old one\n", "SUBJECT: new\n")
                        .replace("X-Note: 1\nX-NOTE: 2\n", "x-note: 3\n"));
    }

    @Test
    void removesAddsAndPrepends() throws IOException {
        HeaderRewriter rewriter = new HeaderRewriter()
                .prepend("Return-Path", "<ann@example.com>")
                .prepend("Received", "from b")
                .remove("X-Note")
                .add("X-Last", "end")
                .replace("Cc", "new@example.org");

        assertThat(rewritten(rewriter, MESSAGE))
                .isEqualTo("Return-Path: <ann@example.com>\nReceived: from b\n"
                        + MESSAGE.replace("X-Note: 1\nX-NOTE: 2\n", "")
                                .replace(
                                        "To: bob@example.org\n",
                                        "To: bob@example.org\nCc: new@example.org\nX-Last: end\n"));
    }

    @Test
    void encodesAndFoldsWhatItWrites() throws IOException {
        String subject = "会议通知 ".repeat(20).strip();
        byte[] message = rewritten(
                        new HeaderRewriter()
                                .replace("Subject", subject)
                                .replaceAddresses("To", NamedAddress.parseList("Müller <m@example.org>")),
                        Mails.octets(MESSAGE))
                .getBytes(StandardCharsets.ISO_8859_1);
        HeaderFields head = HeaderFields.read(Octets.of(message));

        assertThat(head.decoded("Subject")).contains(subject);
        assertThat(head.decoded("To")).contains("Müller <m@example.org>");
    }

    @Test
    void writesTheLineEndsThatTheMessageHas() throws IOException {
        byte[] message = "A: 1\nB: 2\n\nbody\n".getBytes(StandardCharsets.US_ASCII);

        assertThat(rewritten(new HeaderRewriter().replace("A", "x").add("C", "3"), message))
                .isEqualTo("A: x\nB: 2\nC: 3\n\nbody\n");
    }

    @Test
    void keepsMessagesWholeThatLackTheirHeadOrTheirBody() throws IOException {
        HeaderRewriter add = new HeaderRewriter().add("X", "y");

        assertThat(rewritten(add, "")).isEqualTo("X: y\n\n");
        assertThat(rewritten(add, "\nbody")).isEqualTo("X: y\n\nbody");
        assertThat(rewritten(add, "body alone, no head\n")).isEqualTo("X: y\n\nbody alone, no head\n");
        assertThat(rewritten(add, "A: 1")).isEqualTo("A: 1\nX: y\n");
        assertThat(rewritten(add, "A: 1\n")).isEqualTo("A: 1\nX: y\n");
        assertThat(rewritten(new HeaderRewriter().remove("A"), "A: 1\n\nb")).isEqualTo("\nb");
    }

    @Test
    void aListOfNoAddressesRemovesTheField() throws IOException {
        assertThat(rewritten(new HeaderRewriter().replaceAddresses("To", List.of()), MESSAGE))
                .isEqualTo(MESSAGE.replace("To: bob@example.org\n", ""));
    }

    @Test
    void neverTakesMoreThanTheHeadIntoMemory() throws IOException {
        byte[] message = Mails.joined(Mails.octets(MESSAGE), new byte[8 * 1024 * 1024]);
        Octets octets = Octets.of(message);
        HeaderRewriter rewriter = new HeaderRewriter().replace("Subject", "new");

        assertThat(Allocation.of(() -> rewriter.apply(octets))).isLessThan(64 * 1024);
    }

    @Test
    void aByteOrderMarkBeforeTheHeadStays() throws IOException {
        String mark = "\u00ef\u00bb\u00bf";
        String message = mark + "A: 1\nB: 2\n\nb";

        assertThat(rewritten(new HeaderRewriter().replace("A", "3"), message)).isEqualTo(mark + "A: 3\nB: 2\n\nb");
        assertThat(rewritten(new HeaderRewriter().replace("B", "3"), message)).isEqualTo(mark + "A: 1\nB: 3\n\nb");
        assertThat(rewritten(new HeaderRewriter().remove("A"), message)).isEqualTo(mark + "B: 2\n\nb");
        assertThat(rewritten(new HeaderRewriter().add("C", "3"), message)).isEqualTo(mark + "A: 1\nB: 2\nC: 3\n\nb");
    }
}
