package io.mailproto.smtp.server;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.Reply;
import java.util.Optional;

/**
 * Decides what a client may do, beyond the built-in rules, which have been passed when a method is called. Each method
 * answers with a refusal, 4yz or 5yz in printable ASCII, or with nothing to let the client go on; 421 also ends the
 * session. Called by many sessions at once, on their threads; may block, the client waits. An exception means
 * {@code 451 4.3.0} to the client and is logged.
 *
 * <pre>{@code
 * class KnownUsers implements SmtpPolicy {
 *     public Optional<Reply> rcpt(SessionFacts session, Optional<EmailAddress> sender, EmailAddress recipient) {
 *         return users.contains(recipient) ? Optional.empty() : Optional.of(Reply.of(550, "5.1.1 no such user"));
 *     }
 * }
 * }</pre>
 */
public interface SmtpPolicy {

    /** Lets everybody do everything that the built-in rules allow. */
    SmtpPolicy NONE = new SmtpPolicy() {
        @Override
        public boolean isGuard() {
            return false;
        }
    };

    /** Whether this decides who may send what to whom, so that a server without other rules is no open relay. */
    default boolean isGuard() {
        return true;
    }

    /** Before the greeting. */
    default Optional<Reply> connect(SessionFacts session) {
        return Optional.empty();
    }

    /** At EHLO and HELO; the facts hold the new name. */
    default Optional<Reply> helo(SessionFacts session) {
        return Optional.empty();
    }

    /**
     * At MAIL.
     *
     * @param sender empty for {@code <>}
     */
    default Optional<Reply> mail(SessionFacts session, Optional<EmailAddress> sender) {
        return Optional.empty();
    }

    /** At each RCPT. */
    default Optional<Reply> rcpt(SessionFacts session, Optional<EmailAddress> sender, EmailAddress recipient) {
        return Optional.empty();
    }

    /**
     * At VRFY: does this user or mailbox exist? Telling helps those who collect addresses.
     *
     * @param subject what the client asks for, without control characters, anything else
     * @return the reply, here also 2yz such as {@code 250 2.1.5 Bob <bob@example.org>}; nothing for {@code 252}, "cannot
     *     say, but will try"
     */
    default Optional<Reply> verify(SessionFacts session, String subject) {
        return Optional.empty();
    }

    /**
     * At EXPN: who is on this list?
     *
     * @param list what the client asks for, without control characters, anything else
     * @return the reply, here also 2yz with a line for each member; nothing for {@code 502}, "not offered"
     */
    default Optional<Reply> expand(SessionFacts session, String list) {
        return Optional.empty();
    }

    /** At DATA, or the first BDAT, before the message is asked for; the envelope is complete. */
    default Optional<Reply> data(SessionFacts session, Envelope envelope) {
        return Optional.empty();
    }
}
