package io.mailproto.smtp.server;

/** Counts the Received fields in the header of a message that passes by, in constant memory (RFC 5321 §6.3). */
final class HopCounter {
    private static final byte[] NAME = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd', ':'};

    private int hops;
    private int column;
    private boolean isMatching = true;
    private boolean isInHeader = true;

    /** Looks at the next octets. */
    void pass(byte[] octets, int offset, int length) {
        for (int i = offset; isInHeader && i < offset + length; i++) {
            byte c = octets[i];
            if (c == '\n') {
                isInHeader = column > 0;
                column = 0;
                isMatching = true;
            } else if (c != '\r') {
                if (isMatching && column < NAME.length) {
                    isMatching = (c >= 'A' && c <= 'Z' ? c + 32 : c) == NAME[column];
                    if (isMatching && column == NAME.length - 1) {
                        hops++;
                    }
                }
                // Beyond the name only "not empty" matters, however long the line is.
                column = Math.min(column + 1, NAME.length);
            }
        }
    }

    int hops() {
        return hops;
    }
}
