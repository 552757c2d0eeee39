package io.mailproto.smtp.server;

import io.mailproto.spool.Spool;
import io.mailproto.wire.ClientRate;
import io.mailproto.wire.Connection;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.ListenOptions;
import io.mailproto.wire.Listener;
import io.mailproto.wire.ServerSession;
import io.mailproto.wire.Step;
import io.mailproto.wire.Watchdog;
import io.mailproto.wire.WireException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SMTP server on one address. Thread-safe. Runs on executors that it is given and that stay the caller's: one thread
 * accepts, each connection takes one more.
 *
 * <pre>{@code
 * SmtpServer server = SmtpServer.open(options, listen, watchdog, spool, (message, path) -> {
 *     store(message);
 *     return Reply.of(250, "2.0.0 stored as " + message.id());
 * });
 * server.start(executor, executor);
 * …
 * server.stop(Duration.ofSeconds(30));
 * }</pre>
 */
public final class SmtpServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpServer.class);
    private static final Duration REFUSAL = Duration.ofSeconds(1);

    private final SmtpServerOptions options;
    private final Listener listener;
    private final Spool spool;
    private final MessageHandler handler;
    private final ClientRate messageRate;
    private final String idPrefix = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final AtomicLong lastId = new AtomicLong();

    private SmtpServer(SmtpServerOptions options, Listener listener, Spool spool, MessageHandler handler) {
        this.options = options;
        this.listener = listener;
        this.spool = spool;
        this.handler = handler;
        this.messageRate = new ClientRate(options.limits().maxMessageRate());
    }

    /**
     * Binds the address; connections are taken after {@link #start}.
     *
     * @throws IllegalArgumentException if it would be an open relay or could not do what is asked
     * @throws IOException if the address is in use or not ours
     */
    public static SmtpServer open(
            SmtpServerOptions options, ListenOptions listen, Watchdog watchdog, Spool spool, MessageHandler handler)
            throws IOException {
        options.requireSafeOn(listen.address().getAddress());
        return new SmtpServer(options, Listener.open(listen, watchdog), spool, handler);
    }

    /** Begins to take connections. */
    public void start(Executor acceptor, Executor sessions) {
        listener.start(acceptor, sessions, new Sessions());
        LOG.info("SMTP server {} listens on {}", options.serverName(), listener.localAddress());
    }

    /** The bound address with its real port. */
    public InetSocketAddress localAddress() {
        return listener.localAddress();
    }

    /** How many clients are connected. */
    public int connections() {
        return listener.connections();
    }

    /** Refuses new clients from now on; those that are there go on. */
    public void stopAccepting() {
        listener.stopAccepting();
    }

    /**
     * Tells idle clients 421, lets messages that are on their way be answered, and cuts off what is left after the
     * grace. Blocks for so long.
     */
    public void stop(Duration grace) {
        listener.stop(grace);
        LOG.info("SMTP server {} has left {}", options.serverName(), listener.localAddress());
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    /** Unique on this machine, unless two servers start within a millisecond. */
    private String nextId() {
        return idPrefix + "-" + Long.toString(lastId.incrementAndGet(), Character.MAX_RADIX);
    }

    private final class Sessions implements Listener.SessionFactory {
        @Override
        public ServerSession open(Connection connection) {
            return new SmtpServerSession(connection, options, spool, handler, messageRate, SmtpServer.this::nextId);
        }

        @Override
        public void refuse(Connection connection, String why) {
            if (options.security().isTlsImplicit()) {
                // Clear text would only confuse a client that waits for a handshake, which would take too long here.
                return;
            }
            connection.within(Deadline.in(REFUSAL), Step.of("refusing a connection"));
            try {
                connection.out().send("421 4.3.2 " + why + ", try again later");
            } catch (WireException e) {
                LOG.debug("refusal failed: {}", e.getMessage());
            }
        }
    }
}
