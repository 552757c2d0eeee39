package io.mailproto.examples.recipes;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;

/** A mail server with IMAP and POP3 over TLS, and SMTP; ann is for IMAP and bob for POP3. Close it to stop it. */
final class MailHouse implements AutoCloseable {
    static final String ANN = "ann@example.org";
    static final String BOB = "bob@example.org";
    static final String PASSWORD = "s+cr%t&";
    private static final long STARTUP_MILLIS = 30_000;
    private static final String STORE_PASSWORD = "changeit";

    private final Path keyStore;
    private final GreenMail server;

    private MailHouse(Path keyStore, GreenMail server) {
        this.keyStore = keyStore;
        this.server = server;
    }

    static MailHouse open(Path folder) throws IOException, InterruptedException {
        Path keyStore = folder.resolve("server.p12");
        if (!Files.exists(keyStore)) {
            makeCertificate(keyStore);
        }
        // The server reads it once in the life of a JVM.
        System.setProperty("greenmail.tls.keystore.file", keyStore.toString());
        System.setProperty("greenmail.tls.keystore.password", STORE_PASSWORD);
        ServerSetup[] setups = {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAPS),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3S),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP)
        };
        for (ServerSetup setup : setups) {
            setup.setServerStartupTimeout(STARTUP_MILLIS);
        }
        GreenMail server = new GreenMail(setups);
        server.withConfiguration(GreenMailConfiguration.aConfig()
                        .withUser(ANN, ANN, PASSWORD)
                        .withUser(BOB, BOB, PASSWORD))
                .start();
        return new MailHouse(keyStore, server);
    }

    private static void makeCertificate(Path keyStore) throws IOException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keyStore.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(keyStore.resolveSibling("keytool.log").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("keytool does not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException("keytool failed; see " + keyStore.resolveSibling("keytool.log"));
        }
    }

    /** What makes a client trust this server. */
    SSLContextParameters trust() {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + keyStore);
        store.setPassword(STORE_PASSWORD);
        store.setType("PKCS12");
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        return parameters;
    }

    /** Host and ports, user and password as the recipes name them. */
    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("imap.host", "localhost:" + server.getImaps().getPort());
        properties.setProperty("pop3.host", "localhost:" + server.getPop3s().getPort());
        properties.setProperty("smtp.host", "localhost:" + server.getSmtp().getPort());
        for (String family : List.of("imap", "pop3", "smtp")) {
            properties.setProperty(family + ".user", family.equals("pop3") ? BOB : ANN);
            properties.setProperty(family + ".password", PASSWORD);
        }
        for (String provider : List.of("gmail", "m365", "netease")) {
            properties.setProperty(provider + ".host", properties.getProperty("imap.host"));
            properties.setProperty(provider + ".user", ANN);
        }
        properties.setProperty("netease.code", PASSWORD);
        return properties;
    }

    /** Puts a mail into the inbox of a user. */
    void put(String user, String mail) throws Exception {
        byte[] octets = mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        server.getUserManager()
                .getUser(user)
                .deliver(new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(octets)));
    }

    /** The mails in the inbox of a user, who may be somebody that mail was just sent to. */
    List<String> inboxOf(String address) throws Exception {
        GreenMailUser user = server.getUserManager().getUserByEmail(address);
        List<String> mails = new ArrayList<>();
        if (user != null) {
            for (StoredMessage stored :
                    server.getManagers().getImapHostManager().getInbox(user).getMessages()) {
                ByteArrayOutputStream octets = new ByteArrayOutputStream();
                stored.getMimeMessage().writeTo(octets);
                mails.add(octets.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
            }
        }
        return mails;
    }

    @Override
    public void close() {
        server.stop();
    }
}
