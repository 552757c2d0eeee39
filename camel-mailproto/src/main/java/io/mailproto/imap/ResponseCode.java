package io.mailproto.imap;

import java.util.List;
import java.util.Locale;

/**
 * A response code in brackets (RFC 3501 §7.1, RFC 5530), for example {@code [UIDVALIDITY 3]}.
 *
 * @param name in capitals
 * @param arguments the rest of it, as it came; empty if there is none
 */
public record ResponseCode(String name, String arguments) {
    /** No code at all. */
    static final ResponseCode NONE = new ResponseCode("", "");

    /** Longer arguments are nothing that a command of ours could have asked for. */
    private static final int LONGEST = 1 << 20;

    /** Is it this code? */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** The words of the arguments, as far as there is sense in it. */
    List<String> words() {
        String trimmed = arguments.strip();
        return trimmed.isEmpty() || trimmed.length() > LONGEST ? List.of() : List.of(trimmed.split("\\s+"));
    }

    /** The argument as a number, or 0 if it is none. */
    long number() {
        String trimmed = arguments.strip();
        if (trimmed.isEmpty() || trimmed.length() > 18) {
            return 0;
        }
        for (int i = 0; i < trimmed.length(); i++) {
            if (trimmed.charAt(i) < '0' || trimmed.charAt(i) > '9') {
                return 0;
            }
        }
        return Long.parseLong(trimmed);
    }

    @Override
    public String toString() {
        return arguments.isEmpty() ? name : name + " " + arguments;
    }

    static ResponseCode parse(String inside) {
        int space = inside.indexOf(' ');
        String name = space < 0 ? inside : inside.substring(0, space);
        return new ResponseCode(
                name.toUpperCase(Locale.ROOT),
                space < 0 ? "" : inside.substring(space + 1).strip());
    }
}
