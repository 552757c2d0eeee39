package io.mailproto.sasl;

/** The server's half of one authentication. Does no network I/O; an object serves one dialogue of one thread. */
public interface SaslServer {
    /** The mechanism's registered name, upper case. */
    String mechanism();

    /**
     * The next step.
     *
     * @param response what the client sent, decoded; null in the very first call if it sent no initial response
     * @throws RuntimeException whatever the verifier throws: it could not tell
     */
    Step next(byte[] response);

    /** Where the dialogue stands after a response. */
    sealed interface Step permits Challenge, Done, Refused {}

    /**
     * Send this and call {@link #next} with the answer.
     *
     * @param octets maybe empty, not yet encoded
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    record Challenge(byte[] octets) implements Step {}

    /**
     * Authenticated.
     *
     * @param user the authorization identity
     */
    record Done(String user) implements Step {}

    /**
     * Not authenticated.
     *
     * @param reason why
     * @param user who it was said to be, for the log; empty if that is not known
     */
    record Refused(Reason reason, String user) implements Step {}

    /** Why an authentication failed. */
    enum Reason {
        /** The response does not follow the mechanism's grammar (SMTP: 501). */
        MALFORMED,
        /** No such user, or the password is wrong (SMTP: 535). */
        WRONG,
        /** The user is who he says, but may not act for the identity he asked for (SMTP: 535). */
        NOT_AUTHORIZED
    }
}
