package io.mailproto.component.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailHeaderFilterStrategy;
import io.mailproto.component.MailHeaderMapping;
import io.mailproto.component.MailMessage;
import io.mailproto.spool.Octets;
import io.mailproto.testing.ScriptedPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A received mail goes on: what a route can change of it, and that nothing else changes. */
class SmtpRelayingTest {
    private static final String RAW = """
            Received: from x by y;
            \tTue, 5 May 2026 10:00:00 +0000
            DKIM-Signature: v=1; a=rsa-sha256; h=from : to : date;
              b=AbC=
            from:   "A  B"  <a@x.test>
            To: b@x.test
            subject:  =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=
            Bcc: c@x.test
            X-Internal-Route: 7
            X-Internal-Host: h1
            X-Twice: 1
            X-Twice: 2
            Content-Type: text/plain;
             charset=iso-8859-1

            .dot\s\s
            \u00e4 raw
            """.replace("\n", "\r\n");

    private static final String DATED = "Date: Tue, 5 May 2026 10:00:00 +0000\r\nMessage-ID: <old@x.test>\r\n" + RAW;

    private DefaultCamelContext context;

    @BeforeEach
    void start() {
        context = new DefaultCamelContext();
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private Exchange relay(String uri, Consumer<Message> change) {
        return relay(RAW, uri, change);
    }

    private Exchange relay(String raw, String uri, Consumer<Message> change) {
        return context.createProducerTemplate().send(uri, exchange -> {
            MailMessage message = new MailMessage(
                    exchange,
                    Mail.of(Octets.of(raw.getBytes(StandardCharsets.ISO_8859_1))),
                    Map.of(
                            MailConstants.ENVELOPE_SENDER,
                            "a@x.test",
                            MailConstants.ENVELOPE_RECIPIENTS,
                            List.of("b@x.test")),
                    new MailHeaderMapping(new MailHeaderFilterStrategy(), true),
                    false);
            exchange.setMessage(message);
            change.accept(message);
        });
    }

    /** Plays a server that takes exactly these octets. */
    private void assertRelayedAs(String expected, String options, Consumer<Message> change) throws IOException {
        assertRelayedAs(RAW, expected, options, change);
    }

    private Exchange assertRelayedAs(String raw, String expected, String options, Consumer<Message> change)
            throws IOException {
        StringBuilder script = new StringBuilder("""
                S: 220 mx
                C~ EHLO .*
                S: 250-mx
                S: 250 8BITMIME
                C: MAIL FROM:<a@x.test> BODY=8BITMIME
                S: 250 ok
                C: RCPT TO:<b@x.test>
                S: 250 ok
                C: DATA
                S: 354 ok
                """);
        for (String line : expected.substring(0, expected.length() - 2).split("\r\n", -1)) {
            script.append("C: ")
                    .append(line.startsWith(".") ? "." : "")
                    .append(line.replace("\u00e4", "\\xE4").replaceAll(" $", "\\\\s"))
                    .append('\n');
        }
        script.append("C: .\nS: 250 ok\n");
        try (ScriptedPeer server = ScriptedPeer.serving(script.toString())) {
            Exchange exchange = relay(raw, "smtp:" + server.address() + "?" + options, change);
            assertThat(exchange.getException()).isNull();
            server.assertPlayedToTheEnd();
            return exchange;
        }
    }

    /** As a signature would: over all lines of the mail but those of some fields. */
    private static String hashWithout(String mail, Set<String> fields) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        int body = mail.indexOf("\r\n\r\n");
        for (String field : mail.substring(0, body + 2).split("(?<=\r\n)(?![ \t])")) {
            if (!fields.contains(field.substring(0, field.indexOf(':')).toLowerCase(java.util.Locale.ROOT))) {
                digest.update(field.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        digest.update(mail.substring(body).getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void aChangedDateIsWrittenAsOneAndWhatIsNoneLeavesTheField() throws Exception {
        String expected = DATED.replace("Tue, 5 May 2026 10:00:00 +0000\r\nM", "Thu, 1 Jan 1970 00:00:00 +0000\r\nM");
        assertThat(expected).isNotEqualTo(DATED);
        OffsetDateTime epoch = Instant.EPOCH.atOffset(ZoneOffset.UTC);
        assertRelayedAs(DATED, expected, "", message -> message.setHeader("Date", epoch));
        assertRelayedAs(DATED, DATED, "", message -> message.setHeader("Date", "tomorrow"));
    }

    @Test
    void aChangedMessageIdIsCheckedAndToldAfterSending() throws Exception {
        String expected = DATED.replace("<old@x.test>", "<new@x.test>");
        Exchange sent = assertRelayedAs(DATED, expected, "", message -> message.setHeader("Message-ID", "new@x.test"));
        assertThat(sent.getMessage().getHeader(MailConstants.MESSAGE_ID)).isEqualTo("<new@x.test>");
        Exchange refused =
                relay(DATED, "smtp:127.0.0.1:1", message -> message.setHeader("Message-ID", "new with space"));
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void octetsOfAMailTellTheirIdAfterSending() throws Exception {
        Exchange sent = assertRelayedAs(DATED, DATED, "", message -> {
            message.setHeader(Exchange.CONTENT_TYPE, "message/rfc822");
            message.setBody(DATED.getBytes(StandardCharsets.ISO_8859_1));
        });
        assertThat(sent.getMessage().getHeader(MailConstants.MESSAGE_ID)).isEqualTo("<old@x.test>");
    }

    @Test
    void aSignatureOverTheRestHoldsWhenTheSubjectIsChanged() throws Exception {
        String expected = RAW.replace("subject:  =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "subject: [list] new");
        assertThat(hashWithout(expected, Set.of("subject"))).isEqualTo(hashWithout(RAW, Set.of("subject")));
        assertRelayedAs(expected, "", message -> {
            assertThat(message.getHeader("Subject")).isEqualTo("Grüße");
            message.setHeader("Subject", "[list] new");
        });
    }

    @Test
    void lookingAtHeadersAndRemovingThemChangesNothing() throws IOException {
        assertRelayedAs(RAW, "", message -> {
            message.getHeaders().forEach((name, value) -> message.setHeader(name, value));
            message.removeHeader("X-Internal-Route");
            message.removeHeader("From");
        });
        assertRelayedAs(RAW, "", message -> message.removeHeaders("*", "CamelMailEnvelope*"));
    }

    @Test
    void headersOfTheApplicationStayThere() throws IOException {
        assertRelayedAs(RAW, "", message -> {
            message.setHeader("X-Api-Key", "secret");
            message.setHeader("JMSMessageID", "1");
            message.setHeader("Date", "Wed, 6 May 2026 10:00:00 GMT");
            message.setHeader("Bcc", "eve@x.test");
            message.setHeader("Content-Language", "en");
            message.setHeader("Content-Type", "text/html");
            message.setHeader("CamelX", "x");
        });
    }

    @Test
    void headersThatAreMeantForMailOrAskedForAreAddedAtTheEndOfTheHead() throws IOException {
        String expected = RAW.replace(
                " charset=iso-8859-1\r\n",
                " charset=iso-8859-1\r\nReply-To: =?UTF-8?B?QsO8cm8=?= <desk@x.test>\r\nAuto-Submitted: auto-generated\r\n"
                        + "X-Ticket: 1\r\nX-Ticket: 2\r\n");
        assertRelayedAs(expected, "sendHeaders=X-Ticket", message -> {
            message.setHeader("Auto-Submitted", "auto-generated");
            message.setHeader("X-Ticket", List.of("1", "2"));
            message.setHeader("Reply-To", "Büro <desk@x.test>");
            message.setHeader("X-Other", "no");
        });
    }

    @Test
    void fieldsAreTakenOutByAnOption() throws IOException {
        String expected = RAW.replace("X-Internal-Route: 7\r\nX-Internal-Host: h1\r\nX-Twice: 1\r\nX-Twice: 2\r\n", "");
        assertRelayedAs(expected, "dropHeaders=X-Internal-*,x-twice,From,Content-*", message -> {});
    }

    @Test
    void aFieldThatStandsTwiceIsChangedAsAWhole() throws IOException {
        String changed = RAW.replace("X-Twice: 1\r\nX-Twice: 2\r\n", "X-Twice: 3\r\n");
        assertRelayedAs(changed, "", message -> message.setHeader("X-Twice", "3"));
        String moved = RAW.replace("X-Twice: 1\r\nX-Twice: 2\r\n", "")
                .replace(" charset=iso-8859-1\r\n", " charset=iso-8859-1\r\nX-Twice: 2\r\nX-Twice: 4\r\n");
        assertRelayedAs(moved, "", message -> message.setHeader("X-Twice", List.of("2", "4")));
    }

    @Test
    void verbatimChangesNothingAtAll() throws IOException {
        assertRelayedAs(RAW, "relay=verbatim&dropHeaders=X-*&sendHeaders=X-*", message -> {
            message.setHeader("Subject", "new");
            message.setHeader("X-Ticket", "1");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\nBcc: eve@x.test", "x\nb", "x\rb"})
    void aChangedHeaderBringsInNoOther(String evil) {
        for (String name : List.of("Subject", "Keywords", "X-Twice")) {
            Exchange exchange = relay("smtp:127.0.0.1:1", message -> message.setHeader(name, evil));
            assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anAuthorCannotBeTakenAway() {
        Exchange exchange = relay("smtp:127.0.0.1:1", message -> message.setHeader("From", " "));
        assertThat(exchange.getException()).hasMessageContaining("header From: there is no address");
    }
}
