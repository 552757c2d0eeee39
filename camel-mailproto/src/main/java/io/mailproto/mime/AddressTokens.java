package io.mailproto.mime;

import io.mailproto.address.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts an address list into addresses (RFC 5322 §3.4), knowing quotes, comments, brackets and groups. Pure. */
final class AddressTokens {

    private final String text;
    /** True for what is written here and goes out: what could be meant in two ways is refused then. */
    private final boolean strict;
    /** Looked for once: a list of nothing but opening brackets must not be searched at each of them. */
    private final int lastLiteralEnd;

    private final List<Raw> found = new ArrayList<>();
    private final StringBuilder words = new StringBuilder();
    private final StringBuilder comment = new StringBuilder();
    private String bracketed;
    private boolean hasContent;
    private int position;

    private AddressTokens(String text, boolean strict) {
        this.text = text;
        this.strict = strict;
        this.lastLiteralEnd = text.lastIndexOf(']');
    }

    /** What stands between two commas: words with the quotes of a local part kept, and what is in angle brackets. */
    record Raw(String words, String bracketed, String comment) {

        /** RFC 5322 §4.4 has blanks around dots and the @, and nowhere else. */
        private static final Pattern BLANK_BETWEEN_ATOMS = Pattern.compile("[^\\s.@]\\s+[^\\s.@]");

        NamedAddress toAddress() {
            if (bracketed == null) {
                // "ann@example.com (Ann)" is how names were written before RFC 822.
                return new NamedAddress(clean(comment), EmailAddress.parse(withoutSpace(words)));
            }
            return new NamedAddress(clean(unquoted(words)), EmailAddress.parse(withoutSpace(withoutRoute(bracketed))));
        }

        /** As {@link #toAddress}, but what may be two addresses without a comma between them is refused. */
        NamedAddress toAddressStrictly() {
            if (bracketed == null) {
                return new NamedAddress(clean(comment), strictly(words));
            }
            return new NamedAddress(clean(unquoted(words)), strictly(withoutRoute(bracketed)));
        }

        private static EmailAddress strictly(String address) {
            if (!address.startsWith("\"")
                    && BLANK_BETWEEN_ATOMS.matcher(address).find()) {
                throw new IllegalArgumentException("there is a blank within the address; a comma may be missing");
            }
            return EmailAddress.parseStrictly(withoutSpace(address));
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
        return split(text, false);
    }

    /**
     * As {@link #split(String)}, but refuses what would make a part of the text vanish.
     *
     * @throws IllegalArgumentException naming the fault and the number of the address, without repeating the text
     */
    static List<Raw> splitStrictly(String text) {
        return split(text, true);
    }

    private static List<Raw> split(String text, boolean strict) {
        AddressTokens tokens = new AddressTokens(text, strict);
        tokens.run();
        return tokens.found;
    }

    private void refuseIf(boolean isFault, String fault) {
        if (strict && isFault) {
            throw new IllegalArgumentException("address " + (found.size() + 1) + ": " + fault);
        }
    }

    private void run() {
        while (position < text.length()) {
            char c = text.charAt(position);
            switch (c) {
                case '"' -> takeQuoted();
                case '(' -> takeComment();
                case '<' -> takeBracketed();
                case '[' -> takeLiteral();
                case ',', ';' -> {
                    end();
                    position++;
                }
                case ':' -> {
                    // The name of a group; its members follow. Within brackets a colon does not come here.
                    refuseIf(
                            bracketed != null || words.indexOf("@") >= 0,
                            "there is a colon behind an address; a group's name has no @");
                    words.setLength(0);
                    hasContent = false;
                    position++;
                }
                default -> {
                    takeWord(c);
                    position++;
                }
            }
        }
        end();
    }

    private void takeWord(char c) {
        boolean isBlank = Character.isWhitespace(c);
        refuseIf(bracketed != null && !isBlank, "there is text behind the angle brackets; a comma may be missing");
        hasContent |= !isBlank;
        words.append(c);
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
        refuseIf(bracketed != null, "there is text behind the angle brackets; a comma may be missing");
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

    /** RFC 5322 §3.4.1: a domain in brackets, whose colons (IPv6) begin no group. */
    private void takeLiteral() {
        if (lastLiteralEnd < position || !isBehindAt()) {
            takeWord('[');
            position++;
            return;
        }
        int end = text.indexOf(']', position);
        words.append(text, position, end + 1);
        position = end + 1;
    }

    private boolean isBehindAt() {
        int last = words.length() - 1;
        while (last >= 0 && Character.isWhitespace(words.charAt(last))) {
            last--;
        }
        return last >= 0 && words.charAt(last) == '@';
    }

    private void takeComment() {
        int depth = 0;
        if (hasContent && !Character.isWhitespace(words.isEmpty() ? ' ' : words.charAt(words.length() - 1))) {
            // It separates as a blank does.
            words.append(' ');
        }
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
        refuseIf(true, "the comment in parentheses does not end");
    }

    private void takeBracketed() {
        refuseIf(bracketed != null, "there are two addresses in angle brackets; a comma may be missing");
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
