package io.mailproto.component;

import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.TransactionReport;
import java.util.stream.Collectors;

/**
 * The mail was accepted for some recipients and refused for others. A redelivery of the exchange reaches only those who
 * were refused.
 */
public final class MailPartialException extends MailDeliveryException {

    private static final long serialVersionUID = 1L;

    /** Transient if at least one of the refused may be accepted later. */
    public MailPartialException(TransactionReport report) {
        super(
                report.peer() + ": sending to several recipients: "
                        + report.refused().stream()
                                .map(RecipientResult::toString)
                                .collect(Collectors.joining(", "))
                        + "; " + report.fate(),
                report.peer().toString(),
                "sending to several recipients",
                report.fate(),
                report.refused().stream()
                        .anyMatch(result -> result.outcome() == RecipientResult.Outcome.REFUSED_FOR_NOW),
                report,
                null);
    }
}
