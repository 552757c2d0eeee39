package io.mailproto.benchmarks;

import java.io.PrintStream;
import java.util.List;

/**
 * The command line: {@code smtp}, {@code receive}, {@code silent}, {@code imap}, {@code pop3}, {@code mapping}, {@code idle}
 * or {@code many}, then options. README.md in this folder tells how to run it and how to read what it prints.
 */
public final class Benchmarks {
    private static final String NAMES = "smtp, receive, silent, imap, pop3, mapping, idle, many";

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        Options options = Options.parse(args);
        List<String> words = options.words();
        if (words.isEmpty()) {
            throw new IllegalArgumentException("say which: " + NAMES);
        }
        out.printf(
                "JDK %s, %d processors, camel-mail %s%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                org.apache.camel.component.mail.MailComponent.class.getPackage().getImplementationVersion());
        for (String word : words) {
            switch (word) {
                case "smtp" -> new SmtpBenchmark(options, out).run();
                case "receive" -> new ReceiveBenchmark(options, out).run();
                case "silent" -> new SilentBenchmark(options, out).run();
                case "imap", "pop3" -> new PollBenchmark(word, options, out).run();
                case "mapping" -> new MappingBenchmark(options, out).run();
                case "idle", "many" -> new MailboxesBenchmark(word, options, out).run();
                default ->
                    throw new IllegalArgumentException(
                            "no benchmark " + word + "; there are " + NAMES);
            }
        }
    }
}
