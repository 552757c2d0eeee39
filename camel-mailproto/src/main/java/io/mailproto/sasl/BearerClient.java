package io.mailproto.sasl;

/**
 * OAUTHBEARER (RFC 7628) and Google's and Microsoft's XOAUTH2, which differ little:
 *
 * <pre>
 * OAUTHBEARER   n,a=USER,^Ahost=HOST^Aport=PORT^Aauth=Bearer TOKEN^A^A
 * XOAUTH2       user=USER^Aauth=Bearer TOKEN^A^A
 * </pre>
 *
 * A server that refuses the token says why in a challenge, and refuses only after that was answered with something that
 * says nothing: {@code ^A} for the one (RFC 7628 §3.2.3), nothing at all for the other.
 */
final class BearerClient implements SaslClient {
    private static final byte[] NOTHING = {};
    private static final byte[] ABORT = {1};

    private final String mechanism;
    private final byte[] message;
    private final boolean isStandard;
    private boolean wasRefused;

    BearerClient(String mechanism, String username, String token, SaslChannel channel) throws SaslFailed {
        this.mechanism = mechanism;
        this.isStandard = mechanism.equals(SaslMechanisms.OAUTHBEARER);
        checkToken(token);
        String bearer = "auth=Bearer " + token + "\1\1";
        this.message = SaslText.utf8(
                isStandard
                        ? "n,a=" + saslName(username) + ",\1host=" + channel.host() + "\1port=" + channel.port() + "\1"
                                + bearer
                        : "user=" + username + "\1" + bearer);
    }

    /** RFC 6750 §2.1: {@code b64token}; a bit more is let through, as tokens are the server's own affair. */
    private void checkToken(String token) throws SaslFailed {
        boolean isSane = token != null && !token.isEmpty();
        for (int i = 0; isSane && i < token.length(); i++) {
            isSane = token.charAt(i) > ' ' && token.charAt(i) < 0x7f;
        }
        if (!isSane) {
            throw new SaslFailed(mechanism, "the access token is empty or has characters that no token has");
        }
    }

    /** RFC 5801 §4: {@code ,} and {@code =} in a name are {@code =2C} and {@code =3D}. */
    static String saslName(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    @Override
    public byte[] initialResponse() {
        return message.clone();
    }

    @Override
    public byte[] respond(byte[] challenge) throws SaslFailed {
        if (wasRefused) {
            throw new SaslFailed(mechanism, "the server sent a second challenge");
        }
        wasRefused = true;
        return isStandard ? ABORT.clone() : NOTHING;
    }

    @Override
    public boolean sendsPlaintextSecret() {
        return true;
    }
}
