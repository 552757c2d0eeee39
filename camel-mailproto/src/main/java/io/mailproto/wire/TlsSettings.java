package io.mailproto.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * How to do TLS.
 *
 * @param context keys and trust
 * @param verifyHostname whether a client insists on the host name in the certificate (RFC 6125)
 * @param verifyTrust false only if the context is known to trust everything; reported in {@link TlsFacts}
 * @param protocols the only versions to use, such as TLSv1.2, of those that the context uses; empty for all of those
 * @param advice what a person can do when the peer's certificate is refused; ends the error text; may be empty
 */
public record TlsSettings(
        SSLContext context, boolean verifyHostname, boolean verifyTrust, List<String> protocols, String advice) {

    public TlsSettings {
        Objects.requireNonNull(context, "context");
        protocols = List.copyOf(protocols);
        Objects.requireNonNull(advice, "advice");
    }

    /** A client that verifies certificate and host name. */
    public static TlsSettings client(SSLContext context) {
        return new TlsSettings(context, true, true, List.of(), "");
    }

    /** A server; the context holds its key. */
    public static TlsSettings server(SSLContext context) {
        return new TlsSettings(context, false, false, List.of(), "");
    }

    /** The same without insisting on the host name. */
    public TlsSettings withoutHostnameVerification() {
        return new TlsSettings(context, false, verifyTrust, protocols, advice);
    }

    /** The same with these versions of TLS only; empty for all that the context uses. */
    public TlsSettings withProtocols(List<String> names) {
        return new TlsSettings(context, verifyHostname, verifyTrust, names, advice);
    }

    /** The same with another advice. */
    public TlsSettings withAdvice(String text) {
        return new TlsSettings(context, verifyHostname, verifyTrust, protocols, text);
    }

    /** Leaves the socket the wanted versions, and never one that the context does without. */
    void limitProtocols(SSLSocket socket) {
        if (!protocols.isEmpty()) {
            List<String> left = new ArrayList<>(List.of(socket.getEnabledProtocols()));
            left.retainAll(protocols);
            socket.setEnabledProtocols(left.toArray(new String[0]));
        }
    }
}
