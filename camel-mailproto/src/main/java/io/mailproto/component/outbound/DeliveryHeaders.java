package io.mailproto.component.outbound;

import io.mailproto.address.EmailAddress;
import io.mailproto.component.MailConstants;
import io.mailproto.smtp.client.DeliveryRequest;
import io.mailproto.smtp.client.DsnRequest;
import io.mailproto.smtp.client.DsnRequest.Notify;
import io.mailproto.smtp.client.DsnRequest.RecipientDsn;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Message;

/**
 * What is asked of the server for a mail, by options and by the headers that our SMTP consumer sets: who relays asks for
 * what the sender has asked for.
 */
final class DeliveryHeaders {

    private DeliveryHeaders() {}

    /** @throws IllegalArgumentException naming the header or option that cannot be understood */
    static DeliveryRequest of(Message message, OutboundOptions configuration) {
        boolean requiresTls = configuration.isRequireTls()
                || Boolean.TRUE.equals(message.getHeader(MailConstants.REQUIRE_TLS, Boolean.class));
        String returns = message.getHeader(MailConstants.DSN_RETURN, String.class);
        String envelopeId = message.getHeader(MailConstants.DSN_ENVELOPE_ID, String.class);
        Object recipients = message.getHeader(MailConstants.DSN_RECIPIENTS);
        boolean hasDsn = returns != null
                || envelopeId != null
                || recipients != null
                || configuration.getDsnNotify() != null
                || configuration.getDsnReturn() != null;
        if (!hasDsn) {
            return requiresTls ? new DeliveryRequest(DsnRequest.NONE, true) : DeliveryRequest.USUAL;
        }
        try {
            DsnRequest dsn = new DsnRequest(
                    returns == null
                            ? configuration.getDsnReturn()
                            : DsnRequest.Return.valueOf(returns.strip().toUpperCase(Locale.ROOT)),
                    envelopeId,
                    configuration.getDsnNotify() == null ? null : Notify.parse(configuration.getDsnNotify()),
                    byRecipient(recipients));
            return new DeliveryRequest(dsn, requiresTls);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "dsnNotify, or one of the headers CamelMailDsn…, cannot be understood: " + e.getMessage(), e);
        }
    }

    private static Map<EmailAddress, RecipientDsn> byRecipient(Object header) {
        Map<EmailAddress, RecipientDsn> requests = new HashMap<>();
        if (header instanceof Map<?, ?> texts) {
            texts.forEach((address, text) ->
                    requests.put(EmailAddress.parse(String.valueOf(address)), recipient(String.valueOf(text))));
        } else if (header != null) {
            throw new IllegalArgumentException(MailConstants.DSN_RECIPIENTS + " must be a map");
        }
        return requests;
    }

    /** As behind the path in RCPT: {@code NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb@example.org}. */
    private static RecipientDsn recipient(String text) {
        Set<Notify> when = null;
        String original = null;
        for (String word : text.strip().split("\\s+")) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String value = word.substring(equals + 1);
            switch (name.toUpperCase(Locale.ROOT)) {
                case "NOTIFY" -> when = Notify.parse(value);
                case "ORCPT" -> original = decoded(value);
                case "" -> {
                    // nothing is asked for
                }
                default -> throw new IllegalArgumentException("for a recipient there are NOTIFY and ORCPT");
            }
        }
        return new RecipientDsn(when, original);
    }

    /** Undoes xtext (RFC 3461 §4): the client encodes again. */
    private static String decoded(String xtext) {
        byte[] octets = new byte[xtext.length()];
        int length = 0;
        for (int i = 0; i < xtext.length(); i++) {
            char c = xtext.charAt(i);
            if (c == '+' && i + 2 < xtext.length()) {
                octets[length++] = (byte) Integer.parseInt(xtext.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                octets[length++] = (byte) c;
            }
        }
        return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
    }
}
