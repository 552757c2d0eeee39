package io.mailproto.spool;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A place for octets: in memory up to a threshold, then in a file that is unlinked as soon as it is open (where the
 * system allows it), so that a crash leaves nothing behind. Thread-safe. Needs no closing: each file goes when its
 * {@link Octets} are released or can no longer be reached.
 *
 * <pre>{@code
 * try (SpoolWriter writer = spool.newWriter(announcedSize)) {
 *     in.transferTo(writer);
 *     return writer.finish();
 * }
 * }</pre>
 */
public final class Spool {

    private static final int SPARE_ARRAYS = 32;
    private static final int SMALLEST_SPARE = 2 * 1024;
    private static final int LARGEST_SPARE = 64 * 1024;

    private final SpoolOptions options;
    private final Cleaner cleaner;
    private final AtomicLong openFiles;
    /** Arrays for what only passes through; most mails are small and gone in a moment. */
    private final ArrayBlockingQueue<byte[]> spare;

    public Spool(SpoolOptions options) {
        this(options, Cleaner.create(), new AtomicLong(), new ArrayBlockingQueue<>(SPARE_ARRAYS));
    }

    private Spool(SpoolOptions options, Cleaner cleaner, AtomicLong openFiles, ArrayBlockingQueue<byte[]> spare) {
        this.options = options;
        this.cleaner = cleaner;
        this.openFiles = openFiles;
        this.spare = spare;
    }

    /**
     * The same place, with another threshold for what is begun through the result; {@link #openFiles} counts for both.
     *
     * @param octets at least 0
     */
    public Spool withThreshold(int octets) {
        return new Spool(new SpoolOptions(octets, options.directory()), cleaner, openFiles, spare);
    }

    /**
     * Starts a new run of octets. Never blocks; a file is made when the threshold is passed.
     *
     * @param announcedOctets what the peer said the size will be, or -1; a hint only, it is never trusted beyond the
     *     threshold
     */
    public SpoolWriter newWriter(long announcedOctets) {
        return new SpoolWriter(this, announcedOctets);
    }

    /**
     * As {@link #newWriter}, for octets that whoever makes them also releases, and soon: their array is used again then. So
     * nobody may keep anything of them; after {@link Octets#release} reading fails.
     */
    public SpoolWriter newPassingWriter() {
        return new SpoolWriter(this, lend());
    }

    private byte[] lend() {
        byte[] array = spare.poll();
        return array == null ? new byte[Math.min(SMALLEST_SPARE, options.threshold())] : array;
    }

    void takeBack(byte[] array) {
        if (array.length >= SMALLEST_SPARE && array.length <= LARGEST_SPARE) {
            // If there are enough of them, the garbage collector takes this one.
            spare.offer(array);
        }
    }

    /** Takes an array as it is, whatever its size, without a copy; the caller must not change it afterwards. */
    public Octets of(byte[] octets) {
        return new Octets(octets, octets.length);
    }

    /** Reads a stream to its end; blocks on it; does not close it. */
    public Octets copy(InputStream in) throws IOException {
        try (SpoolWriter writer = newWriter(-1)) {
            in.transferTo(writer);
            return writer.finish();
        }
    }

    /** How many files are open at the moment. */
    public long openFiles() {
        return openFiles.get();
    }

    SpoolOptions options() {
        return options;
    }

    SpoolFile newFile() throws SpoolException {
        Path directory = options.directory();
        try {
            Path path = Files.createTempFile(directory, "mailproto-", ".spool");
            SpoolFile file = new SpoolFile(directory, path, openFiles::decrementAndGet);
            openFiles.incrementAndGet();
            return file;
        } catch (IOException e) {
            throw new SpoolException(directory, "making a file", e);
        }
    }

    Octets own(SpoolFile file, long size) {
        Octets octets = new Octets(file, size);
        file.onRelease(cleaner.register(octets, file));
        return octets;
    }
}
