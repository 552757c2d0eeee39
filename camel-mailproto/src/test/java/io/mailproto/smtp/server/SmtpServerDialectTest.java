package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static io.mailproto.smtp.server.TestSmtpServer.SECURITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.smtp.Reply;
import io.mailproto.testing.Pace;
import io.mailproto.testing.TranscriptTest;
import java.util.Optional;

/** LMTP (RFC 2033), and the extensions that are offered on demand. */
class SmtpServerDialectTest {
    private static final String LMTP_GREETED = """
            S: 220 mx.example.org LMTP
            C: LHLO client.example
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

    // The example of RFC 2033 §4.2, with our words.
    @TranscriptTest
    void answersForEachRecipientOfLmtp(Pace pace) throws Exception {
        MessageHandler handler = (message, path) -> {
            assertThat(path.isPerRecipient()).isTrue();
            if (message.envelope().recipients().size() > 1) {
                path.reply(1, Reply.of(452, "4.2.2 <green> is temporarily over quota"));
            }
            return Reply.of(250, "2.0.0 ok");
        };
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(ServerDialect.LMTP), handler)) {
            server.talk(pace, LMTP_GREETED + """
                    C: MAIL FROM:<chris@bar.com>
                    C: RCPT TO:<pat@foo.edu>
                    C: RCPT TO:<>
                    C: RCPT TO:<green@foo.edu>
                    C: DATA
                    S: 250 2.1.0 sender ok
                    S: 250 2.1.5 recipient ok
                    S: 501 5.1.3 a recipient is missing
                    S: 250 2.1.5 recipient ok
                    S~ 354 .*
                    C: Blah blah blah...
                    C: .
                    S: 250 2.0.0 ok
                    S: 452 4.2.2 <green> is temporarily over quota
                    C: MAIL FROM:<chris@bar.com>
                    S: 250 2.1.0 sender ok
                    C: DATA
                    S: 503 5.5.1 no valid recipients
                    C: BDAT 2 LAST
                    C: x\\r\\c
                    S: 503 5.5.1 no valid recipients
                    C: RCPT TO:<pat@foo.edu>
                    S: 250 2.1.5 recipient ok
                    C: RCPT TO:<green@foo.edu>
                    S: 250 2.1.5 recipient ok
                    C: BDAT 1
                    C: x\\c
                    S: 250 2.0.0 1 octets received
                    C: BDAT 1 LAST
                    C: y\\c
                    S: 250 2.0.0 ok
                    S: 452 4.2.2 <green> is temporarily over quota
                    C: QUIT
                    S: 221 2.0.0 bye
                    """);
            assertThat(new String(
                            server.messages().get(0).octets().toByteArray(),
                            java.nio.charset.StandardCharsets.US_ASCII))
                    .contains("with LMTP id");
        }
    }

    @TranscriptTest
    void refusesAMessageOfLmtpForEachRecipient(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(ServerDialect.LMTP))) {
            server.talk(pace, LMTP_GREETED + """
                    C: MAIL FROM:<a@b>
                    S: 250 2.1.0 sender ok
                    C: RCPT TO:<c@d>
                    S: 250 2.1.5 recipient ok
                    C: RCPT TO:<e@d>
                    S: 250 2.1.5 recipient ok
                    C: DATA
                    S~ 354 .*
                    C: a\\nb
                    C: .
                    S: 550 5.6.11 message has a bare CR or LF; lines must end with CR LF
                    S: 550 5.6.11 message has a bare CR or LF; lines must end with CR LF
                    C: NOOP
                    S: 250 2.0.0 ok
                    """);
            assertThat(server.messages()).isEmpty();
        }
    }

    @TranscriptTest
    void knowsWhichHelloIsWhose(Pace pace) throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(ServerDialect.LMTP))) {
            server.talk(pace, """
                    S: 220 mx.example.org LMTP
                    C: EHLO x
                    S: 500 5.5.1 EHLO is not for LMTP
                    C: HELO x
                    S: 500 5.5.1 HELO is not for LMTP
                    C: MAIL FROM:<a@b>
                    S~ 503 5.5.1 .*
                    C: HELP
                    S: 214 2.0.0 see RFC 2033: LHLO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY EXPN HELP QUIT
                    """);
        }
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: LHLO x
                    S: 500 5.5.1 LHLO is not for SMTP
                    C: HELP RCPT
                    S: 214 2.0.0 see RFC 5321: EHLO HELO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY EXPN HELP QUIT
                    """);
        }
    }

    @TranscriptTest
    void takesWishesForDeliveryNotificationsAndTls(Pace pace) throws Exception {
        SmtpServerOptions options = OPTIONS.with(new ServerDialect(false, true, true, true))
                .with(new ServerSecurity(SECURITY.tls(), false, false, Optional.empty(), false, false));
        try (TestSmtpServer server = new TestSmtpServer(options)) {
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
                    S: 250-DSN
                    S: 250-LIMITS RCPTMAX=3
                    S: 250-STARTTLS
                    S: 250 HELP
                    C: MAIL FROM:<a@b> REQUIRETLS
                    S: 555 5.5.4 parameter not recognized
                    C: STARTTLS
                    S~ 220 .*
                    -- tls
                    C: EHLO client.example
                    S: 250-mx.example.org
                    S: 250-PIPELINING
                    S: 250-SIZE 1000000
                    S: 250-8BITMIME
                    S: 250-SMTPUTF8
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-CHUNKING
                    S: 250-DSN
                    S: 250-REQUIRETLS
                    S: 250-LIMITS RCPTMAX=3
                    S: 250 HELP
                    C: MAIL FROM:<a@b> REQUIRETLS=1
                    S: 501 5.5.4 REQUIRETLS takes no value
                    C: MAIL FROM:<a@b> RET=ALL
                    S: 501 5.5.4 RET must be FULL or HDRS
                    C: MAIL FROM:<a@b> ENVID=+0A
                    S: 501 5.5.4 value of ENVID is no valid xtext
                    C: MAIL FROM:<a@b> ENVID=QQ+2B1 RET=hdrs REQUIRETLS
                    S: 250 2.1.0 sender ok
                    C: RCPT TO:<c@d> NOTIFY=NEVER,DELAY
                    S: 501 5.5.4 NOTIFY must be NEVER or some of SUCCESS, FAILURE, DELAY
                    C: RCPT TO:<c@d> NOTIFY=DELAY,DELAY
                    S: 501 5.5.4 NOTIFY must be NEVER or some of SUCCESS, FAILURE, DELAY
                    C: RCPT TO:<c@d> ORCPT=rfc822;x+0d
                    S: 501 5.5.4 value of ORCPT is no valid xtext
                    C: RCPT TO:<c@d> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;c+2Bx@d
                    S: 250 2.1.5 recipient ok
                    C: DATA
                    S~ 354 .*
                    C: x: y
                    C: .
                    S: 250 2.0.0 stored
                    """);
            ReceivedMessage message = server.messages().get(0);
            assertThat(message.parameters().xtext("ENVID")).contains("QQ+1");
            assertThat(message.parameters().get("REQUIRETLS")).isPresent();
            assertThat(message.recipientParameters().get(0).toWire())
                    .isEqualTo("NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;c+2Bx@d");
        }
    }

    @TranscriptTest
    void letsThePolicyAnswerVrfyAndExpn(Pace pace) throws Exception {
        SmtpPolicy policy = new SmtpPolicy() {
            @Override
            public Optional<Reply> verify(SessionFacts session, String subject) {
                return switch (subject) {
                    case "bob" -> Optional.of(Reply.of(250, "2.1.5 Bob <bob@example.org>"));
                    case "throws" -> throw new IllegalStateException("secret");
                    case "asks" -> Optional.of(Reply.of(354, "no"));
                    case "ask" -> Optional.empty();
                    default -> Optional.of(Reply.of(550, "5.1.1 no such user"));
                };
            }

            @Override
            public Optional<Reply> expand(SessionFacts session, String list) {
                return list.equals("staff")
                        ? Optional.of(Reply.of(250, "2.1.5 <ann@example.org>", "2.1.5 <bob@example.org>"))
                        : Optional.empty();
            }
        };
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(policy))) {
            server.talk(pace, """
                    S: 220 mx.example.org ESMTP
                    C: VRFY bob
                    S: 250 2.1.5 Bob <bob@example.org>
                    C: VRFY eve
                    S: 550 5.1.1 no such user
                    C: VRFY throws
                    S: 451 4.3.0 local error, try again later
                    C: VRFY asks
                    S: 451 4.3.0 local error, try again later
                    C: VRFY ask
                    S: 252 2.5.2 cannot say, but will take the message and try
                    C: EXPN staff
                    S: 250-2.1.5 <ann@example.org>
                    S: 250 2.1.5 <bob@example.org>
                    C: EXPN others
                    S: 502 5.5.1 EXPN is not offered
                    C: VRFY
                    S~ 501 .*
                    """);
        }
    }
}
