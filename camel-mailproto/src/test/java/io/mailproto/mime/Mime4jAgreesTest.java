package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.Test;

/** Apache mime4j as another reader of well-formed mail. */
class Mime4jAgreesTest {

    private record Leaf(String type, String fileName, String octets) {}

    @Test
    void onTheLeavesOfAComposedMessage() throws IOException {
        Octets message = new MessageComposer()
                .from(NamedAddress.parse("ann@example.com"))
                .subject("two readers")
                .text("Größe\n\n.\n")
                .html("<p>会议</p>")
                .attach(Attachment.inline("x@example.com", "x.gif", "image/gif", Octets.of(new byte[300])::open))
                .attach(Attachment.of("a b.bin", "application/x-b", Octets.of(new byte[] {1, 2, 3, -1})))
                .compose(new Spool(SpoolOptions.defaults()));

        assertThat(ours(message.toByteArray()))
                .isEqualTo(theirs(message.toByteArray()))
                .hasSize(4);
    }

    @Test
    void onTheLeavesOfAMessageWrittenByHand() throws IOException {
        byte[] message = Mails.octets("""
                Content-Type: multipart/mixed; boundary="a"

                preamble
                --a
                Content-Type: multipart/alternative; boundary="b c"

                --b c
                Content-Transfer-Encoding: quoted-printable

                one=20=
                two

                --b c
                Content-Type: text/html; charset="iso-8859-1"

                <b>
                --b c--
                epilogue
                --a
                Content-Type: application/pdf; name=x.pdf
                Content-Disposition: attachment; filename="y.pdf"
                Content-Transfer-Encoding: base64

                JVBERi0x
                LjQ=
                --a--
                """);

        assertThat(ours(message)).isEqualTo(theirs(message)).hasSize(3);
    }

    private static List<Leaf> ours(byte[] message) throws IOException {
        List<Leaf> leaves = new ArrayList<>();
        for (MimePart part : ParsedMail.of(Octets.of(message)).leaves()) {
            String octets = HexFormat.of().formatHex(part.open().readAllBytes());
            leaves.add(new Leaf(part.contentType(), part.fileName().orElse(null), octets));
        }
        return leaves;
    }

    private static List<Leaf> theirs(byte[] message) throws IOException {
        List<Leaf> leaves = new ArrayList<>();
        Message parsed = new DefaultMessageBuilder().parseMessage(new ByteArrayInputStream(message));
        collect(parsed, leaves);
        return leaves;
    }

    private static void collect(Entity entity, List<Leaf> leaves) throws IOException {
        Body body = entity.getBody();
        if (body instanceof Multipart multipart) {
            for (Entity part : multipart.getBodyParts()) {
                collect(part, leaves);
            }
            return;
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        ((SingleBody) body).writeTo(octets);
        leaves.add(new Leaf(
                entity.getMimeType(), entity.getFilename(), HexFormat.of().formatHex(octets.toByteArray())));
    }
}
