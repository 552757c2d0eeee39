package io.mailproto.testing;

/** The two ends of a transcript: {@code C:} lines are the client's, {@code S:} lines the server's. */
public enum Side {
    CLIENT('C'),
    SERVER('S');

    private final char letter;

    Side(char letter) {
        this.letter = letter;
    }

    /** The letter that begins this side's lines. */
    public char letter() {
        return letter;
    }

    /** The side that the letter names. */
    static Side of(char letter) {
        return letter == 'C' ? CLIENT : SERVER;
    }
}
