package io.mailproto.sasl;

/**
 * The client's half of one authentication. Does no I/O; an object serves one dialogue of one thread and is thrown away.
 */
public interface SaslClient {
    /** The mechanism's registered name, upper case. */
    String mechanism();

    /**
     * What to send along with the command, or null if the server has to speak first. May be empty. Called once at most
     * before {@link #respond}; a protocol that cannot send it along sends it in answer to the first, empty challenge.
     */
    byte[] initialResponse();

    /**
     * The response to a challenge.
     *
     * @param challenge the decoded challenge, maybe empty
     * @throws SaslFailed if the mechanism does not foresee this challenge; cancel the dialogue then
     */
    byte[] respond(byte[] challenge) throws SaslFailed;

    /**
     * To be called when the server says that we are authenticated, before anything is believed of it.
     *
     * @throws SaslFailed if the mechanism has the server prove itself too and it has not: whoever answers does not know
     *     the password; end the connection then
     */
    default void checkServer() throws SaslFailed {}

    /** Would somebody who listens learn something that lets him log in? Then it must not travel in clear. */
    boolean sendsPlaintextSecret();
}
