package io.mailproto.testing;

import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Postfix' smtp-sink: takes any mail, by SMTP or with option {@code -L} by LMTP, and keeps each message in a file; with
 * options it refuses, is slow or hangs up ({@code -f}, {@code -r}, {@code -q}, {@code -Q} and so on: see its manual).
 * It has no TLS and checks no passwords. Bare line ends and dots arrive as they were sent, with LF for CRLF.
 */
public final class SmtpSinkPeer extends PeerFixture {
    private static final int PORT = 25;

    private final List<String> options;
    private final boolean isKeeping;
    private final int fixedPort;
    private PortBlock ports;
    private PeerProcess process;
    private Path dump;

    /**
     * One message as the sink took it.
     *
     * @param mailArguments what followed {@code MAIL FROM:}, {@code <a@b> SIZE=10}
     * @param recipientArguments what followed each {@code RCPT TO:}
     * @param text the octets with LF at the ends of lines, dots unstuffed
     */
    public record Message(String mailArguments, List<String> recipientArguments, byte[] text) {}

    private SmtpSinkPeer(boolean isKeeping, int fixedPort, List<String> options) {
        this.isKeeping = isKeeping;
        this.fixedPort = fixedPort;
        this.options = options;
    }

    /** For a static {@code @RegisterExtension} field; the options are smtp-sink's own. */
    public static SmtpSinkPeer extension(String... options) {
        return new SmtpSinkPeer(true, 0, List.of(options));
    }

    /** Starts one that keeps messages, or skips the test. The caller closes it. */
    public static SmtpSinkPeer startOrSkip(Path directory, String... options) throws IOException {
        SmtpSinkPeer peer = new SmtpSinkPeer(true, 0, List.of(options));
        peer.start(directory);
        return peer;
    }

    /** Starts one that forgets messages at once, for speed. */
    public static SmtpSinkPeer startForgetfulOrSkip(Path directory, String... options) throws IOException {
        SmtpSinkPeer peer = new SmtpSinkPeer(false, 0, List.of(options));
        peer.start(directory);
        return peer;
    }

    /** For a port that another fixture has set aside. */
    static SmtpSinkPeer startAt(int port, Path directory, String... options) throws IOException {
        SmtpSinkPeer peer = new SmtpSinkPeer(true, port, List.of(options));
        peer.start(directory);
        return peer;
    }

    @Override
    void requireAvailable() {
        PeerCommand.requireInstalled("smtp-sink");
    }

    @Override
    void launch(Path below) throws IOException {
        int port = fixedPort;
        if (port == 0) {
            ports = PortBlock.find(PORT);
            port = ports.at(PORT);
        }
        // One level below: smtp-sink makes its root its own as the unprivileged user.
        dump = PeerDirectory.open(below.resolve("sink")).resolve("d");
        Files.createDirectories(dump);
        List<String> command = new ArrayList<>();
        command.add(PeerCommand.requireInstalled("smtp-sink").toString());
        if (PeerDirectory.isRoot()) {
            PeerDirectory.give(dump, "nobody", "nogroup");
            command.addAll(List.of("-u", "nobody"));
        }
        if (isKeeping) {
            command.addAll(List.of("-R", dump.toString(), "-d", "m."));
        }
        command.addAll(options);
        command.addAll(List.of("127.0.0.1:" + port, "100"));
        process = PeerProcess.start(below.resolve("sink.log"), command);
        if (options.stream().anyMatch("CONNECT"::equalsIgnoreCase)) {
            process.awaitOpenPort(port);
        } else {
            process.awaitGreeting(port, "220");
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

    /** Where it listens. */
    public HostPort smtp() {
        requireRunning();
        return new HostPort("localhost", fixedPort == 0 ? ports.at(PORT) : fixedPort);
    }

    /** The messages taken so far, in no certain order. One that is just coming may be there in part. */
    public List<Message> messages() throws IOException {
        requireRunning();
        List<Message> messages = new ArrayList<>();
        List<Path> files = PeerDirectory.list(dump)
                .sorted(Comparator.comparing(path -> path.getFileName().toString()))
                .toList();
        for (Path file : files) {
            messages.add(parse(Files.readAllBytes(file)));
        }
        return messages;
    }

    /**
     * The file begins with lines of the sink's own ({@code X-Client-Addr} to {@code X-Rcpt-Args}, one {@code Received:} in
     * three lines) and ends with an empty one.
     */
    private static Message parse(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\nReceived: ") + 1;
        int start = headEnd;
        for (int line = 0; line < 3; line++) {
            start = text.indexOf('\n', start) + 1;
        }
        String mail = "";
        List<String> recipients = new ArrayList<>();
        for (String line : text.substring(0, headEnd).split("\n", -1)) {
            if (line.startsWith("X-Mail-Args: ")) {
                mail = line.substring("X-Mail-Args: ".length());
            } else if (line.startsWith("X-Rcpt-Args: ")) {
                recipients.add(line.substring("X-Rcpt-Args: ".length()));
            }
        }
        return new Message(mail, List.copyOf(recipients), Arrays.copyOfRange(file, start, file.length - 1));
    }
}
