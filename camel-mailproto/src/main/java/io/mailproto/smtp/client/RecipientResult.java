package io.mailproto.smtp.client;

import io.mailproto.address.EmailAddress;
import io.mailproto.smtp.EnhancedStatusCode;
import io.mailproto.smtp.Reply;
import java.util.Objects;
import java.util.Optional;

/**
 * What the server said about one recipient.
 *
 * @param recipient as it was asked for
 * @param outcome what that means
 * @param rcptReply what it said to RCPT, or after the message if that was about this recipient (LMTP); null only if it said
 *     nothing
 */
public record RecipientResult(EmailAddress recipient, Outcome outcome, Reply rcptReply) {
    public RecipientResult {
        Objects.requireNonNull(recipient, "recipient");
        Objects.requireNonNull(outcome, "outcome");
        if (rcptReply == null && outcome != Outcome.NOT_TRIED && outcome != Outcome.UNKNOWN) {
            throw new IllegalArgumentException("only a recipient that was not tried has no reply");
        }
    }

    /** What became of a recipient. */
    public enum Outcome {
        /** 2yz: the message will go there if it is taken as a whole. */
        ACCEPTED,
        /** A later attempt may succeed. */
        REFUSED_FOR_NOW,
        /** A later attempt will not succeed either. */
        REFUSED,
        /** The conversation ended before; nothing is known about this recipient. */
        NOT_TRIED,
        /** The message was sent, and the conversation ended before the server had answered for this recipient. */
        UNKNOWN
    }

    /** Judges a reply to RCPT; 421 and 521 end the conversation and are the caller's. */
    static RecipientResult judge(EmailAddress recipient, Reply reply) {
        return new RecipientResult(recipient, outcomeOf(reply), reply);
    }

    static RecipientResult unknown(EmailAddress recipient) {
        return new RecipientResult(recipient, Outcome.UNKNOWN, null);
    }

    /** The same recipient after a reply to the message: a refusal takes the acceptance back. */
    RecipientResult afterMessage(Reply reply) {
        if (!isAccepted() || reply.isPositive()) {
            return this;
        }
        return new RecipientResult(recipient, reply.isTransient() ? Outcome.REFUSED_FOR_NOW : Outcome.REFUSED, reply);
    }

    private static Outcome outcomeOf(Reply reply) {
        if (reply.isPositive()) {
            // 250, 251 "will forward" and 252 "cannot verify" alike (RFC 5321 §3.4, §3.5.3).
            return Outcome.ACCEPTED;
        }
        if (reply.isTransient()) {
            return Outcome.REFUSED_FOR_NOW;
        }
        // RFC 5321 §4.5.3.1.10: 552 here means "too many recipients", to be treated as 452; but not if the enhanced
        // code
        // says that the mailbox is full (5.2.2) or that the address is wrong (5.1.x).
        if (reply.code() == 552) {
            EnhancedStatusCode enhanced = reply.enhanced().orElse(null);
            boolean aboutTheMailbox = enhanced != null
                    && (enhanced.subject() == 1 || (enhanced.subject() == 2 && enhanced.detail() == 2));
            return aboutTheMailbox ? Outcome.REFUSED : Outcome.REFUSED_FOR_NOW;
        }
        return Outcome.REFUSED;
    }

    /** What the server said; empty if it said nothing about this recipient. */
    public Optional<Reply> reply() {
        return Optional.ofNullable(rcptReply);
    }

    public boolean isAccepted() {
        return outcome == Outcome.ACCEPTED;
    }

    public boolean isRefused() {
        return outcome == Outcome.REFUSED || outcome == Outcome.REFUSED_FOR_NOW;
    }

    @Override
    public String toString() {
        return "<" + recipient + "> "
                + (rcptReply != null ? rcptReply.toString() : outcome == Outcome.UNKNOWN ? "unknown" : "not tried");
    }
}
