package io.mailproto.component.pop3;

import io.mailproto.spool.Spool;

/**
 * How much of a window may lie in memory. What LIST says about sizes may be wrong, and what has been asked for comes: what
 * goes beyond is kept in files, and later windows are made by what really came. For one thread.
 */
final class WindowBudget {
    private static final long MOST_IN_MEMORY = 8L << 20;

    /** A file for less is not worth it. */
    private static final int SMALL = 4096;

    private final Spool spool;
    /** For what goes beyond. */
    private final Spool files;

    private long ofWindow;
    private int countOfWindow;
    private boolean isDeceived;
    private long octets;
    private int count;

    WindowBudget(Spool spool) {
        this.spool = spool;
        this.files = spool.withThreshold(SMALL);
    }

    /** A window begins. */
    void begin() {
        ofWindow = 0;
        countOfWindow = 0;
    }

    /** Where the next mail of the window goes. */
    Spool spool() {
        return ofWindow > MOST_IN_MEMORY ? files : spool;
    }

    /** A mail has come. */
    void fetched(long size) {
        ofWindow += size;
        octets += size;
        countOfWindow++;
        count++;
        // One large mail is a window by itself; many are not, unless they were announced as small.
        isDeceived |= countOfWindow > 1 && ofWindow > MOST_IN_MEMORY;
    }

    /** What a mail of this announced size counts for. */
    long expected(long announced) {
        return isDeceived ? Math.max(announced, octets / count) : announced;
    }
}
