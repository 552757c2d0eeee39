package io.mailproto.component.smtp;

import io.mailproto.address.EmailAddress;
import io.mailproto.component.MailConstants;
import io.mailproto.component.MailDeliveryException;
import io.mailproto.smtp.EnhancedStatusCode;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.client.RecipientResult;
import io.mailproto.smtp.client.TransactionReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What single recipients are told of a mail, where that can be told, and what becomes of several answers in one. */
final class RecipientReplies {
    private static final Logger LOG = LoggerFactory.getLogger(RecipientReplies.class);

    private static final Pattern REPLY = Pattern.compile("([245]\\d\\d)[ -](?:(\\d\\.\\d{1,3}\\.\\d{1,3}) )?(.*)");

    private RecipientReplies() {}

    /**
     * The replies that differ from the one to the whole mail, by the recipients' place: those that the route asks for by
     * header, else, if a mail was sent on and not all of the next server's recipients got it, what that server has said.
     */
    static Map<Integer, Reply> of(Exchange exchange, List<EmailAddress> recipients, String id) {
        Map<String, Reply> byAddress = new HashMap<>();
        if (SmtpReplyRule.isFailed(exchange) && exchange.getException() != null) {
            for (Throwable cause : ObjectHelper.createExceptionIterable(exchange.getException())) {
                if (cause instanceof MailDeliveryException failure) {
                    failure.report().ifPresent(report -> byAddress.putAll(ofNextServer(report, id)));
                }
            }
        }
        byAddress.putAll(ordered(exchange, id));
        Map<Integer, Reply> replies = new HashMap<>();
        for (int i = 0; i < recipients.size(); i++) {
            Reply reply = byAddress.get(recipients.get(i).toString());
            if (reply != null) {
                replies.put(i, reply);
            }
        }
        return replies;
    }

    private static Map<String, Reply> ofNextServer(TransactionReport report, String id) {
        Map<String, Reply> replies = new HashMap<>();
        if (report.isTaken()) {
            for (RecipientResult result : report.recipients()) {
                Optional<Reply> reply = result.isAccepted()
                        ? Optional.of(Reply.of(250, "2.0.0 accepted as " + id))
                        : result.reply().flatMap(said -> parse(said.toString()));
                reply.ifPresent(known -> replies.put(result.recipient().toString(), known));
            }
        }
        return replies;
    }

    private static Map<String, Reply> ordered(Exchange exchange, String id) {
        Map<String, Reply> replies = new HashMap<>();
        Map<?, ?> asked = exchange.getMessage().getHeader(MailConstants.RECIPIENT_REPLIES, Map.of(), Map.class);
        asked.forEach((address, text) ->
                replies.put(String.valueOf(address), parse(String.valueOf(text)).orElseGet(() -> {
                    LOG.warn(
                            "mail {}: a value of the header {} is no reply such as \"550 5.1.1 no such user\", so the"
                                    + " client is told to try again",
                            id,
                            MailConstants.RECIPIENT_REPLIES);
                    return SmtpReplyRule.LOCAL_ERROR;
                })));
        return replies;
    }

    /** Nothing if the text is no final reply. */
    private static Optional<Reply> parse(String text) {
        Matcher matcher = REPLY.matcher(text);
        if (!matcher.matches() || !SmtpReplyException.isText(matcher.group(3))) {
            return Optional.empty();
        }
        int code = Integer.parseInt(matcher.group(1));
        EnhancedStatusCode enhanced = matcher.group(2) == null
                ? new EnhancedStatusCode(code / 100, 0, 0)
                : EnhancedStatusCode.leading(matcher.group(2)).orElse(null);
        // A 421 would end the session, although others are still to be answered.
        return enhanced == null || enhanced.statusClass() != code / 100 || code == 421
                ? Optional.empty()
                : Optional.of(Reply.of(code, enhanced, matcher.group(3)));
    }

    /**
     * One reply for a mail with several exchanges: that of the first if all were accepted; else a client that can do
     * better by coming again is asked to; else it is told for whom the mail is refused.
     */
    static Reply combined(List<EmailAddress> recipients, List<Reply> replies, String id) {
        Optional<Reply> temporary = replies.stream().filter(Reply::isTransient).findFirst();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            if (!replies.get(i).isPositive()) {
                refused.add(recipients.get(i).toString());
            }
        }
        if (temporary.isPresent()) {
            return temporary.get();
        }
        if (refused.isEmpty()) {
            return Reply.of(250, "2.0.0 accepted as " + id);
        }
        if (refused.size() == replies.size()) {
            return replies.get(0);
        }
        String text = "not accepted for " + String.join(", ", refused) + "; accepted for the others";
        return Reply.of(
                554,
                "5.6.0 "
                        + (SmtpReplyException.isText(text)
                                ? text
                                : "not accepted for " + refused.size() + " recipients; accepted for the others"));
    }
}
