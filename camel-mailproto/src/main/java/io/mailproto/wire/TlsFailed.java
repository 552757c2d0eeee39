package io.mailproto.wire;

/** No TLS came about: the certificate was not accepted, or the handshake broke off. */
public final class TlsFailed extends WireException {

    private static final long serialVersionUID = 1L;

    private final boolean certificateRefused;

    TlsFailed(String peer, Step step, String what, boolean certificateRefused, Throwable cause) {
        super(peer, step, what, !certificateRefused, cause);
        this.certificateRefused = certificateRefused;
    }

    /** True if this side did not accept the peer's certificate: a retry will not help. */
    public boolean isCertificateRefused() {
        return certificateRefused;
    }
}
