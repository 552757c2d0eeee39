package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.mailproto.component.outbound.ContentTypeResolver;
import io.mailproto.mime.MimePart;
import io.mailproto.mime.ParsedMail;
import io.mailproto.spool.Octets;
import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.activation.FileDataSource;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.attachment.DefaultAttachment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the attachments and the alternative body of a Camel message become, as they arrive at a server. */
class SmtpAttachmentsTest extends ComposedAtGreenMail {
    @Test
    void attachesWhateverADataHandlerIsMadeOf() throws IOException {
        Path file = Files.writeString(directory.resolve("f.html"), "<b>ä</b>");
        record Source(String name, DataHandler handler, String type, byte[] octets) {}
        byte[] text = "Größe".getBytes(StandardCharsets.UTF_8);
        List<Source> sources = List.of(
                new Source("string.txt", new DataHandler("Größe", "text/plain"), "text/plain", text),
                new Source(
                        "builder.txt", new DataHandler(new StringBuilder("Größe"), "text/plain"), "text/plain", text),
                new Source("gbk.txt", new DataHandler("日", "text/plain; charset=GBK"), "text/plain", new byte[] {
                    (byte) 0xc8, (byte) 0xd5
                }),
                new Source(
                        "octets.bin", new DataHandler(new byte[] {0, -1}, "image/png"), "image/png", new byte[] {0, -1
                        }),
                new Source(
                        "stream.bin",
                        new DataHandler(new ByteArrayInputStream(text), "application/x-s"),
                        "application/x-s",
                        text),
                new Source(
                        "file.html",
                        new DataHandler(new FileDataSource(file.toFile())),
                        "text/html",
                        "<b>ä</b>".getBytes(StandardCharsets.UTF_8)),
                new Source(
                        "converted.bin",
                        new DataHandler(file.toFile(), "a/b"),
                        "a/b",
                        "<b>ä</b>".getBytes(StandardCharsets.UTF_8)));
        ParsedMail mail = arrived("", message -> {
            message.setBody("see there");
            sources.forEach(source -> message.addAttachment(source.name(), source.handler()));
        });
        assertThat(mail.text()).isEqualTo("see there");
        List<MimePart> parts = mail.attachments();
        assertThat(parts).hasSameSizeAs(sources);
        for (int i = 0; i < parts.size(); i++) {
            Source source = sources.get(i);
            assertThat(parts.get(i).fileName()).contains(source.name());
            assertThat(parts.get(i).contentType()).isEqualTo(source.type());
            assertThat(parts.get(i).open().readAllBytes()).as(source.name()).isEqualTo(source.octets());
        }
        assertThat(parts.get(0).charset()).contains(StandardCharsets.UTF_8);
        assertThat(failure("", message -> message.addAttachment("x", new DataHandler(new Object(), "a/b"))))
                .hasMessageContaining("java.lang.Object cannot be read");
    }

