package io.mailproto.component.smtp;

import static io.mailproto.component.smtp.SmtpRoutes.ACCEPTED;
import static io.mailproto.component.smtp.SmtpRoutes.MAIL;
import static io.mailproto.component.smtp.SmtpRoutes.OPTIONS;
import static io.mailproto.component.smtp.SmtpRoutes.QUIT;
import static io.mailproto.component.smtp.SmtpRoutes.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.MailConstants;
import io.mailproto.sasl.Secret;
import io.mailproto.sasl.TokenVerifier;
import io.mailproto.testing.Pace;
import io.mailproto.testing.PeerCommand;
import io.mailproto.testing.TranscriptTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may send: policy routes, users, tokens. */
@Timeout(60)
class SmtpConsumerPolicyTest {
    private final SmtpRoutes routes = new SmtpRoutes();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        routes.close();
    }

    @TranscriptTest
    void asksARouteAtEachStep(Pace pace) throws Exception {
        routes.add(
                "direct:check",
                route -> route.process(exchange -> {
                    Object body = exchange.getMessage().getBody();
                    asked.add(body + " " + exchange.getMessage().getHeader(MailConstants.ENVELOPE_RECIPIENTS));
                    switch (String.valueOf(body)) {
                        case "evil.example" -> throw new SmtpReplyException(550, "5.7.1", "go away");
                        case "spam@example.com" -> {
                            exchange.getMessage().setHeader(MailConstants.REPLY_CODE, 550);
                            exchange.getMessage().setHeader(MailConstants.REPLY_ENHANCED_CODE, "5.7.1");
                            exchange.getMessage().setHeader(MailConstants.REPLY_TEXT, "no spam");
                        }
                        case "eve@example.org" ->
                            throw new IllegalStateException("the directory with its secret name is down");
                        case "ann", "bob@example.org" -> exchange.getMessage().setHeader(MailConstants.REPLY_CODE, 250);
                        default -> {}
                    }
                }));
        routes.start(
                "smtp:0.0.0.0:0?" + OPTIONS
                        + "&connectRoute=direct:check&heloRoute=direct:check&mailRoute=direct:check"
                        + "&rcptRoute=direct:check&dataRoute=direct:check&verifyRoute=direct:check",
                exchange -> {});
        routes.talk(pace, """
                S: 220 mx.test ESMTP
                C: HELO evil.example
                S: 550 5.7.1 go away
                C: HELO client.example
                S: 250 mx.test
                C: VRFY ann
                S: 250 2.0.0 accepted as VRFY
                C: VRFY bob
                S~ 252 .*
                C: EXPN ann
                S~ 502 .*
                C: MAIL FROM:<spam@example.com>
                S: 550 5.7.1 no spam
                C: MAIL FROM:<ann@example.com>
                S: 250 2.1.0 sender ok
                C: RCPT TO:<eve@example.org>
                S: 451 4.3.0 local error, try again later
                C: RCPT TO:<bob@example.org>
                S: 250 2.1.5 recipient ok
                """ + MAIL + ACCEPTED + QUIT);
        assertThat(asked)
                .containsExactly(
                        "127.0.0.1 null",
                        "evil.example null",
                        "client.example null",
                        "ann null",
                        "bob null",
                        "spam@example.com []",
                        "ann@example.com []",
                        "eve@example.org [eve@example.org]",
                        "bob@example.org [bob@example.org]",
                        "[bob@example.org] [bob@example.org]");
    }

    @Test
    void isStillAnOpenRelayIfItsRouteOnlyAnswersQuestions() {
        assertThatThrownBy(() -> routes.start("smtp:0.0.0.0:0?" + OPTIONS + "&verifyRoute=direct:x", exchange -> {}))
                .hasStackTraceContaining("open relay")
                .hasStackTraceContaining("rcptRoute=direct:check");
    }

    @Test
    void worksAgainAfterASuspension() throws Exception {
        routes.add("direct:check", route -> route.process(exchange -> asked.add("asked")));
        routes.start(SERVER + "&heloRoute=direct:check", exchange -> {});
        String hello = "S: 220 mx.test ESMTP\nC: HELO a\nS: 250 mx.test\n" + QUIT;
        routes.talk(hello);
        routes.context.getRouteController().suspendRoute(SmtpRoutes.ROUTE);
        routes.context.getRouteController().resumeRoute(SmtpRoutes.ROUTE);
        routes.talk(hello);
        assertThat(asked).hasSize(2);
    }

    @TranscriptTest
    void knowsTheClientBehindAProxy(Pace pace) throws Exception {
        routes.start(
                SERVER + "&proxyProtocolFrom=127.0.0.1,10.0.0.0/8&maxConnectionsPerClient=1&maxMessageRate=1",
                exchange -> {});
        String talk = "S: 220 mx.test ESMTP\nC: HELO a\nS: 250 mx.test\nC: MAIL FROM:<>\nS~ 250 .*\n"
                + "C: RCPT TO:<bob@example.org>\nS~ 250 .*\n" + MAIL + ACCEPTED;
        String tooMany = "C: MAIL FROM:<>\nS: 450 4.7.1 too many messages from your address, try again later\n" + QUIT;
        for (String client : List.of("192.0.2.7", "192.0.2.8")) {
            routes.talk(pace, "C: PROXY TCP4 " + client + " 192.0.2.1 40000 25\n" + talk + tooMany);
        }
        assertThat(routes.completed.stream()
                        .map(exchange -> exchange.getMessage().getHeader(MailConstants.REMOTE_ADDRESS)))
                .containsExactly("192.0.2.7:40000", "192.0.2.8:40000");
        assertThat(routes.completed.get(0).getMessage().getBody(String.class)).isNotNull();
        assertThat(new String(
                        routes.completed.get(0).getMessage().getBody(byte[].class),
                        java.nio.charset.StandardCharsets.US_ASCII))
                .startsWith("Received: from a ([192.0.2.7])");
    }

    @TranscriptTest
    void takesNoPasswordInClearFromAnotherMachine(Pace pace) throws Exception {
        routes.start(SERVER + "&proxyProtocolFrom=127.0.0.1&users=ann:secret", exchange -> {});
        routes.talk(pace, """
                C: PROXY TCP4 192.0.2.7 192.0.2.1 40000 25
                S: 220 mx.test ESMTP
                C: EHLO a
                S: 250-mx.test
                S: 250-PIPELINING
                S~ 250-SIZE .*
                S: 250-8BITMIME
                S: 250-SMTPUTF8
                S: 250-ENHANCEDSTATUSCODES
                S: 250-CHUNKING
                S~ 250-LIMITS .*
                S: 250-AUTH SCRAM-SHA-256 SCRAM-SHA-1
                S: 250 HELP
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: 538 5.7.11 authentication needs encryption; give STARTTLS first
                C: AUTH XOAUTH2
                S: 504 5.5.4 no such authentication mechanism
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxyProtocolFrom=localhost", "maxMessageRate=-1", "maxConnectionRate=-1"})
    void namesTheOptionThatCannotWork(String option) {
        assertThatThrownBy(() -> routes.start(SERVER + "&" + option, exchange -> {}))
                .hasStackTraceContaining(option.substring(0, option.indexOf('=')));
    }

    // ---- logins

    @Test
    void readsUsersWhosePasswordsHaveCommas() {
        Map<String, Secret> users = UserList.parse("ann:a\\,b:c, bob:\\\\x\\y,a\\:b:c");
        assertThat(users).containsOnlyKeys("ann", "bob", "a:b");
        assertThat(users.get("ann").reveal()).isEqualTo("a,b:c");
        assertThat(users.get("bob").reveal()).isEqualTo("\\x\\y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann", "ann:", ":secret", "ann:a,bob", ",", ""})
    void refusesUsersThatAreNone(String users) {
        assertThatThrownBy(() -> UserList.parse(users))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("users must be like ann:secret,bob:other");
    }

    @Test
    void letsUsersInWithTheStrongestMechanismOfOurClient() throws Exception {
        routes.start(SERVER + "&users=ann:secret&requireAuthentication=true", exchange -> {});
        routes.context
                .createFluentProducerTemplate()
                .to("smtp:" + routes.address()
                        + "?username=ann&password=secret&authMechanisms=SCRAM-SHA-256&to=bob@example.org")
                .withBody("hello")
                .send();
        assertThat(routes.completed).hasSize(1);
        assertThat(routes.completed.get(0).getMessage().getHeader(MailConstants.AUTHENTICATED_USER))
                .isEqualTo("ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OAUTHBEARER", "XOAUTH2"})
    void letsCurlInWithAToken(String mechanism) throws Exception {
        TokenVerifier verifier =
                (user, token) -> token.reveal().equals("right") ? Optional.of("ann") : Optional.empty();
        routes.context.getRegistry().bind("tokens", verifier);
        routes.start(SERVER + "&tokenVerifier=#tokens&requireAuthentication=true", exchange -> {});
        for (String token : List.of("wrong", "right")) {
            PeerCommand.Result result = PeerCommand.of(
                            "curl",
                            "--silent",
                            "--show-error",
                            "--url",
                            "smtp://" + routes.address(),
                            "--mail-from",
                            "ann@example.com",
                            "--mail-rcpt",
                            "bob@example.org",
                            "--user",
                            "ann",
                            "--login-options",
                            "AUTH=" + mechanism,
                            "--oauth2-bearer",
                            token,
                            "--upload-file",
                            "-")
                    .input("Subject: hi\r\n\r\nhello\r\n")
                    .run();
            assertThat(result.exitCode() == 0).as(result.output()).isEqualTo(token.equals("right"));
        }
        assertThat(routes.completed).hasSize(1);
        assertThat(routes.completed.get(0).getMessage().getHeader(MailConstants.AUTHENTICATED_USER))
                .isEqualTo("ann");
    }
}
