package io.mailproto.sasl;

/**
 * This side cannot go on with a mechanism. If that is thrown in answer to a challenge, the dialogue must be cancelled
 * (SMTP, POP3 and IMAP: a line holding {@code *}); the connection itself is still in step. The message never holds a
 * challenge or a secret.
 */
public final class SaslFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean isTransient;

    public SaslFailed(String mechanism, String what) {
        this(mechanism, what, false, null);
    }

    SaslFailed(String mechanism, String what, boolean isTransient, Throwable cause) {
        super(mechanism + ": " + what, cause);
        this.isTransient = isTransient;
    }

    /** May a later attempt go better, as when no token could be had just now? */
    public boolean isTransient() {
        return isTransient;
    }
}