    /** The tests have GreenMail and with it the content handlers and tables of types that users do not have. */
    @Test
    void needsNoMailLibraryToReadADataHandler() throws Exception {
        String classPath = Arrays.stream(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*(angus|jakarta\\.mail|greenmail).*"))
                .collect(Collectors.joining(File.pathSeparator));
        Path file = Files.writeString(directory.resolve("f.html"), "<b>ä</b>");
        Path result = directory.resolve("mail");
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        WithoutMailLibraryMain.class.getName(),
                        file.toString(),
                        result.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(result).as(() -> contentOf(log.toFile())).exists();
        List<MimePart> parts =
                ParsedMail.of(Octets.of(Files.readAllBytes(result))).attachments();
        assertThat(parts)
                .extracting(part -> part.fileName().orElse("") + " " + part.contentType() + " " + part.size())
                .containsExactly(
                        "string.txt text/plain 7",
                        "octets.png image/png 1",
                        "stream.bin application/x-s 1",
                        "file.html text/html 9");
    }

    @ParameterizedTest
    @CsvSource({
        "../../etc/passwd, passwd",
        "C:\\temp\\a.txt, a.txt",
        "'a\r\nBcc: eve@x.test', 'a__Bcc: eve@x.test'",
        "'a\"; filename=\"b.exe', 'a\"; filename=\"b.exe'",
        "'tab\there.txt', tab_here.txt",
        "=?utf-8?Q?=2E=2E=2F=2E=2E=2Fetc=2Fpasswd?=, passwd",
        "=?UTF-8?B?w7/Dv8O/LnBkZg==?=, ÿÿÿ.pdf",
        "=?utf-8?Q?a=22=3B_x=3D=0D=0ABcc:_1?=, 'a\"; x=  Bcc: 1'",
        "会议通知.pdf, 会议通知.pdf"
    })
    void aNameBringsNoPathAndNoParameterAlong(String key, String expected) throws IOException {
        ParsedMail mail = arrived("", message -> message.addAttachment(key, new DataHandler("x", "text/plain")));
        assertThat(mail.attachments()).singleElement().satisfies(part -> {
            assertThat(part.fileName()).contains(expected);
            assertThat(part.parameters()).containsOnlyKeys("charset", "name");
        });
        assertThat(mail.headers().names()).doesNotContain("Bcc");
    }

    @Test
    void attachmentsHaveTheirOwnFieldsAndTypesByAResolver() throws IOException {
        context.getRegistry()
                .bind("types", (ContentTypeResolver) name -> name.endsWith(".x") ? "application/x-x" : null);
        ParsedMail mail = arrived("contentTypeResolver=#types", message -> {
            DefaultAttachment described = new DefaultAttachment(new DataHandler(new byte[1], "image/png"));
            described.setHeader("Content-Description", "Ein Bild für alle");
            described.setHeader("Content-Transfer-Encoding", "8bit");
            described.setHeader("X-Internal", "no");
            message.addAttachmentObject("a.png", described);
            message.addAttachment("b.x", new DataHandler(new byte[1], "image/png"));
        });
        MimePart first = mail.attachments().get(0);
        assertThat(first.headers().decoded("Content-Description")).contains("Ein Bild für alle");
        assertThat(first.headers().names()).doesNotContain("X-Internal");
        assertThat(first.transferEncoding()).isEqualTo("base64");
        assertThat(first.contentType()).isEqualTo("image/png");
        assertThat(mail.attachments().get(1).contentType()).isEqualTo("application/x-x");
    }

    @Test
    void attachmentsOfABrokenMailGoOnAllTheSame() throws IOException {
        ParsedMail mail = arrived("contentType=text/html", message -> {
            message.setBody("<b>x</b>");
            for (String type :
                    List.of("pdf", "application/pdf; name=\"ä.pdf\"; x=\"1\"", "a/b; x=ä", "text/x; y=\"\r\n\"")) {
                DefaultAttachment received = new DefaultAttachment(new DataHandler(new byte[] {1}, "image/png"));
                received.setHeader("Content-Type", type);
                received.setHeader("Content-ID", "<ä b>");
                received.setHeader("Content-Description", "a\rb\0");
                message.addAttachmentObject(message.getAttachmentNames().size() + ".x", received);
            }
        });
        assertThat(mail.attachments())
                .extracting(MimePart::contentType)
                .containsExactly("image/png", "application/pdf", "a/b", "text/x");
        assertThat(mail.attachments().get(1).parameters())
                .containsEntry("name", "1.x")
                .containsEntry("x", "1");
        assertThat(mail.attachments().get(0).headers().value("Content-Description"))
                .contains("a b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inlinePartsStandWithTheHtmlThatRefersToThem(boolean useInline) throws IOException {
        ParsedMail mail = arrived("contentType=text/html&useInlineAttachments=" + useInline, message -> {
            message.setBody("<img src='cid:logo 1.png'><img src='cid:two@x.test'>");
            message.setHeader("CamelMailAlternativeBody", "two pictures");
            message.addAttachment("CID:logo 1.png", new DataHandler(new byte[] {1}, "image/png"));
            DefaultAttachment second = new DefaultAttachment(new DataHandler(new byte[] {2}, "image/png"));
            second.setHeader("Content-ID", "<two@x.test>");
            message.addAttachmentObject("two.png", second);
            message.addAttachment("list.pdf", new DataHandler(new byte[] {3}, "application/pdf"));
        });
        MimePart mixed = mail.root();
        assertThat(mixed.contentType()).isEqualTo("multipart/mixed");
        MimePart alternative = mixed.parts().get(0);
        assertThat(alternative.parts().get(0).contentType()).isEqualTo("text/plain");
        MimePart related = alternative.parts().get(1);
        assertThat(related.contentType()).isEqualTo("multipart/related");
        List<String> ids = new ArrayList<>();
        related.parts().stream()
                .skip(1)
                .forEach(part -> ids.add(part.contentId().orElse("")));
        assertThat(ids).containsExactly("logo 1.png", "two@x.test");
        assertThat(related.parts().get(1).fileName()).contains("logo 1.png");
        assertThat(related.parts().get(1).disposition()).contains("inline");
        assertThat(mixed.parts().get(1).disposition()).contains(useInline ? "inline" : "attachment");
    }

    @Test
    void anAlternativeBodyIsNotSentAgainAsAField() throws IOException {
        ParsedMail mail = arrived("alternativeBodyHeader=plain&sendHeaders=*", message -> {
            message.setBody("<b>x</b>");
            message.setHeader("plain", "x");
        });
        assertThat(mail.root().contentType()).isEqualTo("multipart/alternative");
        assertThat(mail.html()).contains("<b>x</b>");
        assertThat(mail.headers().names()).doesNotContain("plain");
    }

    @Test
    void anAttachmentWithoutAStreamFailsByItsName() {
        DataSource none = new DataSource() {
            @Override
            public InputStream getInputStream() {
                return null;
            }

            @Override
            public OutputStream getOutputStream() {
                return OutputStream.nullOutputStream();
            }

            @Override
            public String getContentType() {
                return "application/pdf";
            }

            @Override
            public String getName() {
                return "none";
            }
        };
        assertThat(failure("", message -> message.addAttachment("report.pdf", new DataHandler(none))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the attachment report.pdf cannot be sent")
                .hasMessageContaining("no input stream");
        assertThat(failure("", message -> message.addAttachment("null.bin", new DataHandler(null, "a/b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the attachment null.bin cannot be sent");
    }

    @Test
    void givesBackWhatItSpooledAlsoWhenComposingFails() throws IOException {
        Path spool = Files.createDirectory(directory.resolve("spool"));
        assertThat(failure("spoolThreshold=10&spoolDirectory=" + spool, message -> {
                    message.addAttachment("big", new DataHandler(new byte[100_000], "a/b"));
                    message.addAttachment("bad", new DataHandler(new Object(), "a/b"));
                }))
                .isNotNull();
        SmtpConfiguration configuration = new SmtpConfiguration();
        configuration.setSpoolThreshold(10);
        configuration.setSpoolDirectory(spool.toString());
        assertThat(configuration.spool(context).openFiles()).isZero();
    }
}
