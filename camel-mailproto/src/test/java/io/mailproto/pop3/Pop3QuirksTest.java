package io.mailproto.pop3;

import static io.mailproto.pop3.Pop3Peers.ALICE;
import static io.mailproto.pop3.Pop3Peers.METHODS;
import static io.mailproto.pop3.Pop3Peers.PIPELINING;
import static io.mailproto.pop3.Pop3Peers.SIMPLE;
import static io.mailproto.pop3.Pop3Peers.SPOOL;
import static io.mailproto.pop3.Pop3Peers.loggedIn;
import static io.mailproto.pop3.Pop3Peers.open;
import static io.mailproto.pop3.Pop3Peers.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.testing.TranscriptTest;
import io.mailproto.wire.LimitExceeded;
import io.mailproto.wire.ProtocolViolation;
import io.mailproto.wire.TlsMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real servers do differently from RFC 1939: nothing is lost, misrouted or waits for ever. */
class Pop3QuirksTest {
    // P1: CAPA unknown; UIDL and TOP not listed although they work

    @TranscriptTest
    void aServerWithoutCapaIsUsedWithoutExtensions(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: -ERR unknown command
                C: USER alice
                S: +OK
                C: PASS secret1
                S: +OK
                C: CAPA
                S: -ERR unknown command
                C: UIDL
                S: +OK
                S: 1 one
                S: .
                C: TOP 1 0
                S: +OK
                S: Subject: x
                S:
                S: .
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(client.capabilities().areKnown()).isFalse();
                assertThat(client.uidl().uid(0)).isEqualTo("one");
                assertThat(text(client.top(1, 0, SPOOL))).isEqualTo("Subject: x\r\n\r\n");
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void pipeliningThatIsListedOnlyAfterTheLoginIsUsed(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: +OK
                S: USER
                S: .
                C: USER alice
                S: +OK
                C: PASS secret1
                S: +OK
                C: CAPA
                S: +OK
                S: PIPELINING
                S: .
                C: DELE 1
                C: DELE 2
                S: +OK
                S: +OK
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(client.dele(new int[] {1, 2})).isEmpty();
            }
            server.assertPlayedToTheEnd();
        }
    }

    // P2: UIDL n without the number

    @TranscriptTest
    void aSingleIdIsReadWithAndWithoutItsNumber(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: UIDL 1
                S: +OK abc
                C: UIDL 1
                S: +OK 1   abc
                C: UIDL 1
                S: +OK 11\\s
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(client.uidl(1)).isEqualTo("abc");
                assertThat(client.uidl(1)).isEqualTo("abc");
                assertThat(client.uidl(1)).isEqualTo("11");
            }
            server.assertPlayedToTheEnd();
        }
    }

    // P4: numbers that do not fit together

    @TranscriptTest
    void countsThatContradictEachOtherAreTakenAsTheyAre(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: STAT
                S: +OK 5 -1
                C: UIDL
                S: +OK 1 message
                S: 1 one
                S: 2 two
                S: .
                C: LIST
                S: +OK
                S: 2 4294967400
                S: .
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(client.stat()).isEqualTo(new MaildropStatus(5, -1));
                assertThat(client.uidl().count()).isEqualTo(2);
                SizeListing sizes = client.list();
                assertThat(sizes.sizeOf(1)).isEqualTo(-1);
                assertThat(sizes.sizeOf(2)).isEqualTo(4_294_967_400L);
            }
            server.assertPlayedToTheEnd();
        }
    }

    // P5: no dot-stuffing

    @TranscriptTest
    void linesThatTheServerForgotToStuffLoseADotAndNothingElse(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: RETR 1
                S: +OK
                S: .hidden
                S: .\\s
                S: end
                S: .
                C: NOOP
                S: +OK
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(text(client.retr(1, SPOOL))).startsWith("hidden\r\n").endsWith("\r\nend\r\n");
                client.noop();
            }
        }
    }

    @TranscriptTest
    void whatFollowsAnUnstuffedLoneDotIsNeverTakenForAnotherMessage(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, PIPELINING + """
                C: RETR 1
                C: RETR 2
                S: +OK
                S: first half
                S: .
                S: second half
                S: .
                -- closed
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThatThrownBy(() -> client.retr(new int[] {1, 2}, SPOOL, new Ignoring()))
                        .isInstanceOf(ProtocolViolation.class)
                        .hasMessageContaining("fetching message 2 by RETR")
                        .hasMessageContaining("second half")
                        .hasMessageEndingWith("the messages are still on the server");
            }
        }
    }

    // P6: line ends

    @TranscriptTest
    void aServerThatEndsAllLinesWithLfIsUnderstood(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready\\n\\c
                C: CAPA
                S: -ERR\\n\\c
                C: USER alice
                S: +OK\\n\\c
                C: PASS secret1
                S: +OK\\n\\c
                C: CAPA
                S: -ERR\\n\\c
                C: UIDL
                S: +OK\\n1 one\\n.\\n\\c
                C: RETR 1
                S: +OK\\nSubject: x\\n\\n..dot\\n.\\n\\c
                C: NOOP
                S: +OK\\n\\c
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(client.uidl().uid(0)).isEqualTo("one");
                assertThat(text(client.retr(1, SPOOL))).isEqualTo("Subject: x\n\n.dot\n");
                client.noop();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void aLoneDotBetweenLfsIsContentWhereLinesEndWithCrlf(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: RETR 1
                S: +OK
                S: Subject: x\\n.\\nstill the same message
                S: .
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(text(client.retr(1, SPOOL))).isEqualTo("Subject: x\n.\nstill the same message\r\n");
            }
            server.assertPlayedToTheEnd();
        }
    }

    // P7: greetings

    @ParameterizedTest
    @ValueSource(strings = {"+ Hola mundo", "220 mx ESMTP", "* OK IMAP4rev1", "SSH-2.0-OpenSSH", "\\x00\\x15\\x03"})
    void whatIsNoPop3ServerIsToldByItsGreeting(String greeting) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("S: " + greeting + "\n-- closed\n")) {
            assertThatThrownBy(() -> open(server))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining(
                            "waiting for the greeting: expected a reply that begins with +OK or -ERR, got");
        }
    }

    @Test
    void aGreetingThatRefusesIsATypedRefusal() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("S: -ERR [SYS/TEMP] too many connections\n-- closed\n")) {
            Pop3Refused refused = catchThrowableOfType(Pop3Refused.class, () -> open(server));
            assertThat(refused.responseCode()).contains(Pop3ResponseCode.SYS_TEMP);
            assertThat(refused.isTransient()).isTrue();
            assertThat(refused.step()).isEqualTo("waiting for the greeting");
        }
    }

    @Test
    void aGreetingWithoutEndIsCutOff() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("S: +OK " + "<".repeat(100_000) + "\n-- closed\n")) {
            assertThatThrownBy(() -> open(server)).isInstanceOf(LimitExceeded.class);
        }
    }

    @TranscriptTest
    void aGreetingOfSeveralLinesIsRefusedAtTheNextReply(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK welcome
                S: to our server
                C: CAPA
                -- closed
                """)) {
            assertThatThrownBy(() -> open(server))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("to our server");
        }
    }

    // P8: challenges

    @ParameterizedTest
    @ValueSource(strings = {"+ ", "+", "+ go ahead", "+OK send it"})
    void everyFormOfChallengeIsAnswered(String challenge) throws Exception {
        String secret = "x".repeat(300);
        String response =
                java.util.Base64.getEncoder().encodeToString(("\0alice\0" + secret).getBytes(StandardCharsets.UTF_8));
        String line = challenge.endsWith(" ") ? challenge.strip() + "\\s" : challenge;
        try (ScriptedPeer server = ScriptedPeer.serving(String.join(
                "\n",
                "S: +OK ready",
                "C: CAPA",
                "S: +OK",
                "S: SASL PLAIN",
                "S: PIPELINING",
                "S: .",
                "C: AUTH PLAIN",
                "S: " + line,
                "C: " + response,
                "S: +OK welcome"))) {
            try (Pop3Client client = open(server)) {
                client.logIn(new Pop3Login(
                        new io.mailproto.sasl.Credentials("alice", io.mailproto.sasl.Secret.of(secret)), METHODS));
            }
            server.assertPlayedToTheEnd();
        }
    }

    // P10: locked maildrops and login delays

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[IN-USE] Do you have another POP session running?|IN_USE|true",
                "[LOGIN-DELAY] minimum time between mail checks violation|LOGIN_DELAY|true",
                "[AUTH] Authentication failed.|AUTH|false",
                "[SYS/PERM] contact the administrator|SYS_PERM|false",
                "maildrop already locked||true",
                "mailbox is in use||true",
                "login delay: minimum 720 seconds between logins||true",
                "Invalid login or password||false",
                "''||false"
            })
    void aRefusedLoginTellsWhetherToTryAgain(String text, Pop3ResponseCode code, boolean passes) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: +OK ready
                C: CAPA
                S: -ERR
                C: USER alice
                S: +OK
                C: PASS secret1
                S: -ERR %s
                """.formatted(text))) {
            try (Pop3Client client = open(server)) {
                Pop3Refused refused =
                        catchThrowableOfType(Pop3Refused.class, () -> client.logIn(new Pop3Login(ALICE, METHODS)));
                assertThat(refused.responseCode().orElse(null)).isEqualTo(code);
                assertThat(refused.isTransient()).isEqualTo(passes);
                assertThat(refused.getMessage())
                        .contains("waiting for the reply to PASS")
                        .doesNotContain("secret1");
            }
        }
    }

    // P11, P12: deletions that do not happen

    @TranscriptTest
    void aSessionThatTimedOutOnTheServerSaysSoForEachDeletion(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: DELE 1
                S: -ERR POP timeout
                C: QUIT
                S: +OK
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(client.dele(new int[] {1})).containsOnlyKeys(1);
                assertThat(client.marked()).isZero();
                client.quit();
            }
            server.assertPlayedToTheEnd();
        }
    }

    @TranscriptTest
    void deletionsThatQuitDoesNotConfirmAreInDoubt(Pace pace) throws Exception {
        String refusing = SIMPLE + """
                C: DELE 1
                S: +OK
                C: QUIT
                S: -ERR some deleted messages not removed
                """;
        String silent = SIMPLE + """
                C: DELE 1
                S: +OK
                C: QUIT
                -- close
                """;
        try (ScriptedPeer server = ScriptedPeer.serving(pace, refusing, silent)) {
            for (int i = 0; i < 2; i++) {
                try (Pop3Client client = loggedIn(server)) {
                    client.dele(1);
                    assertThatThrownBy(client::quit)
                            .hasMessageContaining("waiting for the reply to QUIT")
                            .hasMessageContaining("may be deleted or not");
                }
            }
            server.assertPlayedToTheEnd();
        }
    }

    // P13: sizes in the reply to RETR, odd messages

    @TranscriptTest
    void announcedSizesAreHintsOnly(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, SIMPLE + """
                C: RETR 1
                S: +OK 999999999999 octets
                S: a
                S: .
                C: RETR 2
                S: +OK 1 octets
                S: longer than that
                S: .
                C: RETR 3
                S: +OK message follows
                S: ..
                S: .
                C: RETR 4
                S: +OK -5
                S: .
                C: RETR 5
                S: -ERR message 5 is deleted
                """)) {
            try (Pop3Client client = loggedIn(server)) {
                assertThat(text(client.retr(1, SPOOL))).isEqualTo("a\r\n");
                assertThat(text(client.retr(2, SPOOL))).isEqualTo("longer than that\r\n");
                assertThat(text(client.retr(3, SPOOL))).isEqualTo(".\r\n");
                assertThat(text(client.retr(4, SPOOL))).isEmpty();
                assertThatThrownBy(() -> client.retr(5, SPOOL)).isInstanceOf(Pop3Refused.class);
            }
            server.assertPlayedToTheEnd();
        }
    }

    // P14: STLS

    @TranscriptTest
    void octetsInjectedBehindTheReplyToStlsEndTheConversation(Pace pace) throws Exception {
        // As one write, so that they come before the handshake can begin.
        try (ScriptedPeer server = ScriptedPeer.serving("""
                S: +OK ready
                C: CAPA
                S: +OK
                S: STLS
                S: .
                C: STLS
                S: +OK begin\\r\\n+OK injected
                -- closed
                """)) {
            assertThatThrownBy(() ->
                            Pop3Client.open(TestWire.dialer(), server.address(), Pop3Peers.options(TlsMode.STARTTLS)))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("in clear");
        }
    }

    @TranscriptTest
    void aRefusedStlsIsARefusalAndNeverALoginInClear(Pace pace) throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(pace, """
                S: +OK ready
                C: CAPA
                S: +OK
                S: STLS
                S: .
                C: STLS
                S: -ERR TLS not available
                -- closed
                """)) {
            assertThatThrownBy(() ->
                            Pop3Client.open(TestWire.dialer(), server.address(), Pop3Peers.options(TlsMode.STARTTLS)))
                    .isInstanceOf(Pop3Refused.class)
                    .hasMessageContaining("STLS");
            server.assertPlayedToTheEnd();
        }
    }

    // P15: huge maildrops

    @Test
    void aMillionIdsTakeNoObjectEach() {
        UidListing.Builder builder = new UidListing.Builder();
        for (int i = 1; i <= 1_000_000; i++) {
            builder.add(i + " " + Integer.toHexString(i * 0x9E3779B1) + "5f3e9a1c00000000");
        }

        // 24 octets of id and 4 for its end; strings and a map would take 150.
        assertThat(builder.heldOctets()).isLessThan(30_000_000);
        UidListing listing = builder.build();
        assertThat(listing.indexOf(listing.uid(999_999))).isEqualTo(999_999);
    }

    @Test
    void aListingBeyondTheLimitIsCutOff() throws Exception {
        try (ScriptedPeer server = ScriptedPeer.serving(PIPELINING + """
                C: UIDL
                S: +OK
                S: 1 %s
                S: 2 %s
                -- closed
                """.formatted("a".repeat(500), "b".repeat(600)))) {
            try (Pop3Client client = Pop3Client.open(
                    TestWire.dialer(),
                    server.address(),
                    Pop3Peers.options(TlsMode.AUTO).withMaxListing(1000))) {
                client.logIn(new Pop3Login(ALICE, METHODS));
                assertThatThrownBy(client::uidl)
                        .isInstanceOf(LimitExceeded.class)
                        .hasMessageContaining("waiting for the reply to UIDL")
                        .hasMessageContaining("1000 octets");
            }
        }
    }

    private static final class Ignoring implements Pop3Client.RetrSink {
        @Override
        public void retrieved(int number, io.mailproto.spool.Octets octets) {
            octets.release();
        }

        @Override
        public void failed(int number, java.io.IOException why) {
            throw new IllegalStateException(List.of(number).toString(), why);
        }
    }
}
