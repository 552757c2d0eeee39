package io.mailproto.sasl;

/**
 * PLAIN (RFC 4616 §2): {@code message = [authzid] UTF8NUL authcid UTF8NUL passwd}. An authzid other than the authcid is
 * not authorized.
 */
public final class PlainServer implements SaslServer {
    private final PasswordVerifier verifier;

    public PlainServer(PasswordVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public String mechanism() {
        return SaslMechanisms.PLAIN;
    }

    @Override
    public Step next(byte[] response) {
        if (response == null) {
            return new Challenge(new byte[0]);
        }
        int first = indexOfNul(response, 0);
        int second = first < 0 ? -1 : indexOfNul(response, first + 1);
        if (second < 0 || indexOfNul(response, second + 1) >= 0) {
            return new Refused(Reason.MALFORMED, "");
        }
        String authzid = SaslText.decodeOrNull(response, 0, first);
        String user = SaslText.decodeOrNull(response, first + 1, second);
        String password = SaslText.decodeOrNull(response, second + 1, response.length);
        // Both are 1*SAFE; an empty password must never reach a directory that takes it for an anonymous bind.
        if (authzid == null || user == null || password == null || user.isEmpty() || password.isEmpty()) {
            return new Refused(Reason.MALFORMED, user == null ? "" : user);
        }
        if (!verifier.verify(user, Secret.of(password))) {
            return new Refused(Reason.WRONG, user);
        }
        if (!authzid.isEmpty() && !authzid.equals(user)) {
            return new Refused(Reason.NOT_AUTHORIZED, user);
        }
        return new Done(user);
    }

    private static int indexOfNul(byte[] octets, int from) {
        for (int i = from; i < octets.length; i++) {
            if (octets[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
