package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static io.mailproto.smtp.server.TestSmtpServer.SECURITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.smtp.Reply;
import io.mailproto.spool.Octets;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.testing.PeerCommand;
import io.mailproto.testing.SmtpSource;
import io.mailproto.testing.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other people's clients. */
@Timeout(120)
class SmtpServerPeersTest {
    @TempDir
    private Path directory;

    @Test
    void takesMailFromSwaksOverStartTlsWithPassword() throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY))) {
            for (String mechanism : new String[] {"PLAIN", "LOGIN"}) {
                PeerCommand.run(
                                "swaks",
                                "--server",
                                server.address().toString(),
                                "--tls",
                                "--auth",
                                mechanism,
                                "--auth-user",
                                "ann",
                                "--auth-password",
                                "secret",
                                "--from",
                                "ann@example.com",
                                "--to",
                                "bob@example.org",
                                "--body",
                                "hello\n.dot")
                        .orFail();
            }
            assertThat(server.messages()).hasSize(2).allSatisfy(message -> {
                assertThat(message.session().user()).contains("ann");
                assertThat(message.session().tls()).isPresent();
                assertThat(TestSmtpServer.textOf(message)).endsWith("hello\r\n.dot\r\n\r\n\r\n");
            });
        }
    }

    @Test
    void takesMailFromMsmtpOverStartTlsWithPassword() throws Exception {
        TestCertificates.writePem(directory, TestCertificates.Kind.LOCALHOST);
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY))) {
            PeerCommand.of(
                            "msmtp",
                            "--host=localhost",
                            "--port=" + server.address().port(),
                            "--tls=on",
                            "--tls-trust-file=" + directory.resolve("ca.pem"),
                            "--auth=plain",
                            "--user=ann",
                            "--passwordeval=echo secret",
                            "--from=ann@example.com",
                            "bob@example.org",
                            "eve@example.org")
                    .input("Subject: hi\n\n.dot\n..\n")
                    .run()
                    .orFail();
            assertThat(server.messages()).hasSize(1).allSatisfy(message -> {
                assertThat(message.session().user()).contains("ann");
                assertThat(message.session().tls()).isPresent();
                assertThat(message.envelope().recipients()).hasSize(2);
            });
            assertThat(server.onlyText()).endsWith("Subject: hi\r\n\r\n.dot\r\n..\r\n");
        }
    }

    @Test
    void showsMsmtpTheRefusal() throws Exception {
        try (TestSmtpServer server =
                new TestSmtpServer(OPTIONS, (message, path) -> Reply.of(550, "5.7.1 not wanted here"))) {
            PeerCommand.Result result = PeerCommand.of(
                            "msmtp",
                            "--host=localhost",
                            "--port=" + server.address().port(),
                            "--tls=off",
                            "--auth=off",
                            "--from=ann@example.com",
                            "bob@example.org")
                    .input("Subject: hi\n\nhello\n")
                    .run();
            assertThat(result.exitCode()).isNotZero();
            assertThat(result.output()).contains("550 5.7.1 not wanted here");
        }
    }

    @Test
    void refusesSwaksWithTheWrongPassword() throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS.with(SECURITY))) {
            PeerCommand.Result result = PeerCommand.run(
                    "swaks",
                    "--server",
                    server.address().toString(),
                    "--auth",
                    "PLAIN",
                    "--auth-user",
                    "ann",
                    "--auth-password",
                    "wrong",
                    "--to",
                    "bob@example.org");
            assertThat(result.exitCode()).isNotZero();
            assertThat(result.output()).contains("535 5.7.8");
        }
    }

    @Test
    void takesMailFromCurl() throws Exception {
        Path mail = Files.writeString(directory.resolve("mail.eml"), "Subject: hi\r\n\r\n.a\r\n..b\r\n");
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            PeerCommand.run(
                            "curl",
                            "-sS",
                            "smtp://" + server.address() + "/client.example",
                            "--mail-from",
                            "ann@example.com",
                            "--mail-rcpt",
                            "bob@example.org",
                            "--mail-rcpt",
                            "eve@example.org",
                            "-T",
                            mail.toString())
                    .orFail();
            assertThat(server.onlyText()).isEqualTo("Subject: hi\r\n\r\n.a\r\n..b\r\n");
            assertThat(server.messages().get(0).envelope().recipients()).hasSize(2);
        }
    }

    @Test
    void takesTenMegabytesFromPythonOctetForOctet() throws Exception {
        SmtpServerOptions big = OPTIONS.with(ServerLimits.DEFAULTS);
        Spool spool = new Spool(new SpoolOptions(64 * 1024, directory));
        try (TestSmtpServer server = new TestSmtpServer(big, (message, path) -> Reply.of(250, "2.0.0 ok"), spool)) {
            PeerCommand.python("""
                    import smtplib, sys
                    s = smtplib.SMTP('127.0.0.1', int(sys.argv[1]))
                    s.sendmail('ann@example.com', ['bob@example.org'],
                        'Subject: big\\r\\n\\r\\n' + ('.' + 'x' * 75 + '\\r\\n') * 134000)
                    s.sendmail('ann@example.com', ['bob@example.org'], 'Subject: second\\r\\n\\r\\n')
                    s.quit()
                    """, String.valueOf(server.address().port()))
                    .run()
                    .orFail();
            assertThat(server.messages()).hasSize(2);
            Octets octets = server.messages().get(0).octets();
            assertThat(octets.isInMemory()).isFalse();
            assertThat(TestSmtpServer.textOf(server.messages().get(0)))
                    .isEqualTo("Subject: big\r\n\r\n" + ("." + "x".repeat(75) + "\r\n").repeat(134_000));
        }
    }

    @Test
    void takesAThousandMessagesFromSmtpSource() throws Exception {
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS)) {
            SmtpSource.run(
                            server.address(),
                            "-m",
                            "1000",
                            "-s",
                            "8",
                            "-l",
                            "4096",
                            "-f",
                            "ann@example.com",
                            "-t",
                            "bob@example.org")
                    .orFail();
            assertThat(server.messages()).hasSize(1000);
            assertThat(server.messages().stream().map(ReceivedMessage::id).distinct())
                    .hasSize(1000);
        }
    }

    @Test
    void saysThatItCannotStoreWhenTheSpoolIsGone() throws Exception {
        Spool spool = new Spool(new SpoolOptions(1024, directory.resolve("not-there")));
        try (TestSmtpServer server = new TestSmtpServer(OPTIONS, (message, path) -> Reply.of(250, "2.0.0 ok"), spool)) {
            PeerCommand.Result result = PeerCommand.run(
                    "swaks",
                    "--server",
                    server.address().toString(),
                    "--to",
                    "bob@example.org",
                    "--body",
                    "x".repeat(5000));
            assertThat(result.output()).contains("452 4.3.1 cannot store the message at the moment");
            assertThat(server.messages()).isEmpty();
        }
    }
}
