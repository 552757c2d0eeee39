package io.mailproto.dns;

import io.mailproto.address.Domain;
import java.net.InetAddress;

/**
 * Who takes mail for a domain, as the DNS says, or as somebody else who knows better. Thread-safe; both methods may block on
 * the network, for a limited time, and never throw for what an answer is.
 */
public interface MailExchangers {

    /**
     * The MX records of a domain, in any order; aliases (CNAME) have been followed.
     *
     * @param domain a name, no address literal
     */
    DnsAnswer<MxHost> lookupMx(Domain domain);

    /**
     * The IPv4 and IPv6 addresses (A, AAAA) of a host; aliases have been followed. Found if there is one of either kind;
     * failed if there is none and one of the two questions has failed.
     *
     * @param host a host name without a dot at its end
     */
    DnsAnswer<InetAddress> lookupAddresses(String host);
}
