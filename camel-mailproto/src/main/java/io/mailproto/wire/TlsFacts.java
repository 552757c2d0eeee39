package io.mailproto.wire;

/**
 * What was agreed in a TLS handshake.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipher such as {@code TLS_AES_256_GCM_SHA384}
 * @param peerVerified true if this side verified the peer's certificate and, as a client, its host name
 */
public record TlsFacts(String protocol, String cipher, boolean peerVerified) {}
