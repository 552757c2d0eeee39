package io.mailproto.component.smtp;

import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;

/** A Camel context with one route that begins with an SMTP server on a free loopback port. */
final class SmtpRoutes implements Closeable {
    static final String ROUTE = "receive";
    /** Of a server without delays, which calls itself mx.test. */
    static final String OPTIONS = "serverName=mx.test&errorDelay=0";

    static final String SERVER = "smtp:127.0.0.1:0?" + OPTIONS;

    static final String UP_TO_RCPT = """
            S: 220 mx.test ESMTP
            C: HELO client.example
            S: 250 mx.test
            C: MAIL FROM:<ann@example.com>
            S: 250 2.1.0 sender ok
            C: RCPT TO:<bob@example.org>
            S: 250 2.1.5 recipient ok
            """;
    static final String MAIL = """
            C: DATA
            S~ 354 .*
            C: Subject: hi
            C:
            C: hello
            C: .
            """;
    static final String UP_TO_DOT = UP_TO_RCPT + MAIL;
    static final String ACCEPTED = "S~ 250 2\\.0\\.0 accepted as [0-9a-z]+-[0-9a-z]+\n";
    static final String QUIT = "C: QUIT\nS: 221 2.0.0 bye\n-- closed\n";

    final DefaultCamelContext context = new DefaultCamelContext();
    /** The exchanges in the order in which they completed. */
    final List<Exchange> completed = new CopyOnWriteArrayList<>();

    SmtpRoutes() {
        context.getShutdownStrategy().setTimeout(10);
    }

    /** Binds parameters with a server's key under the name ssl. */
    SmtpRoutes withKey(Path directory) throws IOException {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:"
                + TestCertificates.writeKeyStore(directory.resolve("server.p12"), TestCertificates.Kind.LOCALHOST));
        store.setPassword(TestCertificates.STORE_PASSWORD);
        KeyManagersParameters keys = new KeyManagersParameters();
        keys.setKeyStore(store);
        keys.setKeyPassword(TestCertificates.STORE_PASSWORD);
        SSLContextParameters ssl = new SSLContextParameters();
        ssl.setKeyManagers(keys);
        context.getRegistry().bind("ssl", ssl);
        return this;
    }

    /** Starts the context with a route from the endpoint, and what else there is to add to it. */
    SmtpRoutes route(String uri, Consumer<RouteDefinition> route) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                RouteDefinition definition = from(uri).routeId(ROUTE);
                definition.onCompletion().process(completed::add).end();
                route.accept(definition);
            }
        });
        context.start();
        return this;
    }

    SmtpRoutes start(String uri, Processor processor) throws Exception {
        return route(uri, route -> route.process(processor));
    }

    /** One more route. */
    SmtpRoutes add(String uri, Consumer<RouteDefinition> route) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                route.accept(from(uri));
            }
        });
        return this;
    }

    SmtpConsumer consumer() {
        return (SmtpConsumer) context.getRoute(ROUTE).getConsumer();
    }

    HostPort address() {
        return new HostPort("127.0.0.1", consumer().localAddress().getPort());
    }

    /** Plays the client's side of a conversation. */
    void talk(Pace pace, String transcript) throws IOException {
        try (ScriptedPeer client = ScriptedPeer.talkingTo(pace, address(), transcript)) {
            client.play();
        }
    }

    void talk(String transcript) throws IOException {
        talk(Pace.WHOLE, transcript);
    }

    /** The same, with TLS where the transcript wants it. */
    void talkTls(String transcript) throws IOException {
        try (ScriptedPeer client =
                ScriptedPeer.talkingTo(Pace.WHOLE, TestCertificates.client(), address(), transcript)) {
            client.play();
        }
    }

    /** The same on another thread. */
    Future<?> talking(String transcript) {
        return TestWire.executor().submit(() -> {
            talk(transcript);
            return null;
        });
    }

    static boolean await(CountDownLatch latch) {
        return await(latch, 20_000);
    }

    static boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A mail without the Received field that the server puts on top. */
    static String withoutTrace(String mail) {
        return mail.replaceFirst("\\AReceived: [^\r]*\r\n(\t[^\r]*\r\n)*", "");
    }

    @Override
    public void close() {
        context.stop();
    }
}
