package io.mailproto.smtp.mx;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.RecipientResult.Outcome;
import io.mailproto.smtp.client.TransactionReport;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has become of each recipient of one mail so far, whichever way it went. For one thread. */
public final class MxOutcome {

    /** More than these would only make the stack trace unreadable. */
    private static final int MAX_FAILURES = 10;

    private final Envelope envelope;
    private final Map<EmailAddress, RecipientResult> results = new LinkedHashMap<>();
    private final List<Exception> failures = new ArrayList<>();
    private HostPort peer;
    private String remoteAddress = "";
    private TlsFacts tls;
    private Reply lastReply;
    private boolean isTaken;

    /** @param envelope of the whole mail */
    public MxOutcome(Envelope envelope) {
        this.envelope = envelope;
    }

    /**
     * Somebody has taken the mail for at least one recipient.
     *
     * @param report of that transaction; its peer, reply and TLS are those of the whole mail until the next one
     */
    public void taken(TransactionReport report) {
        isTaken = true;
        peer = report.peer();
        remoteAddress = report.remoteAddress();
        tls = report.tlsFacts();
        lastReply = report.lastReply();
    }

    /** Somebody was asked and has not taken it. */
    public void refused(HostPort by, Reply reply) {
        if (!isTaken) {
            peer = by;
            lastReply = reply;
        }
    }

    /** The last word about a recipient. */
    public void settle(RecipientResult result) {
        results.put(result.recipient(), result);
    }

    /** What went wrong on the way, for whoever looks for the cause. */
    public void failed(Exception failure) {
        if (failures.size() < MAX_FAILURES) {
            failures.add(failure);
        }
    }

    /** All recipients in the order of the envelope; who has not been heard of was not tried. */
    public TransactionReport report() {
        List<RecipientResult> all = envelope.recipients().stream()
                .map(recipient ->
                        results.getOrDefault(recipient, new RecipientResult(recipient, Outcome.NOT_TRIED, null)))
                .toList();
        HostPort whom = peer == null ? new HostPort("mx", 0) : peer;
        return new TransactionReport(whom, remoteAddress, all, lastReply, isTaken, tls);
    }

    /** The failure, if not everybody has got it. */
    public MxUndelivered failure() {
        MxUndelivered failure = new MxUndelivered(report());
        failures.forEach(failure::addSuppressed);
        return failure;
    }
}
