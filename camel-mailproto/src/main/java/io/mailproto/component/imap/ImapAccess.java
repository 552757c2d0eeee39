package io.mailproto.component.imap;

import io.mailproto.imap.ImapClient;
import io.mailproto.imap.ImapClientOptions;
import io.mailproto.sasl.Credentials;
import io.mailproto.spool.Spool;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All that is needed to open a session.
 *
 * @param server where it is
 * @param options how to speak
 * @param credentials who we are
 * @param spool where mails go
 * @param compress whether to compress where the server can
 */
record ImapAccess(
        Dialer dialer,
        HostPort server,
        ImapClientOptions options,
        Credentials credentials,
        Spool spool,
        boolean compress) {
    /**
     * Connects and logs in. The caller closes.
     *
     * @param connected is given the client as soon as it is connected, so that another thread can abort it
     */
    ImapClient open(Consumer<ImapClient> connected) throws IOException {
        ImapClient client = ImapClient.open(dialer, server, options, spool, connected);
        boolean ready = false;
        try {
            if (!client.isLoggedIn()) {
                client.login(credentials);
            }
            if (compress) {
                client.compress();
            }
            showAll(client);
            ready = true;
            return client;
        } finally {
            if (!ready) {
                client.close();
            }
        }
    }

    /** Deviation: Yahoo shows only a part of a large folder to clients that may use sequence numbers (RFC 9586, RFC 9738). */
    static void showAll(ImapClient client) throws IOException {
        if (client.capabilities().number("MESSAGELIMIT") > 0) {
            client.changes().enable(Set.of("UIDONLY"));
        }
    }
}
