package io.mailproto.sasl;

import java.util.List;
import java.util.Locale;

/** The mechanisms there are, by name. Names are compared without regard to case (RFC 4422 §3.1). */
public final class SaslMechanisms {
    public static final String SCRAM_SHA_256_PLUS = "SCRAM-SHA-256-PLUS";
    public static final String SCRAM_SHA_1_PLUS = "SCRAM-SHA-1-PLUS";
    public static final String SCRAM_SHA_256 = "SCRAM-SHA-256";
    public static final String SCRAM_SHA_1 = "SCRAM-SHA-1";
    public static final String CRAM_MD5 = "CRAM-MD5";
    public static final String OAUTHBEARER = "OAUTHBEARER";
    public static final String XOAUTH2 = "XOAUTH2";
    public static final String EXTERNAL = "EXTERNAL";
    public static final String PLAIN = "PLAIN";
    public static final String LOGIN = "LOGIN";

    private static final List<String> NAMES = List.of(
            SCRAM_SHA_256_PLUS,
            SCRAM_SHA_1_PLUS,
            SCRAM_SHA_256,
            SCRAM_SHA_1,
            CRAM_MD5,
            OAUTHBEARER,
            XOAUTH2,
            EXTERNAL,
            PLAIN,
            LOGIN);

    private SaslMechanisms() {}

    /**
     * The names of all mechanisms, the strongest first: what proves both sides and binds them to the TLS connection, what
     * proves both sides, what does not show the password, and at last what shows it.
     */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The client's half of a mechanism that needs a password and nothing of the connection.
     *
     * @throws IllegalArgumentException if there is no such mechanism, or it needs more; {@link SaslChooser} knows all
     */
    public static SaslClient client(String name, Credentials credentials) {
        return switch (known(name)) {
            case PLAIN -> new PlainClient(credentials);
            case LOGIN -> new LoginClient(credentials);
            case CRAM_MD5 -> new CramMd5Client(credentials);
            default -> throw new IllegalArgumentException(name + " cannot be used here");
        };
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
