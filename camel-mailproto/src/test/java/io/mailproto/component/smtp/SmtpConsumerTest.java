package io.mailproto.component.smtp;

import static io.mailproto.component.smtp.SmtpRoutes.ACCEPTED;
import static io.mailproto.component.smtp.SmtpRoutes.MAIL;
import static io.mailproto.component.smtp.SmtpRoutes.OPTIONS;
import static io.mailproto.component.smtp.SmtpRoutes.QUIT;
import static io.mailproto.component.smtp.SmtpRoutes.SERVER;
import static io.mailproto.component.smtp.SmtpRoutes.UP_TO_DOT;
import static io.mailproto.component.smtp.SmtpRoutes.UP_TO_RCPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.component.Mail;
import io.mailproto.component.MailConstants;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.server.SessionFacts;
import io.mailproto.smtp.server.SmtpPolicy;
import io.mailproto.testing.Pace;
import io.mailproto.testing.TranscriptTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives in a route that is an SMTP server, and who may send. */
@Timeout(60)
class SmtpConsumerTest {
    private static final String EHLO = """
            C: EHLO client.example
            S: 250-mx.test
            S: 250-PIPELINING
            S: 250-SIZE 52428800
            S: 250-8BITMIME
            S: 250-SMTPUTF8
            S: 250-ENHANCEDSTATUSCODES
            S: 250-CHUNKING
            S: 250-LIMITS RCPTMAX=1000
            """;

    @TempDir
    Path directory;

