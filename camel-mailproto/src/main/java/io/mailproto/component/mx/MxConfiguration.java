package io.mailproto.component.mx;

import io.mailproto.address.Domain;
import io.mailproto.component.MailRuntime;
import io.mailproto.dns.MailExchangers;
import io.mailproto.smtp.client.DsnRequest;
import io.mailproto.smtp.client.SmtpClientOptions;
import io.mailproto.smtp.client.SmtpTimeouts;
import io.mailproto.smtp.mx.AddressScope;
import io.mailproto.smtp.mx.MxLimits;
import io.mailproto.smtp.mx.MxOptions;
import io.mailproto.smtp.server.RecipientDomains;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.wire.DialOptions;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.Networks;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TrustEverything;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;

/** The options of delivery to mail exchangers: how they are found and talked to. */
@UriParams
public class MxConfiguration extends MxMailConfiguration implements Cloneable {

    /** Addresses of one host; the best hosts have a handful. */
    private static final int MAX_ADDRESSES = 8;

    private static final int DNS_PORT = 53;

    @UriPath
    @Metadata(required = true)
    private String heloName;

    @UriParam
    private String localDomains;

    @UriParam
    private String localDelivery;

    @UriParam(label = "advanced", defaultValue = "25")
    private int port = 25;

    @UriParam
    private String ownNames;

    @UriParam(label = "security", enums = "public,private,any", defaultValue = "PUBLIC")
    private AddressScope addressScope = AddressScope.PUBLIC;

    @UriParam(label = "security", defaultValue = "true")
    private boolean addressLiterals = true;

    @UriParam(label = "security", enums = "auto,starttls,none", defaultValue = "AUTO")
    private TlsMode tls = TlsMode.AUTO;

    @UriParam
    private String dnsServers;

    @UriParam(label = "advanced", javaType = "java.time.Duration", defaultValue = "10000")
    private long dnsTimeout = 10_000;

    @UriParam(label = "advanced")
    private MailExchangers mailExchangers;

    @UriParam(label = "advanced", defaultValue = "10")
    private int maxHosts = 10;

    @UriParam(label = "advanced", defaultValue = "15")
    private int maxAttempts = 15;

    @UriParam(label = "advanced", javaType = "java.time.Duration", defaultValue = "600000")
    private long deliveryTimeout = 600_000;

    @UriParam(label = "advanced", defaultValue = "30000")
    private int connectionTimeout = 30_000;

    @UriParam(label = "advanced", javaType = "java.time.Duration", defaultValue = "300000")
    private long greetingTimeout = 300_000;

    @UriParam(label = "advanced", javaType = "java.time.Duration", defaultValue = "300000")
    private long replyTimeout = 300_000;

    @UriParam(label = "advanced", javaType = "java.time.Duration", defaultValue = "600000")
    private long finalReplyTimeout = 600_000;

    @UriParam(label = "advanced")
    private String localAddress;

    @UriParam(label = "advanced", defaultValue = "131072")
    private int spoolThreshold = SpoolOptions.DEFAULT_THRESHOLD;

    @UriParam(label = "advanced")
    private String spoolDirectory;

