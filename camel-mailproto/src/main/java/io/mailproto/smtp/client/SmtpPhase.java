package io.mailproto.smtp.client;

import io.mailproto.wire.Step;

/**
 * Where in a conversation the client is, in the words that errors use, and what a failure there means for the message.
 */
public enum SmtpPhase {
    GREETING("waiting for the greeting", Fate.NOT_SENT),
    EHLO("waiting for the reply to EHLO", Fate.NOT_SENT),
    LHLO("waiting for the reply to LHLO", Fate.NOT_SENT),
    HELO("waiting for the reply to HELO", Fate.NOT_SENT),
    STARTTLS("waiting for the reply to STARTTLS", Fate.NOT_SENT),
    TLS_HANDSHAKE("doing the TLS handshake", Fate.NOT_SENT),
    AUTH("authenticating", Fate.NOT_SENT),
    MAIL("waiting for the reply to MAIL", Fate.NOT_SENT),
    RCPT("waiting for the reply to RCPT", Fate.NOT_SENT),
    DATA("waiting for the reply to DATA", Fate.NOT_SENT),
    BODY("sending the message", Fate.NOT_SENT),
    FINAL_DOT("waiting for the reply to the final dot", Fate.UNKNOWN),
    LAST_CHUNK("waiting for the reply to the last chunk", Fate.UNKNOWN),
    RSET("waiting for the reply to RSET", Fate.NONE),
    NOOP("waiting for the reply to NOOP", Fate.NONE),
    VRFY("waiting for the reply to VRFY", Fate.NONE),
    EXPN("waiting for the reply to EXPN", Fate.NONE),
    HELP("waiting for the reply to HELP", Fate.NONE),
    QUIT("waiting for the reply to QUIT", Fate.NONE);

    private final Step step;
    private final Step stepInDoubt;

    SmtpPhase(String phrase, String fate) {
        this.step = new Step(phrase, fate);
        this.stepInDoubt = step.knowing(Fate.UNKNOWN);
    }

    /** The phrase and what is known about the message if this phase fails. */
    public Step step() {
        return step;
    }

    /** The same, when the message is on its way already: then its loss leaves open what became of it. */
    Step stepInDoubt() {
        return stepInDoubt;
    }

    /** An enum's constants cannot use the enum's own static fields. */
    private static final class Fate {
        static final String NONE = "";
        static final String NOT_SENT = "no message was sent";
        static final String UNKNOWN = "the message may have been delivered";
    }
}
