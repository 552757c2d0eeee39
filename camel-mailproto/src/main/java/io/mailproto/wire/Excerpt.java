package io.mailproto.wire;

/** Shows what a peer sent in messages and logs: cut, on one line, with control characters escaped. */
public final class Excerpt {

    private static final int LIMIT = 200;

    private Excerpt() {}

    /** The first 200 characters of a text, with everything that could break a log line escaped. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LIMIT) + 8);
        int end = Math.min(text.length(), LIMIT);
        for (int i = 0; i < end; i++) {
            append(out, text.charAt(i));
        }
        return end < text.length() ? out.append('…').toString() : out.toString();
    }

    private static void append(StringBuilder out, char c) {
        switch (c) {
            case '\r' -> out.append("\\r");
            case '\n' -> out.append("\\n");
            case '\t' -> out.append("\\t");
            default -> {
                boolean isUnsafe = c < 0x20
                        || (c >= 0x7f && c < 0xa0)
                        || c == '\u2028'
                        || c == '\u2029'
                        || Character.getType(c) == Character.FORMAT
                        || Character.isSurrogate(c);
                if (isUnsafe) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
