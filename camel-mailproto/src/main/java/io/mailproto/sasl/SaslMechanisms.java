package io.mailproto.sasl;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The mechanisms there are, by name. Names are compared without regard to case (RFC 4422 §3.1). */
public final class SaslMechanisms {
    public static final String PLAIN = "PLAIN";
    public static final String LOGIN = "LOGIN";

    private static final List<String> NAMES = List.of(PLAIN, LOGIN);

    private SaslMechanisms() {}

    /** The names of all mechanisms, the most preferred first. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The client's half of a mechanism.
     *
     * @throws IllegalArgumentException if there is no such mechanism; the message lists those that are
     */
    public static SaslClient client(String name, Credentials credentials) {
        return switch (known(name)) {
            case PLAIN -> new PlainClient(credentials);
            default -> new LoginClient(credentials);
        };
    }

    /**
     * The server's half of a mechanism.
     *
     * @throws IllegalArgumentException if there is no such mechanism; the message lists those that are
     */
    public static SaslServer server(String name, PasswordVerifier verifier) {
        return switch (known(name)) {
            case PLAIN -> new PlainServer(verifier);
            default -> new LoginServer(verifier);
        };
    }

    /**
     * The mechanism to use: the first of {@code wanted} that the server offers and that exists here.
     *
     * @param offered what the server announced
     * @param wanted in order of preference; empty means {@link #names()}
     */
    public static Optional<String> choose(Collection<String> offered, List<String> wanted) {
        for (String name : wanted.isEmpty() ? NAMES : wanted) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (NAMES.contains(upper) && offered.stream().anyMatch(upper::equalsIgnoreCase)) {
                return Optional.of(upper);
            }
        }
        return Optional.empty();
    }

    /** The name in upper case, once it is certain that it exists. */
    public static String known(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!NAMES.contains(upper)) {
            throw new IllegalArgumentException(
                    "unknown authentication mechanism \"" + name + "\"; there are " + String.join(", ", NAMES));
        }
        return upper;
    }
}
