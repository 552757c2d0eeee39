package io.mailproto.sasl;

/**
 * The client's half of one authentication. Does no I/O; an object serves one dialogue of one thread and is thrown away.
 */
public interface SaslClient {
    /** The mechanism's registered name, upper case. */
    String mechanism();

    /** What to send along with the command, or null if the server has to speak first. May be empty. */
    byte[] initialResponse();

    /**
     * The response to a challenge.
     *
     * @param challenge the decoded challenge, maybe empty
     * @throws SaslFailed if the mechanism does not foresee this challenge; cancel the dialogue then
     */
    byte[] respond(byte[] challenge) throws SaslFailed;

    /** Would somebody who listens learn something that lets him log in? Then it must not travel in clear. */
    boolean sendsPlaintextSecret();
}
