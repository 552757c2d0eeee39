package io.mailproto.smtp.client;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslChooser;
import java.util.List;

/**
 * How to authenticate.
 *
 * @param chooser who we are, and which mechanisms may be used
 * @param allowPlaintext whether a password or token may travel in clear to another machine; without it that is refused
 *     before a byte is sent
 */
public record SmtpLogin(SaslChooser chooser, boolean allowPlaintext) {
    /**
     * With some mechanisms only.
     *
     * @param mechanisms the most preferred first; empty for all there are
     * @throws IllegalArgumentException if a mechanism does not exist, or none of them goes with the credentials
     */
    public SmtpLogin(Credentials credentials, List<String> mechanisms, boolean allowPlaintext) {
        this(new SaslChooser(credentials, mechanisms), allowPlaintext);
    }

    /** Any mechanism, never a password in clear. */
    public static SmtpLogin of(Credentials credentials) {
        return new SmtpLogin(credentials, List.of(), false);
    }
}
