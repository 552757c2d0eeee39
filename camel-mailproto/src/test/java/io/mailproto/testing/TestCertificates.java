package io.mailproto.testing;

import io.mailproto.testing.TestAuthority.Identity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates made at run time, once per JVM (about 30 ms): an authority that {@link #client()} trusts, and server
 * certificates good and bad. Thread-safe; nothing is on disk unless written by {@link #writePem} or the store methods.
 */
public final class TestCertificates {
    /** What a server can show. */
    public enum Kind {
        /** For localhost, 127.0.0.1, ::1, mx1.example.test and mail.example.test, by the trusted authority. */
        LOCALHOST,
        /** The same names, by the trusted authority, but over since yesterday. */
        EXPIRED,
        /** The same names, by an authority that nobody trusts. */
        FOREIGN,
        /** By the trusted authority, but for wrong.example.test only. */
        WRONG_HOST
    }

    /** The password of the stores that {@link #writeKeyStore} and {@link #writeTrustStore} write. */
    public static final String STORE_PASSWORD = "changeit";

    /** Made on first use, by the class loader's own lock. */
    private static final class Made {
        static final TestCertificates ALL = make();
    }

    private final TestAuthority authority;
    private final Map<Kind, Identity> identities;
    private final Map<Kind, SSLContext> servers;
    private final SSLContext client;

    private TestCertificates() throws GeneralSecurityException, IOException {
        authority = new TestAuthority("camel-mailproto test CA");
        List<byte[]> local = List.of(
                TestAuthority.dnsName("localhost"),
                TestAuthority.dnsName("mx1.example.test"),
                TestAuthority.dnsName("mail.example.test"),
                TestAuthority.ipAddress(InetAddress.getByName("127.0.0.1").getAddress()),
                TestAuthority.ipAddress(InetAddress.getByName("::1").getAddress()));
        Instant now = Instant.now();
        identities = new EnumMap<>(Kind.class);
        identities.put(Kind.LOCALHOST, authority.issue("localhost", local));
        identities.put(
                Kind.EXPIRED,
                authority.issue("localhost", now.minus(Duration.ofDays(30)), now.minus(Duration.ofDays(1)), local));
        identities.put(Kind.FOREIGN, new TestAuthority("foreign test CA").issue("localhost", local));
        identities.put(
                Kind.WRONG_HOST,
                authority.issue("wrong.example.test", List.of(TestAuthority.dnsName("wrong.example.test"))));
        servers = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            servers.put(kind, context(keyStore(identities.get(kind)), null));
        }
        client = context(null, trustStore(authority));
    }

    /** A server that shows the good certificate. */
    public static SSLContext server() {
        return server(Kind.LOCALHOST);
    }

    /** A server that shows this certificate. */
    public static SSLContext server(Kind kind) {
        return Made.ALL.servers.get(kind);
    }

    /** A client that trusts the test authority and nothing else; whether it checks host names is up to the caller. */
    public static SSLContext client() {
        return Made.ALL.client;
    }

    /** The authority's certificate as PEM. */
    public static String caPem() {
        return pem("CERTIFICATE", encoded(Made.ALL.authority.certificate()));
    }

    /** The server's certificate and its issuer's as PEM. */
    public static String chainPem(Kind kind) {
        Identity identity = Made.ALL.identities.get(kind);
        return pem("CERTIFICATE", encoded(identity.certificate())) + pem("CERTIFICATE", encoded(identity.issuer()));
    }

    /** The server's private key as PEM (PKCS #8, not encrypted). */
    public static String keyPem(Kind kind) {
        return pem("PRIVATE KEY", Made.ALL.identities.get(kind).key().getEncoded());
    }

    /**
     * Writes {@code ca.pem}, {@code cert.pem} (with its chain) and {@code key.pem} into a directory, which is made if it
     * is missing.
     */
    public static void writePem(Path directory, Kind kind) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("ca.pem"), caPem(), StandardCharsets.US_ASCII);
        Files.writeString(directory.resolve("cert.pem"), chainPem(kind), StandardCharsets.US_ASCII);
        Files.writeString(directory.resolve("key.pem"), keyPem(kind), StandardCharsets.US_ASCII);
    }

    /** Writes the server's key and chain as a PKCS #12 file with {@link #STORE_PASSWORD}, alias {@code server}. */
    public static Path writeKeyStore(Path file, Kind kind) throws IOException {
        return store(file, keyStoreOf(Made.ALL.identities.get(kind)));
    }

    /** Writes the authority's certificate as a PKCS #12 trust store with {@link #STORE_PASSWORD}. */
    public static Path writeTrustStore(Path file) throws IOException {
        try {
            return store(file, trustStore(Made.ALL.authority));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestCertificates make() {
        try {
            return new TestCertificates();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make test certificates", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make test certificates", e);
        }
    }

    private static Path store(Path file, KeyStore store) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, STORE_PASSWORD.toCharArray());
            return file;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore keyStoreOf(Identity identity) {
        try {
            return keyStore(identity);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore keyStore(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", identity.key(), STORE_PASSWORD.toCharArray(), new Certificate[] {
            identity.certificate(), identity.issuer()
        });
        return store;
    }

    private static KeyStore trustStore(TestAuthority authority) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", authority.certificate());
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext context(KeyStore own, KeyStore trusted) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, own == null ? null : STORE_PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static byte[] encoded(Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }
}
