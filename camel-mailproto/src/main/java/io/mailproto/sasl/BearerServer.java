package io.mailproto.sasl;

import java.util.Optional;

/**
 * OAUTHBEARER (RFC 7628 §3) and XOAUTH2. A refusal is told in a challenge with the status as JSON first; whatever the
 * client answers, the refusal follows.
 */
final class BearerServer implements SaslServer {
    private final String mechanism;
    private final TokenVerifier verifier;
    private final boolean isStandard;
    private boolean isAsked;
    private Refused refused;

    BearerServer(String mechanism, TokenVerifier verifier) {
        this.mechanism = mechanism;
        this.verifier = verifier;
        this.isStandard = mechanism.equals(SaslMechanisms.OAUTHBEARER);
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    @Override
    public Step next(byte[] response) {
        if (refused != null) {
            return refused;
        }
        if (response == null && !isAsked) {
            isAsked = true;
            return new Challenge(new byte[0]);
        }
        String text = response == null ? null : SaslText.decodeOrNull(response, 0, response.length);
        String user = text == null ? null : isStandard ? standardUser(text) : googleUser(text);
        String token = text == null ? null : token(text);
        if (user == null || token == null) {
            return new Refused(Reason.MALFORMED, "");
        }
        Optional<String> owner = verifier.verify(user, Secret.of(token));
        if (owner.isPresent() && (user.isEmpty() || user.equals(owner.get()))) {
            return new Done(owner.get());
        }
        refused = new Refused(owner.isPresent() ? Reason.NOT_AUTHORIZED : Reason.WRONG, user);
        String status = isStandard ? "{\"status\":\"invalid_token\"}" : "{\"status\":\"401\",\"schemes\":\"bearer\"}";
        return new Challenge(SaslText.utf8(status));
    }

    /** {@code n,[a=saslname],}; channel binding is not offered, so {@code p} is wrong. Null if it is something else. */
    private static String standardUser(String text) {
        int end = text.indexOf('\1');
        if (end < 0 || !(text.startsWith("n,") || text.startsWith("y,")) || text.charAt(end - 1) != ',' || end < 3) {
            return null;
        }
        String authzid = text.substring(2, end - 1);
        if (authzid.isEmpty()) {
            return "";
        }
        return authzid.startsWith("a=") ? SaslText.fromSaslName(authzid.substring(2)) : null;
    }

    private static String googleUser(String text) {
        int end = text.indexOf('\1');
        return end > 5 && text.startsWith("user=") ? text.substring(5, end) : null;
    }

    /** {@code auth=Bearer token}; the scheme's name in any case (RFC 7235 §2.1). Null if there is none. */
    private static String token(String text) {
        if (!text.endsWith("\1\1")) {
            return null;
        }
        for (String pair : text.split("\1")) {
            if (pair.regionMatches(true, 0, "auth=Bearer ", 0, 12)) {
                String token = pair.substring(12).strip();
                return token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f) ? null : token;
            }
        }
        return null;
    }
}
