package io.mailproto.dns;

import io.mailproto.address.Domain;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Asks recursive DNS servers, and remembers their answers for as long as these say, at most a day and at most
 * {@value #MAX_REMEMBERED} names. Thread-safe; blocks for the given time at most. The local hosts file and search domains mean
 * nothing here: an address of a mail is absolute.
 */
public final class DnsMailExchangers implements MailExchangers {

    private static final int MAX_REMEMBERED = 10_000;
    private static final int DAY_SECONDS = 86_400;
    /** RFC 2308 §5: three hours are sensible, a day is too long. */
    private static final int NEGATIVE_SECONDS = 10_800;
    /** A chain of aliases longer than this is an attack or a mistake. */
    private static final int MAX_ALIASES = 8;

    private static final int TRIES = 2;
    /** What is over the resolver's own time before it counts as hanging. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final LookupSession session;
    private final Duration timeout;

    /**
     * Asks these servers.
     *
     * @param servers in the order of their preference; empty for those of the system
     * @param timeout for one question, to all servers and with repetitions; positive
     */
    public DnsMailExchangers(List<InetSocketAddress> servers, Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("the timeout of DNS must be positive, not " + timeout);
        }
        this.timeout = timeout;
        List<InetSocketAddress> asked =
                servers.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : servers;
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("no DNS server is known to this system");
        }
        Duration each = timeout.dividedBy((long) TRIES * asked.size());
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : asked) {
            SimpleResolver resolver = new SimpleResolver(server);
            resolver.setTimeout(each.toMillis() > 0 ? each : Duration.ofMillis(1));
            resolvers.add(resolver);
        }
        ExtendedResolver all = new ExtendedResolver(resolvers);
        all.setRetries(TRIES);
        all.setTimeout(timeout);
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(MAX_REMEMBERED);
        cache.setMaxCache(DAY_SECONDS);
        cache.setMaxNCache(NEGATIVE_SECONDS);
        this.session = LookupSession.builder()
                .resolver(all)
                .cache(cache)
                .maxRedirects(MAX_ALIASES)
                // What follows an answer does not block; no other thread is needed for it.
                .executor(Runnable::run)
                .build();
    }

    @Override
    public DnsAnswer<MxHost> lookupMx(Domain domain) {
        return await(ask(domain.ascii(), Type.MX), DnsMailExchangers::mxHost);
    }

    @Override
    public DnsAnswer<InetAddress> lookupAddresses(String host) {
        // Both questions are on their way before one is waited for.
        CompletableFuture<LookupResult> byIpv4 = ask(host, Type.A);
        CompletableFuture<LookupResult> byIpv6 = ask(host, Type.AAAA);
        DnsAnswer<InetAddress> ipv4 = await(byIpv4, DnsMailExchangers::address);
        DnsAnswer<InetAddress> ipv6 = await(byIpv6, DnsMailExchangers::address);
        if (ipv4.isFound() && ipv6.isFound()) {
            List<InetAddress> both = new ArrayList<>(ipv4.records());
            both.addAll(ipv6.records());
            return DnsAnswer.of(both);
        }
        if (ipv4.isFound() || ipv6.isFound()) {
            return ipv4.isFound() ? ipv4 : ipv6;
        }
        if (ipv4.kind() == DnsAnswer.Kind.FAILED) {
            return ipv4;
        }
        return ipv6.kind() == DnsAnswer.Kind.FAILED ? ipv6 : ipv4;
    }

    private CompletableFuture<LookupResult> ask(String name, int type) {
        try {
            return session.lookupAsync(Name.fromString(name, Name.root), type).toCompletableFuture();
        } catch (TextParseException tooLong) {
            // RFC 1035 §2.3.4: 63 octets a label, 255 in all. What does not fit into the DNS is not in it.
            return CompletableFuture.failedFuture(new NoSuchDomainException(Name.root, type));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <T> DnsAnswer<T> await(CompletableFuture<LookupResult> answer, Function<Record, T> read) {
        try {
            LookupResult result = answer.get(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            List<T> records = new ArrayList<>();
            for (Record found : result.getRecords()) {
                T one = read.apply(found);
                if (one != null) {
                    records.add(one);
                }
            }
            return DnsAnswer.of(records);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof NoSuchDomainException) {
                return DnsAnswer.noSuchName();
            }
            if (cause instanceof NoSuchRRSetException) {
                return DnsAnswer.noData();
            }
            return DnsAnswer.failed(cause.getMessage() == null ? cause.toString() : cause.getMessage());
        } catch (TimeoutException e) {
            answer.cancel(false);
            return DnsAnswer.failed("no answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DnsAnswer.failed("interrupted");
        }
    }

    private static MxHost mxHost(Record found) {
        return found instanceof MXRecord mx
                ? new MxHost(mx.getPriority(), mx.getTarget().toString(true))
                : null;
    }

    private static InetAddress address(Record found) {
        if (found instanceof ARecord a) {
            return a.getAddress();
        }
        return found instanceof AAAARecord aaaa ? aaaa.getAddress() : null;
    }
}
