package io.mailproto.smtp.client;

import io.mailproto.smtp.Reply;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.Step;
import java.util.Optional;

/**
 * The server refused, and told so. Transient for 4yz, permanent for 5yz. Unless the reply was 421 or 521, or the refusal
 * came while the conversation was being opened, the connection can be used for another message.
 */
public sealed class SmtpRefused extends SmtpException permits SmtpAuthenticationFailed {
    private static final long serialVersionUID = 1L;
    private static final int MAX_TEXT = 200;

    private final SmtpPhase phase;
    private final transient Reply reply;
    private final transient TransactionReport report;

    SmtpRefused(HostPort peer, SmtpPhase phase, Step step, String what, Reply reply, TransactionReport report) {
        this(peer, phase, step, what, reply, report, reply.isTransient());
    }

    SmtpRefused(
            HostPort peer,
            SmtpPhase phase,
            Step step,
            String what,
            Reply reply,
            TransactionReport report,
            boolean isTransient) {
        super(peer, step, what + ": " + shortened(reply), isTransient, null);
        this.phase = phase;
        this.reply = reply;
        this.report = report;
    }

    private static String shortened(Reply reply) {
        String text = reply.toString();
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    /**
     * Where another attempt makes sense. By phase and code (RFC 5321 §4.2.1): who refuses at the door, or hangs up, speaks
     * for one host only.
     */
    public Retry retry() {
        return switch (phase) {
            case GREETING, EHLO, LHLO, HELO, STARTTLS -> Retry.ELSEWHERE;
            default -> {
                if (reply != null && SmtpDialogue.endsConversation(reply)) {
                    yield isTransient() || phase == SmtpPhase.MAIL ? Retry.ELSEWHERE : Retry.NEVER;
                }
                yield isTransient() ? Retry.LATER : Retry.NEVER;
            }
        };
    }

    /** Where another attempt makes sense. */
    public enum Retry {
        /** At once, over another connection or at another host of the same domain; later at this one too if transient. */
        ELSEWHERE,
        /** Later, and at any host of the domain. */
        LATER,
        /** Nowhere: the answer would be the same. */
        NEVER
    }

    /** Where in the conversation it was. */
    public SmtpPhase phase() {
        return phase;
    }

    /** What the server said; null only after serialization. */
    public Reply reply() {
        return reply;
    }

    /** What is known of each recipient; empty if the refusal came before or outside a transaction. */
    public Optional<TransactionReport> report() {
        return Optional.ofNullable(report);
    }
}
