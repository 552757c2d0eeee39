package io.mailproto.examples.inbox;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.util.Date;
import java.util.Properties;

/** A mail server in this process with two accounts: one to be polled by IMAP, one by POP3. Close it to stop the server. */
final class Mailboxes implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    static final String IMAP_USER = "imap.inbox@example.org";
    static final String POP3_USER = "pop3.inbox@example.org";
    static final String PASSWORD = "quick-start";
    private static final long STARTUP_MILLIS = 30_000;

    private final GreenMail server;
    private final Session session;

    private Mailboxes(GreenMail server) {
        this.server = server;
        // With allowutf8 the server would take raw Latin-1 or GB header fields for broken UTF-8 and change them.
        Properties properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", "false");
        this.session = Session.getInstance(properties);
    }

    /** Starts the server on two free ports of the loopback interface. */
    static Mailboxes start() {
        ServerSetup imap = new ServerSetup(0, HOST, ServerSetup.PROTOCOL_IMAP);
        ServerSetup pop3 = new ServerSetup(0, HOST, ServerSetup.PROTOCOL_POP3);
        imap.setServerStartupTimeout(STARTUP_MILLIS);
        pop3.setServerStartupTimeout(STARTUP_MILLIS);
        GreenMail server = new GreenMail(new ServerSetup[] {imap, pop3});
        server.withConfiguration(GreenMailConfiguration.aConfig()
                        .withUser(IMAP_USER, IMAP_USER, PASSWORD)
                        .withUser(POP3_USER, POP3_USER, PASSWORD))
                .start();
        return new Mailboxes(server);
    }

    int imapPort() {
        return server.getImap().getPort();
    }

    int pop3Port() {
        return server.getPop3().getPort();
    }

    /**
     * Puts a message into the inbox of {@code user}. What the server gives out later are these octets, except that its
     * POP3 side drops empty lines at the end.
     */
    void put(String user, byte[] octets) throws MessagingException, FolderException {
        MailFolder inbox = server.getManagers()
                .getImapHostManager()
                .getInbox(server.getUserManager().getUser(user));
        inbox.appendMessage(new MimeMessage(session, new ByteArrayInputStream(octets)), new Flags(), new Date());
    }

    @Override
    public void close() {
        server.stop();
    }
}
