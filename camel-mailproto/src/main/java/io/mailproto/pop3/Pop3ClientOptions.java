package io.mailproto.pop3;

import io.mailproto.wire.TlsMode;
import io.mailproto.wire.TlsSettings;
import java.util.Objects;

/**
 * How a {@link Pop3Client} speaks.
 *
 * @param tlsMode when to encrypt
 * @param tls how; not used with {@code NONE}
 * @param allowPlaintextLogin whether a password may travel in clear to another machine
 * @param timeouts how long to wait
 * @param window how much to pipeline if the server takes it
 * @param maxListing most octets that a listing may have, as it comes and in memory here; a maildrop of a million messages takes 30 to 80
 *     MB
 */
public record Pop3ClientOptions(
        TlsMode tlsMode,
        TlsSettings tls,
        boolean allowPlaintextLogin,
        Pop3Timeouts timeouts,
        Pop3Window window,
        long maxListing) {
    private static final long MAX_LISTING = 512L * 1024 * 1024;

    public Pop3ClientOptions {
        Objects.requireNonNull(tlsMode, "tlsMode");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(window, "window");
        if (maxListing < 1) {
            throw new IllegalArgumentException("maxListing must be positive, not " + maxListing);
        }
    }

    /** The default timeouts and window, no password in clear, listings up to 512 MiB. */
    public static Pop3ClientOptions of(TlsMode tlsMode, TlsSettings tls) {
        return new Pop3ClientOptions(tlsMode, tls, false, Pop3Timeouts.defaults(), Pop3Window.defaults(), MAX_LISTING);
    }

    /** The same, with or without passwords in clear. */
    public Pop3ClientOptions withPlaintextLogin(boolean allow) {
        return new Pop3ClientOptions(tlsMode, tls, allow, timeouts, window, maxListing);
    }

    /** The same with other timeouts. */
    public Pop3ClientOptions withTimeouts(Pop3Timeouts other) {
        return new Pop3ClientOptions(tlsMode, tls, allowPlaintextLogin, other, window, maxListing);
    }

    /** The same with another window. */
    public Pop3ClientOptions withWindow(Pop3Window other) {
        return new Pop3ClientOptions(tlsMode, tls, allowPlaintextLogin, timeouts, other, maxListing);
    }

    /** The same with another limit for listings. */
    public Pop3ClientOptions withMaxListing(long octets) {
        return new Pop3ClientOptions(tlsMode, tls, allowPlaintextLogin, timeouts, window, octets);
    }
}
