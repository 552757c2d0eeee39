package io.mailproto.component.smtp;

import io.mailproto.component.MailConstants;
import io.mailproto.smtp.EnhancedStatusCode;
import io.mailproto.smtp.Reply;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client is told of an exchange that has completed:
 *
 * <pre>
 * succeeded, also after handled(true)      the reply headers, else 250 with the id
 * failed, SmtpReplyException as a cause    its reply
 * failed, reply headers that refuse        those
 * failed with an exception of rejectOn     554
 * failed otherwise, or rollback only       451, and never a word of the exception
 * </pre>
 */
final class SmtpReplyRule {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpReplyRule.class);

    static final Reply LOCAL_ERROR = Reply.of(451, "4.3.0 local error, try again later");
    private static final Reply REJECTED = Reply.of(554, "5.6.0 message not accepted");

    private final List<Class<?>> rejectOn;

    /** @param rejectOn classes of exceptions that mean that the message will never be taken */
    SmtpReplyRule(List<Class<?>> rejectOn) {
        this.rejectOn = List.copyOf(rejectOn);
    }

    static boolean isFailed(Exchange exchange) {
        return exchange.isFailed() || exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
    }

    /** Pure but for warnings about headers that make no reply. */
    Reply replyTo(Exchange exchange, String id) {
        if (!isFailed(exchange)) {
            return ordered(exchange, id).orElseGet(() -> Reply.of(250, "2.0.0 accepted as " + id));
        }
        Optional<Reply> refusal = refusal(exchange, id);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Exception exception = exchange.getException();
        return exception != null && isRejection(exception) ? REJECTED : LOCAL_ERROR;
    }

    /** The refusal that a failed route asks for, by an exception or by headers. */
    private static Optional<Reply> refusal(Exchange exchange, String id) {
        if (exchange.getException() != null) {
            for (Throwable cause : ObjectHelper.createExceptionIterable(exchange.getException())) {
                if (cause instanceof SmtpReplyException refusal) {
                    return Optional.of(refusal.reply());
                }
            }
        }
        return ordered(exchange, id).filter(reply -> !reply.isPositive());
    }

    /**
     * What a policy route answers; nothing if it has nothing to say.
     *
     * @param what it was asked about, for the log
     */
    static Optional<Reply> policyReply(Exchange exchange, String what) {
        if (!isFailed(exchange)) {
            return ordered(exchange, what);
        }
        Optional<Reply> refusal = refusal(exchange, what);
        if (refusal.isEmpty()) {
            LOG.warn(
                    "the policy route for {} failed, so the client is told to try again",
                    what,
                    exchange.getException());
        }
        return refusal.or(() -> Optional.of(LOCAL_ERROR));
    }

    private boolean isRejection(Exception exception) {
        for (Throwable cause : ObjectHelper.createExceptionIterable(exception)) {
            if (rejectOn.stream().anyMatch(type -> type.isInstance(cause))) {
                return true;
            }
        }
        return false;
    }

    /** The reply that the route asks for by headers; 451 if they make none. */
    private static Optional<Reply> ordered(Exchange exchange, String id) {
        Message message = exchange.getMessage();
        Object code = message.getHeader(MailConstants.REPLY_CODE);
        Object enhanced = message.getHeader(MailConstants.REPLY_ENHANCED_CODE);
        Object text = message.getHeader(MailConstants.REPLY_TEXT);
        if (code == null && enhanced == null && text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(reply(code, enhanced, text, id));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "mail {}: the headers {}, {} and {} make no reply, so the client is told to try again: {}",
                    id,
                    MailConstants.REPLY_CODE,
                    MailConstants.REPLY_ENHANCED_CODE,
                    MailConstants.REPLY_TEXT,
                    e.getMessage());
            return Optional.of(LOCAL_ERROR);
        }
    }

    private static Reply reply(Object codeHeader, Object enhancedHeader, Object textHeader, String id) {
        int code = codeHeader == null
                ? 250
                : Integer.parseInt(codeHeader.toString().strip());
        if (code < 200 || code > 599 || code / 100 == 3) {
            throw new IllegalArgumentException("the code must be 2yz, 4yz or 5yz, not " + code);
        }
        EnhancedStatusCode enhanced = enhancedHeader == null
                ? new EnhancedStatusCode(code / 100, 0, 0)
                : EnhancedStatusCode.parse(enhancedHeader.toString());
        if (enhanced.statusClass() != code / 100) {
            throw new IllegalArgumentException(enhanced + " contradicts the code " + code);
        }
        String text = textHeader == null ? defaultText(code, id) : textHeader.toString();
        if (!SmtpReplyException.isText(text)) {
            throw new IllegalArgumentException("the text must be one line of printable ASCII characters");
        }
        return Reply.of(code, enhanced, text);
    }

    private static String defaultText(int code, String id) {
        return code < 400 ? "accepted as " + id : "message not accepted";
    }
}
