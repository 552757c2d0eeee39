package io.mailproto.sasl;

/**
 * LOGIN (draft-murchison-sasl-login): asks {@code Username:}, then {@code Password:}. A user name that comes with the
 * command is taken, as Outlook sends it.
 */
public final class LoginServer implements SaslServer {
    private static final byte[] USERNAME = SaslText.utf8("Username:");
    private static final byte[] PASSWORD = SaslText.utf8("Password:");

    private final PasswordVerifier verifier;
    private String user;

    public LoginServer(PasswordVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public String mechanism() {
        return SaslMechanisms.LOGIN;
    }

    @Override
    public Step next(byte[] response) {
        if (response == null) {
            return new Challenge(USERNAME.clone());
        }
        String text = SaslText.decodeOrNull(response, 0, response.length);
        if (text == null || text.isEmpty() || text.indexOf('\0') >= 0) {
            return new Refused(Reason.MALFORMED, user == null ? "" : user);
        }
        if (user == null) {
            user = text;
            return new Challenge(PASSWORD.clone());
        }
        return verifier.verify(user, Secret.of(text)) ? new Done(user) : new Refused(Reason.WRONG, user);
    }
}
