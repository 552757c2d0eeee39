package io.mailproto.mime;

import io.mailproto.address.EmailAddress;
import java.util.ArrayList;
import java.util.List;

/** Cuts an address list into addresses (RFC 5322 §3.4), knowing quotes, comments, brackets and groups. Pure. */
final class AddressTokens {

    private final String text;
    private final List<Raw> found = new ArrayList<>();
    private final StringBuilder words = new StringBuilder();
    private final StringBuilder comment = new StringBuilder();
    private String bracketed;
    private boolean hasContent;
    private int position;

    private AddressTokens(String text) {
        this.text = text;
    }

    /** What stands between two commas: words with the quotes of a local part kept, and what is in angle brackets. */
    record Raw(String words, String bracketed, String comment) {

        NamedAddress toAddress() {
            if (bracketed == null) {
                // "ann@example.com (Ann)" is how names were written before RFC 822.
                return new NamedAddress(clean(comment), EmailAddress.parse(withoutSpace(words)));
            }
            return new NamedAddress(clean(unquoted(words)), EmailAddress.parse(withoutSpace(withoutRoute(bracketed))));
        }

        private static String clean(String name) {
            StringBuilder clean = new StringBuilder(name.length());
            EncodedWords.decode(name)
                    .codePoints()
                    .forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
            return clean.toString().strip();
        }

        /** RFC 5322 §4.4: {@code <@a,@b:ann@example.com>}, the route is to be ignored. */
        private static String withoutRoute(String path) {
            int colon = path.indexOf(':');
            return path.startsWith("@") && colon > 0 ? path.substring(colon + 1) : path;
        }

        private static String withoutSpace(String address) {
            return address.startsWith("\"") ? address.strip() : address.replaceAll("\\s+", "");
        }

        private static String unquoted(String words) {
            StringBuilder plain = new StringBuilder(words.length());
            boolean quoted = false;
            for (int i = 0; i < words.length(); i++) {
                char c = words.charAt(i);
                if (c == '\\' && quoted && i + 1 < words.length()) {
                    plain.append(words.charAt(++i));
                } else if (c == '"') {
                    quoted = !quoted;
                } else {
                    plain.append(c);
                }
            }
            return plain.toString();
        }
    }

    static List<Raw> split(String text) {
        AddressTokens tokens = new AddressTokens(text);
        tokens.run();
        return tokens.found;
    }

    private void run() {
        while (position < text.length()) {
            char c = text.charAt(position);
            switch (c) {
                case '"' -> takeQuoted();
                case '(' -> takeComment();
                case '<' -> takeBracketed();
                case ',', ';' -> {
                    end();
                    position++;
                }
                case ':' -> {
                    // The name of a group; its members follow. Within brackets a colon does not come here.
                    words.setLength(0);
                    hasContent = false;
                    position++;
                }
                default -> {
                    hasContent |= !Character.isWhitespace(c);
                    words.append(c);
                    position++;
                }
            }
        }
        end();
    }

    private void end() {
        if (hasContent) {
            found.add(new Raw(words.toString().strip(), bracketed, comment.toString()));
        }
        words.setLength(0);
        comment.setLength(0);
        bracketed = null;
        hasContent = false;
    }

    private void takeQuoted() {
        int end = endOfQuoted(position);
        words.append(text, position, end);
        hasContent = true;
        position = end;
    }

    /** Behind the closing quote, or the end. */
    private int endOfQuoted(int from) {
        int i = from + 1;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c == '"') {
                return i;
            }
            if (c == '\\') {
                i++;
            }
        }
        return text.length();
    }

    private void takeComment() {
        int depth = 0;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '\\' && position < text.length()) {
                comment.append(text.charAt(position++));
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
                if (depth == 0) {
                    return;
                }
            } else {
                comment.append(c);
            }
        }
    }

    private void takeBracketed() {
        int start = position + 1;
        int i = start;
        while (i < text.length() && text.charAt(i) != '>') {
            i = text.charAt(i) == '"' ? endOfQuoted(i) : i + 1;
        }
        bracketed = text.substring(Math.min(start, text.length()), Math.min(i, text.length()))
                .strip();
        hasContent = true;
        position = i + 1;
    }
}
