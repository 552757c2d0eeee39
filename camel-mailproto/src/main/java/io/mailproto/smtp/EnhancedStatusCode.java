package io.mailproto.smtp;

import java.util.Optional;

/**
 * An enhanced mail system status code (RFC 3463, RFC 2034): {@code class "." subject "." detail}.
 *
 * @param statusClass 2 (success), 4 (persistent transient failure) or 5 (permanent failure)
 * @param subject 0..999: address 1, mailbox 2, system 3, network 4, protocol 5, content 6, security 7
 * @param detail 0..999
 */
public record EnhancedStatusCode(int statusClass, int subject, int detail) {
    /** @throws IllegalArgumentException if a part is out of its range */
    public EnhancedStatusCode {
        if (statusClass != 2 && statusClass != 4 && statusClass != 5) {
            throw new IllegalArgumentException("the class of an enhanced status code is 2, 4 or 5, not " + statusClass);
        }
        if (subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException(
                    "the parts of an enhanced status code are 0 to 999: " + statusClass + "." + subject + "." + detail);
        }
    }

    /**
     * Parses a whole code, like {@code 5.1.1}.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static EnhancedStatusCode parse(String text) {
        return leading(text)
                .filter(code -> text.indexOf(' ') < 0)
                .orElseThrow(() -> new IllegalArgumentException("not an enhanced status code: \"" + text + "\""));
    }

    /**
     * The code that a reply's text begins with: {@code ("2"/"4"/"5") "." 1*3DIGIT "." 1*3DIGIT}, then a space or the end
     * (RFC 2034 §4). Empty if the text begins with anything else.
     */
    public static Optional<EnhancedStatusCode> leading(String text) {
        int end = text.indexOf(' ');
        String word = end < 0 ? text : text.substring(0, end);
        int first = word.indexOf('.');
        int second = word.indexOf('.', first + 1);
        if (first != 1 || second < 0) {
            return Optional.empty();
        }
        int statusClass = number(word, 0, first);
        int subject = number(word, first + 1, second);
        int detail = number(word, second + 1, word.length());
        if ((statusClass != 2 && statusClass != 4 && statusClass != 5) || subject < 0 || detail < 0) {
            return Optional.empty();
        }
        return Optional.of(new EnhancedStatusCode(statusClass, subject, detail));
    }

    /** {@code 1*3DIGIT}, or -1. */
    private static int number(String text, int from, int to) {
        if (to <= from || to - from > 3) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    /** As on the wire. */
    @Override
    public String toString() {
        return statusClass + "." + subject + "." + detail;
    }
}
