package io.mailproto.smtp.client;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.EnhancedStatusCode;
import io.mailproto.smtp.Reply;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.TlsFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of one transaction. Immutable.
 *
 * @param peer whom we talked to
 * @param remoteAddress its address, as {@code 192.0.2.1:25}
 * @param recipients one result for each recipient, in the order of the envelope
 * @param lastReply the reply that decided over the message: to the final dot, or the one that ended the transaction
 *     before; null if none came
 * @param isTaken true if the server took responsibility for the message
 * @param tlsFacts what was agreed by TLS; null in clear
 */
public record TransactionReport(
        HostPort peer,
        String remoteAddress,
        List<RecipientResult> recipients,
        Reply lastReply,
        boolean isTaken,
        TlsFacts tlsFacts) {
    public TransactionReport {
        Objects.requireNonNull(peer, "peer");
        recipients = List.copyOf(recipients);
    }

    /** For recipients that were not tried after others had been. */
    static TransactionReport notTried(TransactionReport before, Envelope rest) {
        List<RecipientResult> results = rest.recipients().stream()
                .map(recipient -> new RecipientResult(recipient, RecipientResult.Outcome.NOT_TRIED, null))
                .toList();
        return new TransactionReport(before.peer, before.remoteAddress, results, null, false, before.tlsFacts);
    }

    /** The recipients for whom the server took the message; none if it did not take it. */
    public List<EmailAddress> delivered() {
        return isTaken ? acceptedByRcpt() : List.of();
    }

    /** The recipients whose RCPT was accepted, whatever became of the message afterwards. */
    public List<EmailAddress> acceptedByRcpt() {
        return recipients.stream()
                .filter(RecipientResult::isAccepted)
                .map(RecipientResult::recipient)
                .toList();
    }

    /** The recipients whose RCPT was refused, for now or for good. */
    public List<RecipientResult> refused() {
        return recipients.stream().filter(RecipientResult::isRefused).toList();
    }

    /** This report with only those who were refused. */
    public TransactionReport refusals() {
        return new TransactionReport(peer, remoteAddress, refused(), lastReply, false, tlsFacts);
    }

    /** The recipients about whom nothing is known: not tried, or without an answer after the message. */
    public List<RecipientResult> open() {
        return recipients.stream()
                .filter(result -> !result.isAccepted() && !result.isRefused())
                .toList();
    }

    /** Did every recipient get it? */
    public boolean isComplete() {
        if (!isTaken) {
            return false;
        }
        for (RecipientResult result : recipients) {
            if (!result.isAccepted()) {
                return false;
            }
        }
        return true;
    }

    /**
     * This report and what another transaction has made of the rest of the recipients, as one.
     *
     * @param later of the same message, to other recipients
     */
    public TransactionReport and(TransactionReport later) {
        List<RecipientResult> all = new ArrayList<>();
        all.addAll(resolved());
        all.addAll(later.resolved());
        boolean takesLater = later.isTaken || !isTaken;
        return new TransactionReport(
                later.peer,
                later.remoteAddress,
                all,
                takesLater ? later.lastReply : lastReply,
                isTaken || later.isTaken,
                later.tlsFacts);
    }

    /** Results that hold whatever others do: nobody has accepted a message that was not taken. */
    private List<RecipientResult> resolved() {
        return isTaken || lastReply == null
                ? recipients
                : recipients.stream()
                        .map(result -> result.afterMessage(lastReply))
                        .toList();
    }

    /** See {@link #lastReply}. */
    public Optional<Reply> reply() {
        return Optional.ofNullable(lastReply);
    }

    /** The enhanced status code of the last reply and of no other. */
    public Optional<EnhancedStatusCode> enhanced() {
        return reply().flatMap(Reply::enhanced);
    }

    /**
     * The text in which the server names the message if it took it, unchanged: the last line of the reply to the final
     * dot. Formats differ, so nothing is cut out of it.
     */
    public Optional<String> queueId() {
        return isTaken ? reply().map(Reply::lastLine) : Optional.empty();
    }

    /** TLS protocol, cipher, and whether the peer was verified; empty in clear. */
    public Optional<TlsFacts> tls() {
        return Optional.ofNullable(tlsFacts);
    }

    /** What is known about the message, in words: {@code accepted for a, b; refused for c}. */
    public String fate() {
        if (!isTaken) {
            return "no message was sent";
        }
        String accepted = delivered().stream().map(EmailAddress::toString).collect(Collectors.joining(", "));
        String refused =
                refused().stream().map(result -> result.recipient().toString()).collect(Collectors.joining(", "));
        String open =
                open().stream().map(result -> result.recipient().toString()).collect(Collectors.joining(", "));
        return "accepted for " + accepted
                + (refused.isEmpty() ? "" : "; refused for " + refused)
                + (open.isEmpty() ? "" : "; not known of " + open);
    }
}
