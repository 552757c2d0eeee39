package io.mailproto.smtp.client;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslMechanisms;
import java.util.List;
import java.util.Objects;

/**
 * How to authenticate.
 *
 * @param credentials who we are
 * @param mechanisms the mechanisms that may be used, the most preferred first; empty for all there are
 * @param allowPlaintext whether a password may travel in clear to another machine; without it that is refused before a byte
 *     is sent
 */
public record SmtpLogin(Credentials credentials, List<String> mechanisms, boolean allowPlaintext) {
    /** @throws IllegalArgumentException if a mechanism does not exist */
    public SmtpLogin {
        Objects.requireNonNull(credentials, "credentials");
        mechanisms = mechanisms.stream().map(SaslMechanisms::known).toList();
    }

    /** Any mechanism, never a password in clear. */
    public static SmtpLogin of(Credentials credentials) {
        return new SmtpLogin(credentials, List.of(), false);
    }
}
