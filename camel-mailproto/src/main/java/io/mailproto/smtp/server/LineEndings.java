package io.mailproto.smtp.server;

import io.mailproto.wire.BareLineEnding;

/**
 * Sees to the line endings of a message that comes in chunks, as {@code DotReader} does it for one that comes dot-stuffed:
 * finds each CR and LF that stands alone, and makes CRLF of it if told so. A CRLF may lie across two pieces.
 */
final class LineEndings {
    private final boolean isNormalizing;
    private boolean isCrPending;
    private boolean isBareFound;

    LineEndings(BareLineEnding policy) {
        this.isNormalizing = policy == BareLineEnding.NORMALIZE;
    }

    /** How much room the next octets need at the most. */
    static int roomFor(int octets) {
        return 2 * octets + 2;
    }

    /** Passes on the next octets and returns how many have become of them. */
    int pass(byte[] source, int length, byte[] target) {
        int out = 0;
        for (int i = 0; i < length; i++) {
            byte c = source[i];
            if (isCrPending) {
                isCrPending = false;
                out = endLine(target, out, c == '\n');
                if (c == '\n') {
                    continue;
                }
            }
            if (c == '\r') {
                isCrPending = true;
            } else if (c == '\n') {
                isBareFound = true;
                if (isNormalizing) {
                    target[out++] = '\r';
                }
                target[out++] = '\n';
            } else {
                target[out++] = c;
            }
        }
        return out;
    }

    /** The message has ended; returns how many octets are still to come. */
    int end(byte[] target) {
        boolean isPending = isCrPending;
        isCrPending = false;
        return isPending ? endLine(target, 0, false) : 0;
    }

    private int endLine(byte[] target, int from, boolean isWhole) {
        int out = from;
        target[out++] = '\r';
        isBareFound |= !isWhole;
        if (isWhole || isNormalizing) {
            target[out++] = '\n';
        }
        return out;
    }

    /** Whether a CR or LF stood alone. */
    boolean isBareFound() {
        return isBareFound;
    }
}
