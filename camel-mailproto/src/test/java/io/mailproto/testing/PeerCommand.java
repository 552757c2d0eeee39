package io.mailproto.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs a foreign program to its end: curl, swaks, smtp-source, doveadm, python3. Its output (both streams) is captured;
 * one that does not end in time is killed and the test fails with what it has said. If the program is not installed the
 * test is skipped with {@code peer not installed: NAME}.
 */
public final class PeerCommand {
    private static final List<String> MORE_PLACES =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private final List<String> command;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private byte[] input = new byte[0];
    private Duration limit = Duration.ofSeconds(60);

    /**
     * What a program left.
     *
     * @param exitCode 0 is success
     * @param output both streams as they came, as UTF-8
     */
    public record Result(String command, int exitCode, String output) {
        /** This, if the program succeeded. */
        public Result orFail() {
            if (exitCode != 0) {
                throw new AssertionError(command + " ended with " + exitCode + ":\n" + output);
            }
            return this;
        }

        /** The output's lines. */
        public List<String> lines() {
            return output.lines().toList();
        }
    }

    private PeerCommand(List<String> command) {
        this.command = command;
    }

    /** A program by its name, looked for in the path and where servers are, with its arguments. */
    public static PeerCommand of(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(requireInstalled(program).toString());
        command.addAll(List.of(arguments));
        return new PeerCommand(command);
    }

    /** Runs a program within a minute, without input. */
    public static Result run(String program, String... arguments) throws IOException {
        return of(program, arguments).run();
    }

    /** Runs a Python 3 script given as text; its arguments are in {@code sys.argv[1:]}. */
    public static PeerCommand python(String script, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-"));
        all.addAll(List.of(arguments));
        return of("python3", all.toArray(String[]::new)).input(script);
    }

    /** What the program reads from its standard input. */
    public PeerCommand input(byte[] octets) {
        input = octets.clone();
        return this;
    }

    /** The same, as UTF-8. */
    public PeerCommand input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How long it may take; at first a minute. */
    public PeerCommand within(Duration time) {
        limit = time;
        return this;
    }

    /** One more environment variable. */
    public PeerCommand environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs it; blocks until it has ended or is killed. */
    public Result run() throws IOException {
        Path output = Files.createTempFile("peer-command", ".out");
        Path inputFile = Files.createTempFile("peer-command", ".in");
        try {
            try (OutputStream out = Files.newOutputStream(inputFile)) {
                out.write(input);
            }
            // Files instead of pipes: no thread is needed to keep them flowing.
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(inputFile.toFile())
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(
                        String.join(" ", command) + " did not end within " + limit + "; it has said:\n" + text(output));
            }
            return new Result(String.join(" ", command), process.exitValue(), text(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.get(0), e);
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(inputFile);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** The path of a program, or the test is skipped. */
    static Path requireInstalled(String program) {
        Optional<Path> found = find(program);
        Assumptions.assumeTrue(found.isPresent(), "peer not installed: " + program);
        return found.orElseThrow();
    }

    static Optional<Path> find(String program) {
        List<String> places = new ArrayList<>(List.of(System.getenv("PATH").split(":", -1)));
        places.addAll(MORE_PLACES);
        return places.stream()
                .filter(place -> !place.isEmpty())
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
