package io.mailproto.pop3;

import java.util.Objects;
import java.util.Optional;

/**
 * The status line that answers a command (RFC 1939 §3): {@code "+OK" [SP text]} or {@code "-ERR" [SP text]}.
 *
 * @param isOk whether it is {@code +OK}
 * @param text what follows the indicator, without the separating space; one char per octet, may be empty
 */
public record Pop3Reply(boolean isOk, String text) {
    public Pop3Reply {
        Objects.requireNonNull(text, "text");
    }

    /**
     * Reads a status line. The indicator is taken in any case and may be followed by anything but a letter or digit,
     * because servers exist that write {@code +ok} or a tab.
     *
     * @return null if the line is no status line
     */
    static Pop3Reply parse(String line) {
        if (startsWithIndicator(line, "+OK")) {
            return new Pop3Reply(true, textAfter(line, 3));
        }
        if (startsWithIndicator(line, "-ERR")) {
            return new Pop3Reply(false, textAfter(line, 4));
        }
        return null;
    }

    private static boolean startsWithIndicator(String line, String indicator) {
        return line.regionMatches(true, 0, indicator, 0, indicator.length())
                && (line.length() == indicator.length() || !Character.isLetterOrDigit(line.charAt(indicator.length())));
    }

    private static String textAfter(String line, int indicator) {
        int start = indicator;
        while (start < line.length() && (line.charAt(start) == ' ' || line.charAt(start) == '\t')) {
            start++;
        }
        return line.substring(start);
    }

    /** The extended response code, if the text begins with a known one. */
    public Optional<Pop3ResponseCode> responseCode() {
        return Pop3ResponseCode.parse(text);
    }

    /** The line as the server may have written it. */
    @Override
    public String toString() {
        String indicator = isOk ? "+OK" : "-ERR";
        return text.isEmpty() ? indicator : indicator + " " + text;
    }
}
