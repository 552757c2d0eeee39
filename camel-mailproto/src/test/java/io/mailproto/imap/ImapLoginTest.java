package io.mailproto.imap;

import static io.mailproto.imap.ClientFixture.ALICE;
import static io.mailproto.imap.ClientFixture.inClear;
import static io.mailproto.imap.ClientFixture.open;
import static io.mailproto.imap.ClientFixture.secured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.component.CapturedLog;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.sasl.TokenSupplier;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.ConnectionLost;
import io.mailproto.wire.ProtocolViolation;
import io.mailproto.wire.TlsFailed;
import io.mailproto.wire.TlsMode;
import org.assertj.core.api.InstanceOfAssertFactories;

class ImapLoginTest {
    @TranscriptTest
    void sendsThePasswordWithTheCommandWhereTheServerTakesIt(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN ID] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: * CAPABILITY IMAP4rev1 UIDPLUS
                S: a1 OK logged in
                C: a2 LOGOUT
                S: * BYE see you
                S: a2 OK bye
                """)) {
            ImapClient client = open(server);
            client.login(ALICE);
            assertThat(client.capabilities().names()).containsExactly("IMAP4REV1", "UIDPLUS");
            assertThat(client.isLoggedIn()).isTrue();
            client.logout();
            server.assertPlayedToTheEnd();
            assertThat(client.isOpen()).isFalse();
        }
    }

    @TranscriptTest
    void waitsForTheServerWithoutSaslIrAndAsksForCapabilitiesAfterwards(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK ready
                C: a1 CAPABILITY
                S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
                S: a1 OK
                C: a2 AUTHENTICATE PLAIN
                S: +\\s
                C: AGFsaWNlAHNlY3JldDE=
                S: a2 OK logged in
                C: a3 CAPABILITY
                S: * CAPABILITY IMAP4rev1 ID
                S: a3 OK
                C~ a4 ID \\("name" "camel-mailproto" "version" ".*" "vendor" "mailproto.io"\\)
                S: * ID NIL
                S: a4 OK
                C: a5 NOOP
                S: a5 OK
                """)) {
            try (ImapClient client = open(server)) {
                client.login(ALICE);
                client.noop();
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void usesTheLoginCommandWhereNoMechanismIsOffered(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1] ready
                C: a1 LOGIN "alice" "se\\"cr\\\\\\\\et"
                S: a1 OK [CAPABILITY IMAP4rev1] in
                """)) {
            try (ImapClient client = open(server)) {
                client.login(new Credentials("alice", Secret.of("se\"cr\\et")));
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void sendsWhatDoesNotFitIntoQuotesAsALiteral(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1] ready
                C: a1 LOGIN {5}
                S: + go on
                C: J\u00fcrg "pass"
                S: a1 OK [CAPABILITY IMAP4rev1] in
                """, """
                S: * OK [CAPABILITY IMAP4rev1 LITERAL+] ready
                C: a1 LOGIN {5+}
                C: J\u00fcrg "pass"
                S: a1 OK [CAPABILITY IMAP4rev1] in
                """)) {
            for (int i = 0; i < 2; i++) {
                try (ImapClient client = open(server)) {
                    client.login(new Credentials("J\u00fcrg", Secret.of("pass")));
                }
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void endsWhenTheServerRefusesALiteral(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1] ready
                C: a1 LOGIN {5}
                S: a1 BAD literals are not for me
                """)) {
            try (ImapClient client = open(server)) {
                assertThatThrownBy(() -> client.login(new Credentials("J\u00fcrg", Secret.of("pass"))))
                        .isInstanceOf(LoginRefused.class)
                        .hasMessageContaining("literals are not for me");
            }
        }
    }

    @TranscriptTest
    void tellsWhyALoginWasRefusedAndNeverThePassword(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a1 NO [AUTHENTICATIONFAILED] Authentication failed.
                """)) {
            try (ImapClient client = open(server)) {
                assertThatThrownBy(() -> client.login(ALICE))
                        .isInstanceOfSatisfying(LoginRefused.class, e -> {
                            assertThat(e.code().is("AUTHENTICATIONFAILED")).isTrue();
                            assertThat(e.status()).isEqualTo(ImapStatus.NO);
                            assertThat(e.isTransient()).isFalse();
                            assertThat(e.peer()).isEqualTo(server.address().toString());
                            assertThat(e.step()).isEqualTo("waiting for the answer to AUTHENTICATE PLAIN");
                        })
                        .hasMessageContaining("[AUTHENTICATIONFAILED] Authentication failed.")
                        .hasMessageNotContaining("secret1")
                        .hasMessageNotContaining("AGFsaWNl");
                assertThat(client.isOpen()).isTrue();
            }
        }
    }

    /** Servers exist that say back what they do not understand. */
    @TranscriptTest
    void tellsNoPasswordThatTheServerSaysBack(Pace pace) throws Exception {
        for (String[] login : new String[][] {
            {"AUTH=PLAIN SASL-IR", "AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE="}, {"", "LOGIN \"alice\" \"secret1\""}
        }) {
            try (ScriptedPeer server =
                    ScriptedPeer.serving(pace, """
                    S: * OK [CAPABILITY IMAP4rev1 %s] ready
                    C: a1 %s
                    S: * NO [ALERT] what is %s
                    S: a1 BAD unknown command %s of alice, secret1
                    """.formatted(login[0], login[1], login[1], login[1]))) {
                try (CapturedLog log = new CapturedLog(Conversation.class);
                        ImapClient client = open(server)) {
                    assertThatThrownBy(() -> client.login(ALICE))
                            .hasMessageContaining("unknown command")
                            .hasMessageContaining("***")
                            .hasMessageNotContaining("secret1")
                            .hasMessageNotContaining("AGFsaWNl");
                    assertThat(log.warnings())
                            .singleElement(InstanceOfAssertFactories.STRING)
                            .contains("what is")
                            .doesNotContain("secret1", "AGFsaWNl");
                }
            }
        }
    }

    @TranscriptTest
    void q24AnswersAChallengeItDoesNotExpectByGivingUp(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: + eyJzdGF0dXMiOiI0MDAifQ==
                C: *
                S: a1 NO [UNAVAILABLE] not today
                """)) {
            try (ImapClient client = open(server)) {
                assertThatThrownBy(() -> client.login(ALICE))
                        .isInstanceOfSatisfying(LoginRefused.class, e -> assertThat(e.isTransient())
                                .isTrue())
                        .hasMessageContaining("not today");
            }
        }
    }

    @TranscriptTest
    void q24ObeysLoginDisabled(Pace pace) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\n-- closed")) {
            try (ImapClient client = open(server)) {
                assertThatThrownBy(() -> client.login(ALICE))
                        .isInstanceOf(ImapException.class)
                        .hasMessageContaining("it has switched the LOGIN command off")
                        .hasMessageContaining("STARTTLS");
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void logsInBySharedMailboxNameWithTheLoginCommand(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                C: a1 LOGIN "ann@example.com/sales" "secret1"
                S: a1 OK [CAPABILITY IMAP4rev1] in
                """)) {
            try (ImapClient client = open(server)) {
                client.login(new Credentials("ann@example.com/sales", Secret.of("secret1")));
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void usesTheMechanismsItIsTold(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN] ready
                C: a1 AUTHENTICATE LOGIN
                S: + VXNlcm5hbWU6
                C: YWxpY2U=
                S: + UGFzc3dvcmQ6
                C: c2VjcmV0MQ==
                S: a1 OK [CAPABILITY IMAP4rev1] in
                """)) {
            try (ImapClient client = open(server, inClear().withMechanisms("LOGIN"))) {
                client.login(ALICE);
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void takesTheStrongestThatIsOffered(Pace pace) throws Exception {
        // RFC 2195 §2 with another user.
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=CRAM-MD5] ready
                C: a1 AUTHENTICATE CRAM-MD5
                S: + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+
                C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
                S: a1 OK [CAPABILITY IMAP4rev1] in
                """)) {
            try (ImapClient client = open(server)) {
                client.login(new Credentials("tim", Secret.of("tanstaaftanstaaf")));
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void asksForAnotherTokenOnceWhenOneIsRefused(Pace pace) throws Exception {
        // user=ann, auth=Bearer old and new
        String old = "dXNlcj1hbm4BYXV0aD1CZWFyZXIgb2xkAQE=";
        String fresh = "dXNlcj1hbm4BYXV0aD1CZWFyZXIgbmV3AQE=";
        String refusal = "S: + eyJzdGF0dXMiOiI0MDAifQ==\nC:\n";
        String hello = "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2] ready\n";
        TokenSupplier tokens = wasRefused -> wasRefused ? "new" : "old";
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                hello + "C: a1 AUTHENTICATE XOAUTH2 " + old + "\n" + refusal
                        + "S: a1 NO [AUTHENTICATIONFAILED] expired\n" + "C: a2 AUTHENTICATE XOAUTH2 " + fresh
                        + "\nS: a2 OK [CAPABILITY IMAP4rev1] in\n",
                hello + "C: a1 AUTHENTICATE XOAUTH2 " + old + "\n" + refusal
                        + "S: a1 NO [AUTHENTICATIONFAILED] expired\n" + "C: a2 AUTHENTICATE XOAUTH2 " + fresh + "\n"
                        + refusal + "S: a2 NO [AUTHENTICATIONFAILED] no\n")) {
            try (ImapClient client = open(server)) {
                client.login(Credentials.ofTokens("ann", tokens));
            }
            try (ImapClient client = open(server)) {
                assertThatThrownBy(() -> client.login(Credentials.ofTokens("ann", tokens)))
                        .isInstanceOf(LoginRefused.class)
                        .hasMessageContaining("AUTHENTICATE XOAUTH2")
                        .hasMessageContaining("[AUTHENTICATIONFAILED] no")
                        .hasMessageNotContaining("new");
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void doesNotTakeAPasswordForATokenNorSendsTokensWhereThereIsNone(Pace pace) throws Exception {
        String hello = "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2 LOGINDISABLED] ready\n-- closed";
        try (ScriptedPeer server = ScriptedPeer.serving(pace, hello)) {
            try (ImapClient client = open(server)) {
                assertThatThrownBy(() -> client.login(ALICE))
                        .isInstanceOf(ImapException.class)
                        .hasMessageContaining("choosing how to log in: the server offers none of")
                        .hasMessageContaining("switched the LOGIN command off");
            }
        }
    }

    @TranscriptTest
    void believesNoServerThatDoesNotKnowThePassword(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] ready
                C~ a1 AUTHENTICATE SCRAM-SHA-256 .*
                S: a1 OK [CAPABILITY IMAP4rev1] welcome
                -- closed
                """)) {
            try (ImapClient client = open(server)) {
                assertThatThrownBy(() -> client.login(ALICE))
                        .isInstanceOf(ImapException.class)
                        .hasMessageContaining("logging in: SCRAM-SHA-256");
                assertThat(client.isOpen()).isFalse();
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void becomesEncryptedByStartTlsAndForgetsWhatItHeardBefore(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED X-LIE] ready
                C: a1 STARTTLS
                S: a1 OK begin
                -- tls
                C: a2 CAPABILITY
                S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR
                S: a2 OK
                C: a3 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldDE=
                S: a3 OK [CAPABILITY IMAP4rev1] in
                """)) {
            try (ImapClient client = open(server, secured(TlsMode.STARTTLS))) {
                assertThat(client.tls()).isPresent();
                assertThat(client.capabilities().has("X-LIE")).isFalse();
                client.login(ALICE);
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void isEncryptedFromTheFirstOctet(Pace pace) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, "-- tls\nS: * OK [CAPABILITY IMAP4rev1] ready\nC: a1 NOOP\nS: a1 OK")) {
            try (ImapClient client = open(server, secured(TlsMode.IMPLICIT))) {
                client.noop();
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void staysInClearTowardsThisMachineWithAuto(Pace pace) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\nC: a1 NOOP\nS: a1 OK")) {
            try (ImapClient client = open(server, secured(TlsMode.AUTO))) {
                client.noop();
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void refusesToGoOnWithoutStartTlsWhenItIsRequired(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                "S: * OK [CAPABILITY IMAP4rev1] ready\n-- closed",
                "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\nC: a1 STARTTLS\nS: a1 BAD no\n-- closed")) {
            assertThatThrownBy(() -> open(server, secured(TlsMode.STARTTLS)))
                    .isInstanceOf(ImapException.class)
                    .hasMessageContaining("the server does not offer STARTTLS");
            assertThatThrownBy(() -> open(server, secured(TlsMode.STARTTLS))).isInstanceOf(CommandRefused.class);
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void q17RefusesToBeLoggedInAlreadyWhenTlsIsRequired(Pace pace) throws Exception {
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, "S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello alice\n-- closed")) {
            assertThatThrownBy(() -> open(server, secured(TlsMode.STARTTLS)))
                    .isInstanceOf(ImapException.class)
                    .hasMessageContaining("PREAUTH");
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void needsNoLoginAfterPreAuth(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * PREAUTH [CAPABILITY IMAP4rev1] hello alice
                C: a1 SELECT INBOX
                S: * 0 EXISTS
                S: a1 OK
                """)) {
            try (ImapClient client = open(server)) {
                assertThat(client.isLoggedIn()).isTrue();
                assertThat(client.select(MailboxName.INBOX).uidValidity()).isZero();
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void q18EndsIfSomethingCameInClearBeforeTheHandshake(Pace pace) throws Exception {
        // One write, so that the injected line is there with the completion.
        try (ScriptedPeer server = ScriptedPeer.serving(Pace.WHOLE, """
                S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
                C: a1 STARTTLS
                S: a1 OK begin\\r\\n* CAPABILITY IMAP4rev1 X-INJECTED
                -- closed
                """)) {
            assertThatThrownBy(() -> open(server, secured(TlsMode.STARTTLS)))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("octets in clear in front of it");
            assertThat(pace).isNotNull();
        }
    }

    @TranscriptTest
    void doesNotTalkToAServerWithAForeignCertificate(Pace pace) throws Exception {
        for (TestCertificates.Kind kind : TestCertificates.Kind.values()) {
            if (kind == TestCertificates.Kind.LOCALHOST) {
                continue;
            }
            try (ScriptedPeer server = ScriptedPeer.serving(pace, TestCertificates.server(kind), "-- tls refused")) {
                assertThatThrownBy(() -> open(server, secured(TlsMode.IMPLICIT)))
                        .isInstanceOf(TlsFailed.class)
                        .hasMessageContaining("TLS handshake");
            }
        }
    }

    @TranscriptTest
    void q23GoesOnWithoutCapabilities(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK ready
                C: a1 CAPABILITY
                S: a1 BAD what?
                C: a2 LOGIN "alice" "secret1"
                S: a2 OK
                C: a3 CAPABILITY
                S: a3 NO
                """)) {
            try (ImapClient client = open(server)) {
                client.login(ALICE);
                assertThat(client.capabilities().has("IMAP4rev1")).isTrue();
                server.assertPlayedToTheEnd();
            }
        }
    }

    @TranscriptTest
    void q16TellsWhatTheServerSaidInsteadOfAGreeting(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(
                pace,
                "S: * BYE [UNAVAILABLE] too many connections\n-- closed",
                "S: 220 mx ESMTP\n-- closed",
                "S: * NO nobody home\n-- closed",
                "-- close")) {
            assertThatThrownBy(() -> open(server))
                    .isInstanceOf(ServerSaidBye.class)
                    .hasMessageContaining("too many connections");
            assertThatThrownBy(() -> open(server))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("expected an IMAP greeting")
                    .hasMessageContaining("220 mx ESMTP");
            assertThatThrownBy(() -> open(server)).isInstanceOf(ProtocolViolation.class);
            assertThatThrownBy(() -> open(server))
                    .isInstanceOf(ConnectionLost.class)
                    .hasMessageContaining("waiting for the greeting");
        }
    }

    @TranscriptTest
    void takesAnOkThatIsNotYetTheGreeting(Pace pace) throws Exception {
        // Dovecot says so while its authentication process starts.
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: * OK Waiting for authentication process to respond..
                C: a1 CAPABILITY
                S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] Dovecot ready.
                S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
                S: a1 OK
                """)) {
            try (ImapClient client = open(server)) {
                assertThat(client.capabilities().offersMechanism("PLAIN")).isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }
}
