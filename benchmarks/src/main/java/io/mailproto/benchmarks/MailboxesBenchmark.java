package io.mailproto.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory: {@code idle} has a thousand mailboxes in IDLE ({@code --messages=} changes that), {@code many} has one with
 * 100,000 mails. Peer and consumers are processes of their own; {@code --jvm=} is the program for the consumers, whose
 * threads are virtual from Java 21 on.
 */
final class MailboxesBenchmark {
    private final String which;
    private final Options options;
    private final PrintStream out;

    MailboxesBenchmark(String which, Options options, PrintStream out) {
        this.which = which;
        this.options = options;
        this.out = out;
    }

    void run() throws IOException, InterruptedException {
        boolean isIdle = which.equals("idle");
        String own = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        int number = options.number("messages", isIdle ? 1000 : 100_000);
        Process peer = java(own, List.of("-Xmx256m"), ScriptedImap.class, isIdle ? "0" : String.valueOf(number));
        try (BufferedReader lines = lines(peer)) {
            String port = lines.readLine();
            Process consumers = java(
                    options.values().getOrDefault("jvm", own),
                    List.of(isIdle ? "-Xmx256m" : "-Xmx64m", "-Dcamel.threads.virtual.enabled=true"),
                    Mailboxes.class,
                    which,
                    port,
                    String.valueOf(number));
            out.println(which + ", " + consumers.info().command().orElse("java"));
            try (BufferedReader told = lines(consumers)) {
                told.lines().forEach(out::println);
            } finally {
                consumers.destroy();
            }
            if (consumers.waitFor() != 0) {
                throw new IllegalStateException(which + " did not come to its end");
            }
        } finally {
            peer.destroy();
        }
    }

    private static Process java(String program, List<String> jvm, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
