package io.mailproto.wire;

import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * How to do TLS.
 *
 * @param context keys and trust
 * @param verifyHostname whether a client insists on the host name in the certificate (RFC 6125)
 * @param verifyTrust false only if the context is known to trust everything; reported in {@link TlsFacts}
 * @param advice what a person can do when the peer's certificate is refused; ends the error text; may be empty
 */
public record TlsSettings(SSLContext context, boolean verifyHostname, boolean verifyTrust, String advice) {

    public TlsSettings {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(advice, "advice");
    }

    /** A client that verifies certificate and host name. */
    public static TlsSettings client(SSLContext context) {
        return new TlsSettings(context, true, true, "");
    }

    /** A server; the context holds its key. */
    public static TlsSettings server(SSLContext context) {
        return new TlsSettings(context, false, false, "");
    }

    /** The same without insisting on the host name. */
    public TlsSettings withoutHostnameVerification() {
        return new TlsSettings(context, false, verifyTrust, advice);
    }

    /** The same with another advice. */
    public TlsSettings withAdvice(String text) {
        return new TlsSettings(context, verifyHostname, verifyTrust, text);
    }
}
