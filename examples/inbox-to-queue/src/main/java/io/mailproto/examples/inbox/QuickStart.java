package io.mailproto.examples.inbox;

import io.mailproto.examples.inbox.SampleMessages.Sample;
import io.mailproto.examples.inbox.Tally.Station;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run: servers up, mails loaded, routes running until all is done, result checked. Used once, by one thread. */
final class QuickStart {
    private static final DateTimeFormatter RUN_NAME = DateTimeFormatter.ofPattern("'run'-yyyyMMdd-HHmmss-SSS");
    private static final int HOPELESS_POLLS = 5;
    private static final int MOST_REASONS = 20;
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final PrintStream out;
    private final boolean terminal;
    private final Tally tally = new Tally();
    private final OctetCheck check = new OctetCheck();
    private final Failures failures = new Failures(tally);
    private Settings settings;
    private Path runFolder;
    /** How many mails have to come; 0 if nobody knows. */
    private int expected;

    QuickStart(Settings settings, PrintStream out, boolean terminal) {
        this.settings = settings;
        this.out = out;
        this.terminal = terminal;
    }

    /** Does the whole run and prints what happens; true if everything arrived as it was sent. */
    boolean run() throws Exception {
        runFolder = Files.createDirectories(
                settings.workFolder().resolve(LocalDateTime.now().format(RUN_NAME)));
        out.println("Results go to " + runFolder);
        if (!settings.usesSampleMailboxes()) {
            return runWithBroker();
        }
        try (Mailboxes mailboxes = Mailboxes.start()) {
            load(mailboxes);
            return runWithBroker();
        }
    }

    /** Every second message goes to the one inbox, the others to the other. */
    private void load(Mailboxes mailboxes) throws Exception {
        List<Sample> samples = SampleMessages.all();
        int inPop3 = 0;
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            // The embedded server's POP3 side loses empty lines at the end of a mail.
            boolean byPop3 = i % 2 == 1 && !endsWithEmptyLine(sample.octets());
            mailboxes.put(byPop3 ? Mailboxes.POP3_USER : Mailboxes.IMAP_USER, sample.octets());
            check.expect(OctetCheck.sha256(sample.octets()), sample.name());
            inPop3 += byPop3 ? 1 : 0;
        }
        expected = samples.size();
        settings = settings.with("imap.host", Mailboxes.HOST)
                .with("imap.port", Integer.toString(mailboxes.imapPort()))
                .with("imap.username", Mailboxes.IMAP_USER)
                .with("imap.password", Mailboxes.PASSWORD)
                .with("pop3.host", Mailboxes.HOST)
                .with("pop3.port", Integer.toString(mailboxes.pop3Port()))
                .with("pop3.username", Mailboxes.POP3_USER)
                .with("pop3.password", Mailboxes.PASSWORD)
                .with("pop3.options", "tls=auto&delete=true");
        out.printf("Loaded %d messages into the IMAP inbox and %d into the POP3 inbox%n", expected - inPop3, inPop3);
    }

    private static boolean endsWithEmptyLine(byte[] octets) {
        String end = new String(
                octets, Math.max(0, octets.length - 4), Math.min(4, octets.length), StandardCharsets.US_ASCII);
        return end.equals("\r\n\r\n");
    }

    private boolean runWithBroker() throws Exception {
        if (settings.number("server.port") == 0) {
            settings = settings.with("server.port", Integer.toString(freePort()));
        }
        if (!settings.has("smtp.host")) {
            settings = settings.with("smtp.host", settings.get("server.host"))
                    .with("smtp.port", settings.get("server.port"));
        }
        boolean sample = expected > 0;
        // A queue of real mail outlives the run, so that nothing is lost when a run is cut short.
        Path brokerFolder = (sample ? runFolder : settings.workFolder()).resolve("broker");
        try (Broker broker =
                settings.has("broker.url") ? Broker.at(settings.get("broker.url")) : Broker.start(brokerFolder)) {
            return runRoutes(broker, new Tracker(tally, check, !sample));
        }
    }

    private boolean runRoutes(Broker broker, Tracker tracker) throws Exception {
        long started = System.nanoTime();
        String problem;
        Duration elapsed;
        Pipeline pipeline = Pipeline.start(settings, runFolder, broker.connectionFactory(), tally, tracker, failures);
        try (pipeline) {
            problem = awaitEnd(started);
            // Without the time in which nothing moved any more.
            elapsed = Duration.ofNanos(System.nanoTime() - started - tally.nanosSinceLastChange());
        }
        return report(problem, elapsed);
    }

    /** Waits until all is done; returns why it stopped waiting otherwise, or "" if all is done. */
    private String awaitEnd(long started) throws InterruptedException {
        Progress progress = new Progress(out, terminal, expected);
        Duration limit = settings.seconds("timelimit");
        String problem = null;
        while (problem == null) {
            progress.show(tally);
            if (isDone()) {
                problem = "";
            } else if (failures.pollsFailedInARow() >= HOPELESS_POLLS) {
                problem = HOPELESS_POLLS + " polls in a row have failed";
            } else if (System.nanoTime() - started > limit.toNanos()) {
                problem = "the time limit of " + limit.toSeconds() + " s is over";
            } else {
                TimeUnit.NANOSECONDS.sleep(GLANCE.toNanos());
            }
        }
        progress.finish(tally);
        return problem;
    }

    private boolean isDone() {
        long mails = expected > 0 ? expected : tally.get(Station.RECEIVED);
        boolean complete = tally.get(Station.RECEIVED) >= mails
                && tally.get(Station.SUMMARISED) >= mails
                && tally.get(Station.QUEUED) >= mails
                && tally.get(Station.RELAYED) >= mails
                && tally.get(Station.DELIVERED) >= mails;
        boolean calm = tally.nanosSinceLastChange() > settings.seconds("quiet").toNanos();
        return complete && (expected > 0 || calm);
    }

    private boolean report(String problem, Duration elapsed) throws IOException {
        out.print(SummaryTable.of(tally, elapsed));
        List<String> reasons = new ArrayList<>(check.faults(runFolder.resolve("delivered")));
        if (!problem.isEmpty()) {
            reasons.add(0, problem);
        }
        if (tally.get(Station.FAILED) > 0) {
            reasons.addAll(failures.lines());
        }
        if (reasons.isEmpty()) {
            out.println("OK: every mail arrived octet for octet as it was sent");
            return true;
        }
        out.println("FAILED:");
        reasons.stream().limit(MOST_REASONS).forEach(reason -> out.println("  " + reason));
        if (reasons.size() > MOST_REASONS) {
            out.println("  and " + (reasons.size() - MOST_REASONS) + " more");
        }
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
