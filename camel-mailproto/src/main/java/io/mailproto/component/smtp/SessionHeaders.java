package io.mailproto.component.smtp;

import io.mailproto.address.EmailAddress;
import io.mailproto.component.MailConstants;
import io.mailproto.smtp.EsmtpParameters;
import io.mailproto.smtp.server.ReceivedMessage;
import io.mailproto.smtp.server.SessionFacts;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the protocol knows of a client and its mail, as headers. */
final class SessionHeaders {
    private SessionHeaders() {}

    /** Of a client at any step. */
    static Map<String, Object> of(SessionFacts session) {
        Map<String, Object> headers = new HashMap<>();
        InetSocketAddress remote = session.remoteAddress();
        headers.put(MailConstants.REMOTE_ADDRESS, remote.getAddress().getHostAddress() + ":" + remote.getPort());
        session.heloName().ifPresent(name -> headers.put(MailConstants.HELO, name));
        session.tls().ifPresent(tls -> headers.put(MailConstants.TLS_PROTOCOL, tls.protocol()));
        session.user().ifPresent(user -> headers.put(MailConstants.AUTHENTICATED_USER, user));
        return headers;
    }

    /** Of an envelope, on top. */
    static void addEnvelope(Map<String, Object> headers, Optional<EmailAddress> sender, List<EmailAddress> recipients) {
        headers.put(
                MailConstants.ENVELOPE_SENDER,
                sender.map(EmailAddress::toString).orElse(""));
        headers.put(
                MailConstants.ENVELOPE_RECIPIENTS,
                recipients.stream().map(EmailAddress::toString).toList());
    }

    /** Of a mail. */
    static Map<String, Object> of(ReceivedMessage message) {
        Map<String, Object> headers = of(message.session());
        List<EmailAddress> recipients = message.envelope().recipients();
        addEnvelope(headers, message.envelope().sender(), recipients);
        headers.put(MailConstants.QUEUE_ID, message.id());
        headers.put(MailConstants.SIZE, message.octets().size());
        EsmtpParameters parameters = message.parameters();
        parameters.get("RET").ifPresent(value -> headers.put(MailConstants.DSN_RETURN, value.toUpperCase(Locale.ROOT)));
        parameters.xtext("ENVID").ifPresent(value -> headers.put(MailConstants.DSN_ENVELOPE_ID, value));
        if (parameters.get("REQUIRETLS").isPresent()) {
            headers.put(MailConstants.REQUIRE_TLS, true);
        }
        Map<String, String> wishes = new HashMap<>();
        for (int i = 0; i < recipients.size(); i++) {
            EsmtpParameters own = message.recipientParameters().get(i);
            if (!own.values().isEmpty()) {
                wishes.put(recipients.get(i).toString(), own.toWire());
            }
        }
        if (!wishes.isEmpty()) {
            headers.put(MailConstants.DSN_RECIPIENTS, Map.copyOf(wishes));
        }
        return headers;
    }
}
