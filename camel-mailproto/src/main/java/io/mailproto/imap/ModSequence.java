package io.mailproto.imap;

import java.util.OptionalLong;

/** Mod-sequences of CONDSTORE: numbers of 63 bits (RFC 7162 §3.1). */
final class ModSequence {
    private static final int MOST_DIGITS = 19;

    private ModSequence() {}

    /** The number, from 1; empty for 0, which says that there is none, and for what is no such number. */
    static OptionalLong parse(String text) {
        if (text == null || text.isEmpty() || text.length() > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            long number = Long.parseLong(text);
            return number < 1 ? OptionalLong.empty() : OptionalLong.of(number);
        } catch (NumberFormatException beyond63Bits) {
            return OptionalLong.empty();
        }
    }

    /** {@code "(" mod-sequence-value ")"}, as in FETCH; some servers leave the parentheses out. */
    static OptionalLong of(ImapValue value) {
        ImapValue one = value.elements().isEmpty() ? value : value.elements().get(0);
        return parse(one.textOrNull());
    }
}
