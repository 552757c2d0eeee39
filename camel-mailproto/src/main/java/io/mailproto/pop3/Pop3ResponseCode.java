package io.mailproto.pop3;

import java.util.Locale;
import java.util.Optional;

/**
 * What a server says in brackets before the text of an {@code -ERR} (RFC 2449 §8, RFC 3206). Only the codes that change
 * what a client should do have a name here; any other one stays part of the text.
 */
public enum Pop3ResponseCode {
    /** Another session has the maildrop open (RFC 2449 §8.1.2). */
    IN_USE("IN-USE", true),
    /** The last login was too short a time ago (RFC 2449 §8.1.1). */
    LOGIN_DELAY("LOGIN-DELAY", true),
    /** The server cannot just now; the credentials may be right (RFC 3206 §4). */
    SYS_TEMP("SYS/TEMP", true),
    /** A person has to repair something at the server (RFC 3206 §4). */
    SYS_PERM("SYS/PERM", false),
    /** The credentials are wrong (RFC 3206 §5). */
    AUTH("AUTH", false);

    private final String wireName;
    private final boolean passes;

    Pop3ResponseCode(String wireName, boolean passes) {
        this.wireName = wireName;
        this.passes = passes;
    }

    /** The code as it stands between the brackets. */
    public String wireName() {
        return wireName;
    }

    /** Whether the same command may succeed later without anybody changing anything. */
    public boolean isTransient() {
        return passes;
    }

    /**
     * Finds the code at the beginning of a reply's text: {@code "[" resp-level *("/" resp-level) "]"}. Levels beyond
     * the ones known refine the code and are ignored (RFC 2449 §8: a client uses the levels it knows).
     *
     * @return empty if there is none or it is not one of these
     */
    public static Optional<Pop3ResponseCode> parse(String text) {
        if (!text.startsWith("[")) {
            return Optional.empty();
        }
        int end = text.indexOf(']');
        if (end < 0) {
            return Optional.empty();
        }
        String given = text.substring(1, end).toUpperCase(Locale.ROOT);
        for (Pop3ResponseCode code : values()) {
            if (given.equals(code.wireName) || given.startsWith(code.wireName + "/")) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
