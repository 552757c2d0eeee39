package io.mailproto.smtp.server;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes the trace field that a server puts on top of each message (RFC 5321 §4.4). */
final class ReceivedField {
    // A fixed locale: the names of days and months are part of the grammar (RFC 5322 §3.3).
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    /** Domain or address-literal, and the underscores that real clients have in their names. */
    private static final Pattern HELO_NAME = Pattern.compile("[A-Za-z0-9._-]{1,255}|\\[[A-Za-z0-9.:_-]{1,253}]");

    private ReceivedField() {}

    /**
     * The field with its line ends, folded:
     *
     * <pre>
     * Received: from client.example ([192.0.2.1])
     *  by mx.example.org with ESMTPS id 1x2y-3
     *  (TLSv1.3 with TLS_AES_256_GCM_SHA384)
     *  for &lt;bob@example.org&gt;; Tue, 24 Nov 2026 08:30:00 +0000
     * </pre>
     */
    static String of(
            SessionFacts session,
            Domain serverName,
            boolean isLmtp,
            String id,
            Envelope envelope,
            boolean isUtf8,
            ZonedDateTime now) {
        StringBuilder field = new StringBuilder(256);
        // What the client calls itself may be anything; only what can be a name gets into a header.
        String helo = session.heloName()
                .filter(name -> HELO_NAME.matcher(name).matches())
                .orElse("unknown");
        field.append("Received: from ").append(helo);
        field.append(" (").append(literal(session.remoteAddress().getAddress())).append(")\r\n");
        field.append("\tby ").append(serverName.ascii());
        field.append(" with ").append(session.protocol(isLmtp, isUtf8));
        field.append(" id ").append(id);
        session.tls().ifPresent(tls -> field.append("\r\n\t(")
                .append(tls.protocol())
                .append(" with ")
                .append(tls.cipher())
                .append(')'));
        recipient(envelope, isUtf8)
                .ifPresent(recipient ->
                        field.append("\r\n\tfor <").append(recipient).append('>'));
        field.append(";\r\n\t").append(DATE.format(now)).append("\r\n");
        return field.toString();
    }

    /** More than one recipient in a field would tell each of the others (RFC 5321 §7.2). */
    private static Optional<EmailAddress> recipient(Envelope envelope, boolean isUtf8) {
        return envelope.recipients().size() == 1
                ? Optional.of(envelope.recipients().get(0)).filter(address -> isUtf8 || !address.needsUtf8())
                : Optional.empty();
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String plain = zone < 0 ? text : text.substring(0, zone);
        return address instanceof Inet6Address ? "[IPv6:" + plain + "]" : "[" + plain + "]";
    }
}
