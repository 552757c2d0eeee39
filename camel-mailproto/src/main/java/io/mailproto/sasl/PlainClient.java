package io.mailproto.sasl;

/** PLAIN (RFC 4616): {@code [authzid] NUL authcid NUL passwd} in one message; the authzid stays empty. */
public final class PlainClient implements SaslClient {
    private final Credentials credentials;

    public PlainClient(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String mechanism() {
        return SaslMechanisms.PLAIN;
    }

    @Override
    public byte[] initialResponse() {
        // Credentials hold no control characters, so neither part can bring a NUL of its own.
        return SaslText.utf8(
                "\0" + credentials.username() + "\0" + credentials.password().reveal());
    }

    /** Never right: protocols that cannot send an initial response send it in answer to an empty challenge themselves. */
    @Override
    public byte[] respond(byte[] challenge) throws SaslFailed {
        throw new SaslFailed(mechanism(), "the server sent a challenge, but the one message has been sent");
    }

    @Override
    public boolean sendsPlaintextSecret() {
        return true;
    }
}
