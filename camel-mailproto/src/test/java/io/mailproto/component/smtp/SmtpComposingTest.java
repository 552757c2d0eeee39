package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.MailConstants;
import io.mailproto.component.outbound.FieldText;
import io.mailproto.component.outbound.OutboundAddresses;
import io.mailproto.mime.NamedAddress;
import io.mailproto.mime.ParsedMail;
import io.mailproto.spool.Octets;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Camel message becomes, as it arrives at a server: bodies, fields, envelope. */
class SmtpComposingTest extends ComposedAtGreenMail {
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
