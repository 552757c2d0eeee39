package io.mailproto.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The file below {@link Octets}. A {@link RandomAccessFile} under a lock and not a {@code FileChannel}, because an
 * interrupted reader closes a channel for everybody. {@link #run} is the clean-up that the cleaner or an early release
 * triggers; it must not refer to the {@link Octets}.
 */
final class SpoolFile implements Runnable {

    private final Path directory;
    private final RandomAccessFile file;
    private final Runnable afterClose;
    private final ReentrantLock lock = new ReentrantLock();
    /** Not null where the system cannot unlink an open file. */
    private final Path leftover;

    private boolean closed;
    private Cleaner.Cleanable registration;

    SpoolFile(Path directory, Path path, Runnable afterClose) throws IOException {
        this.directory = directory;
        this.afterClose = afterClose;
        try {
            this.file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            // No more files may be open, perhaps; the empty one must not stay.
            Files.deleteIfExists(path);
            throw e;
        }
        this.leftover = unlink(path) ? null : path;
    }

    private static boolean unlink(Path path) {
        try {
            Files.delete(path);
            return true;
        } catch (IOException e) {
            // Windows keeps an open file; it is deleted on release, and at the end of the process at the latest.
            path.toFile().deleteOnExit();
            return false;
        }
    }

    void onRelease(Cleaner.Cleanable cleanable) {
        registration = cleanable;
    }

    void append(byte[] octets, int offset, int length) throws SpoolException {
        lock.lock();
        try {
            file.write(octets, offset, length);
        } catch (IOException e) {
            throw new SpoolException(directory, "writing " + length + " octets", e);
        } finally {
            lock.unlock();
        }
    }

    int read(long position, byte[] target, int offset, int length) throws SpoolException {
        lock.lock();
        try {
            if (closed) {
                throw new SpoolException("spool " + directory + ": these octets have been released");
            }
            file.seek(position);
            return file.read(target, offset, length);
        } catch (SpoolException e) {
            throw e;
        } catch (IOException e) {
            throw new SpoolException(directory, "reading " + length + " octets at " + position, e);
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Closes early and takes the file off the cleaner. */
    void release() {
        if (registration == null) {
            run();
        } else {
            registration.clean();
        }
    }

    @Override
    public void run() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        afterClose.run();
        try {
            file.close();
            if (leftover != null) {
                Files.deleteIfExists(leftover);
            }
        } catch (IOException e) {
            // Seen by whoever released the octets; on the cleaner's thread the JDK drops it, and the file is unlinked.
            throw new UncheckedIOException("spool " + directory + ": closing a file", e);
        }
    }
}
