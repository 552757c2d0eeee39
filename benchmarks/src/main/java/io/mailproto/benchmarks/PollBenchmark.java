package io.mailproto.benchmarks;

import io.mailproto.benchmarks.Meter.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
    private final Set<String> prepared = new HashSet<>();
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
            if (protocol.equals("imap")) {
                for (String name : options.values()
                        .getOrDefault("kinds", "plain,multipart,big")
                        .split(",")) {
                    contests(dovecot, Kind.valueOf(name.toUpperCase(Locale.ROOT)));
                }
            } else {
                contests(dovecot, Kind.PLAIN);
            }
        }
    }

    private void contests(Dovecot dovecot, Kind kind) throws IOException, InterruptedException {
        for (int messages : options.numbers("messages", messages(kind))) {
            for (int size : options.numbers("sizes", kind == Kind.BIG ? 1 << 20 : 3072)) {
                contests(dovecot, kind, messages, size);
            }
        }
    }

    private Integer[] messages(Kind kind) {
        boolean isPop3 = protocol.equals("pop3");
        if (options.roundTrip().isZero()) {
            return isPop3 ? new Integer[] {2_000, 10_000} : new Integer[] {kind == Kind.BIG ? 100 : 10_000};
        }
        return new Integer[] {isPop3 ? 500 : kind == Kind.BIG ? 10 : 200};
    }

    private void contests(Dovecot dovecot, Kind kind, int messages, int size) throws IOException, InterruptedException {
        if (protocol.equals("imap")) {
            contest(dovecot, kind, "", messages, size, "&unseen=true&peek=true&delete=false");
            return;
        }
        String delete = options.values().get("delete");
        if (delete == null || delete.equals("true")) {
            contest(dovecot, kind, ", delete", messages, size, "&delete=true");
        }
        if (delete == null || delete.equals("false")) {
            contest(dovecot, kind, ", keep", messages, size, "&delete=false");
        }
    }

    private void contest(Dovecot dovecot, Kind kind, String how, int messages, int size, String query)
            throws IOException, InterruptedException {
        Mailbox mailbox = prepared(dovecot, kind, messages, size);
        int others = options.number("others", messages);
        Mailbox othersMailbox = others == messages ? mailbox : prepared(dovecot, kind, others, size);
        Contest contest = new Contest(
                "%s poll, %s%s, %,d messages of %,d octets%s, round trip %d ms"
                        .formatted(
                                protocol.toUpperCase(Locale.ROOT),
                                kind.name().toLowerCase(Locale.ROOT),
                                how,
                                messages,
                                size,
                                others == messages ? "" : " (camel-mail: %,d)".formatted(others),
                                options.roundTrip().toMillis()),
                out);
        if (options.takesPart("raw")) {
            boolean delete = query.contains("delete=true");
            contest.with(
                    "raw and mime4j",
                    () -> round(dovecot, mailbox, (user, server) -> {
                        Sample sample = protocol.equals("imap")
                                ? rawImap(user, server, messages)
                                : raw(user, server, messages, delete);
                        check(dovecot, user, messages, query);
                        return sample;
                    }));
        }
        for (Candidate candidate : Candidate.chosenBy(options)) {
            Mailbox own = candidate == Candidate.OURS ? mailbox : othersMailbox;
            contest.with(
                    candidate.label(),
                    () -> round(dovecot, own, (user, server) -> {
                        candidate.prepareProcess();
                        return poll(dovecot, candidate, user, server, own.messages(), query);
                    }));
        }
        contest.run(options.number("warmups", 1), options.number("rounds", 3));
    }

    /** What the messages of a mailbox are. */
    private enum Kind {
        PLAIN,
        MULTIPART,
        BIG;

        byte[] mail(int number, int size) {
            return switch (this) {
                case PLAIN -> TestMail.plain(number, size);
                case MULTIPART -> TestMail.multipart(number, size);
                case BIG -> TestMail.attachment(number, size);
            };
        }
    }

    /** The name of a user whose mailbox is copied for each round. */
    private record Mailbox(String template, int messages) {}

    private Mailbox prepared(Dovecot dovecot, Kind kind, int messages, int size)
            throws IOException, InterruptedException {
        Mailbox mailbox = new Mailbox(kind.name().toLowerCase(Locale.ROOT) + size + "x" + messages, messages);
        if (prepared.add(mailbox.template())) {
            dovecot.prepare(mailbox.template(), messages, number -> kind.mail(number, size));
        }
        return mailbox;
    }

    /** Empties or reads the mailbox of a user. */
    @FunctionalInterface
    private interface Poll {
        Sample of(String user, InetSocketAddress server) throws Exception;
    }

    private Sample round(Dovecot dovecot, Mailbox mailbox, Poll poll) throws Exception {
        String user = "user" + users++;
        dovecot.copy(mailbox.template(), user);
        InetSocketAddress server = protocol.equals("imap") ? dovecot.imap() : dovecot.pop3();
        try {
            if (options.roundTrip().isZero()) {
                return poll.of(user, server);
            }
            try (DelayProxy proxy = DelayProxy.open(server, options.roundTrip(), bystanders)) {
                Sample sample = poll.of(user, proxy.address());
                out.printf(Locale.ROOT, "  %,d round trips for %,d messages:%n", proxy.turns(), mailbox.messages());
                return sample;
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

    private Sample rawImap(String user, InetSocketAddress server, int messages) throws IOException {
        meter.start();
        try (RawImap client = new RawImap(server)) {
            int read = client.poll(user, Dovecot.PASSWORD);
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
