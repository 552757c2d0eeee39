package io.mailproto.smtp.server;

import io.mailproto.address.Domain;
import io.mailproto.sasl.SaslServers;
import io.mailproto.smtp.Reply;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.testing.Pace;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.ListenOptions;
import io.mailproto.wire.TlsSettings;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on a free loopback port that keeps what it is sent. */
final class TestSmtpServer implements Closeable {
    /** Quick in tests: no delays after errors. */
    static final SmtpServerOptions OPTIONS = SmtpServerOptions.named(Domain.parse("mx.example.org"))
            .with(new ServerLimits(1_000_000, 3, 20, Duration.ZERO, 3, 100));

    /** One user, ann, whose password is secret. */
    static final ServerSecurity SECURITY = new ServerSecurity(
            Optional.of(TlsSettings.server(TestCertificates.server())),
            false,
            false,
            Optional.of(SaslServers.of(
                    (user, password) -> user.equals("ann") && password.reveal().equals("secret"), null, null)),
            false,
            false);

    private final SmtpServer server;
    private final List<ReceivedMessage> messages = new CopyOnWriteArrayList<>();

    TestSmtpServer(SmtpServerOptions options) throws IOException {
        this(options, (message, path) -> Reply.of(250, "2.0.0 stored"));
    }

    TestSmtpServer(SmtpServerOptions options, MessageHandler handler) throws IOException {
        this(options, handler, new Spool(SpoolOptions.defaults()));
    }

    TestSmtpServer(SmtpServerOptions options, MessageHandler handler, Spool spool) throws IOException {
        server = SmtpServer.open(
                options,
                new ListenOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50, 100, 100),
                TestWire.watchdog(),
                spool,
                (message, path) -> {
                    messages.add(message);
                    return handler.accept(message, path);
                });
        server.start(TestWire.executor(), TestWire.executor());
    }

    HostPort address() {
        return new HostPort("127.0.0.1", server.localAddress().getPort());
    }

    SmtpServer server() {
        return server;
    }

    List<ReceivedMessage> messages() {
        return messages;
    }

    /** What the client sent as its only message: without our Received field. */
    String onlyText() {
        if (messages.size() != 1) {
            throw new AssertionError("not one message but " + messages.size());
        }
        return textOf(messages.get(0));
    }

    static String textOf(ReceivedMessage message) {
        try {
            String all = new String(message.octets().toByteArray(), StandardCharsets.ISO_8859_1);
            // The field is folded with tabs; it ends where a line begins with something else.
            return all.replaceFirst("\\AReceived: [^\r]*\r\n(\t[^\r]*\r\n)*", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays the client's side of a conversation against it. */
    void talk(Pace pace, String transcript) throws IOException {
        try (ScriptedPeer client = ScriptedPeer.talkingTo(pace, address(), transcript)) {
            client.play();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
