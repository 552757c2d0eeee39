package io.mailproto.sasl;

import com.ongres.scram.common.util.TlsServerEndpoint;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/**
 * What a mechanism needs to know of the connection it runs over.
 *
 * @param isSafeForSecrets may passwords and tokens travel as they are: encrypted, on this machine, or allowed by whoever
 *     set the connection up
 * @param serverCertificate the certificate that the server has shown in the TLS handshake; null in clear
 * @param host the server as it was asked for, for OAUTHBEARER (RFC 7628 §3.1)
 * @param port its port
 */
public record SaslChannel(boolean isSafeForSecrets, X509Certificate serverCertificate, String host, int port) {
    /**
     * Channel binding data of the type tls-server-end-point (RFC 5929 §4.1): the certificate's hash. Empty if there is no
     * TLS, or if the certificate's signature names no hash function, for which nothing is defined.
     */
    byte[] serverEndPoint() {
        return serverEndPoint(serverCertificate);
    }

    static byte[] serverEndPoint(X509Certificate certificate) {
        if (certificate == null) {
            return new byte[0];
        }
        try {
            return TlsServerEndpoint.getChannelBindingData(certificate);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that came through a TLS handshake has no encoding", e);
        }
    }
}
