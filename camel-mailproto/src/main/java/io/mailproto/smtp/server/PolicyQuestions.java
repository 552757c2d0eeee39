package io.mailproto.smtp.server;

import io.mailproto.smtp.Reply;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a policy on behalf of one client; what goes wrong in it is not the client's fault. */
final class PolicyQuestions {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyQuestions.class);

    private final String peer;

    PolicyQuestions(String peer) {
        this.peer = peer;
    }

    /** The refusal, or nothing to let the client go on. */
    Optional<Reply> refusal(Supplier<Optional<Reply>> question) {
        return ask(question, reply -> reply.code() >= 400);
    }

    /** The answer to VRFY or EXPN, which may be any final one. */
    Optional<Reply> answer(Supplier<Optional<Reply>> question) {
        return ask(question, reply -> !reply.isIntermediate());
    }

    private Optional<Reply> ask(Supplier<Optional<Reply>> question, Predicate<Reply> isAllowed) {
        try {
            Optional<Reply> answer = question.get();
            if (answer.isEmpty() || (isAllowed.test(answer.get()) && MessageDelivery.isSendable(answer.get()))) {
                return answer;
            }
            LOG.warn("{}: the reply of the policy cannot be sent: {}", peer, MessageDelivery.reason(answer.get()));
        } catch (RuntimeException e) {
            LOG.warn("{}: the policy failed", peer, e);
        }
        return Optional.of(MessageDelivery.LOCAL_ERROR);
    }
}
