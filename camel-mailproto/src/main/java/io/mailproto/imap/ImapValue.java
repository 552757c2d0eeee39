package io.mailproto.imap;

import java.util.List;

/**
 * A value of which only the shape is known: nothing, text or a list of values. ENVELOPE and BODYSTRUCTURE (RFC 3501
 * §7.4.2) are given this way, because what servers put into them differs too much to insist on more.
 */
public sealed interface ImapValue {
    /** NIL. */
    record Nil() implements ImapValue {
        @Override
        public String toString() {
            return "NIL";
        }
    }

    /**
     * A string, an atom or a number.
     *
     * @param text UTF-8 where it is, with replacement characters where it is not
     * @param isAtom was it written without quotes?
     */
    record Text(String text, boolean isAtom) implements ImapValue {
        @Override
        public String toString() {
            return isAtom ? text : '"' + text + '"';
        }
    }

    /** A parenthesised list. */
    record Group(List<ImapValue> values) implements ImapValue {
        public Group {
            values = List.copyOf(values);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("(");
            for (ImapValue value : values) {
                text.append(text.length() > 1 ? " " : "").append(value);
            }
            return text.append(')').toString();
        }
    }

    /** The text, or null for NIL and lists. */
    default String textOrNull() {
        return this instanceof Text text ? text.text() : null;
    }

    /** The values of a list; none for NIL and text. */
    default List<ImapValue> elements() {
        return this instanceof Group group ? group.values() : List.of();
    }

    /** The number that a value is; null if it is none or has more than 18 digits. */
    static Long number(ImapValue value) {
        String text = value.textOrNull();
        if (text == null || text.isEmpty() || text.length() > 18) {
            return null;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.valueOf(text) : null;
    }
}
