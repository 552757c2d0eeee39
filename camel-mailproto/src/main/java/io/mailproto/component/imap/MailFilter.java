package io.mailproto.component.imap;

import io.mailproto.component.Mail;
import io.mailproto.component.MailMessage;
import io.mailproto.imap.BodySection;
import io.mailproto.imap.FetchedMessage;
import java.io.IOException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/** The option {@code filterMail}: a predicate about a mail of which only the header and the facts are there. */
final class MailFilter {
    private final ImapEndpoint endpoint;
    private final Predicate predicate;

    MailFilter(ImapEndpoint endpoint, Predicate predicate) {
        this.endpoint = endpoint;
        this.predicate = predicate;
        predicate.init(endpoint.getCamelContext());
    }

    /**
     * @param headers what the protocol knows of the mail
     * @throws RuntimeException if the predicate fails
     */
    boolean accepts(FetchedMessage message, Map<String, Object> headers) throws IOException {
        Exchange exchange = endpoint.createExchange();
        Mail head = Mail.of(message.octets(BodySection.HEADER));
        exchange.setIn(new MailMessage(exchange, head, headers, endpoint.headerMapping(), false));
        boolean accepts = predicate.matches(exchange);
        if (exchange.getException() != null) {
            // A bean that fails says so in this way.
            throw new IllegalStateException("filterMail failed", exchange.getException());
        }
        return accepts;
    }

    @Override
    public String toString() {
        return predicate.toString();
    }
}
