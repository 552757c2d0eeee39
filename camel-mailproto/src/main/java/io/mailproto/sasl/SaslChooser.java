package io.mailproto.sasl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Chooses how to log in, for every protocol alike: the strongest mechanism that the server offers, that goes with the
 * credentials and that does not show a password or token to whoever listens. Immutable and thread-safe.
 *
 * <p>The order is that of {@link SaslMechanisms#names()}, or the given one. The -PLUS forms take part when the server
 * offers them and has shown a certificate. OAUTHBEARER and XOAUTH2 go with tokens, EXTERNAL with neither password nor
 * token, all others with a password. As in Jakarta Mail, a password is the token if OAUTHBEARER or XOAUTH2 was asked for
 * by name.
 */
public final class SaslChooser {
    private final Credentials credentials;
    private final List<String> wanted;
    private final boolean isOrderGiven;

    /**
     * @param wanted the mechanisms that may be used, the most preferred first; empty for all there are
     * @throws IllegalArgumentException if a mechanism does not exist, or none of them goes with the credentials
     */
    public SaslChooser(Credentials credentials, List<String> wanted) {
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        this.isOrderGiven = !wanted.isEmpty();
        List<String> suitable = new ArrayList<>();
        for (String name : isOrderGiven ? wanted : SaslMechanisms.names()) {
            String known = SaslMechanisms.known(name);
            if (goesWithCredentials(known)) {
                suitable.add(known);
            }
        }
        if (suitable.isEmpty()) {
            throw new IllegalArgumentException(
                    "none of the mechanisms " + String.join(", ", wanted) + " goes with a login by " + kind());
        }
        this.wanted = List.copyOf(suitable);
    }

    private boolean goesWithCredentials(String name) {
        return switch (name) {
            case SaslMechanisms.EXTERNAL -> !credentials.hasPassword() && !credentials.hasTokens();
            case SaslMechanisms.OAUTHBEARER, SaslMechanisms.XOAUTH2 ->
                credentials.hasTokens() || (isOrderGiven && credentials.hasPassword());
            default -> credentials.hasPassword();
        };
    }

    private String kind() {
        return credentials.hasPassword() ? "password" : credentials.hasTokens() ? "token" : "certificate";
    }

    /** Who logs in. */
    public Credentials credentials() {
        return credentials;
    }

    /** The mechanisms that may be used at all, the most preferred first. */
    public List<String> mechanisms() {
        return wanted;
    }

    /**
     * The mechanisms that can be used over this connection, the most preferred first; may be empty.
     *
     * @param offered what the server announced
     */
    public List<String> usable(Collection<String> offered, SaslChannel channel) {
        return wanted.stream()
                .filter(name -> isOffered(name, offered) && isPossible(name, channel))
                .filter(name -> channel.isSafeForSecrets() || !showsSecret(name))
                .toList();
    }

    /**
     * Begins with the first usable mechanism.
     *
     * @param offered what the server announced
     * @param wasTokenRefused true if the server has just refused a token, so that another one is needed
     * @throws SaslImpossible if there is none
     * @throws SaslFailed if it cannot be begun, as when there is no token
     */
    public SaslClient choose(Collection<String> offered, SaslChannel channel, boolean wasTokenRefused)
            throws SaslImpossible, SaslFailed {
        List<String> usable = usable(offered, channel);
        if (usable.isEmpty()) {
            throw impossible(offered, channel);
        }
        return begin(usable.get(0), channel, wasTokenRefused);
    }

    /**
     * The client's half of a mechanism, whatever the server offers.
     *
     * @param name one of {@link #usable}
     * @param wasTokenRefused see {@link #choose}
     * @throws SaslFailed if it cannot be begun
     */
    public SaslClient begin(String name, SaslChannel channel, boolean wasTokenRefused) throws SaslFailed {
        return switch (name) {
            case SaslMechanisms.SCRAM_SHA_256_PLUS, SaslMechanisms.SCRAM_SHA_1_PLUS ->
                new ScramSaslClient(name, credentials, channel.serverEndPoint());
            case SaslMechanisms.SCRAM_SHA_256, SaslMechanisms.SCRAM_SHA_1 ->
                new ScramSaslClient(name, credentials, isBindingWanted(name) ? channel.serverEndPoint() : new byte[0]);
            case SaslMechanisms.OAUTHBEARER, SaslMechanisms.XOAUTH2 ->
                new BearerClient(name, credentials.username(), token(name, wasTokenRefused), channel);
            case SaslMechanisms.EXTERNAL -> new ExternalClient(credentials);
            default -> SaslMechanisms.client(name, credentials);
        };
    }

    /** Only one who would rather have taken -PLUS may say so: else the flag {@code y} fails at every server that offers it. */
    private boolean isBindingWanted(String name) {
        int plus = wanted.indexOf(name + "-PLUS");
        return plus >= 0 && plus < wanted.indexOf(name);
    }

    private String token(String name, boolean wasRefused) throws SaslFailed {
        if (!credentials.hasTokens()) {
            return credentials.password().reveal();
        }
        try {
            return credentials.tokens().token(wasRefused);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SaslFailed(name, "interrupted while waiting for an access token", true, e);
        } catch (Exception e) {
            throw new SaslFailed(name, "no access token: " + e.getClass().getSimpleName(), true, e);
        }
    }

    private static boolean isOffered(String name, Collection<String> offered) {
        return offered.stream().anyMatch(name::equalsIgnoreCase);
    }

    private static boolean isPossible(String name, SaslChannel channel) {
        return !name.endsWith("-PLUS") || channel.serverEndPoint().length > 0;
    }

    private static boolean showsSecret(String name) {
        return switch (name) {
            case SaslMechanisms.PLAIN, SaslMechanisms.LOGIN, SaslMechanisms.OAUTHBEARER, SaslMechanisms.XOAUTH2 -> true;
            default -> false;
        };
    }

    private SaslImpossible impossible(Collection<String> offered, SaslChannel channel) {
        boolean needsEncryption = wanted.stream()
                .anyMatch(name -> isOffered(name, offered) && isPossible(name, channel) && showsSecret(name));
        String what = needsEncryption
                ? "the connection is not encrypted, and a " + kind() + " is not sent in clear"
                : "the server offers " + (offered.isEmpty() ? "no mechanism" : String.join(", ", offered))
                        + "; none of " + String.join(", ", wanted) + " can be used";
        return new SaslImpossible(what, needsEncryption);
    }
}
