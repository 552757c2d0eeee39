package io.mailproto.sasl;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server checks logins with, and the mechanisms that follow from it: a password verifier gives PLAIN and LOGIN,
 * SCRAM keys give SCRAM, a token verifier gives OAUTHBEARER and XOAUTH2. Made once, thread-safe.
 */
public final class SaslServers {
    private static final List<String> PLUS =
            List.of(SaslMechanisms.SCRAM_SHA_256_PLUS, SaslMechanisms.SCRAM_SHA_1_PLUS);
    private static final List<String> SCRAM = List.of(SaslMechanisms.SCRAM_SHA_256, SaslMechanisms.SCRAM_SHA_1);

    private final PasswordVerifier passwords;
    private final ScramKeySource keys;
    private final TokenVerifier tokens;
    /** Makes salts that are the same for a user as long as this object lives, so that nobody can tell who exists. */
    private final byte[] saltKey = new byte[32];

    private SaslServers(PasswordVerifier passwords, ScramKeySource keys, TokenVerifier tokens) {
        this.passwords = passwords;
        this.keys = keys;
        this.tokens = tokens;
        new SecureRandom().nextBytes(saltKey);
    }

    /**
     * With what is not null.
     *
     * @throws IllegalArgumentException if everything is null
     */
    public static SaslServers of(PasswordVerifier passwords, ScramKeySource keys, TokenVerifier tokens) {
        if (passwords == null && keys == null && tokens == null) {
            throw new IllegalArgumentException("there is nothing to check logins with");
        }
        return new SaslServers(passwords, keys, tokens);
    }

    /**
     * For users whose passwords are known: PLAIN, LOGIN and SCRAM.
     *
     * @param users password by name; copied
     */
    public static SaslServers ofPasswords(Map<String, Secret> users) {
        Map<String, Secret> known = Map.copyOf(users);
        PasswordVerifier verifier = (user, password) -> {
            Secret right = known.get(user);
            byte[] expected = SaslText.utf8(right == null ? "" : right.reveal());
            boolean isEqual = MessageDigest.isEqual(expected, SaslText.utf8(password.reveal()));
            return isEqual && right != null;
        };
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        Map<String, ScramKeys> keys = new HashMap<>();
        known.forEach((user, password) -> {
            for (String mechanism : SCRAM) {
                byte[] own = Arrays.copyOf(digest(salt, user), salt.length);
                keys.put(mechanism + " " + user, ScramKeys.of(mechanism, password, own, ScramKeys.ITERATIONS));
            }
        });
        Map<String, ScramKeys> fixed = Map.copyOf(keys);
        return of(verifier, (user, mechanism) -> Optional.ofNullable(fixed.get(mechanism + " " + user)), null);
    }

    /** The same, and tokens too. */
    public SaslServers withTokens(TokenVerifier verifier) {
        return of(passwords, keys, verifier);
    }

    /**
     * The names to announce, the strongest first.
     *
     * @param isSafeForSecrets may passwords and tokens come as they are: encrypted, from this machine, or allowed
     * @param certificate the one this server has shown in the TLS handshake; null in clear
     */
    public List<String> mechanisms(boolean isSafeForSecrets, X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        if (keys != null) {
            if (SaslChannel.serverEndPoint(certificate).length > 0) {
                names.addAll(PLUS);
            }
            names.addAll(SCRAM);
        }
        if (isSafeForSecrets && tokens != null) {
            names.add(SaslMechanisms.OAUTHBEARER);
            names.add(SaslMechanisms.XOAUTH2);
        }
        if (isSafeForSecrets && passwords != null) {
            names.add(SaslMechanisms.PLAIN);
            names.add(SaslMechanisms.LOGIN);
        }
        return names;
    }

    /**
     * The server's half of a mechanism.
     *
     * @param name one of {@link #mechanisms}, in any case
     * @param certificate as there
     * @throws IllegalArgumentException if there is nothing to check such a login with
     */
    public SaslServer begin(String name, X509Certificate certificate) {
        String upper = name.toUpperCase(Locale.ROOT);
        byte[] endPoint = SaslChannel.serverEndPoint(certificate);
        boolean isPossible =
                switch (upper) {
                    case SaslMechanisms.PLAIN, SaslMechanisms.LOGIN -> passwords != null;
                    case SaslMechanisms.OAUTHBEARER, SaslMechanisms.XOAUTH2 -> tokens != null;
                    default -> keys != null && (SCRAM.contains(upper) || (PLUS.contains(upper) && endPoint.length > 0));
                };
        if (!isPossible) {
            throw new IllegalArgumentException("the mechanism is not offered");
        }
        return switch (upper) {
            case SaslMechanisms.PLAIN -> new PlainServer(passwords);
            case SaslMechanisms.LOGIN -> new LoginServer(passwords);
            case SaslMechanisms.OAUTHBEARER, SaslMechanisms.XOAUTH2 -> new BearerServer(upper, tokens);
            default -> new ScramSaslServer(upper, keys, endPoint, this::saltFor);
        };
    }

    /** For a user that does not exist: as good a salt as any, and the same the next time. */
    private byte[] saltFor(String user) {
        return Arrays.copyOf(digest(saltKey, user), 16);
    }

    private static byte[] digest(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(SaslText.utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
