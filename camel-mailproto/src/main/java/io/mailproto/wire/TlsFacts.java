package io.mailproto.wire;

import java.security.cert.X509Certificate;

/**
 * What was agreed in a TLS handshake.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipher such as {@code TLS_AES_256_GCM_SHA384}
 * @param peerVerified true if this side verified the peer's certificate and, as a client, its host name
 * @param serverCertificate the one the server has shown, be it the peer's or, on a server, its own: what a login can be
 *     bound to (RFC 5929 §4, tls-server-end-point); null if there is none
 */
public record TlsFacts(String protocol, String cipher, boolean peerVerified, X509Certificate serverCertificate) {}
