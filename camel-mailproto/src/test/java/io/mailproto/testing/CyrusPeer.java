package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Cyrus: IMAP and POP3 on loopback ports, with the user alice/secret1. It shows the good certificate of
 * {@link TestCertificates}; plaintext logins are allowed. Its packages exclude Dovecot's, so it is not installed but
 * unpacked: {@code dpkg-deb -x} of cyrus-common, cyrus-imapd and cyrus-pop3d into {@code /opt/mailproto-cyrus}, or where
 * the environment variable {@code MAILPROTO_CYRUS} says.
 */
public final class CyrusPeer extends PeerFixture {
    /** The user, by the name to log in with. */
    public static final String ALICE = "alice";

    public static final String PASSWORD = "secret1";

    private static final String REALM = "mail.example.test";
    private static final int IMAP = 43;
    private static final int POP3 = 10;
    private static final int POP3S = 95;

    private PortBlock ports;
    private PeerProcess process;

    private CyrusPeer() {}

    /** For a static {@code @RegisterExtension} field. */
    public static CyrusPeer extension() {
        return new CyrusPeer();
    }

    private static Path unpacked() {
        String place = System.getenv("MAILPROTO_CYRUS");
        return Path.of(place == null ? "/opt/mailproto-cyrus" : place);
    }

    private static Path binary(String name) {
        return unpacked().resolve("usr/lib/cyrus/bin").resolve(name);
    }

    @Override
    void requireAvailable() {
        Assumptions.assumeTrue(Files.isExecutable(binary("master")), "peer not installed: cyrus");
        PeerCommand.requireInstalled("saslpasswd2");
        PeerCommand.requireInstalled("setsid");
        PeerCommand.requireInstalled("python3");
    }

    @Override
    void launch(Path below) throws IOException {
        for (String sub : List.of("lib/proc", "lib/socket", "lib/db", "lib/lock", "spool", "run")) {
            Files.createDirectories(below.resolve(sub));
        }
        TestCertificates.writePem(below.resolve("tls"), TestCertificates.Kind.LOCALHOST);
        ports = PortBlock.find(IMAP, POP3, POP3S);
        boolean isRoot = PeerDirectory.isRoot();
        String user = isRoot ? "mail" : System.getProperty("user.name");
        String group = isRoot ? "mail" : PeerDirectory.ownGroup(below);
        Map<String, String> values = Map.of(
                "DIR", below.toString(),
                "BIN", binary("").toString(),
                "USER", user,
                "GROUP", group,
                "IMAP", String.valueOf(ports.at(IMAP)),
                "POP3", String.valueOf(ports.at(POP3)),
                "POP3S", String.valueOf(ports.at(POP3S)));
        Path settings = below.resolve("imapd.conf");
        Path services = below.resolve("cyrus.conf");
        Files.writeString(settings, PeerDirectory.template("/peers/cyrus-imapd.conf", values));
        Files.writeString(services, PeerDirectory.template("/peers/cyrus.conf", values));
        // The realm of users without a domain is the server's name. A line end would belong to the password.
        PeerCommand.of("saslpasswd2", "-p", "-c", "-f", below.resolve("sasldb2").toString(), "-u", REALM, ALICE)
                .input(PASSWORD)
                .run()
                .orFail();
        if (isRoot) {
            giveAll(below, user, group);
        }
        // Its own session: on its end the master sends a signal to its whole process group.
        process = PeerProcess.start(
                below.resolve("log"),
                List.of(
                        PeerCommand.requireInstalled("env").toString(),
                        "LD_LIBRARY_PATH=" + unpacked().resolve("usr/lib/x86_64-linux-gnu"),
                        PeerCommand.requireInstalled("setsid").toString(),
                        binary("master").toString(),
                        "-D",
                        "-C",
                        settings.toString(),
                        "-M",
                        services.toString(),
                        "-p",
                        below.resolve("run/master.pid").toString()));
        process.awaitGreeting(ports.at(IMAP), "ready");
        process.awaitGreeting(ports.at(POP3), "ready");
    }

    private static void giveAll(Path directory, String user, String group) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                PeerDirectory.give(path, user, group);
            }
        }
    }

    @Override
    void shutDown() throws IOException {
        if (process != null) {
            process.close();
            process = null;
        }
        if (ports != null) {
            ports.close();
            ports = null;
        }
    }

    public HostPort imap() {
        return at(IMAP);
    }

    public HostPort pop3() {
        return at(POP3);
    }

    public HostPort pop3s() {
        return at(POP3S);
    }

    private HostPort at(int offset) {
        requireRunning();
        // It listens at this address only.
        return new HostPort("127.0.0.1", ports.at(offset));
    }

    /** Empties the inbox and puts these messages into it. */
    public void fill(byte[]... messages) throws IOException {
        StringBuilder hex = new StringBuilder();
        for (byte[] message : messages) {
            hex.append(HexFormat.of().formatHex(message)).append('\n');
        }
        imap("""
                if int(m.select()[1][0]):
                    m.store('1:*', '+FLAGS', '\\\\Deleted')
                    m.expunge()
                for line in sys.argv[4].split():
                    assert m.append('INBOX', None, None, bytes.fromhex(line))[0] == 'OK'
                """, hex.toString());
    }

    /** How many messages are in the inbox. */
    public int count() throws IOException {
        return Integer.parseInt(
                imap("print(int(m.select(readonly=True)[1][0]))\n", "").strip());
    }

    private String imap(String steps, String argument) throws IOException {
        String script = "import imaplib, sys\nm = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))\n"
                + "m.login(sys.argv[2], sys.argv[3])\n" + steps + "m.logout()\n";
        return PeerCommand.python(script, String.valueOf(ports.at(IMAP)), ALICE, PASSWORD, argument)
                .run()
                .orFail()
                .output();
    }
}
