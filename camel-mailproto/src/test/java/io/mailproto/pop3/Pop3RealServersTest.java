package io.mailproto.pop3;

import static io.mailproto.pop3.Pop3Peers.METHODS;
import static io.mailproto.pop3.Pop3Peers.SPOOL;
import static io.mailproto.pop3.Pop3Peers.options;
import static io.mailproto.testing.DovecotPeer.ALICE;
import static io.mailproto.testing.DovecotPeer.BOB;
import static io.mailproto.testing.DovecotPeer.CAROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.spool.Octets;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.testing.GreenMailPeer;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3RealServersTest {
    @RegisterExtension
    static final DovecotPeer dovecot = DovecotPeer.extension();

    @RegisterExtension
    static final GreenMailPeer greenMail = GreenMailPeer.extension();

    private static final byte[] DOTS =
            "Subject: dots\r\n\r\n.\r\n..\r\n.x\r\nM\u00e4rz\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /** Keeps everything. */
    private static final class Kept implements Pop3Client.RetrSink {
        final List<Octets> mails = new ArrayList<>();

        @Override
        public void retrieved(int number, Octets octets) {
            mails.add(octets);
        }

        @Override
        public void failed(int number, IOException why) {
            throw new AssertionError("message " + number, why);
        }
    }

    private static Pop3Client client(HostPort server, TlsMode mode, String user) throws IOException {
        Pop3Client client = Pop3Client.open(TestWire.dialer(), server, options(mode));
        client.logIn(new Pop3Login(new Credentials(user, Secret.of(DovecotPeer.passwordOf(user))), METHODS));
        return client;
    }

    @Test
    void dovecotGivesAThousandMessagesInOneRunAndDeletesThem() throws Exception {
        dovecot.preload(CAROL, "INBOX", 1000, 3000);
        try (Pop3Client client = client(dovecot.pop3(), TlsMode.AUTO, CAROL)) {
            assertThat(client.tls()).isEmpty();
            assertThat(client.stat().messages()).isEqualTo(1000);
            Pop3Client.Contents contents = client.contents();
            assertThat(contents.uids().count()).isEqualTo(1000);
            int[] numbers = IntStream.rangeClosed(1, 1000).toArray();
            Kept kept = new Kept();
            client.retr(numbers, SPOOL, kept);
            assertThat(kept.mails).hasSize(1000);
            for (int i = 0; i < 1000; i++) {
                assertThat(kept.mails.get(i).size()).isEqualTo(contents.sizes().sizeOf(i + 1));
                assertThat(Pop3Peers.text(kept.mails.get(i))).contains("Subject: Message " + i + "\r\n");
            }
            assertThat(client.dele(numbers)).isEmpty();
            client.quit();
        }
        assertThat(dovecot.count(CAROL, "INBOX")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void dovecotTalksInClearAndOverTls(TlsMode mode) throws Exception {
        dovecot.expungeAll(ALICE, "INBOX");
        dovecot.save(ALICE, "INBOX", DOTS);
        HostPort server = mode == TlsMode.IMPLICIT ? dovecot.pop3s() : dovecot.pop3();
        try (Pop3Client client = client(server, mode, ALICE)) {
            assertThat(client.tls().isPresent()).isEqualTo(mode == TlsMode.STARTTLS || mode == TlsMode.IMPLICIT);
            assertThat(client.retr(1, SPOOL).toByteArray()).isEqualTo(DOTS);
            assertThat(Pop3Peers.text(client.top(1, 1, SPOOL))).isEqualTo("Subject: dots\r\n\r\n.\r\n");
            assertThat(client.uidl(1)).isEqualTo(client.uidl().uid(0));
            client.dele(1);
            client.rset();
            client.noop();
            client.quit();
        }
        assertThat(dovecot.count(ALICE, "INBOX")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USER",
                "APOP",
                "PLAIN",
                "CRAM-MD5",
                "SCRAM-SHA-1",
                "SCRAM-SHA-256",
            })
    void dovecotTakesEachWayToLogInAndTellsAWrongPassword(String method) throws Exception {
        try (Pop3Client client = Pop3Client.open(TestWire.dialer(), dovecot.pop3(), options(TlsMode.STARTTLS))) {
            client.logIn(new Pop3Login(new Credentials(BOB, Secret.of("secret2")), List.of(method)));
            assertThat(client.stat().messages()).isZero();
            client.quit();
        }
        try (Pop3Client client = Pop3Client.open(TestWire.dialer(), dovecot.pop3(), options(TlsMode.STARTTLS))) {
            assertThatThrownBy(() ->
                            client.logIn(new Pop3Login(new Credentials(BOB, Secret.of("wrong")), List.of(method))))
                    .isInstanceOfSatisfying(Pop3Refused.class, refused -> {
                        assertThat(refused.responseCode()).contains(Pop3ResponseCode.AUTH);
                        assertThat(refused.isTransient()).isFalse();
                        assertThat(refused.getMessage()).doesNotContain("wrong");
                    });
        }
    }

    @Test
    void dovecotThatCannotResumeTlsSessionsIsReachedAgainAndAgain() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (Pop3Client client = client(dovecot.pop3s(), TlsMode.IMPLICIT, BOB)) {
                assertThat(client.stat().messages()).isZero();
                client.quit();
            }
        }
    }

    @Test
    void dovecotKeepsWhatWasMarkedWhenTheConnectionIsCut() throws Exception {
        dovecot.expungeAll(ALICE, "INBOX");
        dovecot.save(ALICE, "INBOX", DOTS);
        try (Pop3Client client = client(dovecot.pop3(), TlsMode.AUTO, ALICE)) {
            client.dele(1);
        }
        dovecot.awaitCount(ALICE, "INBOX", 1);
    }

    @Test
    void greenMailIsServedWithoutExtensions() throws Exception {
        greenMail.purge();
        byte[] message = "Subject: one\r\n\r\n..\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);
        greenMail.deliver(ALICE, message);
        greenMail.deliver(ALICE, message);
        try (Pop3Client client = client(greenMail.pop3(), TlsMode.AUTO, ALICE)) {
            assertThat(client.contents().uids().count()).isEqualTo(2);
            Kept kept = new Kept();
            client.retr(new int[] {1, 2}, SPOOL, kept);
            assertThat(Pop3Peers.text(kept.mails.get(1)))
                    .contains("Subject: one\r\n")
                    .contains("\r\n..\r\ntext");
            assertThat(client.dele(new int[] {1})).isEmpty();
            client.quit();
        }
        assertThat(greenMail.messages(ALICE)).hasSize(1);
        try (Pop3Client client = Pop3Client.open(TestWire.dialer(), greenMail.pop3(), options(TlsMode.AUTO))) {
            assertThatThrownBy(() -> client.logIn(new Pop3Login(new Credentials(ALICE, Secret.of("wrong")), METHODS)))
                    .isInstanceOf(Pop3Refused.class);
        }
    }
}
