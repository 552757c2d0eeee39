package io.mailproto.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * The process whose memory is measured: consumers of {@link ScriptedImap} at a port. {@code idle} waits in as many
 * mailboxes as it is told until all are in IDLE, then each gets one mail; {@code many} polls one mailbox of so many mails.
 */
final class Mailboxes {
    private static final int PATIENCE_SECONDS = 180;

    private final int port;
    private final int number;
    private final AtomicInteger delivered = new AtomicInteger();

    private Mailboxes(int port, int number) {
        this.port = port;
        this.number = number;
    }

    /** Arguments: {@code idle} or {@code many}, port, number. */
    public static void main(String[] args) throws Exception {
        Mailboxes mailboxes = new Mailboxes(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        boolean isIdle = args[0].equals("idle");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(mailboxes.routes(isIdle));
            context.start();
            if (isIdle) {
                mailboxes.idle();
            } else {
                mailboxes.many();
            }
        }
        // Not all that Camel started is worth waiting for.
        System.exit(0);
    }

    private RouteBuilder routes(boolean isIdle) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                for (int i = 0; i < (isIdle ? number : 1); i++) {
                    from("mailproto-imap:127.0.0.1:" + port + "?username=user" + i + "&password=p&initialDelay=0"
                                    + (isIdle ? "&idle=true" : "&maxMessagesPerPoll=-1&delay=600000"))
                            .process(exchange -> {
                                if (!exchange.getMessage().getBody(String.class).isEmpty()) {
                                    delivered.incrementAndGet();
                                }
                            });
                }
            }
        };
    }

    private void idle() throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            long start = System.nanoTime();
            while (waiting(socket, in) < number) {
                pause(start, "only " + waiting(socket, in) + " mailboxes are in IDLE");
            }
            say("%,d mailboxes in IDLE after %.1f s", number, seconds(start));
            System.gc();
            TimeUnit.SECONDS.sleep(2);
            memory();
            start = System.nanoTime();
            socket.getOutputStream().write("NEW\r\n".getBytes(StandardCharsets.US_ASCII));
            while (delivered.get() < number) {
                pause(start, "only " + delivered.get() + " mails have come");
            }
            say("a mail in each: all %,d processed after %.1f s", number, seconds(start));
            while (waiting(socket, in) < number) {
                pause(start, "only " + waiting(socket, in) + " mailboxes are in IDLE again");
            }
            memory();
        }
    }

    private static int waiting(Socket socket, BufferedReader in) throws IOException {
        socket.getOutputStream().write("STAT\r\n".getBytes(StandardCharsets.US_ASCII));
        return Integer.parseInt(in.readLine());
    }

    private void many() throws IOException, InterruptedException {
        long start = System.nanoTime();
        int told = 0;
        while (delivered.get() < number) {
            pause(start, "only " + delivered.get() + " mails have come");
            if (delivered.get() >= told + number / 4) {
                told += number / 4;
                System.gc();
                say("%,d mails", told);
                memory();
            }
        }
        say("%,d mails after %.1f s", number, seconds(start));
        memory();
    }

    private static void pause(long start, String whatIsWrong) throws InterruptedException {
        if (seconds(start) > PATIENCE_SECONDS) {
            throw new IllegalStateException(whatIsWrong);
        }
        TimeUnit.MILLISECONDS.sleep(20);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void memory() throws IOException {
        Runtime runtime = Runtime.getRuntime();
        say("  heap in use %,d KB", (runtime.totalMemory() - runtime.freeMemory()) / 1024);
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS") || line.startsWith("VmHWM") || line.startsWith("Threads")) {
                    say("  %s", line.replaceAll("\\s+", " "));
                }
            }
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
