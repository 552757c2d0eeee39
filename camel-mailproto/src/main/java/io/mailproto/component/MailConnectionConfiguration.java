package io.mailproto.component;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.Secret;
import io.mailproto.sasl.TokenSupplier;
import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.wire.DialOptions;
import io.mailproto.wire.Dialer;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.ProxyServer;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import io.mailproto.wire.TrustEverything;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.OAuthHelper;
import org.apache.camel.support.jsse.SSLContextParameters;

/** The options of all schemes: where the server is, who we are, how the connection is secured. */
@UriParams
public class MailConnectionConfiguration {

    private static final String ADVICE = "give a trust store that knows its issuer with sslContextParameters, or"
            + " set hostnameVerification=false if only the name differs, or trustAllCertificates=true to encrypt"
            + " without knowing with whom";

    @UriPath
    @Metadata(required = true)
    private String host;

    @UriPath
    private int port;

    @UriParam(label = "security", security = "secret")
    private String username;

    @UriParam(label = "security", security = "secret")
    private String password;

    @UriParam(label = "security", enums = "auto,starttls,implicit,none")
    private TlsMode tls;

    @UriParam(label = "security")
    private SSLContextParameters sslContextParameters;

    @UriParam(label = "security", defaultValue = "true", security = "insecure:ssl")
    private boolean hostnameVerification = true;

    @UriParam(label = "security", security = "insecure:ssl")
    private boolean trustAllCertificates;

    @UriParam(label = "security")
    private boolean allowPlaintextLogin;

    @UriParam(label = "security")
    private String oauthProfile;

    @UriParam(label = "security")
    private TokenSupplier tokenSupplier;

    @UriParam(label = "advanced", security = "secret")
    private String proxy;

    @UriParam(label = "advanced")
    private String localAddress;

    @UriParam(label = "advanced", defaultValue = "30000")
    private int connectionTimeout = 30_000;

    @UriParam(label = "advanced", defaultValue = "131072")
    private int spoolThreshold = SpoolOptions.DEFAULT_THRESHOLD;

    @UriParam(label = "advanced")
    private String spoolDirectory;

    @UriParam(label = "advanced", prefix = "mail.", multiValue = true)
    private Properties additionalJavaMailProperties;

    @UriParam(label = "advanced")
    private Properties javaMailProperties;

    private List<String> tlsProtocols = List.of();

