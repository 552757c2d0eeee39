package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static io.mailproto.smtp.server.TestSmtpServer.SECURITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.address.EmailAddress;
import io.mailproto.smtp.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each parameter of each command with each text that tries to be more than a parameter. Server and client stay in step if
 * each line gets exactly one reply; and whatever the text is, nothing of it comes out elsewhere.
 */
@Timeout(60)
class SmtpServerInjectionTest {
    private static final List<String> COMMANDS = List.of(
            "EHLO %s",
            "HELO %s",
            "MAIL FROM:<%s>",
            "MAIL FROM:%s",
            "MAIL FROM:<%s@example.com> SMTPUTF8",
            "MAIL FROM:<ann@%s> SMTPUTF8",
            "MAIL FROM:<ann@example.com> ENVID=%s",
            "MAIL FROM:<ann@example.com> RET=%s",
            "MAIL FROM:<ann@example.com> BODY=%s",
            "MAIL FROM:<ann@example.com> SIZE=%s",
            "MAIL FROM:<ann@example.com> AUTH=%s",
            "MAIL FROM:<ann@example.com> %s=1",
            "RCPT TO:<%s>",
            "RCPT TO:<bob@%s>",
            "RCPT TO:<bob@example.org> ORCPT=rfc822;%s",
            "RCPT TO:<bob@example.org> ORCPT=%s;a@b",
            "RCPT TO:<bob@example.org> NOTIFY=%s",
            "AUTH %s",
            "AUTH PLAIN %s",
            "VRFY %s",
            "EXPN %s",
            "HELP %s",
            "NOOP %s",
            "XCLIENT NAME=%s",
            "%s");

    static final List<String> TEXTS = List.of(
            "a\r\nRSET",
            "a\nRSET",
            "a\rRSET",
            "a\0b",
            "a\u007fb",
            "a\u0085b",
            "a\u2028b",
            "a\u760d\u760aRCPT TO:<x@y>",
            "a@b> SIZE=1",
            "a@b>\tNOTIFY=NEVER",
            "<a@b> X",
            "<a@b",
            "\"a\r\nb\"@c",
            "=?utf-8?q?=0d=0aX:_y?=",
            "a+0D+0AX",
            "a\tb",
            "x".repeat(100_000));

    static Stream<Arguments> matrix() {
        return COMMANDS.stream().flatMap(command -> TEXTS.stream().map(text -> Arguments.of(command, text)));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("matrix")
    void givesEachLineOneReply(String command, String text) throws Exception {
        SmtpServerOptions options = OPTIONS.with(SECURITY).with(new ServerDialect(false, true, true, true));
        try (TestSmtpServer server = new TestSmtpServer(options)) {
            String opening = command.startsWith("RCPT") ? "HELO a\r\nMAIL FROM:<a@b> SMTPUTF8\r\n" : "HELO a\r\n";
            byte[] said = (opening + command.formatted(text) + "\r\n").getBytes(StandardCharsets.UTF_8);
            byte[] end = "*\r\nNOOP\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII);

            List<String> lines = talk(server, said, end);

            assertThat(lines).allMatch(line -> line.matches("[2-5]\\d\\d[ -][ -~]*"));
            // The greeting, and a reply for each line; of several lines only the last has no hyphen.
            long replies = lines.stream().filter(line -> line.charAt(3) == ' ').count();
            assertThat(replies).isEqualTo(1 + count(said) + count(end));
            assertThat(lines).endsWith("250 2.0.0 ok", "221 2.0.0 bye");
            assertThat(String.join("\n", lines)).doesNotContain("NOTIFY=NEVER", "SIZE=1", "X:", "xxxxxxxxxx");
            assertThat(server.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("TEXTS")
    void takesNothingOfAClientsNameIntoTheMessageButAName(String text) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            byte[] hello = ("EHLO " + text + "\r\n").getBytes(StandardCharsets.UTF_8);
            byte[] mail = "HELO second\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 3 LAST\r\na\r\nQUIT\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
            talk(server, hello, mail);
            talk(server, new byte[0], mail);
            assertThat(server.messages()).hasSize(2).allSatisfy(message -> assertThat(
                            new String(message.octets().toByteArray(), StandardCharsets.UTF_8))
                    .matches("(?s)Received: from second \\(\\[127.0.0.1]\\)\r\n(\t[ -~]+\r\n)+a\r\n"));
        }
    }

    @ParameterizedTest
    @FieldSource("TEXTS")
    void sendsNoReplyThatIsMoreThanALine(String text) throws Exception {
        SmtpPolicy policy = new SmtpPolicy() {
            @Override
            public Optional<Reply> rcpt(SessionFacts session, Optional<EmailAddress> sender, EmailAddress recipient) {
                return Optional.of(Reply.of(550, text));
            }
        };
        MessageHandler handler = (message, path) -> Reply.of(250, text);
        byte[] toDot = "HELO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 3 LAST\r\na\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        byte[] end = "NOOP\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII);
        boolean isLine = text.matches("[ -~]{1,500}");
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(policy))) {
            assertThat(talk(server, toDot, end))
                    .containsExactly(
                            "220 mx.example.org ESMTP",
                            "250 mx.example.org",
                            "250 2.1.0 sender ok",
                            isLine ? "550 " + text : "451 4.3.0 local error, try again later",
                            "554 5.5.1 no valid recipients",
                            "250 2.0.0 ok",
                            "221 2.0.0 bye");
        }
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS, handler)) {
            assertThat(talk(server, toDot, end))
                    .endsWith(
                            isLine ? "250 " + text : "451 4.3.0 local error, try again later",
                            "250 2.0.0 ok",
                            "221 2.0.0 bye");
        }
    }

    private static long count(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1)
                .chars()
                .filter(c -> c == '\n')
                .count();
    }

    /** Sends all at once and reads to the end. */
    private static List<String> talk(TestSmtpServer server, byte[] first, byte[] second) throws IOException {
        try (Socket socket =
                new Socket(server.address().host(), server.address().port())) {
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(first);
            all.write(second);
            socket.getOutputStream().write(all.toByteArray());
            String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(said).endsWith("\r\n");
            return List.of(said.split("\r\n"));
        }
    }
}
