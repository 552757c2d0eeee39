package io.mailproto.component;

import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.RecipientResult.Outcome;
import io.mailproto.smtp.client.TransactionReport;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mail was accepted for some recipients and not for others, or some mails of several were sent and others not. A
 * redelivery of the exchange reaches only those who have not got it.
 */
public final class MailPartialException extends MailDeliveryException {

    private static final long serialVersionUID = 1L;
    private static final String RECIPIENTS = "sending to several recipients";
    private static final String MAILS = "sending several mails";

    private final transient List<MailDeliveryException> failures;

    /** Some recipients of one mail. Transient if at least one of the others may be accepted later. */
    public MailPartialException(TransactionReport report) {
        super(
                report.peer() + ": " + RECIPIENTS + ": "
                        + Stream.concat(report.refused().stream(), report.open().stream())
                                .map(RecipientResult::toString)
                                .collect(Collectors.joining(", "))
                        + "; " + report.fate(),
                report.peer().toString(),
                RECIPIENTS,
                report.fate(),
                report.recipients().stream()
                        .map(RecipientResult::outcome)
                        .anyMatch(outcome -> outcome == Outcome.REFUSED_FOR_NOW || outcome == Outcome.NOT_TRIED),
                report,
                null);
        this.failures = List.of();
    }

    /**
     * Some mails of several. Transient if at least one of the failures is.
     *
     * @param sent how many were sent
     * @param failures what became of the others; at least one
     */
    public MailPartialException(int sent, List<MailDeliveryException> failures) {
        super(
                failures.get(0).peer() + ": " + MAILS + ": " + fate(sent, failures) + "; the first that was not: "
                        + failures.get(0).getMessage(),
                failures.get(0).peer(),
                MAILS,
                fate(sent, failures),
                failures.stream().anyMatch(MailDeliveryException::isTransient),
                null,
                failures.get(0));
        this.failures = List.copyOf(failures);
    }

    private static String fate(int sent, List<MailDeliveryException> failures) {
        return sent + " of " + (sent + failures.size()) + " mails sent";
    }

    /** The failures of single mails; empty if it was about the recipients of one, and after serialization. */
    public List<MailDeliveryException> failures() {
        return failures == null ? List.of() : failures;
    }
}
