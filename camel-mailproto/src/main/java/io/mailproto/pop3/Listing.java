package io.mailproto.pop3;

/**
 * The lines of a {@code UIDL} or {@code LIST} listing: {@code number SP rest}. Pure.
 *
 * <p>Deviations, each seen with real servers: {@code +OK} in front of every line, several spaces or tabs, spaces at
 * the end.
 */
final class Listing {
    private Listing() {}

    /** The rest of a line, and where it begins and ends in the line. */
    @FunctionalInterface
    interface LineSink {
        /**
         * @param number the message number, at least 1
         * @param line the whole line; what belongs to the number is {@code line[from, to)}, maybe empty
         */
        void accept(int number, String line, int from, int to);
    }

    /**
     * Takes a line apart.
     *
     * @return false if it does not begin with a message number: no message can be meant
     */
    static boolean parse(String line, LineSink sink) {
        int at = skipBlanks(line, 0);
        if (line.regionMatches(true, at, "+OK", 0, 3)) {
            at = skipBlanks(line, at + 3);
        }
        int digits = at;
        long number = 0;
        while (at < line.length() && isDigit(line.charAt(at)) && number <= Integer.MAX_VALUE) {
            number = number * 10 + (line.charAt(at) - '0');
            at++;
        }
        boolean ended = at == line.length() || isBlank(line.charAt(at));
        if (at == digits || !ended || number < 1 || number > Integer.MAX_VALUE) {
            return false;
        }
        int from = skipBlanks(line, at);
        int to = line.length();
        while (to > from && isBlank(line.charAt(to - 1))) {
            to--;
        }
        sink.accept((int) number, line, from, to);
        return true;
    }

    /**
     * A number at the beginning of a part of a line.
     *
     * @return -1 if there is none or it is too big for any message
     */
    static long number(String line, int from, int to) {
        long value = 0;
        int at = from;
        while (at < to && isDigit(line.charAt(at))) {
            if (value > (Long.MAX_VALUE - 9) / 10) {
                return -1;
            }
            value = value * 10 + (line.charAt(at) - '0');
            at++;
        }
        return at == from ? -1 : value;
    }

    static int skipBlanks(String line, int from) {
        int at = from;
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