    /**
     * Takes host, port, user name and password out of the part of an endpoint URI behind the scheme, such as
     * {@code user:password@host:port}; a user name in it may itself have an {@code @}.
     *
     * @throws IllegalArgumentException if there is no host, the port is none, or there is a path; what stands before an
     *     {@code @} is not shown, since people write passwords there
     */
    public void setAddress(String remaining, int defaultPort) {
        String authority = remaining;
        int slash = authority.indexOf('/');
        if (slash >= 0) {
            // Not shown: a password with a slash would be in it.
            if (slash < authority.length() - 1) {
                throw new IllegalArgumentException("the endpoint has a slash and more behind its host, which means"
                        + " nothing: the folder of an IMAP endpoint is named by the option folderName, and a slash in a"
                        + " user name or password belongs into the options username and password");
            }
            authority = authority.substring(0, slash);
        }
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            setUserInfo(authority.substring(0, at));
            authority = authority.substring(at + 1);
        }
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        boolean isBareIpv6 = colon >= 0 && authority.indexOf(':') != colon && !authority.startsWith("[");
        String name = colon < 0 || isBareIpv6 ? authority : authority.substring(0, colon);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "the endpoint has no host: \"" + authority + "\"; an address is host or host:port");
        }
        host = name;
        port = defaultPort;
        if (colon >= 0 && !isBareIpv6) {
            try {
                port = Integer.parseInt(authority.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("the port of the endpoint is no number: " + authority, e);
            }
            // 0 is for listeners, which may choose.
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("the port of the endpoint must be 0 to 65535: " + authority);
            }
        }
    }

    /** {@code user} or {@code user:password}, percent-encoded where it must be. */
    private void setUserInfo(String userInfo) {
        int colon = userInfo.indexOf(':');
        username = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
        if (colon >= 0) {
            password = decoded(userInfo.substring(colon + 1));
        }
    }

    private static String decoded(String text) {
        try {
            // A plus sign is one, here as in every URI before its query.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            // A percent sign that encodes nothing stands for itself.
            return text;
        }
    }

    /** Host and port as a value. */
    public HostPort hostPort() {
        return new HostPort(host, port);
    }

    /** User name and password, if both are given. */
    public Optional<Credentials> credentials() {
        return username == null || password == null
                ? Optional.empty()
                : Optional.of(new Credentials(username, Secret.of(password)));
    }

    /**
     * User name and password, or user name and access tokens, if they are given.
     *
     * @throws IllegalArgumentException naming the options that do not go together
     */
    public Optional<Credentials> credentials(CamelContext context) {
        if (tokenSupplier == null && oauthProfile == null) {
            return credentials();
        }
        if (tokenSupplier != null && oauthProfile != null) {
            throw new IllegalArgumentException(hostPort() + ": tokenSupplier and oauthProfile are both set; use one");
        }
        String option = tokenSupplier != null ? "tokenSupplier" : "oauthProfile";
        if (username == null || password != null) {
            throw new IllegalArgumentException(
                    hostPort() + ": " + option + " needs the option username, and no password beside it");
        }
        String profile = oauthProfile;
        TokenSupplier tokens =
                tokenSupplier != null ? tokenSupplier : isRefused -> OAuthHelper.resolveOAuthToken(context, profile);
        return Optional.of(Credentials.ofTokens(username, tokens));
    }

    /**
     * Opens connections with these options.
     *
     * @throws IllegalArgumentException naming the option that makes no sense
     */
    public Dialer dialer(CamelContext context) {
        DialOptions options = DialOptions.defaults().withConnectTimeout(connectTimeout());
        if (proxy != null) {
            options = options.withProxy(ProxyServer.parse(proxy));
        }
        if (localAddress != null) {
            options = options.withLocalAddress(source());
        }
        return new Dialer(options, MailRuntime.of(context).watchdog());
    }

    /** The option connectionTimeout; the default if that is 0 or less. */
    public Duration connectTimeout() {
        return connectionTimeout > 0
                ? Duration.ofMillis(connectionTimeout)
                : DialOptions.defaults().connectTimeout();
    }

    private InetSocketAddress source() {
        InetSocketAddress address = new InetSocketAddress(localAddress, 0);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(hostPort() + ": localAddress is no address of this machine");
        }
        return address;
    }

    /**
     * The spool these options name.
     *
     * @throws IllegalArgumentException if spoolDirectory cannot be written to: else only a large mail would show it
     */
    public Spool spool(CamelContext context) {
        if (spoolDirectory != null) {
            Path path = Path.of(spoolDirectory);
            if (!Files.isDirectory(path) || !Files.isWritable(path)) {
                throw new IllegalArgumentException("spoolDirectory: " + spoolDirectory + " is "
                        + (Files.isDirectory(path) ? "not writable" : "no existing directory"));
            }
        }
        return MailRuntime.of(context).spool(spoolThreshold, spoolDirectory);
    }

    /** How a client does TLS with these options; the trust of the JDK without any. */
    public TlsSettings clientTls(CamelContext context) throws GeneralSecurityException, IOException {
        if (trustAllCertificates) {
            return TrustEverything.client().withProtocols(tlsProtocols);
        }
        SSLContext ssl =
                sslContextParameters == null ? SSLContext.getDefault() : sslContextParameters.createSSLContext(context);
        TlsSettings settings = TlsSettings.client(ssl).withAdvice(ADVICE).withProtocols(tlsProtocols);
        return hostnameVerification ? settings : settings.withoutHostnameVerification();
    }

    /** The only versions of TLS to use; empty for those of sslContextParameters or of the JDK. */
    public List<String> tlsProtocols() {
        return tlsProtocols;
    }

    /** Sets {@link #tlsProtocols()}, checked. */
    void limitTlsTo(List<String> protocols) {
        tlsProtocols = List.copyOf(protocols);
    }

    public String getHost() {
        return host;
    }

    /**
     * Host name or address of the mail server; of an SMTP consumer the address to listen on.
     */
    public void setHost(String host) {
        this.host = host;
    }

    public int getPort() {
        return port;
    }

    /**
     * Port of the mail server; the scheme's own by default.
     */
    public void setPort(int port) {
        this.port = port;
    }

    public String getUsername() {
        return username;
    }

    /**
     * User name to log in with.
     */
    public void setUsername(String username) {
        this.username = username;
    }

    public String getPassword() {
        return password;
    }

    /**
     * Password to log in with.
     */
    public void setPassword(String password) {
        this.password = password;
    }

    public TlsMode getTls() {
        return tls;
    }

    /**
     * How the connection is encrypted: auto (the default of the plain schemes: when the server offers it, then verified,
     * but not towards loopback), starttls (required), implicit (from the first octet; the default of the schemes with an
     * s) or none.
     */
    public void setTls(TlsMode tls) {
        this.tls = tls;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    /**
     * Keys and trust for TLS; without it the trust of the JDK.
     */
    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public boolean isHostnameVerification() {
        return hostnameVerification;
    }

    /**
     * Whether the certificate must be for the host that was asked for.
     */
    public void setHostnameVerification(boolean hostnameVerification) {
        this.hostnameVerification = hostnameVerification;
    }

    public boolean isTrustAllCertificates() {
        return trustAllCertificates;
    }

    /**
     * Accepts every certificate: encryption without knowing with whom. For tests only.
     */
    public void setTrustAllCertificates(boolean trustAllCertificates) {
        this.trustAllCertificates = trustAllCertificates;
    }

    public boolean isAllowPlaintextLogin() {
        return allowPlaintextLogin;
    }

    /**
     * Whether a password may cross the network unencrypted. Towards loopback it always may.
     */
    public void setAllowPlaintextLogin(boolean allowPlaintextLogin) {
        this.allowPlaintextLogin = allowPlaintextLogin;
    }

    public String getOauthProfile() {
        return oauthProfile;
    }

    /**
     * Name of the OAuth profile (properties camel.oauth.name.…) that access tokens come from, to log in with OAUTHBEARER
     * or XOAUTH2; needs camel-oauth, and the option username.
     */
    public void setOauthProfile(String oauthProfile) {
        this.oauthProfile = oauthProfile;
    }

    public TokenSupplier getTokenSupplier() {
        return tokenSupplier;
    }

    /**
     * Bean that access tokens come from, to log in with OAUTHBEARER or XOAUTH2; needs the option username.
     */
    public void setTokenSupplier(TokenSupplier tokenSupplier) {
        this.tokenSupplier = tokenSupplier;
    }

    public String getProxy() {
        return proxy;
    }

    /**
     * Proxy to connect through: socks5://host:port or http://host:port (the method CONNECT), with user:password and an
     * at sign before the host if it wants a login.
     */
    public void setProxy(String proxy) {
        this.proxy = proxy;
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

    public int getConnectionTimeout() {
        return connectionTimeout;
    }

    /**
     * Milliseconds to wait for a connection to each address of the host; 0 or less for the default.
     */
    public void setConnectionTimeout(int connectionTimeout) {
        this.connectionTimeout = connectionTimeout;
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

    public Properties getAdditionalJavaMailProperties() {
        return additionalJavaMailProperties;
    }

    /**
     * Properties that camel-mail passes on to Jakarta Mail, such as mail.smtp.starttls.required: those with an equivalent
     * set it, others are ignored with a WARN, those on which security depends are refused.
     */
    public void setAdditionalJavaMailProperties(Properties additionalJavaMailProperties) {
        this.additionalJavaMailProperties = additionalJavaMailProperties;
    }

    public Properties getJavaMailProperties() {
        return javaMailProperties;
    }

    /**
     * The same as additionalJavaMailProperties, for routes that were written for camel-mail.
     */
    public void setJavaMailProperties(Properties javaMailProperties) {
        this.javaMailProperties = javaMailProperties;
    }
}
