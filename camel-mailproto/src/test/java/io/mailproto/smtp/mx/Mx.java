package io.mailproto.smtp.mx;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.dns.MailExchangers;
import io.mailproto.smtp.client.DeliveryRequest;
import io.mailproto.smtp.client.MessageContent;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.SmtpClientOptions;
import io.mailproto.smtp.client.SmtpTimeouts;
import io.mailproto.spool.Octets;
import io.mailproto.testing.TestWire;
import io.mailproto.wire.Networks;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TrustEverything;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Short words for the tests of delivery. */
final class Mx {
    static final MxLimits LIMITS = new MxLimits(4, 3, 5, Duration.ofMinutes(1));

    private Mx() {}

    static MxOptions options(int port, MxLimits limits) {
        return new MxOptions(
                Set.of(Domain.parse("me.example.com")), Networks.NONE, AddressScope.ANY, true, port, true, limits);
    }

    static SmtpClientOptions client() {
        return SmtpClientOptions.defaults()
                .withEhloName(Domain.parse("me.example.com"))
                .withTimeouts(SmtpTimeouts.all(Duration.ofSeconds(20)));
    }

    static SmtpClientOptions tls(TlsMode mode) {
        return client().withTls(mode, TrustEverything.client());
    }

    static MxDelivery delivery(MailExchangers zone, MxOptions options, SmtpClientOptions client) {
        return new MxDelivery(zone, TestWire.dialer(), client, options, () -> new Random(1));
    }

    static Outgoing mail(String... recipients) {
        Octets octets = Octets.of("x\r\n".getBytes(StandardCharsets.US_ASCII));
        List<EmailAddress> to =
                Arrays.stream(recipients).map(EmailAddress::parse).toList();
        MessageContent content = new MessageContent() {
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
        return new Outgoing(Envelope.of(EmailAddress.parse("ann@example.com"), to), content, DeliveryRequest.USUAL);
    }

    /** Delivers, and what became of each recipient: {@code bob ACCEPTED 250 ok}. */
    static List<String> deliver(MxDelivery delivery, String... recipients) {
        return words(outcome(delivery, recipients));
    }

    static MxOutcome outcome(MxDelivery delivery, String... recipients) {
        Outgoing mail = mail(recipients);
        MxOutcome outcome = new MxOutcome(mail.envelope());
        delivery.deliver(mail, mail.envelope().recipients(), outcome);
        return outcome;
    }

    static List<String> words(MxOutcome outcome) {
        return outcome.report().recipients().stream().map(Mx::words).collect(Collectors.toList());
    }

    private static String words(RecipientResult result) {
        return result.recipient().localPart() + " " + result.outcome()
                + result.reply().map(reply -> " " + reply).orElse("");
    }
}
