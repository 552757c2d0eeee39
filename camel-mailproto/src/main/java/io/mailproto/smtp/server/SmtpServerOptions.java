package io.mailproto.smtp.server;

import io.mailproto.address.Domain;
import java.net.InetAddress;
import java.util.Objects;

/**
 * Everything a server needs to know. Immutable.
 *
 * @param serverName what the server calls itself in its greeting and in Received fields
 */
public record SmtpServerOptions(
        Domain serverName,
        ServerDialect dialect,
        ServerSecurity security,
        ServerRules rules,
        ServerLimits limits,
        ServerTimeouts timeouts,
        SmtpPolicy policy) {

    public SmtpServerOptions {
        Objects.requireNonNull(serverName, "serverName");
        Objects.requireNonNull(dialect, "dialect");
        Objects.requireNonNull(security, "security");
        Objects.requireNonNull(rules, "rules");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(policy, "policy");
        if (serverName.isNone()) {
            throw new IllegalArgumentException("serverName must be a host name");
        }
    }

    /** The defaults under a name. */
    public static SmtpServerOptions named(Domain serverName) {
        return new SmtpServerOptions(
                serverName,
                ServerDialect.SMTP,
                ServerSecurity.NONE,
                ServerRules.DEFAULTS,
                ServerLimits.DEFAULTS,
                ServerTimeouts.DEFAULTS,
                SmtpPolicy.NONE);
    }

    /** The same in another dialect. */
    public SmtpServerOptions with(ServerDialect other) {
        return new SmtpServerOptions(serverName, other, security, rules, limits, timeouts, policy);
    }

    /** The same with other security. */
    public SmtpServerOptions with(ServerSecurity other) {
        return new SmtpServerOptions(serverName, dialect, other, rules, limits, timeouts, policy);
    }

    /** The same with other rules. */
    public SmtpServerOptions with(ServerRules other) {
        return new SmtpServerOptions(serverName, dialect, security, other, limits, timeouts, policy);
    }

    /** The same with other limits. */
    public SmtpServerOptions with(ServerLimits other) {
        return new SmtpServerOptions(serverName, dialect, security, rules, other, timeouts, policy);
    }

    /** The same with other timeouts. */
    public SmtpServerOptions with(ServerTimeouts other) {
        return new SmtpServerOptions(serverName, dialect, security, rules, limits, other, policy);
    }

    /** The same with another policy. */
    public SmtpServerOptions with(SmtpPolicy other) {
        return new SmtpServerOptions(serverName, dialect, security, rules, limits, timeouts, other);
    }

    /**
     * Refuses what would be dangerous on an address that others can reach: a server that takes mail from anybody for
     * anybody, and one that wants passwords and has no way to take them safely.
     *
     * @throws IllegalArgumentException naming the options that make it safe
     */
    public void requireSafeOn(InetAddress bindAddress) {
        if (bindAddress.isLoopbackAddress()) {
            return;
        }
        if (rules.recipientDomains().isUnspecified() && !security.isAuthenticationRequired() && !policy.isGuard()) {
            throw new IllegalArgumentException(
                    "an SMTP server on " + bindAddress.getHostAddress()
                            + " that takes mail from anybody for anybody would be an open relay; set one of"
                            + " recipientDomains=example.org,example.com (the domains to take mail for),"
                            + " recipientDomains=* (really every domain),"
                            + " requireAuthentication=true with users or an authenticator,"
                            + " policy=#bean (an SmtpPolicy), rcptRoute=direct:check (a route that decides), or bind to 127.0.0.1");
        }
        if (security.isAuthenticationRequired() && security.tls().isEmpty() && !security.isPlaintextLoginAllowed()) {
            throw new IllegalArgumentException("requireAuthentication=true on " + bindAddress.getHostAddress()
                    + " would have passwords sent in clear, so nobody could log in; set sslContextParameters with a key"
                    + " store, or allowPlaintextLogin=true if the network is trusted");
        }
    }
}
