package io.mailproto.benchmarks;

import io.mailproto.benchmarks.Meter.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Receiving: a route polls a mailbox of Dovecot that holds many messages and reads text and attachments of each. The
 * time runs from the start of the route to the end of the poll, when the server has been told what is done; what the
 * server then says is checked with its own tool. Options: {@code --messages=2000,10000}, {@code --sizes=3072},
 * {@code --rtt=} milliseconds, and for POP3 {@code --delete=true} or {@code false} (both if not given).
 */
final class PollBenchmark {
    private static final int ROUND_TIMEOUT_MINUTES = 10;

    private final String protocol;
    private final Options options;
    private final PrintStream out;
    private final Bystanders bystanders = new Bystanders();
    private final Meter meter = new Meter(bystanders);
    private int users;

    PollBenchmark(String protocol, Options options, PrintStream out) {
        this.protocol = protocol;
        this.options = options;
        this.out = out;
    }

    void run() throws IOException, InterruptedException {
        Optional<Path> binary = Dovecot.installed();
        if (binary.isEmpty()) {
            out.println("SKIPPED: " + protocol + " needs Dovecot, which is not installed"
                    + " (Debian: apt-get install dovecot-imapd dovecot-pop3d)");
            return;
        }
        try (Dovecot dovecot = Dovecot.start(binary.get())) {
            for (int messages : options.numbers("messages", messages())) {
                for (int size : options.numbers("sizes", 3072)) {
                    contests(dovecot, messages, size);
                }
            }
        }
    }

    private Integer[] messages() {
        boolean isPop3 = protocol.equals("pop3");
        if (options.roundTrip().isZero()) {
            return isPop3 ? new Integer[] {2_000, 10_000} : new Integer[] {10_000};
        }
        return new Integer[] {isPop3 ? 500 : 200};
    }

    private void contests(Dovecot dovecot, int messages, int size) throws IOException, InterruptedException {
        if (protocol.equals("imap")) {
            contest(dovecot, "plain", messages, size, false, "&unseen=true&peek=true&delete=false");
            contest(dovecot, "multipart", messages, size, true, "&unseen=true&peek=true&delete=false");
            return;
        }
        String delete = options.values().get("delete");
        if (delete == null || delete.equals("true")) {
            contest(dovecot, "delete", messages, size, false, "&delete=true");
        }
        if (delete == null || delete.equals("false")) {
            contest(dovecot, "keep", messages, size, false, "&delete=false");
        }
    }

    private void contest(Dovecot dovecot, String kind, int messages, int size, boolean multipart, String query)
            throws IOException, InterruptedException {
        String template = kind + size + "x" + messages;
        dovecot.prepare(template, messages, size, multipart);
        Contest contest = new Contest(
                "%s poll, %s, %,d messages of %,d octets, round trip %d ms"
                        .formatted(
                                protocol.toUpperCase(java.util.Locale.ROOT),
                                kind,
                                messages,
                                size,
                                options.roundTrip().toMillis()),
                out);
        if (protocol.equals("pop3") && options.takesPart("raw")) {
            boolean delete = query.contains("delete=true");
            contest.with(
                    "raw and mime4j",
                    () -> round(dovecot, template, (user, server) -> {
                        Sample sample = raw(user, server, messages, delete);
                        check(dovecot, user, messages, query);
                        return sample;
                    }));
        }
        for (Candidate candidate : Candidate.chosenBy(options)) {
            contest.with(
                    candidate.label(),
                    () -> round(dovecot, template, (user, server) -> {
                        candidate.prepareProcess();
                        return poll(dovecot, candidate, user, server, messages, query);
                    }));
        }
        contest.run(options.number("warmups", 1), options.number("rounds", 3));
    }

    /** Empties or reads the mailbox of a user. */
    @FunctionalInterface
    private interface Poll {
        Sample of(String user, InetSocketAddress server) throws Exception;
    }

    private Sample round(Dovecot dovecot, String template, Poll poll) throws Exception {
        String user = "user" + users++;
        dovecot.copy(template, user);
        InetSocketAddress server = protocol.equals("imap") ? dovecot.imap() : dovecot.pop3();
        try {
            if (options.roundTrip().isZero()) {
                return poll.of(user, server);
            }
            try (DelayProxy proxy = DelayProxy.open(server, options.roundTrip(), bystanders)) {
                return poll.of(user, proxy.address());
            }
        } finally {
            dovecot.drop(user);
        }
    }

    private Sample raw(String user, InetSocketAddress server, int messages, boolean delete) throws IOException {
        meter.start();
        try (RawPop3 client = new RawPop3(server)) {
            int read = client.poll(user, Dovecot.PASSWORD, delete);
            Sample sample = meter.stop(messages);
            if (read != messages || client.characters() < messages) {
                throw new IllegalStateException("read " + read + " of " + messages + " messages");
            }
            return sample;
        }
    }

    private Sample poll(
            Dovecot dovecot, Candidate candidate, String user, InetSocketAddress server, int messages, String query)
            throws Exception {
        String uri =
                "%s:%s:%d?username=%s&password=%s&maxMessagesPerPoll=-1&initialDelay=0&delay=600000&pollStrategy=#end%s"
                        .formatted(
                                candidate.scheme(protocol),
                                server.getAddress().getHostAddress(),
                                server.getPort(),
                                user,
                                Dovecot.PASSWORD,
                                query);
        EndOfPoll end = new EndOfPoll();
        Reader reader = new Reader();
        Sample sample;
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("end", end);
            candidate.register(context, protocol);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri).routeId("poll").autoStartup(false).process(reader::read);
                }
            });
            context.start();
            meter.start();
            context.getRouteController().startRoute("poll");
            int polled = end.await(ROUND_TIMEOUT_MINUTES, TimeUnit.MINUTES);
            sample = meter.stop(messages);
            if (polled != messages || reader.messages != messages || reader.octets < messages) {
                throw new IllegalStateException("polled " + polled + " and read " + reader.messages + " of " + messages
                        + " messages, " + reader.octets + " octets");
            }
        }
        check(dovecot, user, messages, query);
        return sample;
    }

    /** Asks Dovecot whether it was told that the messages are done. */
    private static void check(Dovecot dovecot, String user, int messages, String query)
            throws IOException, InterruptedException {
        boolean delete = query.contains("delete=true");
        long left = dovecot.count(user, "all");
        if (left != (delete ? 0 : messages)) {
            throw new IllegalStateException(left + " of " + messages + " messages are on the server after the poll");
        }
        if (query.contains("unseen=true") && dovecot.count(user, "unseen") != 0) {
            throw new IllegalStateException("some messages are still unseen after the poll");
        }
    }

    /** What a route does with a mail: it looks at the text and at the octets of each attachment. */
    private static final class Reader {
        private int messages;
        private long octets;

        private void read(Exchange exchange) throws IOException {
            String text = exchange.getMessage().getBody(String.class);
            octets += text.length();
            AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
            if (message.hasAttachments()) {
                for (var attachment : message.getAttachments().values()) {
                    octets += attachment.getInputStream().readAllBytes().length;
                }
            }
            messages++;
        }
    }
}
