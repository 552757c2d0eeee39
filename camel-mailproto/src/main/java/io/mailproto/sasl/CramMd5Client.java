package io.mailproto.sasl;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * CRAM-MD5 (RFC 2195 §2): user name, space, and the keyed MD5 digest of the challenge in hexadecimal. Better than a
 * password in clear and worse than SCRAM: the server must know the password, and who listens can guess at it.
 */
final class CramMd5Client implements SaslClient {
    private final Credentials credentials;
    private boolean hasAnswered;

    CramMd5Client(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String mechanism() {
        return SaslMechanisms.CRAM_MD5;
    }

    @Override
    public byte[] initialResponse() {
        return null;
    }

    @Override
    public byte[] respond(byte[] challenge) throws SaslFailed {
        if (hasAnswered) {
            throw new SaslFailed(mechanism(), "the server sent a second challenge");
        }
        hasAnswered = true;
        byte[] key = SaslText.utf8(credentials.password().reveal());
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            // An empty key is none for Java; HMAC pads a key with zeros, so one zero is the same.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacMD5"));
            String digest = HexFormat.of().formatHex(mac.doFinal(challenge));
            return SaslText.utf8(credentials.username() + " " + digest);
        } catch (GeneralSecurityException e) {
            throw new SaslFailed(mechanism(), "this Java has no HmacMD5", false, e);
        }
    }

    @Override
    public boolean sendsPlaintextSecret() {
        return false;
    }
}
