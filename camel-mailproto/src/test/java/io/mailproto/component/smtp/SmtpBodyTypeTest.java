package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.Mail;
import io.mailproto.component.MailHeaderFilterStrategy;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailMessage;
import io.mailproto.mime.MimePart;
import io.mailproto.mime.ParsedMail;
import io.mailproto.spool.Octets;
import io.mailproto.testing.GreenMailPeer;
import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import jakarta.activation.FileTypeMap;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Content types and charsets of bodies and attachments, as they arrive at a server. */
class SmtpBodyTypeTest {
    private static final String USER = "alice@example.test";
    private static final String ALTERNATIVE = "CamelMailAlternativeBody";

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

    private interface Change {
        void apply(AttachmentMessage message) throws Exception;
    }

    private Exchange send(String options, Change change) {
        String uri = "smtp:" + GREENMAIL.smtp() + "?to=" + USER + options;
        return context.createProducerTemplate()
                .send(uri, exchange -> change.apply(exchange.getMessage(AttachmentMessage.class)));
    }

    private ParsedMail arrived(Exchange exchange) throws IOException {
        assertThat(exchange.getException()).isNull();
        List<byte[]> messages = GREENMAIL.messages(USER);
        GREENMAIL.purge();
        assertThat(messages).hasSize(1);
        return ParsedMail.of(Octets.of(messages.get(0)));
    }

    private ParsedMail arrived(Change change) throws IOException {
        return arrived(send("", change));
    }

