package io.mailproto.smtp.mx;

import io.mailproto.address.Domain;
import io.mailproto.dns.DnsAnswer;
import io.mailproto.dns.MailExchangers;
import io.mailproto.dns.MxHost;
import io.mailproto.wire.Networks;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Finds the hosts for a domain (RFC 5321 §5.1). Thread-safe; blocks on the DNS.
 *
 * <pre>
 * no such domain       550 5.1.2     nobody will ever take it
 * MX 0 .               556 5.1.10    the domain says that it takes no mail (RFC 7505)
 * no MX                the domain's own address (implicit MX)
 * the DNS fails        451 4.4.3     never the domain's own address: there may be an MX that nobody could tell us
 * ourselves            554 5.4.6     hosts as good as us or worse would send it back to us
 * </pre>
 */
final class RoutePlanner {

    private final MailExchangers exchangers;
    private final MxOptions options;
    private final Supplier<Random> random;

    /** @param random shuffles hosts of equal preference */
    RoutePlanner(MailExchangers exchangers, MxOptions options, Supplier<Random> random) {
        this.exchangers = exchangers;
        this.options = options;
        this.random = random;
    }

    MxRoute plan(Domain domain) {
        if (domain.isNone()) {
            return MxRoute.nowhere(550, "5.1.3", "the address has no domain, and there is no local delivery");
        }
        if (domain.isLiteral()) {
            return literal(domain);
        }
        DnsAnswer<MxHost> answer = exchangers.lookupMx(domain);
        return switch (answer.kind()) {
            case FAILED ->
                MxRoute.nowhere(
                        451, "4.4.3", "the mail exchangers of " + domain + " cannot be looked up: " + answer.reason());
            case NO_SUCH_NAME -> MxRoute.nowhere(550, "5.1.2", "the domain " + domain + " does not exist");
            case NO_DATA -> among(domain, List.of(new MxHost(0, domain.ascii())));
            case FOUND ->
                isNullMx(answer.records())
                        ? MxRoute.nowhere(556, "5.1.10", "the domain " + domain + " takes no mail (null MX)")
                        : among(domain, answer.records());
        };
    }

    /** RFC 7505 §3: the only record, and it names the root. */
    private static boolean isNullMx(List<MxHost> hosts) {
        return hosts.size() == 1 && hosts.get(0).name().isEmpty();
    }

    private MxRoute literal(Domain domain) {
        if (!options.literals()) {
            return MxRoute.nowhere(550, "5.1.3", "addresses in brackets are not delivered to (addressLiterals)");
        }
        String inner = domain.ascii().substring(1, domain.ascii().length() - 1);
        String text = inner.startsWith("ipv6:") ? inner.substring(5) : inner;
        Optional<InetAddress> address = Networks.address(text);
        if (address.isEmpty()) {
            return MxRoute.nowhere(550, "5.1.3", domain + " is no address");
        }
        if (options.ownAddresses().contain(address.get())) {
            return loop(domain, text);
        }
        return MxRoute.to(List.of(new MxRoute.Host(text, Optional.of(List.of(address.get())))));
    }

    private MxRoute among(Domain domain, List<MxHost> records) {
        List<MxHost> hosts = new ArrayList<>();
        List<String> unusable = new ArrayList<>();
        for (MxHost host : inOrder(records)) {
            if (isUsable(host.name())) {
                hosts.add(host);
            } else {
                unusable.add(host.name().isEmpty() ? "." : host.name());
            }
        }
        if (hosts.isEmpty()) {
            return MxRoute.nowhere(
                    550, "5.4.4", "no mail exchanger of " + domain + " is a host name: " + String.join(", ", unusable));
        }
        List<MxRoute.Host> route = new ArrayList<>();
        List<MxHost> best =
                hosts.subList(0, Math.min(hosts.size(), options.limits().hosts()));
        int ownPreference = Integer.MAX_VALUE;
        String ownName = null;
        List<MxRoute.Host> resolved = new ArrayList<>();
        for (MxHost host : best) {
            MxRoute.Host one = resolvedIfNeeded(host);
            if (host.preference() < ownPreference && isOwn(one)) {
                ownPreference = host.preference();
                ownName = host.name();
            }
            resolved.add(one);
        }
        for (int i = 0; i < best.size(); i++) {
            if (best.get(i).preference() < ownPreference) {
                route.add(resolved.get(i));
            }
        }
        return route.isEmpty() ? loop(domain, ownName) : MxRoute.to(route);
    }

    private static MxRoute loop(Domain domain, String ownName) {
        return MxRoute.nowhere(
                554,
                "5.4.6",
                "mail for " + domain + " loops back to this host, " + ownName
                        + ": name it in localDomains if it is to stay here");
    }

    private List<MxHost> inOrder(List<MxHost> records) {
        List<MxHost> hosts = new ArrayList<>(records);
        // Sorting is stable, so what was shuffled before stays shuffled within a preference.
        Collections.shuffle(hosts, random.get());
        hosts.sort(Comparator.comparingInt(MxHost::preference));
        return hosts;
    }

    /** What stands in MX records by mistake or malice: nothing, addresses, this very machine, no host name at all. */
    private static boolean isUsable(String name) {
        if (name.isEmpty()
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || Networks.address(name).isPresent()) {
            return false;
        }
        try {
            return !Domain.parse(name).isLiteral();
        } catch (IllegalArgumentException noHostName) {
            // That is the answer.
            return false;
        }
    }

    /** Addresses are asked for beforehand only where they decide about a loop. */
    private MxRoute.Host resolvedIfNeeded(MxHost host) {
        if (options.ownAddresses() == Networks.NONE) {
            return new MxRoute.Host(host.name(), Optional.empty());
        }
        DnsAnswer<InetAddress> answer = exchangers.lookupAddresses(host.name());
        return new MxRoute.Host(host.name(), answer.isFound() ? Optional.of(answer.records()) : Optional.empty());
    }

    private boolean isOwn(MxRoute.Host host) {
        return options.ownNames().contains(Domain.parse(host.name()))
                || host.known().stream().flatMap(List::stream).anyMatch(options.ownAddresses()::contain);
    }
}
