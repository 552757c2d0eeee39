package io.mailproto.smtp.client;

import static io.mailproto.smtp.client.Smtp.envelope;
import static io.mailproto.smtp.client.Smtp.message;
import static io.mailproto.smtp.client.Smtp.open;
import static io.mailproto.smtp.client.Smtp.options;
import static io.mailproto.smtp.client.Smtp.tls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.client.DsnRequest.Notify;
import io.mailproto.smtp.client.DsnRequest.RecipientDsn;
import io.mailproto.smtp.client.SmtpRequirementUnmet.Requirement;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.Pace;
import io.mailproto.testing.PostfixPeer;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DSN, REQUIRETLS, LIMITS, 8BITMIME, and LMTP. */
class SmtpExtensionsTest {
    @RegisterExtension
    static final DovecotPeer DOVECOT = DovecotPeer.extension();

    @RegisterExtension
    static final PostfixPeer POSTFIX = PostfixPeer.extension(DOVECOT);

    private static final String OPENING = """
            S: 220 mx
            C: EHLO client.example.com
            S: 250-mx
            """;

    private static DeliveryRequest dsn(DsnRequest dsn) {
        return new DeliveryRequest(dsn, false);
    }

    private static final DsnRequest REQUEST = new DsnRequest(
            DsnRequest.Return.HDRS,
            "QQ+314=159",
            Set.of(Notify.FAILURE, Notify.DELAY),
            Map.of(
                    EmailAddress.parse("eve@example.org"),
                    new RecipientDsn(Set.of(Notify.NEVER), "rfc822;Eve+x@example.org"),
                    EmailAddress.parse("bob@example.org"),
                    new RecipientDsn(null, "rfc822;b@example.org")));

