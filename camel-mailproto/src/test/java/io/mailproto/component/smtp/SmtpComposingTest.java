package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.contentOf;

import io.mailproto.component.MailConstants;
import io.mailproto.component.outbound.ContentTypeResolver;
import io.mailproto.component.outbound.FieldText;
import io.mailproto.component.outbound.OutboundAddresses;
import io.mailproto.mime.MimePart;
import io.mailproto.mime.NamedAddress;
import io.mailproto.mime.ParsedMail;
import io.mailproto.spool.Octets;
import io.mailproto.testing.GreenMailPeer;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.attachment.DefaultAttachment;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Camel message becomes, as it arrives at a server. */
class SmtpComposingTest {
    private static final String USER = "alice@example.test";

    @RegisterExtension
    static final GreenMailPeer GREENMAIL = GreenMailPeer.extension();

    @TempDir
    private Path directory;

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

    private Exchange send(String options, Processor processor) {
        String uri = "smtp:" + GREENMAIL.smtp() + "?to=" + USER + (options.isEmpty() ? "" : "&") + options;
        return context.createProducerTemplate().send(uri, processor);
    }

    private interface Change {
        void apply(AttachmentMessage message) throws Exception;
    }

    private ParsedMail arrived(String options, Change change) throws IOException {
        Exchange exchange = send(options, ex -> change.apply(ex.getMessage(AttachmentMessage.class)));
        assertThat(exchange.getException()).isNull();
        List<byte[]> messages = GREENMAIL.messages(USER);
        GREENMAIL.purge();
        assertThat(messages).hasSize(1);
        // GreenMail does not keep the last line end.
        String message = new String(messages.get(0), StandardCharsets.ISO_8859_1);
        String whole = message.endsWith("\n") ? message : message + "\r\n";
        return ParsedMail.of(Octets.of(whole.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private Throwable failure(String options, Change change) {
        return send(options, ex -> change.apply(ex.getMessage(AttachmentMessage.class)))
                .getException();
    }

    // ---- bodies

    @Test
    void takesEveryKindOfBody() throws IOException {
        byte[] octets = "Grüße\n".getBytes(StandardCharsets.UTF_8);
        File file = Files.write(directory.resolve("body.txt"), octets).toFile();
        for (Object body :
                List.of("Grüße\n", new StringBuilder("Grüße\n"), octets, new ByteArrayInputStream(octets), file)) {
            ParsedMail mail = arrived("", message -> message.setBody(body));
            assertThat(mail.text()).as(body.getClass().getName()).isEqualTo("Grüße\r\n");
            assertThat(mail.root().contentType()).isEqualTo("text/plain");
        }
        assertThat(arrived("", message -> message.setBody(null)).text()).isEmpty();
        assertThat(failure(
                        "",
                        message -> message.setBody(new Object() {
                            @Override
                            public String toString() {
                                return "a secret";
                            }
                        })))
                .satisfiesAnyOf(thrown -> assertThat(thrown).isNull(), thrown -> assertThat(thrown)
                        .hasMessageNotContaining("secret"));
    }

    @ParameterizedTest
    @CsvSource({
        // content type, CamelCharsetName as header, as property, charset of the mail
        "text/plain, , , UTF-8",
        "text/plain; charset=GBK, , , GBK",
        "'text/plain; charset=\"gbk\"', UTF-16, , GBK",
        "text/plain, GBK, , GBK",
        "text/plain, , GBK, GBK",
        "text/html;charset=Shift_JIS, , , Shift_JIS",
        "text/plain; charset=ISO-8859-1, , , UTF-8"
    })
    void writesInTheCharsetOfContentTypeOrExchangeAndInUtf8WhatItLacks(
            String type, String header, String property, String expected) throws IOException {
        String text = "日本";
        Exchange exchange = send("", ex -> {
            ex.getMessage().setBody(text);
            ex.getMessage().setHeader("contentType", type);
            ex.getMessage().setHeader(Exchange.CHARSET_NAME, header);
            ex.setProperty(Exchange.CHARSET_NAME, property);
        });
        assertThat(exchange.getException()).isNull();
        ParsedMail mail = ParsedMail.of(Octets.of(GREENMAIL.messages(USER).get(0)));
        assertThat(mail.text()).isEqualTo(text);
        assertThat(mail.root().parameters()).containsEntry("charset", expected);
    }

    @Test
    void aCharsetThatJavaDoesNotKnowFailsUnlessThatIsToBeIgnored() throws IOException {
        Change change = message -> {
            message.setBody("Größe");
            message.setHeader("Content-Type", "text/plain; charset=klingon");
        };
        assertThat(failure("", change)).hasMessageContaining("ignoreUnsupportedCharset=true");
        ParsedMail mail = arrived("ignoreUnsupportedCharset=true", change);
        assertThat(mail.text()).isEqualTo("Größe");
        assertThat(mail.root().parameters()).containsEntry("charset", "UTF-8");
    }

    @Test
    void aBodyThatIsNoTextArrivesOctetForOctet() throws IOException {
        for (String type : List.of("application/pdf", "text/csv; header=present", "application/json")) {
            for (String content : List.of("%\0\r\n\r", "a;b", "a;b\r\n", "a;b\n", "ä", "", "{}")) {
                byte[] octets = content.getBytes(StandardCharsets.UTF_8);
                ParsedMail mail = arrived("", message -> {
                    message.setBody(octets);
                    message.setHeader("Content-Type", type);
                });
                assertThat(mail.root().contentType()).isEqualTo(type.split(";")[0]);
                assertThat(mail.root().open().readAllBytes()).as(content).isEqualTo(octets);
                assertThat(mail.root().parts()).isEmpty();
            }
        }
    }

    @Test
    void keepsTheParametersOfATextType() throws IOException {
        ParsedMail mail =
                arrived("contentType=text/plain; format=flowed; charset=utf-8", message -> message.setBody("x"));
        assertThat(mail.root().parameters()).containsEntry("format", "flowed").containsEntry("charset", "UTF-8");
        ParsedMail calendar = arrived("contentType=text/calendar; method=REQUEST", message -> message.setBody("ä\nb"));
        assertThat(calendar.root().contentType()).isEqualTo("text/calendar");
        assertThat(calendar.root().parameters()).containsEntry("method", "REQUEST");
    }

    // ---- fields

    @Test
    void sendsHeadersThatAreMeantForMailAndThoseThatAreAskedFor() throws IOException {
        Change change = message -> {
            message.setBody("x");
            message.setHeader("In-Reply-To", "<one@x.test>");
            message.setHeader("List-Unsubscribe", "<https://x.test/u>");
            message.setHeader("X-Priority", 1);
            message.setHeader("X-Api-Key", "secret");
            message.setHeader("X-Acme-One", List.of("1", "2"));
            message.setHeader("x-acme-two", "3");
            message.setHeader("Content-Length", 7);
            message.setHeader("Bcc", "eve@x.test");
            message.setHeader("Message-ID", "<old@x.test>");
            message.setHeader("CamelAcme", "x");
            message.setHeader("breadcrumbId", "x");
            message.setHeader("User-Agent", "of HTTP");
        };
        ParsedMail usual = arrived("", change);
        assertThat(usual.headers().names())
                .contains("In-Reply-To", "List-Unsubscribe", "X-Priority")
                .doesNotContain(
                        "X-Api-Key", "X-Acme-One", "x-acme-two", "Content-Length", "Bcc", "breadcrumbId", "User-Agent");
        ParsedMail asked = arrived("sendHeaders=X-Acme-*, breadcrumbid&dropHeaders=List-*", change);
        assertThat(asked.headers().names())
                .contains("X-Acme-One", "x-acme-two", "breadcrumbId", "In-Reply-To")
                .doesNotContain("List-Unsubscribe", "X-Api-Key");
        assertThat(asked.headers().all("X-Acme-One"))
                .extracting(field -> field.value())
                .containsExactly("1", "2");
        ParsedMail all = arrived("sendHeaders=*", change);
        assertThat(all.headers().names())
                .contains("X-Api-Key", "breadcrumbId")
                .doesNotContain("Bcc", "CamelAcme", "Content-Length");
        assertThat(all.headers().value("Message-ID").orElseThrow()).isNotEqualTo("<old@x.test>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sendHeaders=a b:c", "sendHeaders=X-*-Y", "dropHeaders=*", "dropHeaders=a:b"})
    void refusesToStartWithAListOfHeadersThatIsNone(String options) {
        assertThatThrownBy(() -> context.getEndpoint("smtp:h?" + options)
                        .createProducer()
                        .start())
                .hasStackTraceContaining(options.substring(0, options.indexOf('=')));
    }

    @Test
    void takesLineEndsThatTemplatesLeaveAndRefusesThoseThatBringInFields() throws IOException {
        ParsedMail mail = arrived("useHeaderSubject=true&sendHeaders=X-Folded", message -> {
            message.setHeader("Subject", "\nfrom a\0template\r\n");
            message.setHeader("X-Folded", "one\r\n two");
        });
        assertThat(mail.headers().value("Subject")).contains("from a template");
        assertThat(mail.headers().value("X-Folded")).contains("one two");
        for (String evil : List.of("a\r\nBcc: eve@x.test", "a\nb", "a\rb")) {
            assertThat(failure("useHeaderSubject=true", message -> message.setHeader("Subject", evil)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(failure("", message -> message.setHeader("Keywords", evil)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(failure(
                        "useHeaderFrom=true", message -> message.setHeader("From", "a\r\nBcc: eve@x.test <a@x.test>")))
                .hasMessageContaining("header From: there is a line end");
    }

    @Test
    void takesDatesOfEveryKindAndNowForWhatIsNone() throws IOException {
        Instant moment = Instant.parse("2026-05-07T07:30:00Z");
        for (Object date : List.of("Thu, 7 May 2026 09:30:00 +0200 (CEST)", Date.from(moment), moment)) {
            String field = arrived("", message -> message.setHeader("Date", date))
                    .headers()
                    .value("Date")
                    .orElseThrow();
            assertThat(FieldText.date(field).orElseThrow().toInstant()).isEqualTo(moment);
        }
        assertThat(FieldText.date(arrived("", message -> message.setHeader("Date", "soon"))
                        .headers()
                        .value("Date")
                        .orElseThrow()))
                .isPresent();
    }

    @Test
    void readsAddressListsWithNamesAndBothSeparators() throws IOException {
        ParsedMail mail =
                arrived("useHeaderRecipients=true&useHeaderFrom=true&replyTo=a@x.test;B <b@x.test>", message -> {
                    message.setHeader("To", "\"Müller, Ann\" <" + USER + ">; bob@example.test");
                    message.setHeader("Cc", List.of("Carol <carol@example.test>", "d@x.test"));
                    message.setHeader("From", "Büro <office@x.test>");
                    message.setHeader("Sender", "agent@x.test");
                });
        assertThat(NamedAddress.parseList(mail.headers().value("To").orElseThrow()))
                .hasToString("[\"Müller, Ann\" <" + USER + ">, bob@example.test]");
        assertThat(mail.headers().decoded("Cc")).contains("Carol <carol@example.test>, d@x.test");
        assertThat(mail.headers().decoded("Reply-To")).contains("a@x.test, B <b@x.test>");
        assertThat(mail.headers().decoded("From")).contains("Büro <office@x.test>");
        assertThat(mail.headers().value("Sender")).contains("agent@x.test");
        assertThat(failure("useHeaderRecipients=true", message -> message.setHeader("To", "joe")))
                .hasMessageContaining("header To: address 1: address has no domain");
    }

    @Test
    void theEnvelopeMayHaveASenderOfItsOwn() throws IOException {
        ParsedMail mail = arrived("from=ann@x.test&envelopeFrom=bounces@x.test", message -> message.setBody("x"));
        assertThat(mail.headers().value("Return-Path")).contains("<bounces@x.test>");
        assertThat(mail.headers().value("From")).contains("ann@x.test");
        SmtpConfiguration configuration = new SmtpConfiguration();
        configuration.setTo(USER);
        configuration.setFrom("ann@x.test");
        configuration.setEnvelopeFrom("<>");
        OutboundAddresses addresses = OutboundAddresses.of(new DefaultMessage(context), configuration);
        assertThat(addresses.envelope(Set.of()).sender()).isEmpty();
    }

    @Test
    void reportsTheMessageIdThatWasSent() throws IOException {
        Exchange exchange = send("", ex -> ex.getMessage().setBody("x"));
        String id = exchange.getMessage().getHeader(MailConstants.MESSAGE_ID, String.class);
        ParsedMail mail = ParsedMail.of(Octets.of(GREENMAIL.messages(USER).get(0)));
        assertThat(mail.headers().value("Message-ID")).contains(id);
    }

    // ---- attachments

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

    // ---- options of camel-mail

    @ParameterizedTest
    @CsvSource({
        "smtp:ann@x.test@h, ann@x.test, , h, 25",
        "smtp:ann:s3cret@h:2525, ann, s3cret, h, 2525",
        "smtp://ann%40x.test:p%3Aw@h, ann@x.test, p:w, h, 25",
        "smtp://h/, , , h, 25",
        "smtps:h?username=ann@x.test, ann@x.test, , h, 465",
        "smtps://[::1]:4650, , , ::1, 4650"
    })
    void readsTheFormsOfAnEndpointUri(String uri, String user, String password, String host, int port) {
        SmtpConfiguration configuration =
                context.getEndpoint(uri, SmtpEndpoint.class).getConfiguration();
        assertThat(configuration.getUsername()).isEqualTo(user);
        assertThat(configuration.getPassword()).isEqualTo(password);
        assertThat(configuration.getHost()).isEqualTo(host);
        assertThat(configuration.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp::22600?to=a@example.org|no host: \":22600\"; an address is host or host:port",
                "smtp:h/out?to=a@example.org|a slash and more behind its host",
                "smtp:h?to=a@example.org&spoolDirectory=/no/such/dir|spoolDirectory: /no/such/dir is no existing directory"
            })
    void aProducerDoesNotStartWithWhatCannotWork(String uri, String told) {
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:in").to(uri);
                    }
                }))
                .hasStackTraceContaining(told);
    }

    @Test
    void takesOutWhatIsForPollingAndRefusesWhatHeadersWouldDo() {
        assertThat(context.getEndpoint("smtp:h?searchTerm.subject=x&scheduler.x=1&searchTerm=#st&pollStrategy=#p"
                        + "&scheduledExecutorService=#e&idempotentRepository=#r&ignoreUriScheme=true&debugMode=true"
                        + "&useJavaMailSessionPropertiesFromHeaders=false"))
                .isInstanceOf(SmtpEndpoint.class);
        for (Map.Entry<String, String> refused : Map.of(
                        "useJavaMailSessionPropertiesFromHeaders=true", "use toD",
                        "session=#s", "session",
                        "binding=#b", "binding")
                .entrySet()) {
            assertThatThrownBy(() -> context.getEndpoint("smtp:h?" + refused.getKey()))
                    .hasStackTraceContaining(refused.getValue());
        }
    }

    @Test
    void aFilterOfTheComponentOrTheEndpointDecides() {
        DefaultHeaderFilterStrategy filter = new DefaultHeaderFilterStrategy();
        context.getComponent("smtp", SmtpComponent.class).setHeaderFilterStrategy(filter);
        assertThat(context.getEndpoint("smtp:h", SmtpEndpoint.class).getHeaderFilterStrategy())
                .isSameAs(filter);
        context.getRegistry().bind("own", new DefaultHeaderFilterStrategy());
        assertThat(context.getEndpoint("smtp:h?headerFilterStrategy=#own", SmtpEndpoint.class)
                        .getHeaderFilterStrategy())
                .isNotSameAs(filter);
    }

    @Test
    void aMessageStaysAsItWasButForTheResults() {
        Exchange exchange = send("", ex -> {
            Message message = ex.getMessage();
            message.setBody("x");
            message.setHeader("CamelMailAlternativeBody", "y");
        });
        assertThat(exchange.getMessage().getBody()).isEqualTo("x");
        assertThat(exchange.getMessage().getHeader("CamelMailAlternativeBody")).isEqualTo("y");
    }
}
