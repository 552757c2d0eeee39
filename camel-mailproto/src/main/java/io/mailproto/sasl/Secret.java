package io.mailproto.sasl;

import java.util.Objects;

/**
 * A password or token that does not show itself: {@link #toString()} is always {@code ***}, and two secrets are equal
 * only if they are the same object, so that neither logs nor hash tables tell anything about it. Immutable.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Wraps a secret.
     *
     * @param value the secret, not null, may be empty
     */
    public static Secret of(String value) {
        return new Secret(Objects.requireNonNull(value, "a secret must not be null"));
    }

    /** The secret itself; for the code that writes it to the peer or compares it, and for nobody else. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