    @TranscriptTest
    void asksForNotificationsPerRecipient(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, OPENING + """
                S: 250 DSN
                C: MAIL FROM:<ann@example.com> RET=HDRS ENVID=QQ+2B314+3D159
                S: 250 ok
                C: RCPT TO:<ann@example.org> NOTIFY=FAILURE,DELAY
                S: 250 ok
                C: RCPT TO:<bob@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b@example.org
                S: 250 ok
                C: RCPT TO:<eve@example.org> NOTIFY=NEVER ORCPT=rfc822;Eve+2Bx@example.org
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 250 ok
                """, OPENING + """
                S: 250-8BITMIME
                S: 250 HELP
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME
                S: 250 ok
                C: RCPT TO:<eve@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                client.send(
                        envelope("ann@example.com", "ann@example.org", "bob@example.org", "eve@example.org"),
                        message("x\n"),
                        dsn(REQUEST));
            }
            try (SmtpClient client = open(server, options())) {
                client.send(envelope("ann@example.com", "eve@example.org"), message("x\n"), dsn(REQUEST));
            }
            server.assertPlayedToTheEnd();
        }
    }

    @Test
    void postfixTakesAllOfIt() throws IOException {
        try (SmtpClient client = open(POSTFIX.smtp(), options())) {
            assertThat(client.extensions().offers("DSN")).isTrue();
            DsnRequest request = new DsnRequest(
                    DsnRequest.Return.FULL,
                    "id +=~",
                    null,
                    Map.of(
                            EmailAddress.parse(DovecotPeer.BOB),
                            new RecipientDsn(
                                    Set.of(Notify.SUCCESS, Notify.FAILURE, Notify.DELAY), "rfc822;a b+=@example.org")));
            assertThat(client.send(
                                    envelope("ann@example.com", DovecotPeer.BOB),
                                    message("Subject: x\n\nx\n"),
                                    dsn(request))
                            .isComplete())
                    .isTrue();
            client.quit();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nRSET", "a\0b", "ä", "a\u0085b", "", "瘍瘊"})
    void refusesIdsThatCannotBeWritten(String id) {
        assertThatThrownBy(() -> new DsnRequest(null, id, null, Map.of())).isInstanceOf(IllegalArgumentException.class);
        DsnRequest bad = new DsnRequest(
                null,
                null,
                null,
                Map.of(EmailAddress.parse("a@b.example"), new RecipientDsn(null, "rfc822;" + id + "\n")));
        assertThatThrownBy(() -> bad.rcptParameters(EmailAddress.parse("a@b.example")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsWhenToNotify() {
        assertThat(Notify.parse("success, Failure")).containsExactlyInAnyOrder(Notify.SUCCESS, Notify.FAILURE);
        for (String wrong : new String[] {"", "always", "NEVER,FAILURE"}) {
            assertThatThrownBy(() -> Notify.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @TranscriptTest
    void requiresTlsOnTheWholeWayOrSendsNothing(Pace pace) throws IOException {
        DeliveryRequest required = new DeliveryRequest(DsnRequest.NONE, true);
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                -- tls
                S: 220 mx
                C: EHLO client.example.com
                S: 250-mx
                S: 250-8BITMIME
                S: 250 REQUIRETLS
                C: MAIL FROM:<ann@example.com> BODY=8BITMIME REQUIRETLS
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 250 ok
                """, """
                -- tls
                S: 220 mx
                C: EHLO client.example.com
                S: 250 mx
                """, OPENING + """
                S: 250 REQUIRETLS
                """)) {
            try (SmtpClient client = open(server, tls(TlsMode.IMPLICIT))) {
                client.send(envelope("ann@example.com", "bob@example.org"), message("x\n"), required);
            }
            for (SmtpClientOptions options : new SmtpClientOptions[] {tls(TlsMode.IMPLICIT), options()}) {
                try (SmtpClient client = open(server, options)) {
                    SmtpRequirementUnmet unmet = catchThrowableOfType(
                            SmtpRequirementUnmet.class,
                            () -> client.send(
                                    envelope("ann@example.com", "bob@example.org"), message("x\n"), required));
                    assertThat(unmet.requirement()).isEqualTo(Requirement.REQUIRETLS);
                }
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void refusesEightBitOctetsToAServerThatDoesNotTakeThem(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, OPENING + """
                S: 250 HELP
                C: NOOP
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                SmtpRequirementUnmet unmet = catchThrowableOfType(
                        SmtpRequirementUnmet.class,
                        () -> client.send(envelope("ann@example.com", "bob@example.org"), message("\u00e4\n")));
                assertThat(unmet.requirement()).isEqualTo(Requirement.EIGHT_BIT_MIME);
                assertThat(unmet.isTransient()).isFalse();
                client.noop();
            }
            server.assertPlayedToTheEnd();
        }
    }

    /** RFC 6152 §3: encoded for the server that does not take it, as it is to the one that does. */
    @TranscriptTest
    void sendsWhatCanBeEncodedWithoutOctetsBeyondAscii(Pace pace) throws IOException {
        Encodable mail = new Encodable("Subject: x\r\n\r\n\u00e4\r\n", "Subject: x\r\n\r\n=E4\r\n");
        try (ScriptedPeer server = ScriptedPeer.serving(pace, OPENING + """
                S: 250 SIZE 1000
                C: MAIL FROM:<ann@example.com> SIZE=19
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: Subject: x
                C:
                C: =E4
                C: .
                S: 250 ok
                """)) {
            try (SmtpClient client = open(server, options())) {
                assertThat(client.send(envelope("ann@example.com", "bob@example.org"), mail)
                                .isComplete())
                        .isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }

    private record Encodable(String text, String encoded) implements MessageContent {
        @Override
        public long size() {
            return text.length();
        }

        @Override
        public boolean isEightBit() {
            return encoded != null;
        }

        @Override
        public boolean needsSmtpUtf8() {
            return false;
        }

        @Override
        public MessageContent asSevenBit() {
            return new Encodable(encoded, null);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** RFC 9422: what the server announces is kept, in several transactions if need be. */
    @TranscriptTest
    void keepsToTheLimitsOfTheServer(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, OPENING + """
                S: 250 LIMITS MAILMAX=3 RCPTMAX=2 RCPTDOMAINMAX=1 OTHER=x RCPTMAXX=1
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<a@one.example>
                S: 250 ok
                C: RCPT TO:<b@one.example>
                S: 550 no
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 250 first
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<c@one.example>
                S: 250 ok
                C: DATA
                S: 354 ok
                C: x
                C: .
                S: 451 second not now
                C: MAIL FROM:<ann@example.com>
                S: 250 ok
                C: RCPT TO:<d@two.example>
                S: 421 4.3.2 going down
                -- close
                """)) {
            try (SmtpClient client = open(server, options())) {
                Envelope envelope =
                        envelope("ann@example.com", "a@one.example", "b@one.example", "c@one.example", "d@two.example");
                TransactionReport report = client.send(envelope, message("x\n"));
                assertThat(report.isTaken()).isTrue();
                assertThat(report.delivered()).containsExactly(EmailAddress.parse("a@one.example"));
                assertThat(report.recipients())
                        .extracting(RecipientResult::outcome)
                        .containsExactly(
                                RecipientResult.Outcome.ACCEPTED,
                                RecipientResult.Outcome.REFUSED,
                                RecipientResult.Outcome.REFUSED_FOR_NOW,
                                RecipientResult.Outcome.NOT_TRIED);
                assertThat(report.fate()).contains("not known of d@two.example");
                assertThat(client.isUsedUp()).isTrue();
            }
            server.assertPlayedToTheEnd();
        }
    }

    // ---- LMTP

    private static final String LHLO = """
            S: 220 mail LMTP
            C: LHLO client.example.com
            S: 250-mail
            S: 250-8BITMIME
            S: 250 PIPELINING
            C: MAIL FROM:<ann@example.com> BODY=8BITMIME
            C: RCPT TO:<a@example.org>
            C: RCPT TO:<b@example.org>
            C: RCPT TO:<c@example.org>
            C: DATA
            """;

    private static final String THREE = """
            S: 250 ok
            S: 250 a ok
            S: 550 no b
            S: 250 c ok
            S: 354 ok
            C: x
            C: .
            """;

    private static TransactionReport sendByLmtp(ScriptedPeer server) throws IOException {
        try (SmtpClient client = open(server, options().withLmtp(true))) {
            return client.send(
                    envelope("ann@example.com", "a@example.org", "b@example.org", "c@example.org"), message("x\n"));
        }
    }

    /** RFC 2033 §4.2, its example nearly. */
    @TranscriptTest
    void takesAReplyForEachAcceptedRecipientOfLmtp(Pace pace) throws IOException {
        try (ScriptedPeer server =
                ScriptedPeer.serving(pace, LHLO + THREE + """
                S: 452 4.2.2 a is full
                S: 250 2.1.5 c has it
                """, LHLO + THREE + """
                S: 452 a is full
                S: 554 c does not want it
                """, LHLO + THREE + """
                S: 250 a has it
                -- close
                """)) {
            TransactionReport report = sendByLmtp(server);
            assertThat(report.recipients())
                    .extracting(Object::toString)
                    .containsExactly(
                            "<a@example.org> 452 4.2.2 a is full",
                            "<b@example.org> 550 no b",
                            "<c@example.org> 250 c ok");
            assertThat(report.delivered()).containsExactly(EmailAddress.parse("c@example.org"));
            assertThat(report.reply().orElseThrow().lastLine()).isEqualTo("2.1.5 c has it");

            SmtpRefused all = catchThrowableOfType(SmtpRefused.class, () -> sendByLmtp(server));
            assertThat(all.isTransient()).isTrue();
            assertThat(all.report().orElseThrow().refused()).hasSize(3);

            SmtpOutcomeUnknown unknown = catchThrowableOfType(SmtpOutcomeUnknown.class, () -> sendByLmtp(server));
            assertThat(unknown.report().delivered()).containsExactly(EmailAddress.parse("a@example.org"));
            assertThat(unknown.report().open())
                    .extracting(RecipientResult::recipient)
                    .containsExactly(EmailAddress.parse("c@example.org"));
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void saysNeitherEhloNorHeloToALmtpServer(Pace pace) throws IOException {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: 220 smtp really
                C: LHLO client.example.com
                S: 500 what
                C: QUIT
                """)) {
            SmtpRefused refused = catchThrowableOfType(
                    SmtpRefused.class, () -> open(server, options().withLmtp(true)));
            assertThat(refused.phase()).isEqualTo(SmtpPhase.LHLO);
            server.assertPlayedToTheEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deliversToDovecotByLmtp(boolean chunking) throws IOException {
        DOVECOT.expungeAll(DovecotPeer.BOB, "INBOX");
        DOVECOT.expungeAll(DovecotPeer.CAROL, "INBOX");
        String big = "0123456789".repeat(7000);
        try (SmtpClient client = open(DOVECOT.lmtp(), options().withLmtp(true).withChunking(chunking))) {
            TransactionReport report = client.send(
                    envelope(
                            "ann@example.com",
                            "nosuch@example.test",
                            DovecotPeer.BOB,
                            DovecotPeer.SMALL,
                            DovecotPeer.CAROL),
                    message("Subject: l\n\n" + big.replaceAll("(.{70})", "$1\n") + "\n.\nend\n"));
            assertThat(report.recipients())
                    .extracting(RecipientResult::outcome)
                    .containsExactly(
                            RecipientResult.Outcome.REFUSED,
                            RecipientResult.Outcome.ACCEPTED,
                            report.recipients().get(2).outcome(),
                            RecipientResult.Outcome.ACCEPTED);
            assertThat(report.recipients().get(2).isAccepted())
                    .as("the quota of 64 kB is exceeded")
                    .isFalse();
            client.quit();
        }
        DOVECOT.awaitCount(DovecotPeer.BOB, "INBOX", 1);
        DOVECOT.awaitCount(DovecotPeer.CAROL, "INBOX", 1);
    }
}
