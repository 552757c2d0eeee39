package io.mailproto.smtp.mx;

import io.mailproto.address.Domain;
import io.mailproto.address.EmailAddress;
import io.mailproto.dns.MailExchangers;
import io.mailproto.smtp.client.Outgoing;
import io.mailproto.smtp.client.SmtpClientOptions;
import io.mailproto.wire.Deadline;
import io.mailproto.wire.Dialer;
import java.io.Closeable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Delivers mail to the mail exchangers of its recipients' domains (RFC 5321 §5), the recipients of one domain in one
 * transaction, one domain after the other. Thread-safe; blocks. Whoever made it closes it.
 */
public final class MxDelivery implements Closeable {

    private final RoutePlanner planner;
    private final MailExchangers exchangers;
    private final MxOptions options;
    private final MxConnector connector;

    /**
     * A delivery by these rules.
     *
     * @param client how to talk to the hosts; with TLS settings that verify nobody unless the certificates of mail exchangers
     *     are known
     * @param random shuffles hosts of equal preference
     */
    public MxDelivery(
            MailExchangers exchangers,
            Dialer dialer,
            SmtpClientOptions client,
            MxOptions options,
            Supplier<Random> random) {
        this.exchangers = new GuardedExchangers(exchangers);
        this.planner = new RoutePlanner(this.exchangers, options, random);
        this.options = options;
        this.connector = new MxConnector(dialer, client, options.clearAllowed());
    }

    /**
     * Tries to deliver; what became of each recipient is in the outcome, failures included.
     *
     * @param mail whom its envelope names besides is of no interest here
     * @param recipients those to deliver to
     */
    public void deliver(Outgoing mail, List<EmailAddress> recipients, MxOutcome outcome) {
        Deadline end = Deadline.in(options.limits().time());
        Map<Domain, List<EmailAddress>> byDomain = recipients.stream()
                .collect(Collectors.groupingBy(EmailAddress::domain, LinkedHashMap::new, Collectors.toList()));
        byDomain.forEach((domain, some) -> {
            MxRoute route = planner.plan(domain);
            new DomainDelivery(domain, some, mail, exchangers, options, connector, end, outcome).run(route);
        });
    }

    /** Ends the conversations that run. */
    @Override
    public void close() {
        connector.close();
    }
}
