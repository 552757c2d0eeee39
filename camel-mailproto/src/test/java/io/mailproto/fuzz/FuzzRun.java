package io.mailproto.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs Jazzer on every target for some seconds, two at a time, each in a JVM of its own; profile {@code fuzz} starts it.
 * What it has found is in {@code target/fuzz}: the corpus of each target, its report, and the input that broke it.
 *
 * <p>Arguments: seconds for each target; then the targets' names, or none for all.
 */
public final class FuzzRun {
    private static final Path FOLDER = Path.of("target", "fuzz");
    private static final List<String> NEEDED =
            List.of("jazzer", "slf4j-api", "scram-", "saslprep", "stringprep", "apiguardian", "junit-jupiter-api");

    private static final int AT_A_TIME = 2;
    /** A target that has more than this on its heap keeps something of what it is sent. */
    private static final String HEAP = "-Xmx128m";
    /** For the JVM to start and for classes to be instrumented, on a slow machine. */
    private static final int START_SECONDS = 120;

    private FuzzRun() {}

    /** Ends with an exception if a target is broken. */
    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        List<String> names = List.of(arguments).subList(1, arguments.length);
        List<FuzzTarget> targets = names.isEmpty()
                ? FuzzTargets.ALL
                : names.stream().map(FuzzTargets::named).toList();
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Callable<String>> runs = new ArrayList<>();
            for (FuzzTarget target : targets) {
                runs.add(() -> run(target, seconds));
            }
            List<String> broken = new ArrayList<>();
            for (Future<String> run : threads.invokeAll(runs)) {
                if (!run.get().isEmpty()) {
                    broken.add(run.get());
                }
            }
            if (!broken.isEmpty()) {
                throw new IllegalStateException(String.join(System.lineSeparator(), broken));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Empty if all is well. */
    private static String run(FuzzTarget target, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(FOLDER.resolve(target.name()).toAbsolutePath());
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        int number = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(seeds.resolve("seed-" + number++), seed);
        }
        Path report = folder.resolve("report.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath(),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + JazzerEntry.class.getName(),
                        "--target_args=" + target.name(),
                        "--instrumentation_includes=io.mailproto.**",
                        // Jazzer's own detectors look for SQL, LDAP and the like, which nothing here has.
                        "--custom_hook_includes=none",
                        "--disabled_hooks=*",
                        "-max_total_time=" + seconds,
                        "-timeout=20",
                        "-artifact_prefix=" + folder + File.separator,
                        corpus.toString(),
                        seeds.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(report.toFile())
                .start();
        try {
            if (!process.waitFor(seconds + START_SECONDS, TimeUnit.SECONDS)) {
                return target.name() + " did not end, see " + report;
            }
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue() == 0 ? "" : target.name() + " is broken, see " + report + "\n" + excerpt(report);
    }

    /** Jazzer looks into everything that is there when it starts, so there is only what the targets need. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> Files.isDirectory(entry)
                        || NEEDED.stream().anyMatch(entry.getFileName().toString()::startsWith))
                .map(entry -> entry.toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String excerpt(Path report) throws IOException {
        try (InputStream in = Files.newInputStream(report)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int found = text.indexOf("== Java Exception");
            return text.substring(found < 0 ? Math.max(0, text.length() - 2000) : found);
        }
    }
}
