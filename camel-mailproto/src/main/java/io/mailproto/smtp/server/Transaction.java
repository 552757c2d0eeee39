package io.mailproto.smtp.server;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.EsmtpParameters;
import io.mailproto.smtp.SmtpCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has been said between MAIL and the end of the message. */
final class Transaction implements AutoCloseable {
    private final Optional<EmailAddress> sender;
    private final EsmtpParameters parameters;
    private final long announcedOctets;
    private final List<EmailAddress> recipients = new ArrayList<>();
    private final List<EsmtpParameters> recipientParameters = new ArrayList<>();
    private int tooMany;
    private ChunkedMessage chunks;

    /**
     * A transaction without recipients.
     *
     * @param announcedOctets -1 if not said
     */
    Transaction(SmtpCommand.MailFrom mail, long announcedOctets) {
        this.sender = mail.sender();
        this.parameters = mail.parameters();
        this.announcedOctets = announcedOctets;
    }

    Optional<EmailAddress> sender() {
        return sender;
    }

    EsmtpParameters parameters() {
        return parameters;
    }

    long announcedOctets() {
        return announcedOctets;
    }

    boolean isUtf8() {
        return parameters.get("SMTPUTF8").isPresent();
    }

    void add(SmtpCommand.RcptTo rcpt) {
        recipients.add(rcpt.recipient());
        recipientParameters.add(rcpt.parameters());
    }

    int recipients() {
        return recipients.size();
    }

    /** What was said with each recipient, in their order. */
    List<EsmtpParameters> recipientParameters() {
        return recipientParameters;
    }

    /** Counts a recipient beyond the limit; returns how many there have been. */
    int countTooMany() {
        return ++tooMany;
    }

    Envelope envelope() {
        return new Envelope(sender, recipients);
    }

    /** The message, once its first chunk has been announced; else null. */
    ChunkedMessage chunks() {
        return chunks;
    }

    /** The first chunk is about to come. */
    void beginChunks(ChunkedMessage message) {
        chunks = message;
    }

    /** Throws away what has come of the message. */
    @Override
    public void close() {
        if (chunks != null) {
            chunks.close();
        }
    }
}
