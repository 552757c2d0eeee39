package io.mailproto.pop3;

import java.util.Locale;

/** The ways to log in that there are. */
public enum Pop3LoginMethod {
    /** {@code USER} and {@code PASS} (RFC 1939 §7). */
    USER,
    /** {@code AUTH PLAIN} (RFC 5034). */
    PLAIN;

    /**
     * By name, in any case; {@code LOGIN} means {@code USER}, as in camel-mail.
     *
     * @throws IllegalArgumentException if there is no such method; the message lists those that are
     */
    public static Pop3LoginMethod parse(String name) {
        return switch (name.strip().toUpperCase(Locale.ROOT)) {
            case "USER", "LOGIN" -> USER;
            case "PLAIN" -> PLAIN;
            default ->
                throw new IllegalArgumentException(
                        "POP3 cannot log in by \"" + name + "\"; there are USER (also called LOGIN) and PLAIN");
        };
    }
}
