package io.mailproto.imap;

/**
 * What follows OK, NO, BAD, BYE and PREAUTH: a code, if there is one, and text for people (RFC 3501 §7.1).
 *
 * @param code {@link ResponseCode#NONE} if there is none
 * @param text may be empty: some servers leave it out (Q1)
 */
record ResponseText(ResponseCode code, String text) {
    /** {@code resp-text} of RFC 3501 §9. Never fails: what is no code is text, so that no completion is lost (Q30). */
    static ResponseText parse(String rest) {
        String text = rest.strip();
        if (!text.startsWith("[")) {
            return new ResponseText(ResponseCode.NONE, text);
        }
        int end = endOfCode(text);
        if (end < 0) {
            return new ResponseText(ResponseCode.NONE, text);
        }
        ResponseCode code = ResponseCode.parse(text.substring(1, end).strip());
        if (!ImapText.isAtom(code.name()) || code.name().indexOf('=') >= 0) {
            return new ResponseText(ResponseCode.NONE, text);
        }
        return new ResponseText(code, text.substring(end + 1).strip());
    }

    private static int endOfCode(String text) {
        boolean inQuotes = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inQuotes && c == '\\') {
                i++;
            } else if (c == '"') {
                inQuotes = !inQuotes;
            } else if (c == ']' && !inQuotes) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return code.name().isEmpty() ? text : "[" + code + "] " + text;
    }
}
