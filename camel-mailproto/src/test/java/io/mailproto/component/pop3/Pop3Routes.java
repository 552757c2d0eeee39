package io.mailproto.component.pop3;

import io.mailproto.component.MailConstants;
import io.mailproto.testing.ScriptedPeer;
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
final class Pop3Routes implements Closeable {
    final DefaultCamelContext context = new DefaultCamelContext();
    /** The UIDs in the order in which the route got them. */
    final List<String> delivered = new CopyOnWriteArrayList<>();
    /** What the consumer's exception handler was told: message, then cause. */
    final List<String> failures = new CopyOnWriteArrayList<>();

    Pop3Routes() {
        context.getRegistry().bind("failures", new Recorder());
        // Not what is tested here, and slow.
        context.setLoadTypeConverters(true);
        context.getShutdownStrategy().setTimeout(10);
    }

    /** The URI of a maildrop of alice, polled at once and then every 100 ms. */
    static String uri(HostPort server, String options) {
        return "pop3:" + server
                + "?username=alice&password=secret1&initialDelay=0&exceptionHandler=%23failures"
                + (options.contains("delay=") ? "" : "&delay=100")
                + (options.isEmpty() ? "" : "&" + options);
    }

    static String uri(ScriptedPeer server, String options) {
        return uri(server.address(), options);
    }

    Pop3Routes start(String uri, Processor route) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri).routeId("poll").process(this::record).process(route);
            }

            private void record(Exchange exchange) {
                delivered.add(exchange.getMessage().getHeader(MailConstants.UID, String.class));
            }
        });
        context.start();
        return this;
    }

    Pop3Consumer consumer() {
        return (Pop3Consumer) context.getRoute("poll").getConsumer();
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
