package io.mailproto.sasl;

import java.util.Objects;

/**
 * Who we are and how we prove it: by a password, by an access token, or by what the protocol below has proved already
 * (EXTERNAL: a TLS client certificate).
 *
 * <p>The parts are checked when they are put together, so that a mistake shows where it was made and not in the middle
 * of a dialogue: they must be well-formed Unicode without control characters (what SASLprep, RFC 4013 §2.3, forbids as
 * well).
 *
 * @param username the authentication identity, as the server knows it; for EXTERNAL the identity to act for, and empty
 *     for the one in the certificate
 * @param password its password; null for a login by token or certificate
 * @param tokens where access tokens come from; null for a login by password or certificate
 */
public record Credentials(String username, Secret password, TokenSupplier tokens) {
    /** @throws IllegalArgumentException if a part holds control characters or lone surrogates; the value is not shown */
    public Credentials {
        Objects.requireNonNull(username, "username");
        if (password != null && tokens != null) {
            throw new IllegalArgumentException("a login is by password or by token, not by both");
        }
        if (username.isEmpty() && (password != null || tokens != null)) {
            throw new IllegalArgumentException("the user name must not be empty");
        }
        SaslText.check("user name", username);
        if (password != null) {
            SaslText.check("password", password.reveal());
        }
    }

    /** A user with a password. */
    public Credentials(String username, Secret password) {
        this(username, Objects.requireNonNull(password, "password"), null);
    }

    /** A user with access tokens, for OAUTHBEARER and XOAUTH2. */
    public static Credentials ofTokens(String username, TokenSupplier tokens) {
        return new Credentials(username, null, Objects.requireNonNull(tokens, "tokens"));
    }

    /**
     * Whoever the TLS client certificate says, for EXTERNAL.
     *
     * @param actFor the identity to act for; empty for the certificate's own
     */
    public static Credentials external(String actFor) {
        return new Credentials(actFor, null, null);
    }

    /** Is there a password? */
    public boolean hasPassword() {
        return password != null;
    }

    /** Are there access tokens? */
    public boolean hasTokens() {
        return tokens != null;
    }
}
