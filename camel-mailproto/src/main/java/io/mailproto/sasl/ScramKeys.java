package io.mailproto.sasl;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import java.util.Base64;
import java.util.Objects;

/**
 * What a server keeps of a password for SCRAM (RFC 5802 §3): enough to recognise the password, not enough to log in with
 * elsewhere. Made for one hash function. Immutable as long as nobody changes the arrays.
 *
 * @param salt random, at least one octet
 * @param iterations at least 4096 by RFC 7677 §4
 * @param storedKey {@code H(ClientKey)}
 * @param serverKey {@code HMAC(SaltedPassword, "Server Key")}
 */
@SuppressWarnings("ArrayRecordComponent") // compared in constant time, field by field
public record ScramKeys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    /** RFC 7677 §4. */
    public static final int ITERATIONS = 4096;

    public ScramKeys {
        if (salt.length == 0 || iterations < 1) {
            throw new IllegalArgumentException("SCRAM keys need a salt and at least one iteration");
        }
        Objects.requireNonNull(storedKey, "storedKey");
        Objects.requireNonNull(serverKey, "serverKey");
    }

    /**
     * Computes the keys of a password; takes some milliseconds.
     *
     * @param mechanism {@code SCRAM-SHA-1} or {@code SCRAM-SHA-256}, with or without -PLUS
     */
    public static ScramKeys of(String mechanism, Secret password, byte[] salt, int iterations) {
        ScramMechanism scram = ScramMechanism.byName(SaslMechanisms.known(mechanism));
        if (scram == null) {
            throw new IllegalArgumentException(mechanism + " is not SCRAM");
        }
        byte[] salted = ScramFunctions.saltedPassword(
                scram, ScramSaslClient.PREPARATION, password.reveal().toCharArray(), salt, iterations);
        byte[] storedKey = ScramFunctions.storedKey(scram, ScramFunctions.clientKey(scram, salted));
        return new ScramKeys(salt, iterations, storedKey, ScramFunctions.serverKey(scram, salted));
    }

    /**
     * Reads keys as Dovecot writes them, with or without the name in front:
     * {@code [{SCRAM-SHA-256}]iterations,salt,storedKey,serverKey}, the last three in base64.
     *
     * @throws IllegalArgumentException if the text is not of this form; it is not shown
     */
    public static ScramKeys parse(String text) {
        String[] parts = text.substring(text.indexOf('}') + 1).split(",");
        if (parts.length != 4) {
            throw new IllegalArgumentException("SCRAM keys are iterations,salt,storedKey,serverKey");
        }
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            return new ScramKeys(
                    base64.decode(parts[1]),
                    Integer.parseInt(parts[0]),
                    base64.decode(parts[2]),
                    base64.decode(parts[3]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("SCRAM keys hold a part that is no number or no base64");
        }
    }

    /** Shows none of the keys. */
    @Override
    public String toString() {
        return "ScramKeys[" + iterations + " iterations]";
    }
}
