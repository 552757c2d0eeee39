package io.mailproto.sasl;

/**
 * LOGIN (draft-murchison-sasl-login): the server asks for the user name, then for the password. Obsolete, but all that
 * some servers have.
 */
public final class LoginClient implements SaslClient {
    private final Credentials credentials;
    private int asked;

    public LoginClient(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String mechanism() {
        return SaslMechanisms.LOGIN;
    }

    /** None: the draft has the server ask first, and not every server takes a user name with the command. */
    @Override
    public byte[] initialResponse() {
        return null;
    }

    /** The user name to the first challenge, the password to the second: the prompts differ from server to server. */
    @Override
    public byte[] respond(byte[] challenge) throws SaslFailed {
        asked++;
        return switch (asked) {
            case 1 -> SaslText.utf8(credentials.username());
            case 2 -> SaslText.utf8(credentials.password().reveal());
            default -> throw new SaslFailed(mechanism(), "the server sent a third challenge");
        };
    }

    @Override
    public boolean sendsPlaintextSecret() {
        return true;
    }
}
