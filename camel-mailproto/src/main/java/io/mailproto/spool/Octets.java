package io.mailproto.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * A finished run of octets, in memory or in a spool file. Immutable and thread-safe; read as often as one likes, by
 * several threads at a time. A file behind it is freed by {@link #release()} or when neither the octets nor a stream
 * over them can be reached any more.
 */
public final class Octets {

    private static final int COPY_BUFFER = 64 * 1024;

    private static final AtomicReferenceFieldUpdater<Octets, byte[]> MEMORY =
            AtomicReferenceFieldUpdater.newUpdater(Octets.class, byte[].class, "memory");

    /** Null if they are in a file, or were in an array that has been given back. */
    private volatile byte[] memory;

    private final SpoolFile file;
    /** Who gets the array back; null if nobody. */
    private final Spool lender;

    private final long size;

    Octets(byte[] memory, int size) {
        this(memory, size, null);
    }

    /** @param lender who gets the array back when these are released */
    Octets(byte[] memory, int size, Spool lender) {
        this.memory = memory;
        this.file = null;
        this.lender = lender;
        this.size = size;
    }

    Octets(SpoolFile file, long size) {
        this.memory = null;
        this.file = file;
        this.lender = null;
        this.size = size;
    }

    /** Octets that are in memory already; the array is not copied and must not be changed afterwards. */
    public static Octets of(byte[] octets) {
        return new Octets(octets, octets.length);
    }

    public long size() {
        return size;
    }

    /** A new stream from the first octet. Needs no closing, but may be closed. */
    public InputStream open() throws SpoolException {
        return open(0, size);
    }

    /**
     * A new stream over a part.
     *
     * @param from first octet, 0 up to {@link #size()}
     * @param length number of octets, not beyond the end
     */
    public InputStream open(long from, long length) throws SpoolException {
        Objects.checkFromIndexSize(from, length, size);
        if (isReleased()) {
            throw new SpoolException("these octets have been released");
        }
        return new OctetsInputStream(this, from, from + length);
    }

    /** Writes all octets; blocks on the target; does not close it. */
    public void writeTo(OutputStream target) throws IOException {
        writeTo(target, 0, size);
    }

    /** Writes a part, as {@link #open(long, long)} has it; blocks on the target; does not close it. */
    public void writeTo(OutputStream target, long from, long length) throws IOException {
        Objects.checkFromIndexSize(from, length, size);
        byte[] inMemory = memory;
        if (inMemory != null) {
            target.write(inMemory, (int) from, (int) length);
            return;
        }
        byte[] chunk = new byte[(int) Math.min(length, COPY_BUFFER)];
        long position = from;
        long end = from + length;
        while (position < end) {
            int read = readAt(position, chunk, 0, (int) Math.min(chunk.length, end - position));
            target.write(chunk, 0, read);
            position += read;
        }
    }

    /** A copy on the heap; fails with {@link SpoolException} beyond 2 GiB. */
    public byte[] toByteArray() throws IOException {
        if (size > Integer.MAX_VALUE - 8) {
            throw new SpoolException(size + " octets do not fit into an array; read them as a stream");
        }
        byte[] inMemory = memory;
        if (inMemory != null) {
            return Arrays.copyOf(inMemory, (int) size);
        }
        byte[] all = new byte[(int) size];
        int position = 0;
        while (position < all.length) {
            position += readAt(position, all, position, all.length - position);
        }
        return all;
    }

    public boolean isInMemory() {
        return memory != null;
    }

    /**
     * The array itself, for those who read and would otherwise copy: its first {@link #size()} octets are these. It must
     * not be changed.
     *
     * @return null if they are in a file
     */
    public byte[] memoryOrNull() {
        return memory;
    }

    /**
     * Frees the file now; harmless when repeated, and without effect on octets in memory, unless they are of a {@link
     * Spool#newPassingWriter}.
     */
    public void release() {
        if (file != null) {
            file.release();
        } else if (lender != null) {
            byte[] lent = MEMORY.getAndSet(this, null);
            if (lent != null) {
                lender.takeBack(lent);
            }
        }
    }

    /** True once what is behind the octets was freed: they cannot be read any more. */
    public boolean isReleased() {
        return file != null ? file.isClosed() : memory == null;
    }

    /** Reads at least one octet at a position before the end. */
    int readAt(long position, byte[] target, int offset, int length) throws SpoolException {
        byte[] inMemory = memory;
        if (inMemory != null) {
            System.arraycopy(inMemory, (int) position, target, offset, length);
            return length;
        }
        if (file == null) {
            throw new SpoolException("these octets have been released");
        }
        try {
            int read = file.read(position, target, offset, length);
            if (read <= 0) {
                throw new SpoolException("a spool file is shorter than the " + size + " octets written to it");
            }
            return read;
        } finally {
            // Otherwise the cleaner may close the file under the last read of octets nobody refers to any more.
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String toString() {
        return size + " octets" + (memory != null ? " in memory" : isReleased() ? " released" : " in a file");
    }
}
