package io.mailproto.imap;

import io.mailproto.wire.LineReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks over a {@link RawResponse}. Pure. Lenient where servers are known to be sloppy and where nothing but this one
 * response is at stake: where it ends has been decided before.
 */
final class ResponseLexer {
    /** What {@link #peek()} gives where a literal stands. */
    static final char LITERAL = '\uFFFF';

    /** What {@link #peek()} gives at the end. */
    static final char END = '\u0000';

    /** Each costs many times its octets; a message with a thousand parts has some ten thousand (Q28). */
    static final int MAX_VALUES = 200_000;

    private final RawResponse response;
    private final int maxNesting;
    private int values;
    private int segment;
    private String text;
    private int at;

    ResponseLexer(RawResponse response, int maxNesting) {
        this.response = response;
        this.maxNesting = maxNesting;
        this.text = response.texts().get(0);
    }

    char peek() {
        if (at < text.length()) {
            return text.charAt(at);
        }
        return segment < response.literals().size() ? LITERAL : END;
    }

    boolean isAtEnd() {
        return peek() == END;
    }

    boolean skip(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    void expect(char c) throws ParseFailure {
        if (!skip(c)) {
            throw unexpected("'" + c + "'");
        }
    }

    /** Any number of spaces, also none. Deviation: servers put two, or one before a closing parenthesis (Q2, Q3). */
    void skipSpaces() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    /** What is left of the current text; does not move. */
    String rest() {
        return text.substring(at);
    }

    ParseFailure unexpected(String expected) {
        String got = peek() == END ? "the end" : peek() == LITERAL ? "a literal" : "\"" + ImapText.shown(rest()) + "\"";
        return new ParseFailure("expected " + expected + " at column " + at + ", got " + got);
    }

    /** A word: everything up to a space, a parenthesis, a quote, a literal or the end. */
    String word() throws ParseFailure {
        int start = at;
        while (at < text.length() && isWordChar(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw unexpected("a word");
        }
        count();
        return text.substring(start, at);
    }

    private void count() throws ParseFailure {
        if (++values > MAX_VALUES) {
            throw new ParseFailure("more than " + MAX_VALUES + " values");
        }
    }

    private static boolean isWordChar(char c) {
        return c != ' ' && c != '(' && c != ')' && c != '"' && c != '\t';
    }

    /** The name of a FETCH item: like a word, but ends before a section too. */
    String itemName() throws ParseFailure {
        int start = at;
        while (at < text.length() && isWordChar(text.charAt(at)) && text.charAt(at) != '[') {
            at++;
        }
        if (at == start) {
            throw unexpected("the name of a data item");
        }
        return text.substring(start, at);
    }

    /**
     * A number. Deviation: RFC 3501 §9 knows only digits; {@code -1} and {@code 9.3e+06} have been seen (Q27, mail.ru)
     * and are taken as "unknown", which is -1.
     */
    long number() throws ParseFailure {
        int start = at;
        long value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - start < 18) {
            value = value * 10 + (text.charAt(at++) - '0');
        }
        if (at > start && (at == text.length() || !isWordChar(text.charAt(at)))) {
            return value;
        }
        at = start;
        String word = word();
        char first = word.charAt(0);
        if (first == '-' || (first >= '0' && first <= '9')) {
            return -1;
        }
        throw new ParseFailure("expected a number at column " + start + ", got \"" + ImapText.shown(word) + "\"");
    }

    /** A string in quotes, a literal, or a word: {@code astring} of RFC 3501 §9, and what is sent in its place. */
    String astring() throws ParseFailure {
        return LineReader.utf8(octetString());
    }

    /** Like {@link #astring()}, but one char per octet. */
    String octetString() throws ParseFailure {
        char c = peek();
        if (c == '"') {
            return quoted();
        }
        if (c == LITERAL) {
            // Text of a literal comes as UTF-8; back to one char per octet, as quoted strings are.
            byte[] utf8 = literal().text().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return new String(utf8, java.nio.charset.StandardCharsets.ISO_8859_1);
        }
        return word();
    }

    /** Everything up to the end, for texts that stand unquoted where they should not, such as a mailbox with spaces. */
    String restOfText() {
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }

    Literal literal() throws ParseFailure {
        if (peek() != LITERAL) {
            throw unexpected("a literal");
        }
        Literal literal = response.literals().get(segment++);
        text = response.texts().get(segment);
        at = 0;
        return literal;
    }

    /** One char per octet. */
    String quoted() throws ParseFailure {
        expect('"');
        count();
        StringBuilder out = null;
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length() && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\')) {
                out = (out == null ? new StringBuilder() : out)
                        .append(text, start, at)
                        .append(text.charAt(at + 1));
                at += 2;
                start = at;
            } else if (c == '"' && isEndOfQuoted(at + 1)) {
                String tail = text.substring(start, at++);
                return out == null ? tail : out.append(tail).toString();
            } else {
                at++;
            }
        }
        throw new ParseFailure("a quoted string does not end");
    }

    /** Deviation: some servers forget to escape quotes inside a string, so a quote ends it only where a value ends. */
    private boolean isEndOfQuoted(int next) {
        if (next >= text.length()) {
            return true;
        }
        char c = text.charAt(next);
        return c == ' ' || c == ')' || c == '(' || c == ']' || c == '\t';
    }

    /** {@code section} with its brackets, as {@link BodySection} spells it, and an origin if there is one. */
    BodySection section() throws ParseFailure {
        expect('[');
        StringBuilder spec = new StringBuilder();
        boolean needsSpace = false;
        while (peek() != ']') {
            char c = peek();
            if (c == END) {
                throw new ParseFailure("a section does not end");
            } else if (c == ' ') {
                at++;
                needsSpace = spec.length() > 0 && spec.charAt(spec.length() - 1) != '(';
            } else if (c == '(' || c == ')') {
                at++;
                spec.append(c == '(' && needsSpace ? " " : "").append(c);
                needsSpace = false;
            } else {
                spec.append(needsSpace ? " " : "").append(c == '"' || c == LITERAL ? octetString() : sectionWord());
                needsSpace = false;
            }
        }
        expect(']');
        long origin = BodySection.NO_ORIGIN;
        if (skip('<')) {
            int end = text.indexOf('>', at);
            if (end < 0) {
                throw new ParseFailure("an origin does not end");
            }
            String number = text.substring(at, end);
            // Deviation: "<0.2048>" where RFC 3501 §7.4.2 has the origin alone.
            int dot = number.indexOf('.');
            try {
                origin = Long.parseLong(dot < 0 ? number : number.substring(0, dot));
            } catch (NumberFormatException e) {
                throw new ParseFailure("an origin that is no number: " + ImapText.shown(number));
            }
            at = end + 1;
        }
        return BodySection.parsed(spec.toString(), origin);
    }

    private String sectionWord() throws ParseFailure {
        int start = at;
        while (at < text.length() && isWordChar(text.charAt(at)) && text.charAt(at) != ']') {
            at++;
        }
        if (at == start) {
            throw unexpected("a section");
        }
        return text.substring(start, at);
    }

    /** {@code nstring} where octets are wanted; null for NIL. */
    Literal octets() throws ParseFailure {
        char c = peek();
        if (c == LITERAL) {
            return literal();
        }
        if (c == '"') {
            byte[] octets = quoted().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            return Literal.of(io.mailproto.spool.Octets.of(octets));
        }
        String word = word();
        if (word.equalsIgnoreCase("NIL")) {
            return null;
        }
        throw new ParseFailure("expected a string, got \"" + ImapText.shown(word) + "\"");
    }

    /** Any value: word, string, NIL or list. */
    ImapValue value() throws ParseFailure {
        return value(0);
    }

    private ImapValue value(int depth) throws ParseFailure {
        if (depth > maxNesting) {
            throw new ParseFailure("lists nested deeper than " + maxNesting);
        }
        char c = peek();
        if (c == '"' || c == LITERAL) {
            return new ImapValue.Text(astring(), false);
        }
        if (c != '(') {
            String word = word();
            return word.equalsIgnoreCase("NIL") ? new ImapValue.Nil() : new ImapValue.Text(word, true);
        }
        at++;
        count();
        List<ImapValue> elements = new ArrayList<>();
        skipSpaces();
        while (!skip(')')) {
            if (isAtEnd()) {
                throw new ParseFailure("a list does not end");
            }
            elements.add(value(depth + 1));
            skipSpaces();
        }
        return new ImapValue.Group(elements);
    }
}
