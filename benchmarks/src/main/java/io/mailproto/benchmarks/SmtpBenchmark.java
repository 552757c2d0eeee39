package io.mailproto.benchmarks;

import io.mailproto.benchmarks.Meter.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

/**
 * Sending: a text body goes from a route to a {@link FastSink}. Options: {@code --sizes=1024,10240}, {@code
 * --threads=1,10}, {@code --messages=} per round, {@code --rtt=} milliseconds, {@code --chunking} to let the sink offer
 * BDAT, {@code --batch=} mails in one exchange.
 */
final class SmtpBenchmark {
    private static final String FROM = "sender@example.com";

    private final Options options;
    private final PrintStream out;
    private final Bystanders bystanders = new Bystanders();
    private final Meter meter = new Meter(bystanders);

    SmtpBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    void run() throws IOException {
        for (int size : options.numbers("sizes", 1024, 10240)) {
            for (int threads : options.numbers("threads", 1, 10)) {
                int usual = options.roundTrip().isZero() ? 2000 * (threads > 1 ? 2 : 1) : 20 * threads;
                int messages = options.number("messages", usual);
                Contest contest = new Contest(
                        "SMTP send, %,d octets, %d thread(s), %,d messages per round, round trip %d ms"
                                .formatted(
                                        size,
                                        threads,
                                        messages,
                                        options.roundTrip().toMillis()),
                        out);
                for (Candidate candidate : Candidate.chosenBy(options)) {
                    contest.with(candidate.label(), () -> {
                        Load load = load(candidate, threads, messages);
                        return round(candidate, TestMail.text(size), load);
                    });
                }
                contest.run(options.number("warmups", 1), options.number("rounds", 5));
            }
        }
    }

    /**
     * What one round sends.
     *
     * @param batch mails in one exchange; 0 for one mail without a list
     */
    private record Load(int threads, int messages, int batch) {}

    /** With batches: two threads, so two connections, with lists, against one thread of those who know no lists. */
    private Load load(Candidate candidate, int threads, int messages) {
        int batch = options.number("batch", 0);
        if (batch == 0) {
            return new Load(threads, messages, 0);
        }
        return candidate == Candidate.OURS ? new Load(2, 4 * batch, batch) : new Load(1, messages, 0);
    }

    private Sample round(Candidate candidate, String body, Load load) throws Exception {
        candidate.prepareProcess();
        try (FastSink sink = FastSink.open(options.isSet("chunking"), bystanders)) {
            if (options.roundTrip().isZero()) {
                return send(candidate, body, load, sink, sink.address());
            }
            try (DelayProxy proxy = DelayProxy.open(sink.address(), options.roundTrip(), bystanders)) {
                return send(candidate, body, load, sink, proxy.address());
            }
        }
    }

    private static List<Exchange> batch(CamelContext context, String body, int mails) {
        List<Exchange> all = new ArrayList<>(mails);
        for (int i = 0; i < mails; i++) {
            Exchange one = new DefaultExchange(context);
            one.getMessage().setBody(body);
            all.add(one);
        }
        return all;
    }

    private Sample send(Candidate candidate, String body, Load load, FastSink sink, InetSocketAddress server)
            throws Exception {
        int threads = load.threads();
        int messages = load.messages();
        String uri = "%s:%s:%d?from=%s&to=receiver@example.org&subject=benchmark%s"
                .formatted(
                        candidate.scheme("smtp"),
                        server.getAddress().getHostAddress(),
                        server.getPort(),
                        FROM,
                        candidate.sendingOptions());
        ExecutorService senders = Executors.newFixedThreadPool(threads);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            candidate.register(context, "smtp");
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:send").to(uri);
                }
            });
            context.start();
            ProducerTemplate template = context.createProducerTemplate();
            Endpoint direct = context.getEndpoint("direct:send");
            template.sendBody(direct, body); // connections and classes are not what is measured
            meter.start();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int share = messages / threads + (i < messages % threads ? 1 : 0);
                running.add(senders.submit(() -> {
                    if (load.batch() == 0) {
                        for (int k = 0; k < share; k++) {
                            template.sendBody(direct, body);
                        }
                        return;
                    }
                    for (int left = share; left > 0; left -= load.batch()) {
                        template.sendBody(direct, batch(context, body, Math.min(left, load.batch())));
                    }
                }));
            }
            for (Future<?> sender : running) {
                sender.get();
            }
            Sample sample = meter.stop(messages);
            if (sink.messages() != messages + 1) {
                throw new IllegalStateException(
                        "the sink got " + sink.messages() + " of " + (messages + 1) + " messages");
            }
            return sample;
        } finally {
            senders.shutdownNow();
        }
    }
}
