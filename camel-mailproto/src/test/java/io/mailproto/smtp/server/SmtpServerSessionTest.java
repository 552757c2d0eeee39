package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static io.mailproto.smtp.server.TestSmtpServer.SECURITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.address.EmailAddress;
import io.mailproto.sasl.SaslServers;
import io.mailproto.smtp.Reply;
import io.mailproto.testing.Pace;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.BareLineEnding;
import java.time.Duration;
import java.util.Optional;

/** Conversations as the RFC and people have them. */
class SmtpServerSessionTest {
    private static final String GREETED = """
            S: 220 mx.example.org ESMTP
            C: EHLO client.example
            S: 250-mx.example.org
            S: 250-PIPELINING
            S: 250-SIZE 1000000
            S: 250-8BITMIME
            S: 250-SMTPUTF8
            S: 250-ENHANCEDSTATUSCODES
            S: 250-CHUNKING
            S: 250-LIMITS RCPTMAX=3
            S: 250 HELP
            """;

    @TranscriptTest
    void takesAMessage(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, GREETED + """
                    C: MAIL FROM:<ann@example.com> SIZE=20 BODY=8BITMIME
                    S: 250 2.1.0 sender ok
                    C: RCPT TO:<bob@example.org>
                    S: 250 2.1.5 recipient ok
                    C: DATA
                    S: 354 go on, end with a line that is a lone dot
                    C: Subject: hi
                    C:
                    C: ..leading dot
                    C: .
                    S: 250 2.0.0 stored
                    C: QUIT
                    S: 221 2.0.0 bye
                    -- closed
                    """);

