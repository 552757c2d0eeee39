package io.mailproto.smtp.mx;

import io.mailproto.address.Domain;
import io.mailproto.dns.DnsAnswer;
import io.mailproto.dns.MailExchangers;
import io.mailproto.dns.MxHost;
import java.net.InetAddress;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an exception of somebody's own implementation for no answer: what others have got already must not be forgotten
 * because of it, or they would get it again.
 *
 * @param exchangers whom to ask
 */
record GuardedExchangers(MailExchangers exchangers) implements MailExchangers {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedExchangers.class);

    @Override
    public DnsAnswer<MxHost> lookupMx(Domain domain) {
        return guarded(() -> exchangers.lookupMx(domain));
    }

    @Override
    public DnsAnswer<InetAddress> lookupAddresses(String host) {
        return guarded(() -> exchangers.lookupAddresses(host));
    }

    private static <T> DnsAnswer<T> guarded(Supplier<DnsAnswer<T>> question) {
        try {
            DnsAnswer<T> answer = question.get();
            return answer == null ? DnsAnswer.failed("no answer was given") : answer;
        } catch (RuntimeException e) {
            LOG.warn("mail exchangers cannot be looked up; mend the bean of the option mailExchangers", e);
            return DnsAnswer.failed(e.toString());
        }
    }
}
