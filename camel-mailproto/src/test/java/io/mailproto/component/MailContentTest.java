package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.AttachmentRules.Duplicates;
import io.mailproto.component.AttachmentRules.Missing;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import jakarta.activation.DataHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.attachment.DefaultAttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route sees of the content of a mail: body, headers about it, attachments and their names. */
class MailContentTest {

    private static final String TWO_OF_A_NAME = """
            Subject: two
            Date: Tue, 5 May 2026 10:00:00 +0200
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: multipart/alternative; boundary=c

            --c
            Content-Type: text/plain; charset="iso-8859-1";
             format=flowed

            Gr\u00fc\u00dfe
            --c
            Content-Type: text/html

            <p>
            --c--
            --b
            Content-Type: text/csv; charset=utf-8; name=a.csv
            X-Own: 1

            \u00c3\u00a4;b
            --b
            Content-Type: application/x; name="=?utf-8?Q?=C3=A4.bin?="
            Content-Disposition: inline

            second
            --b
            Content-Type: application/x
            Content-Disposition: attachment; filename=a.csv

            third
            --b
            Content-Type: application/x
            Content-Disposition: attachment

            fourth
            --b
            Content-Type: application/x; name=a.csv

            fifth
            --b--
            """;

    private final DefaultCamelContext context = new DefaultCamelContext();

