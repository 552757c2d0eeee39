package io.mailproto.sasl;

import java.util.Objects;

/**
 * Who we are and how we prove it.
 *
 * <p>Both parts are checked when they are put together, so that a mistake shows where it was made and not in the middle
 * of a dialogue: they must be well-formed Unicode without control characters (what SASLprep, RFC 4013 §2.3, forbids as
 * well), and the user name must not be empty.
 *
 * @param username the authentication identity, as the server knows it
 * @param password its password
 */
public record Credentials(String username, Secret password) {
    /** @throws IllegalArgumentException if a part holds control characters or lone surrogates; the value is not shown */
    public Credentials {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
        if (username.isEmpty()) {
            throw new IllegalArgumentException("the user name must not be empty");
        }
        SaslText.check("user name", username);
        SaslText.check("password", password.reveal());
    }
}
