package io.mailproto.smtp.client;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.spool.Octets;
import io.mailproto.testing.ScriptedPeer;
import io.mailproto.testing.TestCertificates;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Short words for the client's tests. */
final class Smtp {
    private Smtp() {}

    static SmtpClientOptions options() {
        return SmtpClientOptions.defaults()
                .withEhloName(Domain.parse("client.example.com"))
                .withTimeouts(SmtpTimeouts.all(Duration.ofSeconds(20)));
    }

    static SmtpClientOptions tls(TlsMode mode) {
        return options().withTls(mode, TlsSettings.client(TestCertificates.client()));
    }

    static SmtpLogin login(String... mechanisms) {
        return new SmtpLogin(new Credentials("ann", Secret.of("secret1")), List.of(mechanisms), false);
    }

    static SmtpClient open(ScriptedPeer server, SmtpClientOptions options) throws IOException {
        return open(server.address(), options);
    }

    static SmtpClient open(HostPort server, SmtpClientOptions options) throws IOException {
        return SmtpClient.open(TestWire.dialer(), server, options);
    }

    static Envelope envelope(String sender, String... recipients) {
        List<EmailAddress> to =
                Arrays.stream(recipients).map(EmailAddress::parse).toList();
        return Envelope.of(EmailAddress.parse(sender), to);
    }

    /** Text whose LF are CRLF in the message. */
    static MessageContent message(String text) {
        return octets(text.replace("\n", "\r\n"));
    }

    static MessageContent octets(String text) {
        return MessageContent.of(Octets.of(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** As {@link #octets}, known to be ASCII. */
    static MessageContent sevenBit(String text) {
        Octets octets = Octets.of(text.getBytes(StandardCharsets.US_ASCII));
        return new MessageContent() {
            @Override
            public long size() {
                return octets.size();
            }

            @Override
            public boolean isEightBit() {
                return false;
            }

            @Override
            public boolean needsSmtpUtf8() {
                return false;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                octets.writeTo(out);
            }
        };
    }
}
