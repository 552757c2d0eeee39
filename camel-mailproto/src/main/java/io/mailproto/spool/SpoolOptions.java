package io.mailproto.spool;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a {@link Spool} keeps its octets.
 *
 * @param threshold number of octets that are kept in memory before a file is used; 0 means always a file
 * @param directory existing directory for the files
 */
public record SpoolOptions(int threshold, Path directory) {

    /** 128 KiB: larger than nearly all mail without attachments, small enough for a thousand messages in flight. */
    public static final int DEFAULT_THRESHOLD = 128 * 1024;

    public SpoolOptions {
        if (threshold < 0) {
            throw new IllegalArgumentException("spool threshold must not be negative: " + threshold);
        }
        Objects.requireNonNull(directory, "directory");
    }

    /** Threshold {@value #DEFAULT_THRESHOLD}, in the directory of the system property {@code java.io.tmpdir}. */
    public static SpoolOptions defaults() {
        return new SpoolOptions(DEFAULT_THRESHOLD, Path.of(System.getProperty("java.io.tmpdir")));
    }
}
