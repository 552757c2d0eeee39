package io.mailproto.component.imap;

import io.mailproto.component.MailConstants;
import io.mailproto.testing.DovecotPeer;
import io.mailproto.wire.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ExceptionHandler;

/** A Camel context with one route that polls, and what became of it. */
final class ImapRoutes implements Closeable {
    final DefaultCamelContext context = new DefaultCamelContext();

    /** The subjects in the order in which the route got them. */
    final List<String> delivered = new CopyOnWriteArrayList<>();

    /** The UIDs likewise. */
    final List<String> uids = new CopyOnWriteArrayList<>();

    /** What the consumer's exception handler was told: message, then cause. */
    final List<String> failures = new CopyOnWriteArrayList<>();

    ImapRoutes() {
        context.getRegistry().bind("failures", new Recorder());
        context.getShutdownStrategy().setTimeout(10);
    }

    /** The URI of alice's mailbox on a scripted server, polled once. */
    static String once(HostPort server, String options) {
        return "imap:" + server + "?username=alice&password=secret1&initialDelay=0&repeatCount=1&readTimeout=5s"
                + "&exceptionHandler=%23failures" + (options.isEmpty() ? "" : "&" + options);
    }

    /** The URI of alice's mailbox on a real server, polled at once and then every 100 ms. */
    static String polling(HostPort server, String options) {
        return "imap:" + server + "?username=" + DovecotPeer.ALICE + "&password="
                + DovecotPeer.passwordOf(DovecotPeer.ALICE)
                + "&initialDelay=0&delay=100&exceptionHandler=%23failures"
                + (options.isEmpty() ? "" : "&" + options);
    }

    ImapRoutes start(String uri, Processor route) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri).routeId("poll").process(ImapRoutes.this::record).process(route);
            }
        });
        context.start();
        return this;
    }

    ImapRoutes start(String uri) throws Exception {
        return start(uri, exchange -> {});
    }

    void record(Exchange exchange) {
        delivered.add(exchange.getMessage().getHeader("Subject", String.class));
        uids.add(exchange.getMessage().getHeader(MailConstants.UID, String.class));
    }

    ImapConsumer consumer() {
        return (ImapConsumer) context.getRoute("poll").getConsumer();
    }

    /** Stops the routes; {@link #close()} may follow. */
    void stop() {
        context.stop();
    }

    @Override
    public void close() throws IOException {
        context.close();
    }

    private final class Recorder implements ExceptionHandler {
        @Override
        public void handleException(Throwable exception) {
            failures.add("" + exception.getMessage());
        }

        @Override
        public void handleException(String message, Throwable exception) {
            failures.add(message + ": " + exception.getMessage());
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable exception) {
            failures.add(message + ": " + exception.getMessage());
        }
    }
}
