package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.spool.Octets;
import jakarta.activation.DataHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSmtpDataFormatTest {

    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:marshal").marshal().custom("bsmtp");
                from("direct:unmarshal").unmarshal().custom("bsmtp");
            }
        });
        context.start();
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private Exchange marshal(Object body, Object recipients) {
        return context.createProducerTemplate().request("direct:marshal", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader(MailConstants.ENVELOPE_SENDER, "ann@example.com");
            exchange.getMessage().setHeader(MailConstants.ENVELOPE_RECIPIENTS, recipients);
        });
    }

    private static Mail mail(String text) {
        return Mail.of(Octets.of(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void writesWhatOtherMailProgramsRead() {
        Exchange exchange =
                marshal(mail("Subject: hi\r\n\r\n.dot\r\n"), List.of("bob@example.org", "\"c d\"@example.org"));

        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("""
                EHLO localhost
                MAIL FROM:<ann@example.com>
                RCPT TO:<bob@example.org>
                RCPT TO:<"c d"@example.org>
                DATA
                Subject: hi

                ..dot
                .
                QUIT
                """.replace("\n", "\r\n"));
        assertThat(exchange.getMessage().getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/batch-SMTP");
    }

    @Test
    void tellsWhatWasAttachedToAMailAndIsNotInIt() {
        try (CapturedLog log = new CapturedLog(BatchSmtpDataFormat.class)) {
            context.createProducerTemplate().request("direct:marshal", exchange -> {
                exchange.getMessage().setBody(mail("Subject: hi\r\n\r\n"));
                exchange.getMessage().setHeader(MailConstants.ENVELOPE_RECIPIENTS, "bob@example.org");
                exchange.getMessage(AttachmentMessage.class)
                        .addAttachment("bill\n.pdf", new DataHandler("x", "text/plain"));
            });
            assertThat(log.warnings()).singleElement().asString().endsWith("attached to it: bill_.pdf");
            context.createProducerTemplate().request("direct:marshal", exchange -> {
                MailHeaderMapping mapping = new MailHeaderMapping(new MailHeaderFilterStrategy(), false);
                Mail twoParts = mail("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                        + "Content-Type: application/x; name=a\r\n\r\nx\r\n--b--\r\n");
                exchange.setMessage(new MailMessage(exchange, twoParts, Map.of(), mapping, true));
                exchange.getMessage().setHeader(MailConstants.ENVELOPE_RECIPIENTS, "bob@example.org");
            });
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: plain\r\n\r\ntext\r\n",
                "Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n",
                "",
                "\r\n",
                ".",
                "no line end",
                "bare LF\n.\n\r\n",
                "bare CR\r.\r\r\n",
                "ends with CR\r",
                "QUIT\r\n.\r\nMAIL FROM:<x@y>\r\n",
                "8 bit \u00e4\u0000\u00ff\r\n",
            })
    void givesBackTheSameOctetsAndTheEnvelope(String text) throws Exception {
        byte[] batch = marshal(mail(text), List.of("bob@example.org", "eve@example.org"))
                .getMessage()
                .getBody(byte[].class);

        Exchange back = context.createProducerTemplate()
                .request("direct:unmarshal", exchange -> exchange.getMessage().setBody(batch));

        assertThat(back.getException()).isNull();
        assertThat(back.getMessage().getBody()).isInstanceOf(Mail.class);
        assertThat(new String(back.getMessage().getBody(byte[].class), StandardCharsets.ISO_8859_1))
                .isEqualTo(text);
        assertThat(back.getMessage().getHeader(MailConstants.ENVELOPE_SENDER)).isEqualTo("ann@example.com");
        assertThat(back.getMessage().getHeader(MailConstants.ENVELOPE_RECIPIENTS))
                .isEqualTo(List.of("bob@example.org", "eve@example.org"));
    }

    @Test
    void takesTheOriginalMailOfAPolledMessageAsLongAsItsBodyIsUntouched() {
        Exchange exchange = context.createProducerTemplate().request("direct:marshal", e -> {
            MailHeaderMapping mapping = new MailHeaderMapping(new MailHeaderFilterStrategy(), true);
            e.setMessage(new MailMessage(e, mail("Subject: hi\r\n\r\ntext\r\n"), java.util.Map.of(), mapping, true));
            e.getMessage().setHeader(MailConstants.ENVELOPE_RECIPIENTS, "bob@example.org");
        });

        assertThat(exchange.getMessage().getBody(String.class)).contains("MAIL FROM:<>", "\r\nSubject: hi\r\n");
    }

    @Test
    void refusesAMailThatNobodyIsToGet() {
        Exchange exchange = marshal(mail("x\r\n"), null);

        assertThat(exchange.getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(MailConstants.ENVELOPE_RECIPIENTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello\r\n",
                "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n",
                "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nno end\r\n",
                "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 10 LAST\r\nshort",
                "RCPT TO:<c@d>\r\nDATA\r\n.\r\n",
                "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n.\r\nMAIL FROM:<a@b>\r\n",
            })
    void saysWhatIsWrongWithWhatIsNoBatch(String text) {
        assertThatThrownBy(() -> context.createProducerTemplate().requestBody("direct:unmarshal", text))
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("batch SMTP: ");
    }
}
