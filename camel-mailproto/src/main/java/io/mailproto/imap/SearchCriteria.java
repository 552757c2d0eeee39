package io.mailproto.imap;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What SEARCH shall look for, in IMAP's own words (RFC 3501 §6.4.4), for example
 * {@code UNSEEN SUBJECT "order" SINCE 1-Jan-2026}. Immutable.
 *
 * <p>Strings in quotes may hold any Unicode: those beyond US-ASCII are sent as literals in UTF-8, with
 * {@code CHARSET UTF-8} in front.
 */
public final class SearchCriteria {
    /** Not seen, and not marked for deletion. */
    public static final SearchCriteria UNSEEN = parse("UNSEEN UNDELETED");

    /** Everything that is not marked for deletion. */
    public static final SearchCriteria UNDELETED = parse("UNDELETED");

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d-MMM-uuuu", Locale.ENGLISH);

    private final List<String> words;
    private final boolean needsUtf8;

    private SearchCriteria(List<String> words, boolean needsUtf8) {
        this.words = List.copyOf(words);
        this.needsUtf8 = needsUtf8;
    }

    /**
     * Reads criteria. Words are not checked against what servers know; quotes, parentheses and characters are, so that
     * nothing else than a search can come out of it.
     *
     * @throws IllegalArgumentException if it is empty, holds control characters or quotes or parentheses do not match
     */
    public static SearchCriteria parse(String text) {
        List<String> words = new ArrayList<>();
        boolean needsUtf8 = false;
        int depth = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ') {
                at++;
                continue;
            }
            int end = c == '"' ? endOfQuoted(text, at) : endOfWord(text, at);
            String word = text.substring(at, end);
            for (int i = 0; i < word.length(); i++) {
                char inside = word.charAt(i);
                if (Character.isISOControl(inside)) {
                    throw new IllegalArgumentException(
                            "search criteria must not hold control characters: " + ImapText.shown(text));
                }
                if (inside > 0x7E && c != '"') {
                    throw new IllegalArgumentException("in search criteria only strings in quotes may hold characters"
                            + " beyond US-ASCII: " + ImapText.shown(text));
                }
                needsUtf8 |= inside > 0x7E;
            }
            if (c != '"') {
                depth += depthOf(word, text, depth);
            }
            words.add(word);
            at = end;
        }
        if (words.isEmpty() || depth != 0) {
            throw new IllegalArgumentException(
                    words.isEmpty()
                            ? "search criteria must not be empty"
                            : "parentheses do not match in search criteria: " + ImapText.shown(text));
        }
        return new SearchCriteria(words, needsUtf8);
    }

    private static int endOfQuoted(String text, int start) {
        for (int i = start + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("a string does not end in search criteria: " + ImapText.shown(text));
    }

    private static int endOfWord(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != '"') {
            if (text.charAt(end) == '{' || text.charAt(end) == '}') {
                throw new IllegalArgumentException(
                        "write a string in quotes instead of a literal in search criteria: " + ImapText.shown(text));
            }
            end++;
        }
        return end;
    }

    private static int depthOf(String word, String text, int before) {
        int depth = before;
        for (int i = 0; i < word.length(); i++) {
            depth += word.charAt(i) == '(' ? 1 : word.charAt(i) == ')' ? -1 : 0;
            if (depth < 0) {
                throw new IllegalArgumentException(
                        "parentheses do not match in search criteria: " + ImapText.shown(text));
            }
        }
        return depth - before;
    }

    /** Both must be true. */
    public SearchCriteria and(SearchCriteria other) {
        List<String> both = new ArrayList<>(words);
        both.addAll(other.words);
        return new SearchCriteria(both, needsUtf8 || other.needsUtf8);
    }

    /** At least one must be true. */
    public SearchCriteria or(SearchCriteria other) {
        List<String> both = new ArrayList<>(words.size() + other.words.size() + 5);
        both.add("OR");
        both.addAll(inParentheses());
        both.addAll(other.inParentheses());
        return new SearchCriteria(both, needsUtf8 || other.needsUtf8);
    }

    /** Must not be true. */
    public SearchCriteria not() {
        List<String> negated = new ArrayList<>(words.size() + 3);
        negated.add("NOT");
        negated.addAll(inParentheses());
        return new SearchCriteria(negated, needsUtf8);
    }

    private List<String> inParentheses() {
        if (words.size() == 1) {
            return words;
        }
        List<String> grouped = new ArrayList<>(words.size() + 2);
        grouped.add("(");
        grouped.addAll(words);
        grouped.add(")");
        return grouped;
    }

    /**
     * A search key with a string, such as SUBJECT or BODY: true where the string is found, in any case.
     *
     * @param text any Unicode
     * @throws IllegalArgumentException if the text holds control characters
     */
    public static SearchCriteria of(String key, String text) {
        return parse(key + " " + ImapCommand.quoted(text));
    }

    /** True for messages that have this field, and in it this text; an empty text for any. */
    public static SearchCriteria header(String field, String text) {
        return parse("HEADER " + ImapCommand.quoted(field) + " " + ImapCommand.quoted(text));
    }

    /** A search key with a day, such as SINCE or SENTBEFORE (RFC 3501 §6.4.4: in whatever zone each message names). */
    public static SearchCriteria of(String key, LocalDate day) {
        return parse(key + " " + DAY.format(day));
    }

    /** Only messages with these UIDs. */
    public SearchCriteria within(UidSet uids) {
        List<String> both = new ArrayList<>(List.of("UID", uids.toString()));
        both.addAll(words);
        return new SearchCriteria(both, needsUtf8);
    }

    ImapCommand appendTo(ImapCommand command) {
        if (needsUtf8) {
            command.raw("CHARSET UTF-8");
        }
        return appendWordsTo(command);
    }

    /** For SORT, which has its charset in front in any case (RFC 5256 §3). */
    ImapCommand appendWithCharsetTo(ImapCommand command) {
        return appendWordsTo(command.raw(needsUtf8 ? "UTF-8" : "US-ASCII"));
    }

    private ImapCommand appendWordsTo(ImapCommand command) {
        for (String word : words) {
            if (word.startsWith(")")) {
                command.tight();
            }
            if (word.startsWith("\"")) {
                command.string(unquoted(word));
            } else {
                command.raw(word);
            }
            if (word.endsWith("(")) {
                command.tight();
            }
        }
        return command;
    }

    private static String unquoted(String quoted) {
        StringBuilder text = new StringBuilder(quoted.length());
        for (int i = 1; i < quoted.length() - 1; i++) {
            if (quoted.charAt(i) == '\\' && i + 1 < quoted.length() - 1) {
                i++;
            }
            text.append(quoted.charAt(i));
        }
        return text.toString();
    }

    /** As in the command, strings in quotes. */
    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
