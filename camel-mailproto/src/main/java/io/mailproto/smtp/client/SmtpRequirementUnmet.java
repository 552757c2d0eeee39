package io.mailproto.smtp.client;

import io.mailproto.sasl.SaslFailed;
import io.mailproto.wire.HostPort;
import io.mailproto.wire.Step;

/**
 * This side does not go on because something that was required is missing, at the server most often; nothing that depends
 * on it was sent. Transient only if no access token could be had.
 */
public final class SmtpRequirementUnmet extends SmtpException {
    private static final long serialVersionUID = 1L;

    private final Requirement requirement;

    SmtpRequirementUnmet(HostPort peer, Step step, Requirement requirement, String what) {
        super(peer, step, what, false, null);
        this.requirement = requirement;
    }

    SmtpRequirementUnmet(HostPort peer, Step step, Requirement requirement, String what, SaslFailed cause) {
        super(peer, step, what, cause.isTransient(), cause);
        this.requirement = requirement;
    }

    /** What was required. */
    public Requirement requirement() {
        return requirement;
    }

    /** What can be missing. */
    public enum Requirement {
        /** TLS is required, and STARTTLS is not offered. */
        TLS,
        /** A password would travel in clear. */
        PROTECTED_LOGIN,
        /** No mechanism is left that both sides have and that may be used. */
        MECHANISM,
        /** The supplier of access tokens has given none. */
        TOKEN,
        /** The server has not proved that it knows the password, as SCRAM asks of it: it may be somebody else. */
        SERVER_PROOF,
        /** An address or header needs SMTPUTF8 (RFC 6531), which is not offered. */
        SMTPUTF8,
        /** The message has octets beyond ASCII, and 8BITMIME (RFC 6152) is not offered. */
        EIGHT_BIT_MIME,
        /** The message requires TLS on its whole way (RFC 8689), and the server cannot promise that. */
        REQUIRETLS,
        /** The message is larger than the SIZE that the server announced (RFC 1870). */
        SIZE
    }
}
