package io.mailproto.smtp.server;

import static io.mailproto.smtp.server.TestSmtpServer.OPTIONS;
import static io.mailproto.smtp.server.TestSmtpServer.SECURITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailproto.testing.TestCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages whose header sections are meant to be too much, and TLS sessions that are meant to say who somebody is. */
@Timeout(60)
class SmtpServerFloodTest {
    private static final String UP_TO_DATA = "HELO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";
    private static final String END = "\r\n\r\nbody\r\n.\r\n";

    /** A header section of a million octets in one line is content like any other, and costs no memory. */
    @ParameterizedTest
    @ValueSource(strings = {"From ", "X-Long: ", "Subject:", "Received", ""})
    void takesAFirstLineOfAMillionOctets(String start) throws Exception {
        SmtpServerOptions options = OPTIONS.with(new ServerLimits(0, 3, 20, Duration.ZERO, 3, 100));
        try (TestSmtpServer server = new TestSmtpServer(options)) {
            String line = start + "x".repeat(1_000_000);
            assertThat(send(server, List.of(line), END)).startsWith("250 ");
            assertThat(server.onlyText()).startsWith(line + "\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Received: by x\r\n", "received:\r\n\tby x\r\n"})
    void refusesAMillionHops(String field) throws Exception {
        SmtpServerOptions options = OPTIONS.with(new ServerLimits(0, 3, 20, Duration.ZERO, 3, 100));
        try (TestSmtpServer server = new TestSmtpServer(options)) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                fields.add(field.repeat(10_000));
            }
            assertThat(send(server, fields, END))
                    .isEqualTo("554 5.4.6 too many Received fields, the message runs in a loop");
            assertThat(server.messages()).isEmpty();
        }
    }

    /** The reply to a message; what is sent behind 354 is given in pieces. */
    private static String send(TestSmtpServer server, List<String> pieces, String end) throws IOException {
        try (Socket socket =
                new Socket(server.address().host(), server.address().port())) {
            socket.setSoTimeout(30_000);
            BufferedReader in = reader(socket);
            OutputStream out = socket.getOutputStream();
            out.write(UP_TO_DATA.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 4; i++) {
                assertThat(in.readLine()).matches("2.*");
            }
            assertThat(in.readLine()).startsWith("354");
            for (String piece : pieces) {
                out.write(piece.getBytes(StandardCharsets.US_ASCII));
            }
            out.write(end.getBytes(StandardCharsets.US_ASCII));
            String reply = in.readLine();
            out.write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readLine()).startsWith("221");
            return reply;
        }
    }

    /** A TLS session that is resumed elsewhere, where its ticket opens, brings no login along. */
    @Test
    void takesNoTlsSessionForALogin() throws Exception {
        ServerSecurity required = new ServerSecurity(SECURITY.tls(), true, false, SECURITY.logins(), true, false);
        SSLContext trust = TestCertificates.client();
        try (TestSmtpServer first = new TestSmtpServer(OPTIONS.with(required));
                TestSmtpServer second = new TestSmtpServer(OPTIONS.with(required))) {
            String plain = Base64.getEncoder().encodeToString("\0ann\0secret".getBytes(StandardCharsets.US_ASCII));
            try (SSLSocket socket = connect(trust, first)) {
                assertThat(say(socket, "EHLO a\r\nAUTH PLAIN " + plain + "\r\nMAIL FROM:<a@b>\r\nQUIT\r\n"))
                        .contains("235 2.7.0 authenticated", "250 2.1.0 sender ok");
            }
            try (SSLSocket socket = connect(trust, second)) {
                assertThat(say(socket, "EHLO a\r\nMAIL FROM:<a@b>\r\nQUIT\r\n"))
                        .contains("530 5.7.0 authentication required")
                        .doesNotContain("250 2.1.0 sender ok");
            }
        }
    }

    private static SSLSocket connect(SSLContext trust, TestSmtpServer server) throws IOException {
        Socket plain = new Socket(server.address().host(), server.address().port());
        plain.setSoTimeout(30_000);
        // Under the same name and port, so that the client tries to resume what the other server has given it.
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(plain, "127.0.0.1", 465, true);
        socket.startHandshake();
        return socket;
    }

    private static List<String> say(Socket socket, String lines) throws IOException {
        BufferedReader in = reader(socket);
        assertThat(in.readLine()).startsWith("220");
        socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
        List<String> said = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            said.add(line);
        }
        return said;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }
}
