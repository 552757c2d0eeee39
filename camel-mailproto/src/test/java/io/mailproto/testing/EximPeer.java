package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Exim: SMTP with STARTTLS and SMTP over TLS on loopback ports, with the user alice/secret1. Its packages exclude
 * Postfix's, so it is not installed but unpacked: {@code dpkg-deb -x} of exim4-daemon-light into
 * {@code /opt/mailproto-exim}, or where the environment variable {@code MAILPROTO_EXIM} says. It insists on a user
 * Debian-exim.
 *
 * <p>Mail to alice and bob @example.test goes into Maildirs ({@link #maildir}), that to @login.test too, if the client has
 * logged in; relay.test goes by SMTP to a port of the test's choice. The recipients reject@, defer@ and drop@ are answered
 * with 550, 451 and 550 and the end of the connection, others of example.test with 550. None of its replies has an enhanced
 * status code.
 *
 * <p>A message stays in the queue until {@link #runQueue()}: when that returns, all that could be delivered has been.
 */
public final class EximPeer extends PeerFixture {
    /** The user, by the name to log in with. */
    public static final String ALICE = "alice";

    public static final String PASSWORD = "secret1";

    private static final String USER = "Debian-exim";
    private static final int SMTP = 25;
    private static final int SMTPS = 65;
    /** Where nobody listens: relay.test is then out of reach. */
    private static final int DISCARD = 9;

    private final int relayPort;
    private PortBlock ports;
    private PeerProcess process;

    private EximPeer(int relayPort) {
        this.relayPort = relayPort;
    }

    /** For a static {@code @RegisterExtension} field; it cannot relay. */
    public static EximPeer extension() {
        return new EximPeer(DISCARD);
    }

    /**
     * Starts it with its state below a directory, or skips the test. The caller closes it.
     *
     * @param relayPort of a server on 127.0.0.1 that gets the mail to relay.test
     */
    public static EximPeer startOrSkip(Path directory, int relayPort) throws IOException {
        EximPeer peer = new EximPeer(relayPort);
        peer.start(directory);
        return peer;
    }

    private static Path binary() {
        String place = System.getenv("MAILPROTO_EXIM");
        return Path.of(place == null ? "/opt/mailproto-exim" : place).resolve("usr/sbin/exim4");
    }

    @Override
    void requireAvailable() {
        Assumptions.assumeTrue(Files.isExecutable(binary()) && hasUser(), "peer not installed: exim");
        PeerCommand.requireInstalled("openssl");
    }

    private static boolean hasUser() {
        try {
            return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(USER) != null;
        } catch (UserPrincipalNotFoundException e) {
            // That is the answer.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void launch(Path below) throws IOException {
        for (String sub : List.of("spool", "log", "mail")) {
            Files.createDirectories(below.resolve(sub));
        }
        TestCertificates.writePem(below.resolve("tls"), TestCertificates.Kind.LOCALHOST);
        // GnuTLS wants the public key beside the private one, where Java does not write it.
        Path key = below.resolve("tls/key.pem");
        PeerCommand.of("openssl", "ec", "-out", key.toString())
                .input(Files.readAllBytes(key))
                .run()
                .orFail();
        ports = PortBlock.find(SMTP, SMTPS);
        boolean isRoot = PeerDirectory.isRoot();
        String user = isRoot ? USER : System.getProperty("user.name");
        String group = isRoot ? USER : PeerDirectory.ownGroup(below);
        List<String> interfaces = new ArrayList<>();
        for (int offset : new int[] {SMTP, SMTPS}) {
            interfaces.add("127.0.0.1." + ports.at(offset));
            if (PortBlock.hasIpv6()) {
                interfaces.add("[::1]:" + ports.at(offset));
            }
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put("EXIM", binary().toString());
        values.put("USER", user);
        values.put("GROUP", group);
        values.put("DIR", below.toString());
        values.put("INTERFACES", "<; " + String.join(" ; ", interfaces));
        values.put("SMTPS", String.valueOf(ports.at(SMTPS)));
        values.put("RELAY", String.valueOf(relayPort));
        values.put("PASSWORD", PASSWORD);
        // It stays the property of root, or Exim does not read it.
        Files.writeString(settings(below), PeerDirectory.template("/peers/exim.conf", values));
        if (isRoot) {
            for (String sub : List.of("spool", "log", "mail", "tls")) {
                giveAll(below.resolve(sub), user, group);
            }
        }
        process = PeerProcess.start(
                below.resolve("daemon.log"),
                List.of(binary().toString(), "-C", settings(below).toString(), "-bdf"));
        process.awaitGreeting(ports.at(SMTP), "220 ");
        process.awaitOpenPort(ports.at(SMTPS));
    }

    private static Path settings(Path below) {
        return below.resolve("exim.conf");
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

    /** Plain, with STARTTLS offered; takes mail from everybody. Logins only over TLS. */
    public HostPort smtp() {
        return at(SMTP);
    }

    /** TLS from the start. */
    public HostPort smtps() {
        return at(SMTPS);
    }

    private HostPort at(int offset) {
        requireRunning();
        return new HostPort("localhost", ports.at(offset));
    }

    /** Tries to deliver whatever is in the queue, whether its time has come or not; blocks until all has been tried. */
    public void runQueue() throws IOException {
        command("-qf");
    }

    /** The same in two steps: messages for the same host go over one connection. */
    public void runQueueByHost() throws IOException {
        command("-qqf");
    }

    /** How many messages wait. */
    public int queued() throws IOException {
        return Integer.parseInt(command("-bpc").strip());
    }

    private String command(String option) throws IOException {
        requireRunning();
        return PeerCommand.run(
                        "env", binary().toString(), "-C", settings(directory()).toString(), option)
                .orFail()
                .output();
    }

    /** The messages delivered to alice or bob. */
    public List<byte[]> maildir(String user) throws IOException {
        return PeerDirectory.maildir(directory().resolve("mail").resolve(user));
    }

    /** What Exim has logged so far: a line for each arrival and for each delivery. */
    public String log() throws IOException {
        requireRunning();
        Path log = directory().resolve("log/mainlog");
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
