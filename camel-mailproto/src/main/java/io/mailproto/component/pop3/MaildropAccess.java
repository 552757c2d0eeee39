package io.mailproto.component.pop3;

import io.mailproto.pop3.Pop3Client;
import io.mailproto.pop3.Pop3ClientOptions;
import io.mailproto.pop3.Pop3Login;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.HostPort;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * All that is needed to open a session with a maildrop.
 *
 * @param server where it is
 * @param options how to speak
 * @param login who we are
 */
record MaildropAccess(Dialer dialer, HostPort server, Pop3ClientOptions options, Pop3Login login) {
    /**
     * Connects and logs in. The caller closes.
     *
     * @param connected is given the client as soon as it is connected, so that another thread can abort it
     */
    Pop3Client open(Consumer<Pop3Client> connected) throws IOException {
        Pop3Client client = Pop3Client.open(dialer, server, options, connected);
        boolean loggedIn = false;
        try {
            client.logIn(login);
            loggedIn = true;
            return client;
        } finally {
            if (!loggedIn) {
                client.close();
            }
        }
    }
}
