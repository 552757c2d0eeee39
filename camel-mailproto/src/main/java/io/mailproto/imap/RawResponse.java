package io.mailproto.imap;

import java.util.List;

/**
 * One complete response, not yet understood: text, literal, text, literal, …, text.
 *
 * <pre>
 *   * 1 FETCH (UID 7 BODY[] {5}    texts[0] "* 1 FETCH (UID 7 BODY[] "
 *   hello)                         literals[0] "hello", texts[1] ")"
 * </pre>
 *
 * @param texts one more than literals; one char per octet, without the literals' announcements and the line ends
 * @param literals in order
 */
record RawResponse(List<String> texts, List<Literal> literals) {
    RawResponse {
        if (texts.size() != literals.size() + 1) {
            throw new IllegalArgumentException(texts.size() + " texts do not go with " + literals.size() + " literals");
        }
        texts = List.copyOf(texts);
        literals = List.copyOf(literals);
    }

    static RawResponse of(String line) {
        return new RawResponse(List.of(line), List.of());
    }

    /** Frees what the literals hold; for a response that nobody will look at again. */
    void release() {
        for (Literal literal : literals) {
            literal.release();
        }
    }

    /** For logs and exceptions: the first 200 characters, literals as their size. */
    String shown() {
        StringBuilder text = new StringBuilder(texts.get(0));
        for (int i = 0; i < literals.size() && text.length() < 200; i++) {
            text.append('{').append(literals.get(i).size()).append('}').append(texts.get(i + 1));
        }
        return ImapText.shown(text.toString());
    }
}
