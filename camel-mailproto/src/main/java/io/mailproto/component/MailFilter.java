package io.mailproto.component;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/**
 * The option {@code filterMail}: a predicate in Camel's Simple language that sees a mail's header fields and what the
 * protocol knows (size, id, …) as headers, before the mail is downloaded. Thread-safe.
 */
public final class MailFilter {
    private final Predicate predicate;

    /**
     * Compiles a predicate.
     *
     * @throws IllegalArgumentException if it is none, showing where
     */
    public MailFilter(CamelContext context, String simple) {
        try {
            predicate = context.resolveLanguage("simple").createPredicate(simple);
            predicate.init(context);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "filterMail is no predicate of the Simple language: " + simple + ": " + e.getMessage(), e);
        }
    }

    /**
     * Whether a mail is wanted.
     *
     * @param mail the mail, or its header alone; then its body and its attachments are missing
     * @param headers what the protocol knows, as {@code CamelMail…} headers
     * @throws RuntimeException whatever the predicate throws
     */
    public boolean accepts(MailPollEndpoint endpoint, Mail mail, Map<String, Object> headers) {
        Exchange exchange = endpoint.createExchange();
        exchange.setIn(new MailMessage(
                exchange,
                mail,
                headers,
                endpoint.headerMapping(),
                endpoint.getConfiguration().isMapMailMessage()));
        boolean accepts = predicate.matches(exchange);
        if (exchange.getException() != null) {
            // How a bean within the predicate fails.
            throw new IllegalStateException("filterMail failed", exchange.getException());
        }
        return accepts;
    }
}
