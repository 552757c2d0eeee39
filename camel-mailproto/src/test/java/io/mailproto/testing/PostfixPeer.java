package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * Postfix: SMTP, submission and submissions on loopback ports. Needs root.
 *
 * <p>Mail to dave@maildir.test goes into a Maildir ({@link #maildir}); alice, bob and carol @example.test too, or by
 * LMTP to a {@link DovecotPeer}, which then also checks passwords; discard.test goes nowhere; relay.test goes by SMTP to
 * {@link #sink()}. The recipients reject@, defer@ and drop@example.test are answered with 550, 450 and 521 at RCPT,
 * others of example.test with 550 5.1.1.
 */
public final class PostfixPeer extends PeerFixture {
    private static final int SMTP = 25;
    private static final int SUBMISSION = 87;
    private static final int SUBMISSIONS = 65;
    private static final int SINK = 99;
    private static final List<String> QUEUES = List.of(
            "active",
            "bounce",
            "corrupt",
            "defer",
            "deferred",
            "flush",
            "hold",
            "incoming",
            "private",
            "saved",
            "trace");

    private final DovecotPeer dovecot;
    private PortBlock ports;
    private PeerProcess process;
    private SmtpSinkPeer sink;

    private PostfixPeer(DovecotPeer dovecot) {
        this.dovecot = dovecot;
    }

    /** For a static {@code @RegisterExtension} field; without passwords, all mail into Maildirs. */
    public static PostfixPeer extension() {
        return new PostfixPeer(null);
    }

    /** For a static {@code @RegisterExtension} field; started after Dovecot, whatever the order of the fields. */
    public static PostfixPeer extension(DovecotPeer dovecot) {
        return new PostfixPeer(dovecot);
    }

    /** Starts it with its state below a directory, or skips the test. The caller closes it. */
    public static PostfixPeer startOrSkip(Path directory) throws IOException {
        return startOrSkip(directory, null);
    }

    /** The same, with passwords and mailboxes in a Dovecot that runs. */
    public static PostfixPeer startOrSkip(Path directory, DovecotPeer dovecot) throws IOException {
        PostfixPeer peer = new PostfixPeer(dovecot);
        peer.start(directory);
        return peer;
    }

    @Override
    void requireAvailable() {
        PeerCommand.requireInstalled("postfix");
        Assumptions.assumeTrue(PeerDirectory.isRoot(), "peer needs root: postfix");
    }

    @Override
    void launch(Path below) throws IOException {
        if (dovecot != null) {
            dovecot.startIfNeeded();
        }
        Path etc = PeerDirectory.open(below.resolve("etc"));
        Path queue = PeerDirectory.open(below.resolve("queue"));
        for (String own : List.of("data", "maildirs")) {
            PeerDirectory.give(PeerDirectory.open(below.resolve(own)), "postfix", "postfix");
        }
        TestCertificates.writePem(below.resolve("tls"), TestCertificates.Kind.LOCALHOST);
        makeQueues(queue);
        ports = PortBlock.find(SMTP, SUBMISSION, SUBMISSIONS, SINK);
        sink = SmtpSinkPeer.startAt(ports.at(SINK), below.resolve("relayed"));

        boolean hasIpv6 = PortBlock.hasIpv6();
        Map<String, String> values = new LinkedHashMap<>();
        values.put("DIR", below.toString());
        values.put("SBIN", PeerCommand.requireInstalled("postqueue").getParent().toString());
        values.put("DAEMONS", daemons().toString());
        values.put("PROTOCOLS", hasIpv6 ? "all" : "ipv4");
        values.put("UID", Files.getAttribute(below.resolve("data"), "unix:uid").toString());
        values.put("GID", Files.getAttribute(below.resolve("data"), "unix:gid").toString());
        values.put(
                "EXAMPLE_TRANSPORT",
                dovecot == null
                        ? "virtual"
                        : "lmtp:inet:127.0.0.1:" + dovecot.lmtp().port());
        values.put("SINK", String.valueOf(ports.at(SINK)));
        // Empty would be a fatal error even with SASL off.
        values.put(
                "SASL_SOCKET", dovecot == null ? "smtpd" : dovecot.authSocket().toString());
        values.put("SASL", dovecot == null ? "no" : "yes");
        // On all loopback addresses, which inet_interfaces says.
        values.put("SMTP", String.valueOf(ports.at(SMTP)));
        values.put("SUBMISSION", String.valueOf(ports.at(SUBMISSION)));
        values.put("SUBMISSIONS", String.valueOf(ports.at(SUBMISSIONS)));
        // The master rereads files that are just written until they are old enough: 1.8 s.
        FileTime past = FileTime.from(Instant.now().minus(Duration.ofMinutes(1)));
        for (String name : List.of("main.cf", "master.cf")) {
            Path file = etc.resolve(name);
            Files.writeString(file, PeerDirectory.template("/peers/postfix-" + name, values));
            Files.setLastModifiedTime(file, past);
        }
        // setsid: at its end the master signals its whole process group.
        process = PeerProcess.start(
                below.resolve("log"),
                List.of(
                        PeerCommand.requireInstalled("setsid").toString(),
                        daemons().resolve("master").toString(),
                        "-c",
                        etc.toString(),
                        "-d",
                        "-s"));
        process.awaitGreeting(ports.at(SMTP), "220 ");
    }

    private static Path daemons() {
        Path debian = Path.of("/usr/lib/postfix/sbin");
        return Files.isDirectory(debian) ? debian : Path.of("/usr/libexec/postfix");
    }

    /** What {@code postfix check} would make in three seconds. */
    private static void makeQueues(Path queue) throws IOException {
        for (String name : QUEUES) {
            Path directory = queue.resolve(name);
            Files.createDirectories(directory);
            PeerDirectory.give(directory, "postfix", "root");
            PeerDirectory.chmod(directory, "rwx------");
        }
        for (String name : List.of("saved", "trace", "pid")) {
            Files.createDirectories(queue.resolve(name));
        }
        for (String name : List.of("maildrop", "public")) {
            Path directory = queue.resolve(name);
            Files.createDirectories(directory);
            PeerDirectory.give(directory, "postfix", "postdrop");
            PeerDirectory.chmod(directory, name.equals("maildrop") ? "rwx-wx---" : "rwx--x---");
        }
    }

    @Override
    void shutDown() throws IOException {
        if (process != null) {
            process.close();
            process = null;
        }
        if (sink != null) {
            sink.close();
            sink = null;
        }
        if (ports != null) {
            ports.close();
            ports = null;
        }
    }

    /** Plain, with STARTTLS offered; relays for everybody on this machine. */
    public HostPort smtp() {
        return at(SMTP);
    }

    /** STARTTLS and a login are required; only with Dovecot. */
    public HostPort submission() {
        return at(SUBMISSION);
    }

    /** TLS from the start, and a login is required; only with Dovecot. */
    public HostPort submissions() {
        return at(SUBMISSIONS);
    }

    private HostPort at(int offset) {
        requireRunning();
        return new HostPort("localhost", ports.at(offset));
    }

    /** Where mail to relay.test arrives. */
    public SmtpSinkPeer sink() {
        requireRunning();
        return sink;
    }

    /** The authority's certificate, for foreign clients. */
    public Path caPem() {
        return directory().resolve("tls/ca.pem");
    }

    /** The messages delivered to dave@maildir.test ({@code "dave"}), or without Dovecot to alice, bob or carol. */
    public List<byte[]> maildir(String user) throws IOException {
        return PeerDirectory.maildir(directory().resolve("maildirs").resolve(user));
    }

    /** Runs one of Postfix' commands ({@code postqueue -j}, {@code postsuper -d ALL}) on this instance. */
    public String command(String program, String... arguments) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("-c", directory().resolve("etc").toString()));
        all.addAll(List.of(arguments));
        return PeerCommand.run(program, all.toArray(String[]::new)).orFail().output();
    }

    /** What Postfix has logged so far. */
    public String log() throws IOException {
        requireRunning();
        return process.log();
    }
}
