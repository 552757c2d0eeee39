package io.mailproto.smtp.client;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.Extensions;
import io.mailproto.smtp.client.SmtpRequirementUnmet.Requirement;
import io.mailproto.wire.Connection;
import io.mailproto.wire.TlsFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of one transaction that go out before the message, with the parameters that the server offers and the
 * message needs. All are made, and all that is required is checked, before the first octet is written.
 */
final class SmtpCommands {
    /** @param recipient null unless it is a RCPT */
    record Command(SmtpPhase phase, EmailAddress recipient, String line) {}

    private final Connection connection;
    private final Extensions extensions;
    private final Envelope envelope;
    private final MessageContent content;
    private final DeliveryRequest request;
    private boolean utf8;

    SmtpCommands(
            Connection connection,
            Extensions extensions,
            Envelope envelope,
            MessageContent content,
            DeliveryRequest request) {
        this.connection = connection;
        this.extensions = extensions;
        this.envelope = envelope;
        this.content = content;
        this.request = request;
    }

    /** MAIL, and RCPT for each recipient. */
    List<Command> make() throws IOException {
        utf8 = needsSmtpUtf8();
        checkTls();
        List<Command> commands = new ArrayList<>(envelope.recipients().size() + 2);
        commands.add(new Command(SmtpPhase.MAIL, null, SmtpDialogue.checkedLength(mail())));
        boolean hasDsn = extensions.offers(Extensions.DSN);
        for (EmailAddress recipient : envelope.recipients()) {
            String line = "RCPT TO:<" + onTheWire(recipient) + ">"
                    + (hasDsn ? request.dsn().rcptParameters(recipient) : "");
            commands.add(new Command(SmtpPhase.RCPT, recipient, SmtpDialogue.checkedLength(line)));
        }
        return commands;
    }

    /** Do the commands have UTF-8 in them? Known after {@link #make}. */
    boolean areUtf8() {
        return utf8;
    }

    private String mail() throws IOException {
        StringBuilder line = new StringBuilder(80)
                .append("MAIL FROM:<")
                .append(
                        envelope.sender().isPresent()
                                ? onTheWire(envelope.sender().get())
                                : "")
                .append('>');
        if (extensions.offers(Extensions.SIZE) && content.size() >= 0) {
            if (extensions.maxSize().isPresent()
                    && content.size() > extensions.maxSize().getAsLong()) {
                throw unmet(
                        Requirement.SIZE,
                        "the message has " + content.size() + " octets, the server takes at most "
                                + extensions.maxSize().getAsLong());
            }
            line.append(" SIZE=").append(content.size());
        }
        if (content.isEightBit() && extensions.offers(Extensions.EIGHT_BIT_MIME)) {
            line.append(" BODY=8BITMIME");
        }
        if (utf8) {
            line.append(" SMTPUTF8");
        }
        if (request.requiresTls()) {
            line.append(" REQUIRETLS");
        }
        if (extensions.offers(Extensions.DSN)) {
            line.append(request.dsn().mailParameters());
        }
        return line.toString();
    }

    private boolean needsSmtpUtf8() throws SmtpRequirementUnmet {
        if (extensions.offers(Extensions.SMTPUTF8)) {
            return envelope.needsUtf8() || content.needsSmtpUtf8();
        }
        // A domain alone can be written in its A-label form; a local part cannot.
        boolean isNeeded = content.needsSmtpUtf8()
                || (envelope.sender().isPresent() && envelope.sender().get().hasLocalPartBeyondAscii());
        for (EmailAddress recipient : envelope.recipients()) {
            isNeeded |= recipient.hasLocalPartBeyondAscii();
        }
        if (isNeeded) {
            throw unmet(
                    Requirement.SMTPUTF8,
                    "an address has characters beyond ASCII, and the server does not offer SMTPUTF8");
        }
        return false;
    }

    /** RFC 8689 §4.2.1: TLS with a verified server that promises the same for the way behind it. */
    private void checkTls() throws SmtpRequirementUnmet {
        if (!request.requiresTls()) {
            return;
        }
        boolean isVerified = connection.tls().map(TlsFacts::peerVerified).orElse(false);
        if (!isVerified || !extensions.offers(Extensions.REQUIRETLS)) {
            throw unmet(
                    Requirement.REQUIRETLS,
                    isVerified
                            ? "the message requires TLS on its whole way, and the server does not offer REQUIRETLS"
                            : "the message requires TLS with a verified server");
        }
    }

    private String onTheWire(EmailAddress address) {
        return utf8 || !address.domain().needsUtf8()
                ? address.toString()
                : new EmailAddress(
                                address.localPart(),
                                Domain.parse(address.domain().ascii()))
                        .toString();
    }

    private SmtpRequirementUnmet unmet(Requirement requirement, String what) {
        return new SmtpRequirementUnmet(connection.peer(), SmtpPhase.MAIL.step(), requirement, what);
    }
}
