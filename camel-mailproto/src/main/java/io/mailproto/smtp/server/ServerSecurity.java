package io.mailproto.smtp.server;

import io.mailproto.sasl.SaslServers;
import io.mailproto.wire.TlsSettings;
import java.util.Optional;

/**
 * TLS and authentication of a server.
 *
 * @param tls key material; STARTTLS is offered if it is there
 * @param isTlsImplicit true if TLS begins with the connection (RFC 8314); needs key material
 * @param isTlsRequired true if MAIL is refused in clear; needs key material
 * @param logins what checks who may log in, and the mechanisms that follow from it; without it nobody can, and AUTH is not offered
 * @param isAuthenticationRequired whether MAIL is refused before AUTH; needs a verifier
 * @param isPlaintextLoginAllowed whether passwords are taken in clear from clients that are not on this machine
 */
public record ServerSecurity(
        Optional<TlsSettings> tls,
        boolean isTlsImplicit,
        boolean isTlsRequired,
        Optional<SaslServers> logins,
        boolean isAuthenticationRequired,
        boolean isPlaintextLoginAllowed) {

    /** No TLS, no authentication. */
    public static final ServerSecurity NONE =
            new ServerSecurity(Optional.empty(), false, false, Optional.empty(), false, false);

    public ServerSecurity {
        if ((isTlsImplicit || isTlsRequired) && tls.isEmpty()) {
            throw new IllegalArgumentException(
                    "a server that wants TLS needs key material: set sslContextParameters with a key store");
        }
        if (isAuthenticationRequired && logins.isEmpty()) {
            throw new IllegalArgumentException(
                    "requireAuthentication=true needs users, an authenticator, scramKeys or a tokenVerifier");
        }
    }
}