    /** What a route from imap or pop3 sends on. */
    private Exchange forwarded(String contentType, byte[] body) {
        Exchange exchange = new DefaultExchange(context);
        byte[] head = ("MIME-Version: 1.0\r\nSubject: s\r\nContent-Type: " + contentType + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        MailHeaderMapping mapping = new MailHeaderMapping(new MailHeaderFilterStrategy(), false);
        exchange.setIn(new MailMessage(exchange, Mail.of(Octets.of(whole)), Map.of(), mapping, true));
        return context.createProducerTemplate().send("smtp:" + GREENMAIL.smtp() + "?to=" + USER, exchange);
    }

    @Test
    void aNameOfThousandsOfEscapesIsNoWorkForAStack() throws IOException {
        String name = "\\\"".repeat(20_000);
        ParsedMail mail = arrived(forwarded("application/x; name=\"" + name + "\"", new byte[] {1, 2, 3}));
        assertThat(mail.root().contentType()).isEqualTo("application/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain; charset=ISO 8859-1",
                "text/plain; charset=Windows 1252",
                "text/plain; charset=utf-8 foo",
                "text/plain; charset=\"iso-8859-1 x",
                "text/plain; charset=utf-8, text/html",
                "text/plain; charset=utf-8 format=flowed"
            })
    void aMailWithASloppyCharsetGoesOn(String type) throws IOException {
        ParsedMail mail = arrived(forwarded(type, "plain words".getBytes(StandardCharsets.US_ASCII)));
        assertThat(mail.root().contentType()).isEqualTo("text/plain");
        assertThat(mail.root().text().strip()).isEqualTo("plain words");
    }

    // ---- multiparts that a route has made

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMultipartMadeByTheRouteIsWrittenAsItIs(boolean asOctets) throws IOException {
        String made = """
                --x
                Content-Type: text/plain; charset=UTF-8
                Content-Transfer-Encoding: 8bit

                Gr\u00fc\u00dfe
                --x
                Content-Type: application/pdf
                Content-Transfer-Encoding: base64

                AQID
                --x--
                """.replace("\n", "\r\n");
        boolean[] isAscii = {true, false};
        for (boolean ascii : isAscii) {
            String body = ascii ? made.replace("Gr\u00fc\u00dfe", "Hello") : made;
            Change change = message -> {
                message.setHeader(Exchange.CONTENT_TYPE, "multipart/mixed; boundary=x");
                message.setBody(asOctets ? body.getBytes(StandardCharsets.UTF_8) : body);
            };
            if (!ascii) {
                assertThat(send("&convertEightBit=false", change).getException())
                        .hasMessageContaining("8BITMIME");
            }
            ParsedMail mail = arrived(send("", change));
            assertThat(mail.root().contentType()).isEqualTo("multipart/mixed");
            assertThat(mail.root().parts()).hasSize(2);
            // GreenMail does not offer 8BITMIME, so what is not ASCII is encoded on the way, and nothing else is
            // changed.
            assertThat(mail.root().parts().get(0).text().strip()).isEqualTo(ascii ? "Hello" : "Gr\u00fc\u00dfe");
            assertThat(mail.root().parts().get(1).open().readAllBytes()).containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/mixed; boundary=x", "multipart/mixed"})
    void aTextThatOnlyHasTheTypeOfAMultipartIsAText(String type) throws IOException {
        ParsedMail mail = arrived(message -> {
            message.setHeader(Exchange.CONTENT_TYPE, type);
            message.setBody("hello, no --x here");
        });
        assertThat(mail.root().contentType()).isEqualTo("text/plain");
        assertThat(mail.root().text().strip()).isEqualTo("hello, no --x here");
    }

    // ---- alternative body

    @ParameterizedTest
    @CsvSource({
        "text/calendar; method=REQUEST; charset=UTF-8, text/calendar",
        "application/json, application/json",
        "text/markdown, text/markdown",
        "text/html, text/html",
        ", text/html"
    })
    void theSecondAlternativeHasTheTypeOfTheBody(String type, String expected) throws IOException {
        ParsedMail mail = arrived(message -> {
            message.setBody("Größe");
            message.setHeader("Content-Type", type);
            message.setHeader(ALTERNATIVE, "plain");
            message.addAttachment("a.pdf", new DataHandler(new byte[] {1}, "application/pdf"));
        });
        MimePart alternative = mail.root().parts().get(0);
        assertThat(alternative.contentType()).isEqualTo("multipart/alternative");
        assertThat(mail.text()).isEqualTo("plain");
        MimePart second = alternative.parts().get(1);
        assertThat(second.contentType()).isEqualTo(expected);
        assertThat(second.disposition()).isEmpty();
        assertThat(new String(second.open().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("Größe");
        if (expected.equals("text/calendar")) {
            assertThat(second.parameters()).containsEntry("method", "REQUEST").containsEntry("charset", "UTF-8");
        }
        assertThat(mail.attachments()).anyMatch(part -> part.contentType().equals("application/pdf"));
    }

    @Test
    void theSecondAlternativeHasTheOctetsOfTheBody() throws IOException {
        byte[] octets = {'%', 'P', 'D', 'F', (byte) 0xff, (byte) 0xfe, 0, '\n'};
        ParsedMail mail = arrived(message -> {
            message.setBody(octets);
            message.setHeader("Content-Type", "application/pdf");
            message.setHeader(ALTERNATIVE, "plain");
        });
        assertThat(mail.root().contentType()).isEqualTo("multipart/alternative");
        MimePart second = mail.root().parts().get(1);
        assertThat(second.contentType()).isEqualTo("application/pdf");
        assertThat(second.open().readAllBytes()).isEqualTo(octets);
    }

    @Test
    void partsThatAMarkupOfAnotherTypeRefersToStandWithIt() throws IOException {
        ParsedMail mail = arrived(message -> {
            message.setBody("![](cid:logo)");
            message.setHeader("Content-Type", "text/markdown");
            message.setHeader(ALTERNATIVE, "a logo");
            message.addAttachment("cid:logo", new DataHandler(new byte[] {1}, "image/png"));
        });
        MimePart related = mail.root().parts().get(1);
        assertThat(related.contentType()).isEqualTo("multipart/related");
        assertThat(related.parameters()).containsEntry("type", "text/markdown");
    }

    // ---- types of others

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain; name=\"résumé.txt\"; charset=iso-8859-1 | text/plain | ISO-8859-1",
                "text/plain charset=iso-8859-1 | text/plain | ISO-8859-1",
                "text/plain; charset=iso-8859-1; | text/plain | ISO-8859-1",
                "text/html; charset=\"iso-8859-1 | text/html | ISO-8859-1",
                "text/html (a page); charset=iso-8859-1 | text/html | ISO-8859-1",
                "text/plain; charset*=us-ascii''iso-8859-1 | text/plain | ISO-8859-1",
                "text/plain; name=\"a; charset=iso-8859-1 | text/plain | ",
                "text | text/plain | UTF-8",
                "html | text/plain | UTF-8",
                "text/; charset=utf-8 | text/plain | UTF-8",
                "text/plain; charset=\"\" | text/plain | UTF-8",
                "text/plain; charset=klingon | text/plain | UTF-8",
                "text/plain; charset='iso-8859-1' | text/plain | ISO-8859-1",
            })
    void aMailThatWasReadIsSentOnWhateverItsTypeLooksLike(String type, String expected, String charset)
            throws IOException {
        Exchange exchange = forwarded(type, "Größe\r\n".getBytes(StandardCharsets.ISO_8859_1));
        ParsedMail mail = arrived(exchange);
        MimePart body = mail.root();
        assertThat(body.isMultipart()).isFalse();
        assertThat(body.contentType()).isEqualTo(expected);
        assertThat(mail.text() + mail.html().orElse("")).contains("Größe");
        if (charset != null) {
            assertThat(body.parameters().get("charset")).isEqualToIgnoringCase(charset);
        }
    }

    @ParameterizedTest
    @CsvSource({"x-gbk, GB18030, 日本", "iso-8859-8-i, UTF-8, שלום"})
    void knowsTheCharsetsThatOnlyMailKnows(String label, String written, String text) throws IOException {
        Charset charset = Charset.forName(label.equals("x-gbk") ? "GBK" : "ISO-8859-8");
        ParsedMail mail = arrived(forwarded("text/plain; charset=" + label, text.getBytes(charset)));
        assertThat(mail.text()).contains(text);
        assertThat(mail.root().parameters()).containsEntry("charset", written);
    }

    @Test
    void aFileThatIsTheWholeMailIsSentOnWithAnUnreadableParameter() throws IOException {
        byte[] octets = {1, 2, 3};
        ParsedMail mail = arrived(forwarded("application/x-z; x=é; charset=klingon", octets));
        assertThat(mail.root().contentType()).isEqualTo("application/x-z");
        assertThat(mail.root().open().readAllBytes()).startsWith(octets);
    }

    @ParameterizedTest
    @CsvSource({
        "text/csv; name=other.csv, text/csv",
        "text/plain; charset=utf-8, text/plain",
        "text/html; charset=utf-8; name=other.html, text/html",
        "application/x-z, application/x-z"
    })
    void aMailThatIsOneNamedFileIsSentOnAsThatFileAndOnce(String type, String expected) throws IOException {
        byte[] octets = "ä;b\r\n".getBytes(StandardCharsets.UTF_8);
        ParsedMail mail = arrived(
                forwarded(type + "\r\nContent-Disposition: attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe", octets));
        assertThat(mail.root().isMultipart()).isFalse();
        assertThat(mail.root().contentType()).isEqualTo(expected);
        assertThat(mail.root().fileName()).contains("größe");
        assertThat(mail.root().disposition()).contains("attachment");
        assertThat(mail.root().open().readAllBytes()).startsWith(octets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"html", "text", "text/", "a b/c"})
    void aTypeThatTheRouteGivesAndThatIsNoneFails(String type) {
        for (String name : List.of("contentType", "Content-Type")) {
            Exchange exchange = send("", message -> {
                message.setBody("x");
                message.setHeader(name, type);
            });
            assertThat(exchange.getException()).hasMessageContaining("is not type/subtype");
        }
        assertThat(send("&contentType=RAW(" + type + ")", message -> message.setBody("x"))
                        .getException())
                .hasMessageContaining("is not type/subtype");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain;",
                "text/plain; charset=utf-8;",
                "text/plain;; charset='utf-8' ; ",
                "text/plain; charset=\"\";",
                "text/plain charset=utf-8"
            })
    void writesOneSemicolonBeforeTheCharset(String type) throws IOException {
        ParsedMail mail = arrived(message -> {
            message.setBody("Größe");
            message.setHeader("Content-Type", type);
            message.addAttachment("a.txt", new DataHandler("Größe", type));
        });
        assertThat(mail.root().parts().get(0).contentTypeField()).isEqualTo("text/plain; charset=UTF-8");
        assertThat(mail.attachments().get(0).contentTypeField())
                .doesNotContain(";;", "; ;")
                .containsIgnoringCase("text/plain; charset=utf-8;");
        assertThat(mail.text()).isEqualTo("Größe");
    }

    // ---- charsets of strings

    @ParameterizedTest
    @CsvSource({
        // type, CamelCharsetName, label of the mail, charset of the octets
        "application/json, ISO-8859-1, UTF-8, UTF-8, 日本",
        "application/json, ISO-8859-1, ISO-8859-1, ISO-8859-1, Größe",
        "application/json, , , UTF-8, 日本",
        "application/json; charset=ISO-8859-1, , UTF-8, UTF-8, 日本",
        "application/json; charset=iso-8859-8-i, , UTF-8, UTF-8, שלום",
        "application/xml, x-JISAutoDetect, UTF-8, UTF-8, 日本",
        "text/csv, ISO-8859-1, UTF-8, UTF-8, 日本",
        "text/csv, ISO-8859-1, ISO-8859-1, ISO-8859-1, Größe"
    })
    void aStringOfAnyTypeIsInTheCharsetThatItsLabelSays(
            String type, String asked, String label, String used, String text) throws IOException {
        ParsedMail mail = arrived(message -> {
            message.setBody(text);
            message.setHeader("Content-Type", type);
            message.setHeader(Exchange.CHARSET_NAME, asked);
            message.addAttachment("a.x", new DataHandler(text, type));
        });
        for (MimePart part : mail.root().parts()) {
            assertThat(part.contentType()).isEqualTo(type.split(";")[0]);
            assertThat(part.parameters().get("charset")).isEqualTo(label);
            assertThat(new String(part.open().readAllBytes(), used)).isEqualTo(text);
        }
    }

    // ---- attachments

    @Test
    void aFileHasTheTypeThatItsSourceSays() throws IOException {
        File file = Files.writeString(directory.resolve("f.html"), "x").toFile();
        FileDataSource mapped = new FileDataSource(file);
        mapped.setFileTypeMap(new FileTypeMap() {
            @Override
            public String getContentType(File asked) {
                return "application/mapped";
            }

            @Override
            public String getContentType(String asked) {
                return "application/mapped";
            }
        });
        FileDataSource own = new FileDataSource(file) {
            @Override
            public String getContentType() {
                return "application/vnd.mine";
            }
        };
        FileDataSource failing = new FileDataSource(file) {
            @Override
            public String getContentType() {
                throw new IllegalStateException("no table of types");
            }
        };
        ParsedMail mail = arrived(message -> {
            message.setBody("x");
            message.addAttachment("1", new DataHandler(mapped));
            message.addAttachment("2", new DataHandler(own));
            message.addAttachment("3", new DataHandler(failing));
            message.addAttachment("4", new DataHandler(new FileDataSource(file)));
        });
        assertThat(mail.attachments())
                .extracting(MimePart::contentType)
                .containsExactly("application/mapped", "application/vnd.mine", "text/html", "text/html");
    }

    @Test
    void aContentIdIsPercentEncodedWhereItMustBe() throws IOException {
        ParsedMail mail = arrived(message -> {
            message.setBody("<img src='cid:%C3%BCn%C3%AF.png'>");
            message.setHeader("Content-Type", "text/html");
            for (String key : List.of("cid:ünï.png", "cid:img@1 <x>", "cid: a ", "cid:", "cid:" + "ü".repeat(200))) {
                message.addAttachment(key, new DataHandler(new byte[] {1}, "image/png"));
            }
        });
        assertThat(mail.root().contentType()).isEqualTo("multipart/related");
        List<String> ids = new ArrayList<>();
        for (MimePart part : mail.root().parts().subList(1, 6)) {
            ids.add(part.contentId().orElseThrow());
        }
        assertThat(ids).startsWith("%C3%BCn%C3%AF.png", "img@1 %3Cx%3E", "a");
        assertThat(ids.subList(3, 5)).allMatch(id -> id.matches("[0-9a-f-]{36}@localhost"));
    }
}
