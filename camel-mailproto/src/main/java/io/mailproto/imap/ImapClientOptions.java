package io.mailproto.imap;

import io.mailproto.sasl.SaslMechanisms;
import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How to talk to a server. Immutable.
 *
 * @param tlsMode when the conversation becomes encrypted
 * @param tls how; may be null only with {@link TlsMode#NONE}
 * @param allowPlaintextLogin may a password go over a connection in clear to another machine? Everybody on the way can
 *     read it then
 * @param authMechanisms SASL mechanisms to use, most preferred first; {@code LOGIN-COMMAND} stands for the LOGIN
 *     command; empty means the strongest that the server offers, with the LOGIN command after PLAIN
 * @param identity what ID tells about us (RFC 2971); never empty, since some servers do not understand {@code ID ()}
 * @param timeouts how long to wait
 * @param limits how much to take
 */
public record ImapClientOptions(
        TlsMode tlsMode,
        TlsSettings tls,
        boolean allowPlaintextLogin,
        List<String> authMechanisms,
        Map<String, String> identity,
        ImapTimeouts timeouts,
        ImapLimits limits) {
    public ImapClientOptions {
        if (tls == null && tlsMode != TlsMode.NONE) {
            throw new IllegalArgumentException("TLS settings are needed for " + tlsMode);
        }
        if (identity.isEmpty()) {
            throw new IllegalArgumentException("the identity must have at least a name");
        }
        authMechanisms = List.copyOf(authMechanisms);
        identity = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(identity));
    }

    /** No TLS at all; passwords only to this machine itself. */
    public static ImapClientOptions inClear() {
        return new ImapClientOptions(
                TlsMode.NONE, null, false, List.of(), ourselves(), ImapTimeouts.defaults(), ImapLimits.defaults());
    }

    /** With TLS; everything else as usual. */
    public static ImapClientOptions secured(TlsMode mode, TlsSettings tls) {
        return new ImapClientOptions(
                mode, tls, false, List.of(), ourselves(), ImapTimeouts.defaults(), ImapLimits.defaults());
    }

    /** The same, and passwords may go in clear anywhere. */
    public ImapClientOptions allowingPlaintextLogin() {
        return new ImapClientOptions(tlsMode, tls, true, authMechanisms, identity, timeouts, limits);
    }

    /** The same with these mechanisms. */
    public ImapClientOptions withMechanisms(String... mechanisms) {
        return new ImapClientOptions(
                tlsMode, tls, allowPlaintextLogin, List.of(mechanisms), identity, timeouts, limits);
    }

    /** The same with these timeouts. */
    public ImapClientOptions withTimeouts(ImapTimeouts others) {
        return new ImapClientOptions(tlsMode, tls, allowPlaintextLogin, authMechanisms, identity, others, limits);
    }

    /** The same with these limits. */
    public ImapClientOptions withLimits(ImapLimits others) {
        return new ImapClientOptions(tlsMode, tls, allowPlaintextLogin, authMechanisms, identity, timeouts, others);
    }

    /** Is this a way to log in that the client knows? */
    public static boolean isKnownMechanism(String name) {
        return name.equalsIgnoreCase(ImapLogin.LOGIN_COMMAND)
                || SaslMechanisms.names().contains(name.toUpperCase(Locale.ROOT));
    }

    private static Map<String, String> ourselves() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", "camel-mailproto");
        String version = ImapClientOptions.class.getPackage().getImplementationVersion();
        fields.put("version", version == null ? "unreleased" : version);
        fields.put("vendor", "mailproto.io");
        return fields;
    }
}
