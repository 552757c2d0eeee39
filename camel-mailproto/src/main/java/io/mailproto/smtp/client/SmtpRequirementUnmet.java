package io.mailproto.smtp.client;

import io.mailproto.wire.HostPort;
import io.mailproto.wire.Step;

/**
 * This side does not go on because the server lacks what was required; nothing that depends on it was sent. Not
 * transient.
 */
public final class SmtpRequirementUnmet extends SmtpException {
    private static final long serialVersionUID = 1L;

    private final Requirement requirement;

    SmtpRequirementUnmet(HostPort peer, Step step, Requirement requirement, String what) {
        super(peer, step, what, false, null);
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
        /** An address or header needs SMTPUTF8 (RFC 6531), which is not offered. */
        SMTPUTF8,
        /** The message is larger than the SIZE that the server announced (RFC 1870). */
        SIZE
    }
}