            assertThat(server.onlyText()).isEqualTo("Subject: hi\r\n\r\n.leading dot\r\n");
            ReceivedMessage message = server.messages().get(0);
            assertThat(message.envelope().sender()).contains(EmailAddress.parse("ann@example.com"));
            assertThat(message.envelope().recipients()).containsExactly(EmailAddress.parse("bob@example.org"));
            assertThat(message.session().heloName()).contains("client.example");
            assertThat(message.session().tls()).isEmpty();
            assertThat(new String(message.octets().toByteArray(), java.nio.charset.StandardCharsets.US_ASCII))
                    .matches("(?s)Received: from client.example \\(\\[127.0.0.1]\\)\r\n"
                            + "\tby mx.example.org with ESMTP id " + message.id() + "\r\n"
                            + "\tfor <bob@example.org>;\r\n"
                            + "\t\\w{3}, \\d{1,2} \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\r\nSubject: .*");
        }
    }

    @TranscriptTest
    void understandsABeginnerAtTelnet(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY))) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: helo 163.com
                    S: 250 mx.example.org
                    C: auth login
                    S: 334 VXNlcm5hbWU6
                    C: YW5u
                    S: 334 UGFzc3dvcmQ6
                    C: c2VjcmV0
                    S: 235 2.7.0 authenticated
                    C: mail from:ann@example.com
                    S: 250 2.1.0 sender ok
                    C: rcpt to:bob@example.org
                    S: 250 2.1.5 recipient ok
                    C: DATA
                    S: 354 go on, end with a line that is a lone dot
                    C: Subject: hi
                    C:
                    C: hello
                    C: .
                    S: 250 2.0.0 stored
                    C: QUIT
                    S: 221 2.0.0 bye
                    -- closed
                    """);

            assertThat(server.onlyText()).isEqualTo("Subject: hi\r\n\r\nhello\r\n");
            assertThat(server.messages().get(0).session().user()).contains("ann");
        }
    }

    @TranscriptTest
    void answersPipelinedCommandsInOrder(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, GREETED + """
                    C: MAIL FROM:<>
                    C: RCPT TO:<a@b>
                    C: RCPT TO:<>
                    C: RCPT TO:<Postmaster>
                    C: DATA
                    S: 250 2.1.0 sender ok
                    S: 250 2.1.5 recipient ok
                    S: 501 5.1.3 a recipient is missing
                    S: 250 2.1.5 recipient ok
                    S: 354 go on, end with a line that is a lone dot
                    C: x: y
                    C: .
                    C: NOOP
                    C: QUIT
                    S: 250 2.0.0 stored
                    S: 250 2.0.0 ok
                    S: 221 2.0.0 bye
                    -- closed
                    """);

            assertThat(server.messages().get(0).envelope().sender()).isEmpty();
            assertThat(server.messages().get(0).envelope().recipients()).hasSize(2);
        }
    }

    @TranscriptTest
    void knowsTheOrderOfCommands(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: MAIL FROM:<a@b>
                    S~ 503 5.5.1 MAIL is not allowed here, say EHLO or HELO first
                    C: HELO client.example
                    S: 250 mx.example.org
                    C: RCPT TO:<a@b>
                    S~ 503 5.5.1 .*
                    C: DATA
                    S~ 503 5.5.1 .*
                    C: MAIL FROM:<a@b>
                    S: 250 2.1.0 sender ok
                    C: MAIL FROM:<a@b>
                    S~ 503 5.5.1 .*
                    C: AUTH PLAIN
                    S~ 503 5.5.1 .*
                    C: DATA
                    S: 554 5.5.1 no valid recipients
                    C: RCPT TO:<a@b>
                    S: 250 2.1.5 recipient ok
                    C: VRFY <\\xc3\\xbc@x>
                    S~ 252 2.5.2 .*
                    C: EXPN list
                    S~ 502 5.5.1 .*
                    C: HELP
                    S~ 214 2.0.0 .*
                    C: RSET
                    S: 250 2.0.0 ok
                    C: DATA
                    S~ 503 5.5.1 .*
                    C: MAIL FROM:<a@b>
                    S: 250 2.1.0 sender ok
                    C: EHLO again.example
                    S: 250-mx.example.org
                    S~ 250-PIPELINING
                    S~ 250-SIZE .*
                    S~ 250-8BITMIME
                    S~ 250-SMTPUTF8
                    S~ 250-ENHANCEDSTATUSCODES
                    S: 250-CHUNKING
                    S: 250-LIMITS RCPTMAX=3
                    S~ 250 HELP
                    C: RCPT TO:<a@b>
                    S~ 503 5.5.1 .*
                    C: FOO
                    S: 500 5.5.2 command not recognized
                    """);
        }
    }

    @TranscriptTest
    void takesTheMessageOnlyUnderRules(Pace pace) throws Exception {
        ServerRules rules = new ServerRules(
                RecipientDomains.parse("example.org, xn--tda.example"), true, BareLineEnding.REJECT, Duration.ZERO);
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(rules))) {
            server.talk(pace, GREETED + """
                    C: MAIL FROM:<a@b> SIZE=1000001
                    S: 552 5.3.4 message is bigger than 1000000 octets
                    C: MAIL FROM:<a@b> SIZE=99999999999999999999
                    S: 552 5.3.4 message is bigger than 1000000 octets
                    C: MAIL FROM:<a@b> XENVID=1
                    S: 555 5.5.4 parameter not recognized
                    C: MAIL FROM:<a@b> BODY=BINARYMIME
                    S: 555 5.5.4 parameter not recognized
                    C: MAIL FROM:<\\xc3\\xbc@b>
                    S: 553 5.6.7 this address needs SMTPUTF8
                    C: MAIL FROM:a@b
                    S: 501 5.1.7 address must stand in angle brackets
                    C: MAIL FROM:<\\xc3\\xbc@b> SMTPUTF8
                    S: 250 2.1.0 sender ok
                    C: RCPT TO:<bob@elsewhere.example>
                    S: 550 5.7.1 no mail for this domain is taken here
                    C: RCPT TO:<bob%elsewhere.example@EXAMPLE.org>
                    S: 250 2.1.5 recipient ok
                    C: RCPT TO:<bob@\\xc3\\xbc.example>
                    S: 250 2.1.5 recipient ok
                    C: RCPT TO:<bob@example.org@elsewhere.example>
                    S: 550 5.7.1 no mail for this domain is taken here
                    C: RCPT TO:<bob@example.org> NOTIFY=NEVER
                    S: 555 5.5.4 parameter not recognized
                    C: RCPT TO:<bob@example.org> ORCPT=rfc822;x+00y
                    S: 501 5.5.4 value of ORCPT is no valid xtext
                    C: RCPT TO:<Postmaster>
                    S: 250 2.1.5 recipient ok
                    C: RCPT TO:<eve@example.org>
                    S: 452 4.5.3 too many recipients
                    C: DATA
                    S~ 354 .*
                    C: x: y
                    C: .
                    S: 250 2.0.0 stored
                    """);

            assertThat(server.messages().get(0).envelope().recipients()).hasSize(3);
            assertThat(server.messages().get(0).isUtf8()).isTrue();
            assertThat(new String(
                            server.messages().get(0).octets().toByteArray(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("with UTF8SMTP id")
                    .doesNotContain("for <");
        }
    }

    @TranscriptTest
    void startsTlsAndForgetsWhatWasSaidBefore(Pace pace) throws Exception {
        ServerSecurity required = new ServerSecurity(SECURITY.tls(), false, false, SECURITY.logins(), true, false);
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(required))) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: EHLO client.example
                    S: 250-mx.example.org
                    S: 250-PIPELINING
                    S: 250-SIZE 1000000
                    S: 250-8BITMIME
                    S: 250-SMTPUTF8
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-CHUNKING
                    S: 250-LIMITS RCPTMAX=3
                    S: 250-STARTTLS
                    S: 250-AUTH PLAIN LOGIN
                    S: 250 HELP
                    C: MAIL FROM:<a@b>
                    S: 530 5.7.0 authentication required
                    C: STARTTLS foo
                    S: 501 5.5.4 STARTTLS takes no parameters
                    C: STARTTLSFOO
                    S: 500 5.5.2 command not recognized
                    C: starttls\\s
                    S: 220 2.0.0 ready to start TLS
                    -- tls
                    C: MAIL FROM:<a@b>
                    S~ 503 5.5.1 .*
                    C: EHLO client.example
                    S: 250-mx.example.org
                    S: 250-PIPELINING
                    S: 250-SIZE 1000000
                    S: 250-8BITMIME
                    S: 250-SMTPUTF8
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-CHUNKING
                    S: 250-LIMITS RCPTMAX=3
                    S: 250-AUTH PLAIN LOGIN
                    S: 250 HELP
                    C: STARTTLS
                    S: 503 5.5.1 TLS has begun already
                    C: AUTH PLAIN AGFubgBzZWNyZXQ=
                    S: 235 2.7.0 authenticated
                    C: AUTH PLAIN AGFubgBzZWNyZXQ=
                    S: 503 5.5.1 authenticated already
                    C: MAIL FROM:<a@b> AUTH=<>
                    S: 250 2.1.0 sender ok
                    C: STARTTLS
                    S~ 503 5.5.1 .*
                    C: RCPT TO:<a@b>
                    S: 250 2.1.5 recipient ok
                    C: DATA
                    S~ 354 .*
                    C: STARTTLS
                    C: .
                    S: 250 2.0.0 stored
                    C: QUIT
                    S: 221 2.0.0 bye
                    """);

            assertThat(server.onlyText()).isEqualTo("STARTTLS\r\n");
            assertThat(server.messages().get(0).session().tls()).isPresent();
            assertThat(new String(
                            server.messages().get(0).octets().toByteArray(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("with ESMTPSA id")
                    .containsPattern("\\(TLSv1\\.[23] with TLS_\\w+\\)");
        }
    }

    @TranscriptTest
    void speaksTlsFromTheStartWhenImplicit(Pace pace) throws Exception {
        ServerSecurity implicit = new ServerSecurity(SECURITY.tls(), true, false, Optional.empty(), false, false);
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(implicit))) {
            server.talk(pace, """
                    -- tls
                    S: 220 mx.example.org ESMTP
                    C: STARTTLS
                    S: 503 5.5.1 TLS has begun already
                    C: QUIT
                    S: 221 2.0.0 bye
                    """);
        }
    }

    @TranscriptTest
    void authenticatesByTheBook(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY))) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: HELO client.example
                    S: 250 mx.example.org
                    C: AUTH FOO
                    S: 504 5.5.4 no such authentication mechanism
                    C: AUTH PLAIN !!!
                    S: 501 5.5.2 response is no base64
                    C: AUTH PLAIN =
                    S: 501 5.5.2 malformed response
                    C: AUTH PLAIN
                    S: 334\\s
                    C: *
                    S: 501 5.7.0 authentication cancelled
                    C: AUTH LOGIN YW5u
                    S: 334 UGFzc3dvcmQ6
                    C: d3Jvbmc=
                    S: 535 5.7.8 user name or password is wrong
                    C: AUTH PLAIN AGFubgB3cm9uZw==
                    S: 535 5.7.8 user name or password is wrong
                    C: AUTH PLAIN AGFubgB3cm9uZw==
                    S: 421 4.7.0 too many wrong passwords, closing
                    -- closed
                    """);
        }
    }

    @TranscriptTest
    void keepsTheLoginWhenTheTransactionIsForgotten(Pace pace) throws Exception {
        ServerSecurity required = new ServerSecurity(Optional.empty(), false, false, SECURITY.logins(), true, false);
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(required))) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: HELO client.example
                    S: 250 mx.example.org
                    C: AUTH PLAIN AGFubgBzZWNyZXQ=
                    S: 235 2.7.0 authenticated
                    C: MAIL FROM:<a@b>
                    S: 250 2.1.0 sender ok
                    C: HELO client.example
                    S: 250 mx.example.org
                    C: RCPT TO:<a@b>
                    S~ 503 .*
                    C: MAIL FROM:<a@b>
                    S: 250 2.1.0 sender ok
                    C: RSET
                    S: 250 2.0.0 ok
                    C: AUTH PLAIN AGFubgBzZWNyZXQ=
                    S: 503 5.5.1 authenticated already
                    C: MAIL FROM:<a@b>
                    S: 250 2.1.0 sender ok
                    """);
        }
    }

    @TranscriptTest
    void saysThatItCannotTellWhenTheVerifierFails(Pace pace) throws Exception {
        ServerSecurity broken = new ServerSecurity(
                Optional.empty(),
                false,
                false,
                Optional.of(SaslServers.of(
                        (user, password) -> {
                            throw new IllegalStateException("directory is down");
                        },
                        null,
                        null)),
                false,
                false);
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(broken))) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: HELO client.example
                    S: 250 mx.example.org
                    C: AUTH PLAIN AGFubgB3cm9uZw==
                    S: 454 4.7.0 cannot authenticate at the moment
                    """);
        }
    }

    @TranscriptTest
    void asksThePolicyAtEachStep(Pace pace) throws Exception {
        SmtpPolicy policy = new SmtpPolicy() {
            @Override
            public Optional<Reply> helo(SessionFacts session) {
                return refusalIf(session.heloName().orElse("").equals("evil.example"), "550 5.7.1 go away");
            }

            @Override
            public Optional<Reply> mail(SessionFacts session, Optional<EmailAddress> sender) {
                if (sender.isEmpty()) {
                    throw new IllegalStateException("the policy has a bug");
                }
                return refusalIf(sender.get().localPart().equals("spam"), "550 5.7.1 no spam");
            }

            @Override
            public Optional<Reply> rcpt(SessionFacts session, Optional<EmailAddress> sender, EmailAddress recipient) {
                return refusalIf(recipient.localPart().equals("nobody"), "550 5.1.1 no such user");
            }

            private Optional<Reply> refusalIf(boolean isRefused, String reply) {
                return isRefused
                        ? Optional.of(Reply.of(Integer.parseInt(reply.substring(0, 3)), reply.substring(4)))
                        : Optional.empty();
            }
        };
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(policy))) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: HELO evil.example
                    S: 550 5.7.1 go away
                    C: MAIL FROM:<a@b>
                    S~ 503 .*
                    C: HELO good.example
                    S: 250 mx.example.org
                    C: MAIL FROM:<spam@b>
                    S: 550 5.7.1 no spam
                    C: MAIL FROM:<>
                    S: 451 4.3.0 local error, try again later
                    C: MAIL FROM:<a@b>
                    S: 250 2.1.0 sender ok
                    C: RCPT TO:<nobody@b>
                    S: 550 5.1.1 no such user
                    C: DATA
                    S: 554 5.5.1 no valid recipients
                    """);
        }
    }

    @TranscriptTest
    void hidesFromTheClientWhatTheHandlerMayNotSay(Pace pace) throws Exception {
        MessageHandler handler = (message, path) -> {
            String to = message.envelope().recipients().get(0).localPart();
            return switch (to) {
                case "null" -> null;
                case "throws" -> throw new IllegalStateException("secret detail");
                case "asks" -> Reply.of(354, "more");
                case "umlaut" -> Reply.of(250, "\u00fc");
                case "closes" -> Reply.of(421, "4.3.2 closing");
                default -> Reply.of(554, "5.6.0 no", "5.6.0 really not");
            };
        };
        StringBuilder conversation = new StringBuilder(GREETED);
        for (String to : new String[] {"null", "throws", "asks", "umlaut"}) {
            conversation.append(transaction(to)).append("S: 451 4.3.0 local error, try again later\n");
        }
        conversation.append(transaction("other")).append("S: 554-5.6.0 no\nS: 554 5.6.0 really not\n");
        conversation.append(transaction("closes")).append("S: 421 4.3.2 closing\n-- closed\n");
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS, handler)) {
            server.talk(pace, conversation.toString());
        }
    }

    private static String transaction(String to) {
        return """
                C: MAIL FROM:<a@b>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<%s@b>
                S: 250 2.1.5 recipient ok
                C: DATA
                S~ 354 .*
                C: .
                """.formatted(to);
    }
}