    private final SmtpRoutes routes = new SmtpRoutes();
    private final List<Message> messages = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        routes.close();
    }

    private void collect(Exchange exchange) {
        messages.add(exchange.getMessage());
    }

    private Message only() {
        assertThat(messages).hasSize(1);
        return messages.get(0);
    }

    /** The whole mail; as a String the body would be its text. */
    private static String octets(Message message) {
        return new String(message.getBody(byte[].class), StandardCharsets.ISO_8859_1);
    }

    // ---- the mail

    @TranscriptTest
    void givesTheEnvelopeAndTheFieldsAsHeadersButNoCamelFields(Pace pace) throws Exception {
        routes.start(SERVER, exchange -> {
            collect(exchange);
            exchange.getMessage().getHeaders();
        });
        routes.talk(pace, """
                S: 220 mx.test ESMTP
                C: HELO client.example
                S: 250 mx.test
                C: MAIL FROM:<ann@example.com>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<bob@example.org>
                S: 250 2.1.5 recipient ok
                C: RCPT TO:<Eve@example.org>
                S: 250 2.1.5 recipient ok
                C: DATA
                S~ 354 .*
                C: From: Ann <ann@example.com>
                C: Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=
                C: CamelMailReplyCode: 550
                C: camelHttpUri: http://evil.example/
                C:
                C: ..dot
                C: .
                """ + ACCEPTED + QUIT);
        Message message = only();
        assertThat(message.getHeader(MailConstants.ENVELOPE_SENDER)).isEqualTo("ann@example.com");
        assertThat(message.getHeader(MailConstants.ENVELOPE_RECIPIENTS))
                .isEqualTo(List.of("bob@example.org", "Eve@example.org"));
        assertThat(message.getHeader(MailConstants.HELO)).isEqualTo("client.example");
        assertThat(message.getHeader(MailConstants.REMOTE_ADDRESS, String.class))
                .startsWith("127.0.0.1:");
        assertThat(message.getHeader("Subject")).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(message.getHeaders())
                .doesNotContainKeys(
                        "camelHttpUri",
                        MailConstants.REPLY_CODE,
                        MailConstants.TLS_PROTOCOL,
                        MailConstants.AUTHENTICATED_USER);
        Mail mail = message.getBody(Mail.class);
        assertThat(message.getHeader(MailConstants.SIZE)).isEqualTo(mail.size());
        assertThat(octets(message)).endsWith("\r\n\r\n.dot\r\n");
        assertThat(routes.completed)
                .allSatisfy(exchange -> assertThat(exchange.getPattern()).hasToString("InOnly"));
    }

    @Test
    void givesAnEmptySenderOfBounces() throws Exception {
        routes.start(SERVER, this::collect);
        routes.talk(UP_TO_RCPT.replace("ann@example.com", "") + MAIL + ACCEPTED + QUIT);
        assertThat(only().getHeader(MailConstants.ENVELOPE_SENDER)).isEqualTo("");
    }

    @Test
    void writesTheOctetsToAFileWithItsReceivedFieldOnTop() throws Exception {
        routes.route(SERVER, route -> route.to("file:" + directory + "?fileName=mail.eml"));
        routes.talk(UP_TO_RCPT + """
                C: DATA
                S~ 354 .*
                C: Subject: \\xFF raw
                C: \\x20
                C:
                C: ..
                C: \\x00\\xE9\\x09\\s
                C: .
                """ + ACCEPTED + QUIT);
        String file = Files.readString(directory.resolve("mail.eml"), StandardCharsets.ISO_8859_1);
        assertThat(file)
                .startsWith("Received: from client.example ([127.0.0.1])\r\n\tby mx.test with SMTP id ")
                .contains("for <bob@example.org>;\r\n");
        assertThat(SmtpRoutes.withoutTrace(file)).isEqualTo("Subject: \u00ff raw\r\n \r\n\r\n.\r\n\u0000\u00e9\t \r\n");
    }

    @Test
    void relaysToASecondServerExactly() throws Exception {
        try (SmtpRoutes second = new SmtpRoutes()) {
            second.start(SERVER, this::collect);
            String text = "Subject: relayed\r\n\r\n.\r\n" + "x".repeat(900) + "\r\n";
            routes.route(SERVER, route -> route.to("smtp:" + second.address()));
            routes.talk(UP_TO_RCPT
                    + "C: RCPT TO:<eve@example.org>\nS~ 250 .*\nC: DATA\nS~ 354 .*\nC: Subject: relayed\nC:\nC: ..\nC: "
                    + "x".repeat(900) + "\nC: .\n" + ACCEPTED + QUIT);
            Message message = only();
            assertThat(message.getHeader(MailConstants.ENVELOPE_SENDER)).isEqualTo("ann@example.com");
            assertThat(message.getHeader(MailConstants.ENVELOPE_RECIPIENTS))
                    .isEqualTo(List.of("bob@example.org", "eve@example.org"));
            String once = SmtpRoutes.withoutTrace(octets(message));
            assertThat(once).startsWith("Received: from client.example ");
            assertThat(SmtpRoutes.withoutTrace(once)).isEqualTo(text);
        }
    }

    @Test
    void tellsTheClientThatTheNextServerHasRefused() throws Exception {
        try (SmtpRoutes second = new SmtpRoutes()) {
            second.start(SERVER + "&recipientDomains=example.net", this::collect);
            routes.route(
                    SERVER + "&rejectOn=io.mailproto.component.MailPermanentException",
                    route -> route.to("smtp:" + second.address()));
            routes.talk(UP_TO_DOT + "S: 554 5.6.0 message not accepted\n" + QUIT);
            assertThat(messages).isEmpty();
        }
    }

    // ---- who may send what

    @Test
    void takesMailForItsDomainsOnly() throws Exception {
        routes.start(SERVER + "&recipientDomains=example.org,EXAMPLE.com", this::collect);
        routes.talk("""
                S: 220 mx.test ESMTP
                C: HELO client.example
                S: 250 mx.test
                C: MAIL FROM:<ann@example.com>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<bob@example.net>
                S: 550 5.7.1 no mail for this domain is taken here
                C: RCPT TO:<bob@sub.example.org>
                S: 550 5.7.1 no mail for this domain is taken here
                C: RCPT TO:<bob@Example.Com>
                S: 250 2.1.5 recipient ok
                C: RCPT TO:<postmaster>
                S: 250 2.1.5 recipient ok
                """ + MAIL + ACCEPTED + QUIT);
        assertThat(only().getHeader(MailConstants.ENVELOPE_RECIPIENTS))
                .isEqualTo(List.of("bob@Example.Com", "postmaster"));
    }

    @Test
    void refusesWhatIsTooBigOrForTooMany() throws Exception {
        routes.start(SERVER + "&maxMessageSize=10&maxRecipients=1", this::collect);
        routes.talk("""
                S: 220 mx.test ESMTP
                C: HELO client.example
                S: 250 mx.test
                C: MAIL FROM:<ann@example.com> SIZE=11
                S: 552 5.3.4 message is bigger than 10 octets
                C: MAIL FROM:<ann@example.com> SIZE=5
                S: 250 2.1.0 sender ok
                C: RCPT TO:<bob@example.net>
                S: 250 2.1.5 recipient ok
                C: RCPT TO:<eve@example.net>
                S: 452 4.5.3 too many recipients
                """ + MAIL + "S: 552 5.3.4 message is bigger than 10 octets\n" + QUIT);
        assertThat(messages).isEmpty();
    }

    @Test
    void lowersNoGuardForUnknownUsersAndEmptyPasswords() throws Exception {
        routes.start(SERVER + "&requireAuthentication=true&users=ann:RAW(se:cret),bob:other", this::collect);
        routes.talk("S: 220 mx.test ESMTP\n" + EHLO + """
                S: 250-AUTH SCRAM-SHA-256 SCRAM-SHA-1 PLAIN LOGIN
                S: 250 HELP
                C: MAIL FROM:<ann@example.com>
                S: 530 5.7.0 authentication required
                C: AUTH PLAIN AGV2ZQA=
                S~ 5.*
                C: AUTH PLAIN AGV2ZQBvdGhlcg==
                S: 535 5.7.8 user name or password is wrong
                C: AUTH PLAIN AGJvYgBvdGhlcg==
                S: 235 2.7.0 authenticated
                C: MAIL FROM:<ann@example.com>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<bob@example.net>
                S: 250 2.1.5 recipient ok
                """ + MAIL + ACCEPTED + QUIT);
        assertThat(only().getHeader(MailConstants.AUTHENTICATED_USER)).isEqualTo("bob");
    }

    @Test
    void hangsUpOnTheThirdWrongPassword() throws Exception {
        routes.start(SERVER + "&users=bob:other", this::collect);
        routes.talk("S: 220 mx.test ESMTP\n" + EHLO + """
                S: 250-AUTH SCRAM-SHA-256 SCRAM-SHA-1 PLAIN LOGIN
                S: 250 HELP
                C: AUTH PLAIN AGV2ZQBvdGhlcg==
                S: 535 5.7.8 user name or password is wrong
                C: AUTH PLAIN AGV2ZQBvdGhlcg==
                S: 535 5.7.8 user name or password is wrong
                C: AUTH PLAIN AGV2ZQBvdGhlcg==
                S~ 421 4\\.7\\.0 .*
                -- closed
                """);
    }

    @Test
    void refusesToBecomeAnOpenRelay() {
        assertThatThrownBy(() -> routes.start("smtp:0.0.0.0:0?" + OPTIONS, this::collect))
                .hasStackTraceContaining("recipientDomains=example.org")
                .hasStackTraceContaining("recipientDomains=*")
                .hasStackTraceContaining("requireAuthentication=true")
                .hasStackTraceContaining("policy=#bean");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "recipientDomains=*",
                "recipientDomains=example.org",
                "requireAuthentication=true&users=ann:secret&allowPlaintextLogin=true",
                "requireAuthentication=true&users=ann:secret&sslContextParameters=#ssl"
            })
    void listensEverywhereWhenStrangersAreKeptOut(String options) throws Exception {
        routes.withKey(directory).start("smtp:0.0.0.0:0?" + OPTIONS + "&" + options, this::collect);
        routes.talk("S: 220 mx.test ESMTP\n" + QUIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smtp:0.0.0.0:0?requireAuthentication=true&users=ann:secret",
                "smtp:127.0.0.1:0?requireAuthentication=true",
                "smtp:127.0.0.1:0?users=ann",
                "smtp:127.0.0.1:0?recipientDomains=a..b",
                "smtp:127.0.0.1:0?maxRecipients=0",
                "smtps:127.0.0.1:0",
                "smtp:127.0.0.1:0?tls=starttls",
                "smtp:no-such-host.invalid:0"
            })
    void doesNotStartWithOptionsThatCannotWork(String uri) {
        assertThatThrownBy(() -> routes.start(uri, this::collect)).hasStackTraceContaining("IllegalArgumentException");
    }

    @Test
    void asksThePolicyBeanAtEachStep() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        routes.context.getRegistry().bind("policy", new SmtpPolicy() {
            @Override
            public Optional<Reply> connect(SessionFacts session) {
                asked.add("connect " + session.heloName().isPresent());
                return Optional.empty();
            }

            @Override
            public Optional<Reply> helo(SessionFacts session) {
                asked.add("helo " + session.heloName().orElseThrow());
                return Optional.empty();
            }

            @Override
            public Optional<Reply> mail(SessionFacts session, Optional<EmailAddress> sender) {
                asked.add("mail " + sender.isPresent());
                if (sender.isEmpty()) {
                    throw new IllegalStateException("the directory with its secret name is down");
                }
                return Optional.empty();
            }

            @Override
            public Optional<Reply> rcpt(SessionFacts session, Optional<EmailAddress> sender, EmailAddress recipient) {
                asked.add("rcpt " + recipient);
                return recipient.localPart().equals("eve")
                        ? Optional.of(Reply.of(550, "5.1.1 no such user"))
                        : Optional.empty();
            }

            @Override
            public Optional<Reply> data(SessionFacts session, Envelope envelope) {
                asked.add("data " + envelope.recipients());
                return Optional.empty();
            }
        });
        routes.start("smtp:0.0.0.0:0?" + OPTIONS + "&policy=#policy", this::collect);
        routes.talk("""
                S: 220 mx.test ESMTP
                C: HELO client.example
                S: 250 mx.test
                C: MAIL FROM:<>
                S: 451 4.3.0 local error, try again later
                C: MAIL FROM:<ann@example.com>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<eve@example.org>
                S: 550 5.1.1 no such user
                C: RCPT TO:<bob@example.org>
                S: 250 2.1.5 recipient ok
                """ + MAIL + ACCEPTED + QUIT);
        assertThat(only().getHeader(MailConstants.ENVELOPE_RECIPIENTS)).isEqualTo(List.of("bob@example.org"));
        assertThat(asked)
                .containsExactly(
                        "connect false",
                        "helo client.example",
                        "mail false",
                        "mail true",
                        "rcpt eve@example.org",
                        "rcpt bob@example.org",
                        "data [bob@example.org]");
    }

    // ---- TLS and names

    @Test
    void offersStarttlsWithAKey() throws Exception {
        routes.withKey(directory).start(SERVER + "&sslContextParameters=#ssl", this::collect);
        routes.talkTls("S: 220 mx.test ESMTP\n" + EHLO + """
                S: 250-STARTTLS
                S: 250 HELP
                C: STARTTLS
                S~ 220 .*
                -- tls
                """ + EHLO + """
                S: 250 HELP
                C: MAIL FROM:<ann@example.com>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<bob@example.net>
                S: 250 2.1.5 recipient ok
                """ + MAIL + ACCEPTED + QUIT);
        assertThat(only().getHeader(MailConstants.TLS_PROTOCOL)).isEqualTo("TLSv1.3");
        assertThat(octets(only())).contains("with ESMTPS id ", "(TLSv1.3 with ");
    }

    @Test
    void insistsOnStarttls() throws Exception {
        routes.withKey(directory).start(SERVER + "&sslContextParameters=#ssl&tls=starttls", this::collect);
        routes.talk("""
                S: 220 mx.test ESMTP
                C: HELO client.example
                S: 250 mx.test
                C: MAIL FROM:<ann@example.com>
                S: 530 5.7.0 give STARTTLS first
                """ + QUIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtps", "mailproto-smtps"})
    void beginsWithTlsUnderTheSchemesWithAnS(String scheme) throws Exception {
        routes.withKey(directory)
                .start(scheme + ":127.0.0.1:0?" + OPTIONS + "&sslContextParameters=#ssl", this::collect);
        routes.talkTls("-- tls\n" + UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(only().getHeader(MailConstants.TLS_PROTOCOL)).isEqualTo("TLSv1.3");
    }

    @Test
    void listensUnderItsAlias() throws Exception {
        routes.start("mailproto-" + SERVER, this::collect);
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(messages).hasSize(1);
    }

    @Test
    void isARouteInYaml() throws Exception {
        routes.context.getRegistry().bind("collect", (org.apache.camel.Processor) this::collect);
        PluginHelper.getRoutesLoader(routes.context).loadRoutes(ResourceHelper.fromString("server.yaml", """
                - route:
                    id: receive
                    from:
                      uri: smtp:127.0.0.1:0
                      parameters:
                        serverName: mx.test
                        recipientDomains: example.org
                      steps:
                        - process:
                            ref: collect
                """));
        routes.context.start();
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(only().getHeader("Subject")).isEqualTo("hi");
    }

    // ---- people and disks

    @TranscriptTest
    void talksWithABeginnerAtATerminal(Pace pace) throws Exception {
        routes.start(SERVER + "&requireAuthentication=true&users=ann:secret", this::collect);
        routes.talk(pace, """
                S: 220 mx.test ESMTP
                C: helo 163.com
                S: 250 mx.test
                C: auth login
                S: 334 VXNlcm5hbWU6
                C: YW5u
                S: 334 UGFzc3dvcmQ6
                C: c2VjcmV0
                S: 235 2.7.0 authenticated
                C: mail from:x@y
                S: 250 2.1.0 sender ok
                C: rcpt to:x@y
                S: 250 2.1.5 recipient ok
                C: data
                S~ 354 .*
                C: subject: my first mail
                C:
                C: hello
                C: .
                """ + ACCEPTED + QUIT.replace("QUIT", "quit"));
        assertThat(only().getHeader("subject")).isEqualTo("my first mail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"routeTimeout=-5", "slowRouteWarning=0", "commandTimeout=0", "messageTimeout=-1"})
    void doesNotStartWithoutTime(String option) {
        String name = option.substring(0, option.indexOf('='));
        assertThatThrownBy(() -> routes.start(SERVER + "&" + option, this::collect))
                .hasStackTraceContaining(name + " must be at least one millisecond, not ");
    }

    @Test
    void doesNotStartWithoutItsSpoolDirectory() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> routes.start(SERVER + "&spoolDirectory=" + missing, this::collect))
                .hasStackTraceContaining("spoolDirectory: " + missing + " is no existing directory");
    }

    @Test
    void asksToComeAgainWhileThereIsNoSpoolDirectory() throws Exception {
        Path spool = Files.createDirectory(directory.resolve("spool"));
        routes.start(SERVER + "&spoolThreshold=0&spoolDirectory=" + spool, this::collect);
        Files.delete(spool);
        routes.talk(UP_TO_DOT + "S: 452 4.3.1 cannot store the message at the moment\n" + QUIT);
        assertThat(messages).isEmpty();
        Files.createDirectory(spool);
        routes.talk(UP_TO_DOT + ACCEPTED + QUIT);
        assertThat(octets(only())).endsWith("Subject: hi\r\n\r\nhello\r\n");
        try (Stream<Path> left = Files.list(spool)) {
            assertThat(left).isEmpty();
        }
    }
}
