package io.mailproto.smtp.mx;

import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.RecipientResult.Outcome;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.wire.MailFailure;
import java.io.IOException;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A mail did not reach all its recipients, by whatever ways it went. The suppressed exceptions tell what happened at each
 * host.
 */
public final class MxUndelivered extends IOException implements MailFailure {
    private static final long serialVersionUID = 1L;
    private static final String STEP = "delivering to mail exchangers";

    private final String peer;
    private final String fate;
    private final boolean isTransient;

    MxUndelivered(TransactionReport report) {
        this(
                report.peer().toString(),
                report.recipients().stream()
                        .filter(result -> !result.isAccepted())
                        .map(RecipientResult::toString)
                        .collect(Collectors.joining(", ")),
                fateOf(report),
                report.recipients().stream()
                        .map(RecipientResult::outcome)
                        .anyMatch(outcome -> outcome == Outcome.REFUSED_FOR_NOW || outcome == Outcome.NOT_TRIED));
    }

    private MxUndelivered(String peer, String what, String fate, boolean isTransient) {
        super(peer + ": " + STEP + ": " + what + "; " + fate);
        this.peer = peer;
        this.fate = fate;
        this.isTransient = isTransient;
    }

    /**
     * An earlier attempt may have reached these; they are not tried again.
     *
     * @param peer who delivers, by its own name
     */
    public static MxUndelivered uncertain(String peer, Collection<String> recipients) {
        return new MxUndelivered(
                peer,
                "nothing is sent again",
                "may have been delivered to " + String.join(", ", recipients) + " in an earlier attempt",
                false);
    }

    private static String fateOf(TransactionReport report) {
        String unknown = report.recipients().stream()
                .filter(result -> result.outcome() == Outcome.UNKNOWN)
                .map(result -> result.recipient().toString())
                .collect(Collectors.joining(", "));
        if (unknown.isEmpty()) {
            return report.fate();
        }
        return "may have been delivered to " + unknown + (report.isTaken() ? "; " + report.fate() : "");
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String step() {
        return STEP;
    }

    @Override
    public boolean isTransient() {
        return isTransient;
    }

    @Override
    public String fate() {
        return fate;
    }
}
