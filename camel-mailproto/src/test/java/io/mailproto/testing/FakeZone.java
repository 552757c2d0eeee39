package io.mailproto.testing;

import io.mailproto.address.Domain;
import io.mailproto.dns.DnsAnswer;
import io.mailproto.dns.MailExchangers;
import io.mailproto.dns.MxHost;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS in memory. What nobody has put into it does not exist. Filled before it is asked. */
public final class FakeZone implements MailExchangers {
    private final Map<String, List<MxHost>> exchangers = new HashMap<>();
    private final Map<String, List<InetAddress>> addresses = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> failing = new HashSet<>();
    private final AtomicInteger questions = new AtomicInteger();

    /** {@code example.org IN MX preference host}; the host {@code .} for the null MX. */
    public FakeZone mx(String domain, int preference, String host) {
        names.add(domain);
        exchangers.computeIfAbsent(domain, key -> new ArrayList<>()).add(new MxHost(preference, host));
        return this;
    }

    /** A and AAAA records. */
    public FakeZone address(String host, String... literals) {
        names.add(host);
        for (String literal : literals) {
            try {
                addresses.computeIfAbsent(host, key -> new ArrayList<>()).add(InetAddress.getByName(literal));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(literal + " is no address", e);
            }
        }
        return this;
    }

    /** A name without any record that matters. */
    public FakeZone empty(String name) {
        names.add(name);
        return this;
    }

    /** SERVFAIL for every question about a name. */
    public FakeZone failing(String name) {
        failing.add(name);
        return this;
    }

    /** How many questions there have been. */
    public int questions() {
        return questions.get();
    }

    @Override
    public DnsAnswer<MxHost> lookupMx(Domain domain) {
        return answer(domain.ascii(), exchangers);
    }

    @Override
    public DnsAnswer<InetAddress> lookupAddresses(String host) {
        return answer(host, addresses);
    }

    private <T> DnsAnswer<T> answer(String name, Map<String, List<T>> records) {
        questions.incrementAndGet();
        if (failing.contains(name)) {
            return DnsAnswer.failed("SERVFAIL");
        }
        return names.contains(name) ? DnsAnswer.of(records.getOrDefault(name, List.of())) : DnsAnswer.noSuchName();
    }
}
