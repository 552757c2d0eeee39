package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Python's {@code email} package as another reader of what we write. */
class PythonReadsComposedMailTest {

    private static final String PROGRAM = """
            import sys, email, email.policy
            m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            out = [m["subject"], m["x-note"]]
            for name in ("from", "to", "cc"):
                for a in m[name].addresses:
                    out.append(name + "=" + a.display_name + "|" + a.addr_spec)
            for part in m.walk():
                if not part.is_multipart():
                    content = part.get_payload(decode=True)
                    out.append("|".join([part.get_content_type(), str(part.get_filename()),
                        str(part.get_content_disposition()), str(part["content-id"]), content.hex(),
                        ",".join(type(d).__name__ for d in part.defects)]))
            out.append(",".join(type(d).__name__ for d in m.defects))
            sys.stdout.buffer.write("\\n".join(out).encode("utf-8"))
            """;

    private static List<String> readByPython(byte[] message) throws Exception {
        return PythonMail.run(PROGRAM, message);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void findsEverythingWhereWePutIt() throws Exception {
        String subject = "会议通知：请于周一上午九点到三楼会议室参加项目评审会议 and bring the figures, Größe too";
        String fileName = "会议通知".repeat(20) + " Größe.pdf";
        Octets message = new MessageComposer()
                .from(NamedAddress.parse("\"Müller, Ann\" <ann@example.com>"))
                .to(NamedAddress.parseList("会议室 <room@example.com>, \"B. C, d\" <b@example.com>, c@example.com"))
                .cc(NamedAddress.parseList("A Name Long Enough To Be Folded Between Its Words <long@example.com>"))
                .subject(subject)
                .header("X-Note", "ä".repeat(150))
                .text("Grüße\n.\nFrom me\n" + "long ".repeat(300))
                .html("<p>会议 <img src=\"cid:dot@example.com\"></p>")
                .attach(Attachment.inline(
                        "dot@example.com", "dot.gif", "image/gif", Octets.of(new byte[] {0, -1})::open))
                .attach(Attachment.of(fileName, "application/pdf", Octets.of(new byte[] {'%', 0, 13, 10})))
                .attach(Attachment.of(
                        "plain name.csv", "text/csv", Octets.of("1;2\n".getBytes(StandardCharsets.UTF_8))))
                .compose(new Spool(SpoolOptions.defaults()));

        assertThat(readByPython(message.toByteArray()))
                .containsExactly(
                        subject,
                        "ä".repeat(150),
                        "from=Müller, Ann|ann@example.com",
                        "to=会议室|room@example.com",
                        "to=B. C, d|b@example.com",
                        "to=|c@example.com",
                        "cc=A Name Long Enough To Be Folded Between Its Words|long@example.com",
                        "text/plain|None|None|None|" + hex("Grüße\r\n.\r\nFrom me\r\n" + "long ".repeat(300)) + "|",
                        "text/html|None|None|None|" + hex("<p>会议 <img src=\"cid:dot@example.com\"></p>") + "|",
                        "image/gif|dot.gif|inline|<dot@example.com>|00ff|",
                        "application/pdf|" + fileName + "|attachment|None|25000d0a|",
                        "text/csv|plain name.csv|attachment|None|" + hex("1;2\n") + "|",
                        "");
    }

    @Test
    void readsARelayedMessageWithOneFieldChanged() throws Exception {
        Octets message = new MessageComposer()
                .from(NamedAddress.parse("ann@example.com"))
                .to(NamedAddress.parseList("bob@example.org"))
                .cc(NamedAddress.parseList("cy@example.org"))
                .subject("old")
                .header("X-Note", "n")
                .text("text")
                .compose(new Spool(SpoolOptions.defaults()));
        RelayedMessage relayed =
                new HeaderRewriter().replace("Subject", "neue Größe").apply(message);

        assertThat(readByPython(relayed.open().readAllBytes()))
                .containsExactly(
                        "neue Größe",
                        "n",
                        "from=|ann@example.com",
                        "to=|bob@example.org",
                        "cc=|cy@example.org",
                        "text/plain|None|None|None|" + hex("text\r\n") + "|",
                        "");
    }
}
