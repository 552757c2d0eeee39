package io.mailproto.component.smtp;

import io.mailproto.address.EmailAddress;
import io.mailproto.address.Envelope;
import io.mailproto.smtp.Reply;
import io.mailproto.smtp.server.SessionFacts;
import io.mailproto.smtp.server.SmtpPolicy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * Asks a route at each step that has one, after the bean. The exchange's body is what the step is about, its headers tell
 * what is known of the client. Reply headers that refuse, an {@link SmtpReplyException}, or any failure (451) refuse; all
 * else lets the client go on. The session's thread runs the route.
 */
final class RoutePolicy implements SmtpPolicy {

    /** A step of a session that a route can decide about. */
    enum Phase {
        CONNECT,
        HELO,
        MAIL,
        RCPT,
        DATA,
        VRFY,
        EXPN
    }

    private final SmtpPolicy bean;
    private final Map<Phase, String> routes;
    private final CamelContext context;
    private volatile ProducerTemplate template;

    /** @param routes endpoint URIs */
    RoutePolicy(SmtpPolicy bean, Map<Phase, String> routes, CamelContext context) {
        this.bean = bean;
        this.routes = new EnumMap<>(routes);
        this.context = context;
    }

    @Override
    public boolean isGuard() {
        return bean.isGuard() || routes.keySet().stream().anyMatch(phase -> phase.compareTo(Phase.VRFY) < 0);
    }

    /** Before the first question. Harmless when repeated. */
    void start() {
        if (template == null) {
            template = context.createProducerTemplate();
        }
    }

    void stop() {
        ProducerTemplate old = template;
        template = null;
        if (old != null) {
            old.stop();
        }
    }

    @Override
    public Optional<Reply> connect(SessionFacts session) {
        String client = session.remoteAddress().getAddress().getHostAddress();
        return bean.connect(session).or(() -> refusal(Phase.CONNECT, client, SessionHeaders.of(session)));
    }

    @Override
    public Optional<Reply> helo(SessionFacts session) {
        String name = session.heloName().orElse("");
        return bean.helo(session).or(() -> refusal(Phase.HELO, name, SessionHeaders.of(session)));
    }

    @Override
    public Optional<Reply> mail(SessionFacts session, Optional<EmailAddress> sender) {
        Map<String, Object> headers = SessionHeaders.of(session);
        SessionHeaders.addEnvelope(headers, sender, List.of());
        String body = sender.map(EmailAddress::toString).orElse("");
        return bean.mail(session, sender).or(() -> refusal(Phase.MAIL, body, headers));
    }

    @Override
    public Optional<Reply> rcpt(SessionFacts session, Optional<EmailAddress> sender, EmailAddress recipient) {
        Map<String, Object> headers = SessionHeaders.of(session);
        SessionHeaders.addEnvelope(headers, sender, List.of(recipient));
        return bean.rcpt(session, sender, recipient).or(() -> refusal(Phase.RCPT, recipient.toString(), headers));
    }

    @Override
    public Optional<Reply> data(SessionFacts session, Envelope envelope) {
        Map<String, Object> headers = SessionHeaders.of(session);
        SessionHeaders.addEnvelope(headers, envelope.sender(), envelope.recipients());
        List<String> body =
                envelope.recipients().stream().map(EmailAddress::toString).toList();
        return bean.data(session, envelope).or(() -> refusal(Phase.DATA, body, headers));
    }

    @Override
    public Optional<Reply> verify(SessionFacts session, String subject) {
        return bean.verify(session, subject).or(() -> ask(Phase.VRFY, subject, SessionHeaders.of(session)));
    }

    @Override
    public Optional<Reply> expand(SessionFacts session, String list) {
        return bean.expand(session, list).or(() -> ask(Phase.EXPN, list, SessionHeaders.of(session)));
    }

    private Optional<Reply> refusal(Phase phase, Object body, Map<String, Object> headers) {
        return ask(phase, body, headers).filter(reply -> !reply.isPositive());
    }

    private Optional<Reply> ask(Phase phase, Object body, Map<String, Object> headers) {
        String uri = routes.get(phase);
        if (uri == null) {
            return Optional.empty();
        }
        Exchange answer = template.send(uri, exchange -> {
            exchange.getIn().setBody(body);
            exchange.getIn().setHeaders(headers);
        });
        return SmtpReplyRule.policyReply(answer, phase.toString());
    }
}
