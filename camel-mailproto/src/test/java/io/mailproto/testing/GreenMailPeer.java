package io.mailproto.testing;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.mailproto.wire.HostPort;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * GreenMail, in this JVM: a poor server (no STARTTLS, no pipelining, few extensions) with the users alice/secret1,
 * bob/secret2 and carol/secret3 {@code @example.test}. Mail to unknown recipients makes new users.
 */
public final class GreenMailPeer extends PeerFixture {
    private static final long STARTUP_MILLIS = 30_000;

    private GreenMail server;

    private GreenMailPeer() {}

    /** For a static {@code @RegisterExtension} field. */
    public static GreenMailPeer extension() {
        return new GreenMailPeer();
    }

    /** Starts it; the caller closes it. */
    public static GreenMailPeer start() throws IOException {
        GreenMailPeer peer = new GreenMailPeer();
        peer.startIfNeeded();
        return peer;
    }

    @Override
    void requireAvailable() {
        // It is on the class path.
    }

    @Override
    void launch(Path below) {
        ServerSetup[] setups = {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3)
        };
        for (ServerSetup setup : setups) {
            setup.setServerStartupTimeout(STARTUP_MILLIS);
        }
        server = new GreenMail(setups);
        GreenMailConfiguration users = GreenMailConfiguration.aConfig();
        for (String user : List.of(DovecotPeer.ALICE, DovecotPeer.BOB, DovecotPeer.CAROL)) {
            users.withUser(user, user, DovecotPeer.passwordOf(user));
        }
        server.withConfiguration(users).start();
    }

    @Override
    void shutDown() {
        if (server != null) {
            server.stop();
            server = null;
        }
    }

    public HostPort smtp() {
        requireRunning();
        return new HostPort("127.0.0.1", server.getSmtp().getPort());
    }

    public HostPort imap() {
        requireRunning();
        return new HostPort("127.0.0.1", server.getImap().getPort());
    }

    public HostPort pop3() {
        requireRunning();
        return new HostPort("127.0.0.1", server.getPop3().getPort());
    }

    /** The server itself, for what this class has no word for. */
    public GreenMail greenMail() {
        requireRunning();
        return server;
    }

    /** Puts a message into a user's inbox. */
    public void deliver(String user, byte[] message) throws IOException {
        try {
            MimeMessage mime =
                    new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(message));
            user(user).deliver(mime);
        } catch (MessagingException e) {
            throw new IOException("GreenMail does not take the message for " + user, e);
        }
    }

    /** The messages of a user's inbox. */
    public List<byte[]> messages(String user) throws IOException {
        try {
            List<byte[]> messages = new ArrayList<>();
            for (StoredMessage stored : inbox(user).getMessages()) {
                ByteArrayOutputStream octets = new ByteArrayOutputStream();
                stored.getMimeMessage().writeTo(octets);
                messages.add(octets.toByteArray());
            }
            return messages;
        } catch (MessagingException | FolderException e) {
            throw new IOException("GreenMail does not give the messages of " + user, e);
        }
    }

    /** Removes all messages of all users. */
    public void purge() throws IOException {
        try {
            greenMail().purgeEmailFromAllMailboxes();
        } catch (FolderException e) {
            throw new IOException("GreenMail does not purge its mailboxes", e);
        }
    }

    private GreenMailUser user(String name) {
        GreenMailUser user = greenMail().getUserManager().getUser(name);
        if (user == null) {
            throw new IllegalArgumentException("GreenMail has no user " + name);
        }
        return user;
    }

    private MailFolder inbox(String user) throws FolderException {
        return greenMail().getManagers().getImapHostManager().getInbox(user(user));
    }
}