    /** A copy that can be changed on its own. */
    public MxConfiguration copy() {
        try {
            return (MxConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /**
     * How to talk to a host, checked.
     *
     * @throws IllegalArgumentException naming the option that makes no sense
     */
    SmtpClientOptions toClientOptions() {
        if (tls == TlsMode.IMPLICIT) {
            throw wrong("tls=implicit is for submission; mail exchangers offer STARTTLS");
        }
        fieldChoice();
        if (getDsnNotify() != null) {
            try {
                DsnRequest.Notify.parse(getDsnNotify());
            } catch (IllegalArgumentException e) {
                throw wrong("dsnNotify: " + e.getMessage());
            }
        }
        Duration reply = positive("replyTimeout", replyTimeout);
        Duration greeting = positive("greetingTimeout", greetingTimeout);
        SmtpTimeouts rfc = SmtpTimeouts.defaults();
        SmtpTimeouts timeouts = new SmtpTimeouts(
                greeting,
                greeting,
                shorter(rfc.tls(), reply),
                reply,
                reply,
                reply,
                shorter(rfc.data(), reply),
                shorter(rfc.block(), reply),
                positive("finalReplyTimeout", finalReplyTimeout),
                shorter(rfc.other(), reply),
                shorter(rfc.quit(), reply));
        return SmtpClientOptions.defaults()
                .withEhloName(helo())
                // Nobody knows whose certificate to expect: the name comes from a DNS that anybody on the way can
                // change.
                .withTls(tls, tls == TlsMode.NONE ? null : TrustEverything.client())
                .withTimeouts(timeouts);
    }

    /**
     * How mail finds its way, checked.
     *
     * @throws IllegalArgumentException naming the option that makes no sense
     */
    MxOptions toOptions() {
        Set<Domain> names = new LinkedHashSet<>();
        names.add(helo());
        List<String> addresses = new ArrayList<>();
        for (String entry : ownNames == null ? new String[0] : ownNames.split(",")) {
            String own = entry.strip();
            try {
                if (own.isEmpty()) {
                    continue;
                }
                if (Networks.address(own).isPresent()) {
                    addresses.add(own);
                } else {
                    names.add(Domain.parse(own));
                }
            } catch (IllegalArgumentException e) {
                throw wrong("ownNames: \"" + own + "\": " + e.getMessage());
            }
        }
        try {
            return new MxOptions(
                    names,
                    Networks.parse(String.join(",", addresses)),
                    addressScope,
                    addressLiterals,
                    port,
                    tls != TlsMode.STARTTLS,
                    new MxLimits(maxHosts, MAX_ADDRESSES, maxAttempts, positive("deliveryTimeout", deliveryTimeout)));
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    /**
     * The domains whose mail stays here; nobody's without localDomains.
     *
     * @throws IllegalArgumentException if only one of localDomains and localDelivery is given
     */
    RecipientDomains local() {
        try {
            RecipientDomains domains = RecipientDomains.parse(localDomains);
            if (domains.isUnspecified() != (localDelivery == null)) {
                throw new IllegalArgumentException(
                        localDelivery == null
                                ? "needs localDelivery, an endpoint that delivers to mailboxes"
                                : "is missing: localDelivery needs to know whose mail stays here");
            }
            return domains;
        } catch (IllegalArgumentException e) {
            throw wrong("localDomains: " + e.getMessage().replace("recipientDomains: ", ""));
        }
    }

    /**
     * The DNS servers to ask; none for those of the system.
     *
     * @throws IllegalArgumentException if one is no address
     */
    List<InetSocketAddress> dnsServerAddresses() {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String entry : dnsServers == null ? new String[0] : dnsServers.split(",")) {
            if (!entry.isBlank()) {
                servers.add(dnsServer(entry.strip()));
            }
        }
        return servers;
    }

    private InetSocketAddress dnsServer(String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.lastIndexOf(':');
        boolean hasPort = bracket >= 0 ? colon > bracket : colon >= 0 && text.indexOf(':') == colon;
        String host = hasPort ? text.substring(0, colon) : text;
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        InetAddress address = Networks.address(bare)
                .orElseThrow(() -> wrong("dnsServers: \"" + text
                        + "\" is no address with or without a port; a name would need a DNS server to be looked up"));
        String number = hasPort ? text.substring(colon + 1) : String.valueOf(DNS_PORT);
        if (!number.matches("[0-9]{1,5}") || Integer.parseInt(number) < 1 || Integer.parseInt(number) > 65535) {
            throw wrong("dnsServers: \"" + text + "\": a port is 1 to 65535");
        }
        return new InetSocketAddress(address, Integer.parseInt(number));
    }

    Duration dnsTime() {
        return positive("dnsTimeout", dnsTimeout);
    }

    Dialer dialer(CamelContext context) {
        DialOptions options =
                DialOptions.defaults().withConnectTimeout(positive("connectionTimeout", connectionTimeout));
        if (localAddress != null) {
            InetSocketAddress from = new InetSocketAddress(localAddress, 0);
            if (from.isUnresolved()) {
                throw wrong("localAddress is no address of this machine");
            }
            options = options.withLocalAddress(from);
        }
        return new Dialer(options, MailRuntime.of(context).watchdog());
    }

    /** @throws IllegalArgumentException if spoolDirectory cannot be written to */
    Spool spool(CamelContext context) {
        if (spoolDirectory != null) {
            Path path = Path.of(spoolDirectory);
            if (!Files.isDirectory(path) || !Files.isWritable(path)) {
                throw wrong("spoolDirectory: " + spoolDirectory + " is no directory that can be written to");
            }
        }
        return MailRuntime.of(context).spool(spoolThreshold, spoolDirectory);
    }

    private Domain helo() {
        try {
            return Domain.parse(heloName);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("mx:" + heloName + ": heloName: " + e.getMessage(), e);
        }
    }

    private Duration positive(String option, long millis) {
        if (millis <= 0) {
            throw wrong(option + " must be positive, not " + millis);
        }
        return Duration.ofMillis(millis);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("mx:" + heloName + ": " + what);
    }

    public String getHeloName() {
        return heloName;
    }

    /**
     * Name of this host, as it says in EHLO: the one that its address leads to in the DNS and back.
     */
    public void setHeloName(String heloName) {
        this.heloName = heloName;
    }

    public String getLocalDomains() {
        return localDomains;
    }

    /**
     * Domains whose mail goes to localDelivery, separated by commas; an asterisk for every domain, so that nothing is
     * looked up.
     */
    public void setLocalDomains(String localDomains) {
        this.localDomains = localDomains;
    }

    public String getLocalDelivery() {
        return localDelivery;
    }

    /**
     * Endpoint that delivers to mailboxes, such as lmtp:localhost:24 or direct:mailboxes. It gets the mail as body and
     * its recipients in the header CamelMailEnvelopeRecipients, and needs localDomains.
     */
    public void setLocalDelivery(String localDelivery) {
        this.localDelivery = localDelivery;
    }

    public int getPort() {
        return port;
    }

    /**
     * Port of the mail exchangers; another one than 25 is for tests and networks of one's own.
     */
    public void setPort(int port) {
        this.port = port;
    }

    public String getOwnNames() {
        return ownNames;
    }

    /**
     * Further names and addresses of this host, separated by commas. An MX record with one of them, or with the
     * heloName, points back to this host: it is not delivered to, nor are exchangers that are no better.
     */
    public void setOwnNames(String ownNames) {
        this.ownNames = ownNames;
    }

    public AddressScope getAddressScope() {
        return addressScope;
    }

    /**
     * Which addresses may be delivered to, since strangers write the DNS: public (those of the internet), private
     * (also those of private networks, such as 10.0.0.0/8) or any (also loopback and link-local ones).
     */
    public void setAddressScope(AddressScope addressScope) {
        this.addressScope = addressScope;
    }

    public boolean isAddressLiterals() {
        return addressLiterals;
    }

    /**
     * Whether recipients that have an address in brackets instead of a domain are delivered to, if addressScope allows
     * that address.
     */
    public void setAddressLiterals(boolean addressLiterals) {
        this.addressLiterals = addressLiterals;
    }

    public TlsMode getTls() {
        return tls;
    }

    /**
     * How the connection is encrypted: auto (when the host offers STARTTLS, without verifying whom one talks to, and
     * in clear if that fails; not towards loopback), starttls (required, not verified either) or none.
     */
    public void setTls(TlsMode tls) {
        this.tls = tls;
    }

    public String getDnsServers() {
        return dnsServers;
    }

    /**
     * DNS servers to ask, as address or address:port (an IPv6 address with a port in brackets), separated by commas;
     * by default those of the system.
     */
    public void setDnsServers(String dnsServers) {
        this.dnsServers = dnsServers;
    }

    public long getDnsTimeout() {
        return dnsTimeout;
    }

    /**
     * How long one question to the DNS may take, with repetitions and all servers.
     */
    public void setDnsTimeout(long dnsTimeout) {
        this.dnsTimeout = dnsTimeout;
    }

    public MailExchangers getMailExchangers() {
        return mailExchangers;
    }

    /**
     * Bean that knows the mail exchangers of domains and their addresses, instead of the DNS.
     */
    public void setMailExchangers(MailExchangers mailExchangers) {
        this.mailExchangers = mailExchangers;
    }

    public int getMaxHosts() {
        return maxHosts;
    }

    /**
     * Most mail exchangers of a domain that are tried, the best ones.
     */
    public void setMaxHosts(int maxHosts) {
        this.maxHosts = maxHosts;
    }

    public int getMaxAttempts() {
        return maxAttempts;
    }

    /**
     * Most connections that are opened for one domain of a mail before it is given up for now.
     */
    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public long getDeliveryTimeout() {
        return deliveryTimeout;
    }

    /**
     * After which time no further host is tried and the rest of the recipients is given up for now; a conversation
     * that runs is not cut.
     */
    public void setDeliveryTimeout(long deliveryTimeout) {
        this.deliveryTimeout = deliveryTimeout;
    }

    public int getConnectionTimeout() {
        return connectionTimeout;
    }

    /**
     * Milliseconds to wait for a connection to each address of a host.
     */
    public void setConnectionTimeout(int connectionTimeout) {
        this.connectionTimeout = connectionTimeout;
    }

    public long getGreetingTimeout() {
        return greetingTimeout;
    }

    /**
     * How long to wait for the greeting and for the reply to EHLO.
     */
    public void setGreetingTimeout(long greetingTimeout) {
        this.greetingTimeout = greetingTimeout;
    }

    public long getReplyTimeout() {
        return replyTimeout;
    }

    /**
     * How long to wait for the reply to each further command and for a host to take each part of the mail.
     */
    public void setReplyTimeout(long replyTimeout) {
        this.replyTimeout = replyTimeout;
    }

    public long getFinalReplyTimeout() {
        return finalReplyTimeout;
    }

    /**
     * How long to wait for the reply to the end of the mail. Afterwards nobody knows whether the mail was delivered.
     */
    public void setFinalReplyTimeout(long finalReplyTimeout) {
        this.finalReplyTimeout = finalReplyTimeout;
    }

    public String getLocalAddress() {
        return localAddress;
    }

    /**
     * Address of this machine to connect from; the system chooses by default.
     */
    public void setLocalAddress(String localAddress) {
        this.localAddress = localAddress;
    }

    public int getSpoolThreshold() {
        return spoolThreshold;
    }

    /**
     * Octets of a mail that are kept in memory; a larger one goes to a file.
     */
    public void setSpoolThreshold(int spoolThreshold) {
        this.spoolThreshold = spoolThreshold;
    }

    public String getSpoolDirectory() {
        return spoolDirectory;
    }

    /**
     * Existing directory for the files of large mails; by default that of stream caching, else the temp directory.
     */
    public void setSpoolDirectory(String spoolDirectory) {
        this.spoolDirectory = spoolDirectory;
    }
}
