package io.mailproto.component;

import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.wire.MailFailure;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A mail was not sent, or not to everybody, or nobody knows. The kinds are for {@code onException}; the message says peer,
 * step, what came, and what is known about the mail. The cause is what the protocol reported.
 */
public abstract class MailDeliveryException extends Exception implements MailFailure {

    private static final long serialVersionUID = 1L;

    private final String peer;
    private final String step;
    private final String fate;
    private final boolean isTransient;
    private String earlier = "";
    private final transient TransactionReport report;

    MailDeliveryException(
            String message,
            String peer,
            String step,
            String fate,
            boolean isTransient,
            TransactionReport report,
            Throwable cause) {
        super(message, cause);
        this.peer = peer;
        this.step = step;
        this.fate = fate;
        this.isTransient = isTransient;
        this.report = report;
    }

    <F extends Exception & MailFailure> MailDeliveryException(F cause, boolean isTransient, TransactionReport report) {
        this(cause.getMessage(), cause.peer(), cause.step(), cause.fate(), isTransient, report, cause);
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return step;
    }

    @Override
    public boolean isTransient() {
        return isTransient;
    }

    @Override
    public String fate() {
        return fate + earlier;
    }

    /** The failure's own words, and who has the mail from an earlier attempt. */
    @Override
    public String getMessage() {
        return super.getMessage() + earlier;
    }

    /**
     * Adds what earlier attempts of a redelivery have achieved, so that nobody sends the mail again to those who have it.
     *
     * @param recipients those that accepted before; may be empty
     * @return this
     */
    public MailDeliveryException acceptedBefore(Collection<String> recipients) {
        earlier = recipients.isEmpty()
                ? ""
                : "; an earlier attempt was accepted for " + String.join(", ", new TreeSet<>(recipients));
        return this;
    }

    /** What is known of each recipient; empty if it did not come to that, and after serialization. */
    public Optional<TransactionReport> report() {
        return Optional.ofNullable(report);
    }
}
