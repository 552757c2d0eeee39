package io.mailproto.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Silent clients: a route with a server in a JVM of its own, and here as many clients that have said EHLO and nothing
 * since. Prints what the server's process holds of the machine's memory, then has all clients say NOOP and prints it
 * again. Options: {@code --connections=10000}, {@code --jvm=} the java to run the server with, {@code --virtual} for
 * virtual threads. Linux only; {@code ulimit -n} must be above the number of connections.
 */
final class SilentBenchmark {
    private static final String READY = "READY";
    /** As for the servers of the comparison. */
    private static final String HEAP = "-Xmx1g";

    private final Options options;
    private final PrintStream out;

    SilentBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** The server's side. */
    public static final class Server {
        private Server() {}

        public static void main(String[] args) throws Exception {
            int port = Integer.parseInt(args[0]);
            try (DefaultCamelContext context = new DefaultCamelContext()) {
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("mailproto-smtp:127.0.0.1:" + port + "?maxConnections=20000&maxConnectionsPerClient=20000")
                                .process(exchange -> exchange.getMessage().getBody(String.class));
                    }
                });
                context.start();
                System.out.println(READY);
                // The other side closes the pipe when it has seen enough.
                while (System.in.read() >= 0) {
                    continue;
                }
            }
        }
    }

    void run() throws Exception {
        int count = options.number("connections", 10_000);
        String jvm = options.values()
                .getOrDefault(
                        "jvm",
                        Path.of(System.getProperty("java.home"), "bin/java").toString());
        int port = ReceiveBenchmark.freePort();
        Process server = new ProcessBuilder(
                        jvm,
                        HEAP,
                        "-Dcamel.threads.virtual.enabled=" + options.isSet("virtual"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Server.class.getName(),
                        String.valueOf(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<LockstepClient> clients = new ArrayList<>();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = said.readLine(); !READY.equals(line); line = said.readLine()) {
                if (line == null) {
                    throw new IOException("the server has not started");
                }
            }
            out.printf("Silent clients, server on %s, virtual threads: %s%n", jvm, options.isSet("virtual"));
            print("no client", server);
            for (int i = 0; i < count; i++) {
                clients.add(LockstepClient.connect(port));
            }
            print(count + " clients", server);
            TimeUnit.SECONDS.sleep(5);
            print("the same, five seconds later", server);
            long start = System.nanoTime();
            for (LockstepClient client : clients) {
                client.noop();
            }
            out.printf("  NOOP by all, one after the other: %,d ms%n", (System.nanoTime() - start) / 1_000_000);
            print("after that", server);
        } finally {
            for (LockstepClient client : clients) {
                client.close();
            }
            server.destroy();
            server.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private void print(String when, Process server) throws IOException {
        long resident = 0;
        String threads = "?";
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(server.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                resident = Long.parseLong(line.replaceAll("[^0-9]", ""));
            } else if (line.startsWith("Threads:")) {
                threads = line.substring(line.indexOf(':') + 1).strip();
            }
        }
        out.printf("  %-32s %,6d MiB resident, %s threads%n", when, resident / 1024, threads);
    }
}
