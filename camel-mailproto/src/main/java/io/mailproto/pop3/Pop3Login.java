package io.mailproto.pop3;

import io.mailproto.sasl.Credentials;
import io.mailproto.sasl.SaslChannel;
import io.mailproto.sasl.SaslChooser;
import io.mailproto.sasl.SaslClient;
import io.mailproto.sasl.SaslFailed;
import io.mailproto.sasl.SaslMechanisms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Who logs in, and by which of the ways there are. Immutable and thread-safe.
 *
 * <p>The ways are {@link #USER} ({@code USER} and {@code PASS}, RFC 1939 §7), {@link #APOP} and the mechanisms of
 * {@code AUTH} (RFC 5034). Without an order of its own, what every server keeps passwords for comes first: a maildrop
 * whose password is stored as another hash refuses SCRAM or CRAM-MD5 although the server offers them. They, and APOP at
 * the very last, are for connections on which a password must not be shown.
 */
public final class Pop3Login {
    /**
     * {@code USER} and {@code PASS}. LOGIN is what Jakarta Mail calls it, and a mechanism of {@code AUTH} as well: who
     * names that means both.
     */
    public static final String USER = "USER";

    /** {@code APOP} (RFC 1939 §7): the MD5 hash of the greeting's timestamp and the password. Weak, better than nothing. */
    public static final String APOP = "APOP";

    private static final List<String> DEFAULT_ORDER = List.of(
            USER,
            SaslMechanisms.PLAIN,
            SaslMechanisms.LOGIN,
            SaslMechanisms.OAUTHBEARER,
            SaslMechanisms.XOAUTH2,
            SaslMechanisms.EXTERNAL,
            SaslMechanisms.SCRAM_SHA_256_PLUS,
            SaslMechanisms.SCRAM_SHA_1_PLUS,
            SaslMechanisms.SCRAM_SHA_256,
            SaslMechanisms.SCRAM_SHA_1,
            SaslMechanisms.CRAM_MD5,
            APOP);

    private final Credentials credentials;
    private final List<String> methods;
    private final boolean isOrderGiven;
    /** Null if no mechanism may be used. */
    private final SaslChooser chooser;

    /**
     * @param methods the ways that may be used, in any case, the most preferred first; empty for all in their own order
     * @throws IllegalArgumentException if there is no such way, or none of them goes with the credentials
     */
    public Pop3Login(Credentials credentials, List<String> methods) {
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        isOrderGiven = !methods.isEmpty();
        this.methods = isOrderGiven
                ? methods.stream().flatMap(Pop3Login::known).distinct().toList()
                : DEFAULT_ORDER;
        boolean byPassword = credentials.hasPassword() && (this.methods.contains(USER) || this.methods.contains(APOP));
        List<String> mechanisms = new ArrayList<>(this.methods);
        mechanisms.removeAll(List.of(USER, APOP));
        chooser = chooser(isOrderGiven, mechanisms, byPassword);
    }

    private SaslChooser chooser(boolean given, List<String> mechanisms, boolean byPassword) {
        if (given && mechanisms.isEmpty()) {
            if (!byPassword) {
                throw new IllegalArgumentException(String.join(", ", methods) + " need a password");
            }
            return null;
        }
        try {
            return new SaslChooser(credentials, given ? mechanisms : List.of());
        } catch (IllegalArgumentException noneSuits) {
            // Such as EXTERNAL beside USER: the password has another way.
            if (byPassword) {
                return null;
            }
            throw noneSuits;
        }
    }

    private static Stream<String> known(String name) {
        String upper = name.strip().toUpperCase(Locale.ROOT);
        if (upper.equals(SaslMechanisms.LOGIN)) {
            return Stream.of(USER, SaslMechanisms.LOGIN);
        }
        if (!DEFAULT_ORDER.contains(upper)) {
            throw new IllegalArgumentException("POP3 cannot log in by \"" + name + "\"; there are "
                    + String.join(", ", DEFAULT_ORDER) + "; LOGIN is USER and PASS, or AUTH LOGIN");
        }
        return Stream.of(upper);
    }

    Credentials credentials() {
        return credentials;
    }

    /** The ways that may be used, the most preferred first. */
    public List<String> methods() {
        return methods;
    }

    /** Whether somebody chose the ways and their order. */
    boolean isOrderGiven() {
        return isOrderGiven;
    }

    /**
     * Whether this way can be gone.
     *
     * @param offered what the server lists behind {@code SASL}
     */
    boolean isUsable(String method, Collection<String> offered, SaslChannel channel) {
        if (method.equals(USER)) {
            return credentials.hasPassword() && channel.isSafeForSecrets();
        }
        if (method.equals(APOP)) {
            return credentials.hasPassword();
        }
        return chooser != null && chooser.usable(offered, channel).contains(method);
    }

    SaslClient begin(String mechanism, SaslChannel channel) throws SaslFailed {
        return chooser.begin(mechanism, channel, false);
    }

    /** {@code USER} and {@code APOP} take the name up to some server's first space, and know no character set. */
    boolean isCarriedBy(String method) {
        return (!method.equals(USER) && !method.equals(APOP))
                || (credentials.username().indexOf(' ') < 0
                        && isAscii(credentials.username())
                        && isAscii(credentials.password().reveal()));
    }

    private static boolean isAscii(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }
}
