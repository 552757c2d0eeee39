package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestCertificatesTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "::1", "mx1.example.test"})
    void theClientTrustsTheServerByEachOfItsNames(String name) throws Exception {
        assertThat(shakeHands(TestCertificates.Kind.LOCALHOST, name)).isEqualTo('x');
    }

    @ParameterizedTest
    @CsvSource({"EXPIRED, validity", "FOREIGN, unable to find valid certification path", "WRONG_HOST, No subject alt"})
    void theClientRefusesTheOthersForTheRightReason(TestCertificates.Kind kind, String reason) {
        assertThatThrownBy(() -> shakeHands(kind, "localhost"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasStackTraceContaining(reason);
    }

    @Test
    void theRightNameMakesTheWrongHostCertificateGood() throws Exception {
        assertThat(shakeHands(TestCertificates.Kind.WRONG_HOST, "wrong.example.test"))
                .isEqualTo('x');
    }

    @ParameterizedTest
    @EnumSource
    void thePemFilesAreReadableByOthers(TestCertificates.Kind kind, @TempDir Path directory) throws Exception {
        TestCertificates.writePem(directory, kind);

        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try (InputStream chain = Files.newInputStream(directory.resolve("cert.pem"))) {
            assertThat(factory.generateCertificates(chain)).hasSize(2);
        }
        assertThat(directory.resolve("key.pem")).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(directory.resolve("ca.pem")).content().startsWith("-----BEGIN CERTIFICATE-----\n");
    }

    @Test
    void theStoresOpenWithTheirPassword(@TempDir Path directory) throws Exception {
        char[] password = TestCertificates.STORE_PASSWORD.toCharArray();
        Path keys = TestCertificates.writeKeyStore(directory.resolve("key.p12"), TestCertificates.Kind.LOCALHOST);
        Path trust = TestCertificates.writeTrustStore(directory.resolve("trust.p12"));

        assertThat(KeyStore.getInstance(keys.toFile(), password).getKey("server", password))
                .isNotNull();
        assertThat(KeyStore.getInstance(trust.toFile(), password).isCertificateEntry("ca"))
                .isTrue();
    }

    /** Connects with verification of this name; returns the one octet that the server says. */
    private static int shakeHands(TestCertificates.Kind kind, String name) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket) TestCertificates.server(kind)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.getOutputStream().write('x');
                } catch (SSLException e) {
                    // The client does not like us: its side of the story is what the test is about.
                    assertThat(e).isNotNull();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            try (SSLSocket socket = (SSLSocket) TestCertificates.client()
                    .getSocketFactory()
                    .createSocket(new java.net.Socket("127.0.0.1", listener.getLocalPort()), name, 0, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                int octet = socket.getInputStream().read();
                served.join();
                return octet;
            }
        }
    }
}