    @TempDir
    private Path directory;

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private static Octets octets(String mail) {
        return Octets.of(mail.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private MailMessage message(Octets octets, AttachmentRules rules) {
        Exchange exchange = new org.apache.camel.support.DefaultExchange(context);
        MailHeaderMapping mapping = new MailHeaderMapping(new MailHeaderFilterStrategy(), false, rules);
        MailMessage message = new MailMessage(exchange, Mail.of(octets), Map.of(), mapping, true);
        exchange.setIn(message);
        return message;
    }

    private MailMessage message(String mail) {
        return message(octets(mail), AttachmentRules.DEFAULTS);
    }

    private List<String> names(AttachmentRules rules) {
        AttachmentMessage message = new DefaultAttachmentMessage(message(octets(TWO_OF_A_NAME), rules));
        return message.getAttachmentNames().stream()
                .map(name -> name.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "UUID"))
                .toList();
    }

    @Test
    void keysAreThoseOfCamelMailWithoutOptions() {
        assertThat(names(AttachmentRules.DEFAULTS)).containsExactly("a.csv", "=?utf-8?Q?=C3=A4.bin?=");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true  | NEVER | NEVER       | a.csv ä.bin
            false | UUID  | NEVER       | a.csv =?utf-8?Q?=C3=A4.bin?= UUID
            true  | PART  | NEVER       | a.csv ä.bin part-4
            true  | NEVER | NUMBER      | a.csv ä.bin a-2.csv a-3.csv
            true  | NEVER | UUID_PREFIX | UUID_a.csv ä.bin UUID_a.csv a.csv
            true  | NEVER | UUID_SUFFIX | a_UUID.csv ä.bin a_UUID.csv a.csv
            """)
    void keysAreAsTheOptionsSay(boolean decode, Missing missing, Duplicates duplicates, String names) {
        assertThat(String.join(" ", names(new AttachmentRules(decode, missing, duplicates, false))))
                .isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            =?UTF-8?B?w7/Dv8O/LnBkZg==?=                 | =?UTF-8?B?w7/Dv8O/LnBkZg==?=                 | ÿÿÿ.pdf
            =?UTF-8?B?w7/Dv8O/?= =?UTF-8?B?LnBkZg==?=    | =?UTF-8?B?w7/Dv8O/?= =?UTF-8?B?LnBkZg==?=    | ÿÿÿ.pdf
            new =?UTF-8?B?w7/Dv8O/?=.pdf                 | new =?UTF-8?B?w7/Dv8O/?=.pdf                 | new ÿÿÿ.pdf
            dir/=?UTF-8?B?w7/Dv8O/?=.pdf                 | ÿÿÿ.pdf                                      | ÿÿÿ.pdf
            =?utf-8?Q?=2E=2E=2Fetc=2Fpasswd?=            | passwd                                       | passwd
            =?utf-8?Q?C=3A=5C?= =?utf-8?Q?a.txt?=        | a.txt                                        | a.txt
            =?utf-8?Q?=2E=2E?= =?utf-8?Q?=2Fa.txt?=      | a.txt                                        | a.txt
            =?utf-8?Q?a=0D=0AX-E:_1?=                    | a  X-E: 1                                    | a  X-E: 1
            =?utf-8?Q?a=09b?=                            | ab                                           | ab
            plain.txt                                    | plain.txt                                    | plain.txt
            """)
    void encodedWordsStayUnlessTheyHideAPathOrControlCharacters(String name, String undecoded, String decoded) {
        String mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/x\n"
                + "Content-Disposition: attachment; filename=\"" + name + "\"\n\nx\n--b--\n";
        for (boolean decode : new boolean[] {false, true}) {
            AttachmentRules rules = new AttachmentRules(decode, Missing.NEVER, Duplicates.NEVER, false);
            assertThat(new DefaultAttachmentMessage(message(octets(mail), rules)).getAttachmentNames())
                    .containsExactly(decode ? decoded : undecoded);
        }
    }

    @Test
    void twoNamesWithASlashInTheirBase64AreTwoAttachments() {
        String part = "--b\nContent-Type: application/x; name=\"%s\"\n\nx\n";
        String first = "=?UTF-8?B?w7/Dv8O/LnBkZg==?=";
        String second = "=?UTF-8?B?YcO/w7/Dvy5wZGY=?= =?UTF-8?B?w7/Dv8O/LnBkZg==?=";
        String mail = "Content-Type: multipart/mixed; boundary=b\n\n" + part.formatted(first) + part.formatted(second)
                + "--b--\n";
        assertThat(new DefaultAttachmentMessage(message(mail)).getAttachmentNames())
                .containsExactly(first, second);
    }

    @Test
    void tenThousandOfANameHaveTenThousandKeys() {
        String part = "--b\nContent-Type: application/x; name=a.csv\n\nx\n";
        String mail = "Content-Type: multipart/mixed; boundary=b\n\n" + part.repeat(10_000) + "--b--\n";
        AttachmentRules rules = new AttachmentRules(true, Missing.NEVER, Duplicates.NUMBER, false);
        assertThat(new DefaultAttachmentMessage(message(octets(mail), rules)).getAttachmentNames())
                .hasSize(10_000)
                .contains("a.csv", "a-2.csv", "a-10000.csv");
    }

    @Test
    void everyContentIsUnderItsOwnKey() throws IOException {
        AttachmentRules rules = new AttachmentRules(true, Missing.PART, Duplicates.UUID_SUFFIX, false);
        AttachmentMessage message = new DefaultAttachmentMessage(message(octets(TWO_OF_A_NAME), rules));
        List<String> contents = new ArrayList<>();
        for (Map.Entry<String, DataHandler> entry : message.getAttachments().entrySet()) {
            assertThat(entry.getValue().getName()).isEqualTo(entry.getKey());
            try (InputStream in = entry.getValue().getInputStream()) {
                contents.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }

        assertThat(contents).containsExactly("ä;b", "second", "third", "fourth", "fifth");
    }

    @Test
    void failsForTwoOfANameIfThatIsWished() {
        MailMessage message =
                message(octets(TWO_OF_A_NAME), new AttachmentRules(false, Missing.NEVER, Duplicates.NEVER, true));

        assertThatThrownBy(message::requireAttachments)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a.csv");
        message(octets(TWO_OF_A_NAME), new AttachmentRules(false, Missing.NEVER, Duplicates.NUMBER, true))
                .requireAttachments();
    }

    @ParameterizedTest
    @CsvSource({"never,NEVER", "uuid,UUID", "UUID,UUID", "part,PART"})
    void takesTheValuesOfCamelMailForMissingNames(String value, Missing missing) {
        assertThat(Missing.of(value)).isEqualTo(missing);
    }

    @ParameterizedTest
    @CsvSource({"never,NEVER", "uuidPrefix,UUID_PREFIX", "uuidprefix,UUID_PREFIX", "uuid-suffix,UUID_SUFFIX"})
    void takesTheValuesOfCamelMailForDuplicateNames(String value, Duplicates duplicates) {
        assertThat(Duplicates.of(value)).isEqualTo(duplicates);
    }

    @Test
    void aValueThatTheOptionHasNotIsToldWithThoseItHas() {
        assertThatThrownBy(() -> Duplicates.of("uuidd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("handleDuplicateAttachmentNames")
                .hasMessageContaining("uuidd");
    }

    @Test
    void theContentTypeIsThatOfTheTextAndTheTimestampThatOfTheMail() {
        Message message = message(TWO_OF_A_NAME);

        assertThat(message.getHeader("Content-Type")).isEqualTo("text/plain; charset=\"iso-8859-1\"; format=flowed");
        assertThat(message.getHeader("content-type")).isEqualTo(message.getHeader("Content-Type"));
        assertThat(message.getBody()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(message.getMessageTimestamp()).isEqualTo(1777968000000L);
        assertThat(message.getHeader(MailConstants.UNNAMED_ATTACHMENTS)).isEqualTo(1);
        assertThat(message.getHeader(MailConstants.PROBLEMS)).isNull();
    }

    @Test
    void aTextWithoutATypeIsPlain() {
        Message message = message("Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b--\n");

        assertThat(message.getHeader("Content-Type")).isEqualTo("text/plain");
    }

    @Test
    void aHeaderSaysWhatCouldNotBeUnderstood() {
        Message message =
                message("Content-Type: text/plain; charset=klingon\nContent-Transfer-Encoding: x-yenc\n\nraw");

        assertThat(message.getHeader(MailConstants.PROBLEMS))
                .isEqualTo("the charset \"klingon\" is unknown; the transfer encoding \"x-yenc\" is unknown");
        assertThat(message.getBody()).isEqualTo("raw");
    }

    @Test
    void nothingFromTheWireTakesTheNameOfSuchAHeader() {
        Message message = message("CamelMailProblems: none\nmail.smtp.host: evil\nX: y\n\ntext");

        assertThat(message.getHeaders()).containsOnlyKeys("X");
    }

    @Test
    void aMailWithoutAnythingIsAnEmptyText() {
        for (String mail : new String[] {"", "\n", "\n\n", "Subject: x", "Content-Type: multipart/mixed\n\n"}) {
            Message message = message(mail);
            assertThat(message.getBody()).as(mail).isInstanceOf(String.class);
            assertThat(message.getHeaders()).as(mail).hasSizeLessThan(3);
            assertThat(new DefaultAttachmentMessage(message).hasAttachments()).isFalse();
        }
    }

    @Test
    void aMailThatIsOneFileHasItsOctetsAsBody() throws Exception {
        Message message = message("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n");

        assertThat(message.getBody()).isInstanceOf(InputStream.class).isInstanceOf(StreamCache.class);
        for (int i = 0; i < 2; i++) {
            assertThat(message.getBody(byte[].class)).asString().isEqualTo("%PDF-1.4");
            ((StreamCache) message.getBody()).reset();
        }
        StreamCache body = (StreamCache) message.getBody();
        assertThat(body.length()).isEqualTo(8);
        assertThat(((InputStream) body.copy(message.getExchange())).readAllBytes())
                .hasSize(8);
        assertThat(((InputStream) body).read()).isEqualTo('%');
        assertThat(body.position()).isEqualTo(1);
        assertThat(message.getHeader("Content-Type")).isEqualTo("application/pdf");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            text/plain; name=a.txt |                                                 | false
            text/plain             | Content-Disposition: inline; filename=a.txt     | false
            text/calendar          |                                                 | false
            text/csv               | Content-Disposition: attachment; filename=a.csv | true
            application/pdf        | Content-Disposition: attachment; filename=a.pdf | true
            application/pdf        | Content-Disposition: attachment                 | false
            """)
    void aTextThatIsTheWholeMailIsItsBodyAndAFileIsAnAttachmentToo(String type, String disposition, boolean isFile)
            throws IOException {
        MailMessage message =
                message("Content-Type: " + type + "\n" + (disposition == null ? "" : disposition + "\n") + "\ncontent");

        assertThat(message.getBody(String.class)).isEqualTo("content");
        assertThat(new DefaultAttachmentMessage(message).hasAttachments()).isEqualTo(isFile);
        assertThat(message.getHeader(MailConstants.UNNAMED_ATTACHMENTS)).isNull();
        assertThat(message.getMail().attachments()).hasSize(1);
    }

    @Test
    void namesThatSeveralAttachmentsHaveAreToldOnceForAMail() {
        String part = "--b\nContent-Type: application/x; name=%s\n\nx\n";
        String mail = "Content-Type: multipart/mixed; boundary=b\n\n"
                + part.formatted("a.csv").repeat(50)
                + part.formatted("n".repeat(500)).repeat(2)
                + "--b--\n";
        try (CapturedLog log = new CapturedLog(MailAttachments.class)) {
            assertThat(new DefaultAttachmentMessage(message(mail)).getAttachmentNames())
                    .hasSize(2);
            assertThat(log.warnings()).singleElement().satisfies(line -> assertThat(line)
                    .contains("a.csv, nnn", "handleDuplicateAttachmentNames")
                    .hasSizeLessThan(400));
        }
    }

    @Test
    void simpleFunctionsOfAttachmentsWork() {
        Message message = message(TWO_OF_A_NAME);
        Exchange exchange = message.getExchange();

        assertThat(simple(exchange, "${attachments.size}")).isEqualTo("2");
        assertThat(simple(exchange, "${attachments.length()}")).isEqualTo("2");
        assertThat(simple(exchange, "${attachmentsKeys}")).isEqualTo("[a.csv, =?utf-8?Q?=C3=A4.bin?=]");
        assertThat(simple(exchange, "${attachmentContent(a.csv)}")).isEqualTo("ä;b");
        assertThat(simple(exchange, "${attachmentContentAsText(1)}")).isEqualTo("second");
        assertThat(simple(exchange, "${attachmentContentAs(0,byte[])}")).isEqualTo("ä;b");
        assertThat(simple(exchange, "${attachmentContentType(a.csv)}"))
                .isEqualTo("text/csv; charset=utf-8; name=a.csv");
        assertThat(simple(exchange, "${attachmentHeader(a.csv,x-own)}")).isEqualTo("1");
        assertThat(simple(exchange, "${attachment[0].name}")).isEqualTo("a.csv");
        assertThat(simple(exchange, "${clearAttachments}${attachments.size}")).isEqualTo("0");
    }

    private String simple(Exchange exchange, String text) {
        return context.resolveLanguage("simple").createExpression(text).evaluate(exchange, String.class);
    }

    @Test
    void headersOfAnAttachmentCanBeChanged() {
        Attachment attachment = new DefaultAttachmentMessage(message(TWO_OF_A_NAME)).getAttachmentObject("a.csv");

        attachment.addHeader("X-Own", "2");
        assertThat(attachment.getHeaderAsList("X-OWN")).containsExactly("1", "2");
        attachment.setHeader("X-New", "3");
        attachment.removeHeader("Content-Type");
        assertThat(attachment.getHeaderNames()).containsExactlyInAnyOrder("X-Own", "X-New");
        assertThat(attachment.getHeader("X-New")).isEqualTo("3");
    }

    @Test
    void splitsIntoAttachments() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:split")
                        .split(new SplitAttachmentsExpression())
                        .to("mock:part")
                        .end()
                        .to("mock:rest");
            }
        });
        MockEndpoint parts = context.getEndpoint("mock:part", MockEndpoint.class);
        MockEndpoint rest = context.getEndpoint("mock:rest", MockEndpoint.class);
        rest.expectedMessageCount(2);
        context.createProducerTemplate().send("direct:split", e -> e.setMessage(message(TWO_OF_A_NAME)));
        context.createProducerTemplate().send("direct:split", e -> e.setMessage(message("Subject: none\n\ntext")));
        rest.assertIsSatisfied(10_000);

        assertThat(parts.getExchanges()).hasSize(2);
        Message csv = parts.getExchanges().get(0).getMessage();
        assertThat(csv.getHeader(SplitAttachmentsExpression.HEADER_NAME)).isEqualTo("a.csv");
        assertThat(csv.getBody(byte[].class)).isEqualTo("ä;b".getBytes(StandardCharsets.UTF_8));
        assertThat(parts.getExchanges().get(1).getMessage().getBody(String.class))
                .isEqualTo("second");
        Message whole = rest.getExchanges().get(0).getMessage();
        assertThat(whole.getBody()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(new DefaultAttachmentMessage(whole).hasAttachments()).isFalse();
    }

    @Test
    void splitsByTheNameOfABean() throws Exception {
        context.getRegistry().bind("byAttachment", new SplitAttachmentsExpression());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ref").split().ref("byAttachment").to("mock:named");
            }
        });
        MockEndpoint parts = context.getEndpoint("mock:named", MockEndpoint.class);
        parts.expectedHeaderValuesReceivedInAnyOrder(
                SplitAttachmentsExpression.HEADER_NAME, "a.csv", "=?utf-8?Q?=C3=A4.bin?=");
        context.createProducerTemplate().send("direct:ref", e -> e.setMessage(message(TWO_OF_A_NAME)));
        parts.assertIsSatisfied(10_000);
    }

    @Test
    void attachmentsLiveOnBehindSedaWhenNothingElseOfTheMailIsLeft() throws Exception {
        BlockingQueue<DataHandler> kept = new LinkedBlockingQueue<>();
        BlockingQueue<WeakReference<Object>> gone = new LinkedBlockingQueue<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to("seda:later");
                from("seda:later").process(exchange -> {
                    kept.add(exchange.getMessage(AttachmentMessage.class).getAttachment("big.bin"));
                    gone.add(new WeakReference<>(exchange.getMessage(MailMessage.class)));
                });
            }
        });
        context.createProducerTemplate()
                .send("direct:in", e -> e.setMessage(message(spooled(400_000), AttachmentRules.DEFAULTS)));
        DataHandler handler = kept.poll(20, TimeUnit.SECONDS);
        WeakReference<Object> message = gone.poll(20, TimeUnit.SECONDS);
        collect(message);

        for (int i = 0; i < 2; i++) {
            try (InputStream in = handler.getInputStream()) {
                assertThat(in.readAllBytes()).hasSize(400_000).containsOnly('x');
            }
        }
    }

    /** Until the message is gone, or as long as that takes at most; some JVMs keep it on a stack for a while. */
    private static void collect(WeakReference<Object> reference) {
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
        }
    }

    /** A mail in a file, whose attachment has so many octets. */
    private Octets spooled(int size) throws IOException {
        String mail = """
                Content-Type: multipart/mixed; boundary=b

                --b

                text
                --b
                Content-Type: application/x; name=big.bin

                """.replace("\n", "\r\n") + "x".repeat(size) + "\r\n--b--\r\n";
        Octets octets = new Spool(new SpoolOptions(1024, directory))
                .copy(new ByteArrayInputStream(mail.getBytes(StandardCharsets.US_ASCII)));
        assertThat(octets.isInMemory()).isFalse();
        return octets;
    }
}
