package io.mailproto.sasl;

/** EXTERNAL (RFC 4422 appendix A): the TLS client certificate has said who we are; only whom to act for is left to say. */
final class ExternalClient implements SaslClient {
    private final Credentials credentials;

    ExternalClient(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String mechanism() {
        return SaslMechanisms.EXTERNAL;
    }

    @Override
    public byte[] initialResponse() {
        return SaslText.utf8(credentials.username());
    }

    @Override
    public byte[] respond(byte[] challenge) throws SaslFailed {
        throw new SaslFailed(mechanism(), "the server sent a challenge, but the one message has been sent");
    }

    @Override
    public boolean sendsPlaintextSecret() {
        return false;
    }
}
