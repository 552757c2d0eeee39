package io.mailproto.imap;

/** Small questions about characters on an IMAP line. */
final class ImapText {
    private static final int SHOWN = 200;

    private ImapText() {}

    /** Fit for a log or an exception: control characters escaped, at most 200 characters. */
    static String shown(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), SHOWN) + 8);
        for (int i = 0; i < text.length(); i++) {
            if (i == SHOWN) {
                return out.append("...").toString();
            }
            char c = text.charAt(i);
            if (c == '\r') {
                out.append("\\r");
            } else if (c == '\n') {
                out.append("\\n");
            } else if (Character.isISOControl(c)) {
                out.append(String.format("\\x%02X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** {@code ATOM-CHAR} of RFC 3501 §9: any printable US-ASCII except atom-specials. */
    static boolean isAtomChar(char c) {
        return c > 0x20 && c < 0x7F && "(){%*\"\\]".indexOf(c) < 0;
    }

    /** Can it be written as an atom, without quotes? {@code NIL} cannot: it means nothing. */
    static boolean isAtom(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isAtomChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty() && !text.equalsIgnoreCase("NIL");
    }
}
