package io.mailproto.smtp.mx;

import io.mailproto.smtp.client.SmtpClient;
import io.mailproto.smtp.client.SmtpClientOptions;
import io.mailproto.smtp.client.SmtpException;
import io.mailproto.smtp.client.SmtpPhase;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.MailFailure;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.WireException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens conversations with mail exchangers. TLS is opportunistic (RFC 7435): a host that offers it and then cannot do it is
 * tried once more in clear, since a mail that waits for ever is no safer. Thread-safe.
 */
final class MxConnector implements Closeable {

    private static final Set<String> TLS_STEPS = Set.of(
            SmtpPhase.STARTTLS.step().phrase(), SmtpPhase.TLS_HANDSHAKE.step().phrase());

    private final Dialer dialer;
    private final SmtpClientOptions client;
    private final boolean clearAllowed;
    private final Set<SmtpClient> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    /** @param clearAllowed whether what fails under TLS is tried in clear */
    MxConnector(Dialer dialer, SmtpClientOptions client, boolean clearAllowed) {
        this.dialer = dialer;
        this.client = client;
        this.clearAllowed = clearAllowed;
    }

    /** Something done with a conversation, which is ended afterwards. */
    @FunctionalInterface
    interface Work<T> {
        T with(SmtpClient client) throws IOException;
    }

    /**
     * Opens a conversation, does the work and says goodbye.
     *
     * @throws IOException as {@link SmtpClient#open} and the work
     */
    <T> T use(HostPort host, InetAddress address, Work<T> work) throws IOException {
        SmtpClient conversation = open(host, address);
        open.add(conversation);
        try {
            if (isClosed) {
                conversation.abort("the producer is stopping");
            }
            return work.with(conversation);
        } finally {
            open.remove(conversation);
            if (conversation.isUsable()) {
                conversation.quit();
            }
        }
    }

    private SmtpClient open(HostPort host, InetAddress address) throws IOException {
        Dialer there = dialer.towards(address);
        try {
            return SmtpClient.open(there, host, client);
        } catch (WireException e) {
            return openInClear(there, host, e);
        } catch (SmtpException e) {
            return openInClear(there, host, e);
        }
    }

    private <F extends IOException & MailFailure> SmtpClient openInClear(Dialer there, HostPort host, F failure)
            throws IOException {
        if (!clearAllowed || !TLS_STEPS.contains(failure.step())) {
            throw failure;
        }
        try {
            return SmtpClient.open(there, host, client.withTls(TlsMode.NONE, null));
        } catch (IOException again) {
            again.addSuppressed(failure);
            throw again;
        }
    }

    /** Ends what runs: those who wait get an exception that says why. */
    @Override
    public void close() {
        isClosed = true;
        open.forEach(conversation -> conversation.abort("the producer is stopping"));
    }
}
