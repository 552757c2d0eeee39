package io.mailproto.pop3;

/**
 * How much may be asked for before the answers are read, when the server offers {@code PIPELINING}. RFC 2449 §6.6: a
 * client that writes more than the transport takes while the server waits for it to read blocks both for ever, so the
 * commands in flight must fit into the smallest socket buffers.
 *
 * @param replies at most so many commands without an answer; 1 is no pipelining
 * @param commandOctets at most so many octets of commands without an answer; up to 4,096
 */
public record Pop3Window(int replies, int commandOctets) {
    private static final int SAFE_OCTETS = 4096;

    public Pop3Window {
        if (replies < 1) {
            throw new IllegalArgumentException("a window has room for at least 1 reply, not " + replies);
        }
        if (commandOctets < 1 || commandOctets > SAFE_OCTETS) {
            throw new IllegalArgumentException(
                    "octets of commands in flight must be 1 to " + SAFE_OCTETS + ", not " + commandOctets);
        }
    }

    /** 512 commands, 4,096 octets: some 370 times RETR, so that a distant server is kept busy. */
    public static Pop3Window defaults() {
        return new Pop3Window(512, SAFE_OCTETS);
    }

    /** One command, one answer. */
    public static Pop3Window single() {
        return new Pop3Window(1, SAFE_OCTETS);
    }
}
