package io.mailproto.benchmarks;

import io.mailproto.benchmarks.Meter.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/**
 * Receiving: ten clients ({@link LockstepClient}) send over connections that they keep, one message after the other's
 * reply. Ours hands each to a route that reads it to its end, and answers when the route has completed; SubEthaSMTP hands
 * each to a listener that does the same. Options: {@code --sizes=3000,102400}, {@code --threads=10}, {@code --messages=}.
 */
final class ReceiveBenchmark {
    private static final int LARGE = 50_000;

    private final Options options;
    private final PrintStream out;
    private final Bystanders bystanders = new Bystanders();
    private final Meter meter = new Meter(bystanders);
    private final AtomicLong octets = new AtomicLong();

    ReceiveBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    void run() throws Exception {
        for (int size : options.numbers("sizes", 3000, 102_400)) {
            for (int threads : options.numbers("threads", 10)) {
                int messages = options.number("messages", size < LARGE ? 20_000 : 2_000);
                byte[] message = TestMail.plain(1, size);
                int oursPort = freePort();
                int theirPort = freePort();
                SMTPServer theirs = theirs(theirPort);
                try (DefaultCamelContext ours = ours(oursPort)) {
                    ours.start();
                    theirs.start();
                    Contest contest = new Contest(
                            "SMTP receive, %,d octets, %d connections that are kept, %,d messages per round"
                                    .formatted(message.length, threads, messages),
                            out);
                    if (options.takesPart("subetha")) {
                        contest.with("SubEthaSMTP", () -> round(theirPort, message, threads, messages));
                    }
                    contest.with("camel-mailproto", () -> round(oursPort, message, threads, messages));
                    contest.run(options.number("warmups", 2), options.number("rounds", 5));
                } finally {
                    theirs.stop();
                }
            }
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private DefaultCamelContext ours(int port) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("mailproto-smtp:127.0.0.1:" + port + "?maxConnectionsPerClient=1000&maxConnections=1000")
                        .process(exchange -> {
                            try (InputStream in = exchange.getMessage().getBody(InputStream.class)) {
                                count(in);
                            }
                        });
            }
        });
        return context;
    }

    private SMTPServer theirs(int port) {
        return SMTPServer.port(port)
                .bindAddress(InetAddress.getLoopbackAddress())
                .maxConnections(1000)
                .simpleMessageListener(new SimpleMessageListener() {
                    @Override
                    public boolean accept(String from, String recipient) {
                        return true;
                    }

                    @Override
                    public void deliver(String from, String recipient, InputStream data) throws IOException {
                        count(data);
                    }
                })
                .build();
    }

    private void count(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        long sum = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            sum += read;
        }
        octets.addAndGet(sum);
    }

    private Sample round(int port, byte[] message, int threads, int messages) throws Exception {
        octets.set(0);
        List<LockstepClient> clients = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            clients.add(LockstepClient.connect(port));
        }
        CountDownLatch done = new CountDownLatch(threads);
        AtomicReference<IOException> failure = new AtomicReference<>();
        meter.start();
        for (LockstepClient client : clients) {
            bystanders.start("client", () -> {
                try {
                    for (int i = 0; i < messages / threads; i++) {
                        client.send(message);
                    }
                } catch (IOException e) {
                    failure.set(e);
                } finally {
                    done.countDown();
                }
            });
        }
        if (!done.await(5, TimeUnit.MINUTES)) {
            throw new IOException("the round did not end");
        }
        Sample sample = meter.stop((long) messages / threads * threads);
        for (LockstepClient client : clients) {
            client.close();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        if (octets.get() < (long) messages / threads * threads * message.length) {
            throw new IOException("only " + octets + " octets were read");
        }
        return sample;
    }
}
