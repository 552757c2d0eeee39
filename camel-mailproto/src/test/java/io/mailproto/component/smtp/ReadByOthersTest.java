package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.mime.PythonMail;
import io.mailproto.testing.GreenMailPeer;
import jakarta.activation.DataHandler;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Mail that a route has composed and GreenMail has taken, read by three libraries that nobody here wrote. */
class ReadByOthersTest {
    private static final String USER = "alice@example.test";

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    private DefaultCamelContext context;

    @BeforeEach
    void start() throws IOException {
        GREENMAIL.purge();
        context = new DefaultCamelContext();
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private byte[] sent(String options, Processor processor) throws IOException {
        Exchange exchange = context.createProducerTemplate()
                .send("smtp:" + GREENMAIL.smtp() + "?to=" + USER + "&subject=Gr%C3%BC%C3%9Fe" + options, processor);
        assertThat(exchange.getException()).isNull();
        List<byte[]> messages = GREENMAIL.messages(USER);
        assertThat(messages).hasSize(1);
        // GreenMail does not keep the last line end.
        String message = new String(messages.get(0), StandardCharsets.ISO_8859_1);
        return (message.endsWith("\n") ? message : message + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String leaf(String type, String name, byte[] octets) {
        return type + "|" + name + "|" + HexFormat.of().formatHex(octets);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertReadByAllAs(byte[] message, List<String> expected) throws Exception {
        assertThat(jakarta(message)).as("Jakarta Mail, as GreenMail has it").isEqualTo(expected);
        assertThat(mime4j(message)).as("mime4j").isEqualTo(expected);
        assertThat(PythonMail.leaves(message)).as("Python").isEqualTo(expected);
    }

    @Test
    void everythingAtOnceComesBackUnchanged() throws Exception {
        byte[] random = new byte[70_001];
        new Random(7).nextBytes(random);
        byte[] lines = utf8("a;b\r\n.\r\nFrom x\r\nno end");
        byte[] message = sent("&contentType=text/html", exchange -> {
            AttachmentMessage mail = exchange.getMessage(AttachmentMessage.class);
            mail.setBody("<p>会议 <img src='cid:dot@x.test'></p>");
            mail.setHeader("CamelMailAlternativeBody", "Grüße\n.\nFrom me\n" + "long ".repeat(300));
            mail.addAttachment("cid:dot@x.test", new DataHandler(new byte[] {0, -1}, "image/gif"));
            mail.addAttachment("random.bin", new DataHandler(random, "application/x-random"));
            mail.addAttachment("lines.csv", new DataHandler(lines, "text/csv"));
            mail.addAttachment("string.txt", new DataHandler("Größe", "text/plain"));
        });
        assertReadByAllAs(
                message,
                List.of(
                        leaf("text/plain", "None", utf8("Grüße\r\n.\r\nFrom me\r\n" + "long ".repeat(300))),
                        leaf("text/html", "None", utf8("<p>会议 <img src='cid:dot@x.test'></p>")),
                        leaf("image/gif", "dot@x.test", new byte[] {0, -1}),
                        leaf("application/x-random", "random.bin", random),
                        leaf("text/csv", "lines.csv", lines),
                        leaf("text/plain", "string.txt", utf8("Größe"))));
    }

    @Test
    void aSinglePartHasItsExactOctets() throws Exception {
        for (String content : List.of("a;b", "a;b\r\n", "a;b\n\n", "ä;=\r", "%PDF\0\r\n", "x".repeat(1200))) {
            for (String type : List.of("text/csv", "application/pdf")) {
                GREENMAIL.purge();
                byte[] octets = utf8(content);
                byte[] message = sent("", exchange -> {
                    exchange.getMessage().setBody(octets);
                    exchange.getMessage().setHeader("Content-Type", type);
                });
                assertReadByAllAs(message, List.of(leaf(type, "None", octets)));
            }
        }
    }

    @Test
    void aTextThatIsTheWholeMailEndsWithOneLineEnd() throws Exception {
        for (String text : List.of("plain", "plain\n", "Some Größe, mostly in ASCII", "日本", "日本\n", "From x", "")) {
            GREENMAIL.purge();
            byte[] message = sent("", exchange -> exchange.getMessage().setBody(text));
            assertReadByAllAs(
                    message,
                    List.of(leaf(
                            "text/plain", "None", utf8((isEnded(text) ? text : text + "\n").replace("\n", "\r\n")))));
        }
    }

    /** An empty body has no line, and base64 no need of one. */
    private static boolean isEnded(String text) {
        return text.isEmpty() || text.endsWith("\n") || !text.matches("[ -~]*|Some.*");
    }

    @Test
    void fileNamesInEveryScriptComeBack() throws Exception {
        List<String> names = List.of(
                "plain.txt",
                "with blank (2).txt",
                "Größe.txt",
                "会议通知：请于周一上午九点到三楼会议室参加项目评审会议.pdf",
                "отчёт за май.xlsx",
                "تقرير.pdf",
                "\ud83d\ude00.png",
                "semi;colon=\"quoted\".txt",
                "percent%41.txt",
                "n".repeat(150) + ".txt");
        byte[] message = sent("", exchange -> {
            AttachmentMessage mail = exchange.getMessage(AttachmentMessage.class);
            mail.setBody("see\n");
            names.forEach(name -> mail.addAttachment(name, new DataHandler(new byte[] {1}, "application/x-a")));
        });
        List<String> expected = new ArrayList<>(List.of(leaf("text/plain", "None", utf8("see\r\n"))));
        names.forEach(name -> expected.add(leaf("application/x-a", name, new byte[] {1})));
        assertReadByAllAs(message, expected);
    }

    @Test
    void namesThatCameInEncodedWordsAreReadDecodedAndSafe() throws Exception {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("=?UTF-8?B?w7/Dv8O/LnBkZg==?=", "ÿÿÿ.pdf");
        names.put("=?utf-8?Q?=2E=2E=2F=2E=2E=2Fetc=2Fpasswd?=", "passwd");
        names.put("=?utf-8?Q?a=22=3B_x=3D=0D=0AX-E:_1?=", "a\"; x=  X-E: 1");
        byte[] message = sent("", exchange -> {
            AttachmentMessage mail = exchange.getMessage(AttachmentMessage.class);
            mail.setBody("see\n");
            names.keySet().forEach(key -> mail.addAttachment(key, new DataHandler(new byte[] {1}, "application/x-a")));
        });
        List<String> expected = new ArrayList<>(List.of(leaf("text/plain", "None", utf8("see\r\n"))));
        names.values().forEach(name -> expected.add(leaf("application/x-a", name, new byte[] {1})));
        assertReadByAllAs(message, expected);
    }

    // ---- the readers

    private static List<String> jakarta(byte[] message) throws Exception {
        MimeMessage mime = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(message));
        assertThat(mime.getSubject()).isEqualTo("Grüße");
        List<String> leaves = new ArrayList<>();
        collect(mime, leaves);
        return leaves;
    }

    private static void collect(Part part, List<String> leaves) throws Exception {
        if (part.isMimeType("multipart/*")) {
            Multipart multipart = (Multipart) part.getContent();
            for (int i = 0; i < multipart.getCount(); i++) {
                BodyPart child = multipart.getBodyPart(i);
                collect(child, leaves);
            }
            return;
        }
        String name = part.getFileName();
        leaves.add(leaf(
                part.getContentType().replaceAll("(?s);.*", ""),
                name == null ? "None" : MimeUtility.decodeText(name),
                part.getInputStream().readAllBytes()));
    }

    private static List<String> mime4j(byte[] message) throws IOException {
        List<String> leaves = new ArrayList<>();
        collect(new DefaultMessageBuilder().parseMessage(new ByteArrayInputStream(message)), leaves);
        return leaves;
    }

    private static void collect(Entity entity, List<String> leaves) throws IOException {
        Body body = entity.getBody();
        if (body instanceof org.apache.james.mime4j.dom.Multipart multipart) {
            for (Entity part : multipart.getBodyParts()) {
                collect(part, leaves);
            }
            return;
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        ((SingleBody) body).writeTo(octets);
        leaves.add(leaf(
                entity.getMimeType(),
                String.valueOf(entity.getFilename()).replace("null", "None"),
                octets.toByteArray()));
    }
}
