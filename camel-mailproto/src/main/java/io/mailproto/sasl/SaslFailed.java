package io.mailproto.sasl;

/**
 * The server asked for something that the mechanism does not have. The dialogue must be cancelled (SMTP, POP3 and IMAP:
 * a line holding {@code *}); the connection itself is still in step. The message never holds a challenge or a secret.
 */
public final class SaslFailed extends Exception {
    private static final long serialVersionUID = 1L;

    public SaslFailed(String mechanism, String what) {
        super(mechanism + ": " + what);
    }
}
