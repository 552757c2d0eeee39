package io.mailproto.mime;

/** What stands in parentheses in a header field (RFC 5322 §3.2.2), nested as it likes, and means nothing. */
public final class Comments {
    private Comments() {}

    /** The text without its comments. Linear. */
    public static String removed(String text) {
        if (text.indexOf('(') < 0) {
            return text;
        }
        StringBuilder kept = new StringBuilder(text.length());
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0) {
                kept.append(c);
            }
        }
        return kept.toString();
    }
}
