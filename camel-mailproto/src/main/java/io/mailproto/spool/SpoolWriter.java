package io.mailproto.spool;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Takes octets and ends in {@link Octets}. For one thread. Closing without {@link #finish()} abandons what was written.
 * Every write throws {@link SpoolException} when the disk is full; the writer is abandoned then.
 */
public final class SpoolWriter extends OutputStream {

    private static final int SMALLEST_BUFFER = 1024;
    private static final int FILE_BUFFER = 64 * 1024;

    private final Spool spool;
    private final int threshold;
    /** The octets themselves while in memory, the write buffer of the file afterwards. */
    private byte[] buffer;

    private int buffered;
    private long size;
    private SpoolFile file;
    private boolean ended;

    SpoolWriter(Spool spool, long announcedOctets) {
        this.spool = spool;
        this.threshold = spool.options().threshold();
        long first = announcedOctets < 0 ? SMALLEST_BUFFER : Math.min(announcedOctets, threshold);
        this.buffer = new byte[(int) Math.min(first, threshold)];
    }

    @Override
    public void write(int octet) throws SpoolException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets) throws SpoolException {
        write(octets, 0, octets.length);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws SpoolException {
        Objects.checkFromIndexSize(offset, length, octets.length);
        if (ended) {
            throw new SpoolException("this spool writer has ended");
        }
        try {
            if (file == null && size + length > threshold) {
                moveToFile();
            }
            if (file == null) {
                keepInMemory(octets, offset, length);
            } else {
                appendToFile(octets, offset, length);
            }
            size += length;
        } catch (SpoolException e) {
            abandon();
            throw e;
        }
    }

    private void keepInMemory(byte[] octets, int offset, int length) {
        if (buffered + length > buffer.length) {
            long grown = Math.max(buffered + (long) length, Math.max(SMALLEST_BUFFER, buffer.length * 2L));
            buffer = Arrays.copyOf(buffer, (int) Math.min(grown, threshold));
        }
        System.arraycopy(octets, offset, buffer, buffered, length);
        buffered += length;
    }

    private void moveToFile() throws SpoolException {
        file = spool.newFile();
        if (buffered > 0) {
            file.append(buffer, 0, buffered);
        }
        buffer = new byte[FILE_BUFFER];
        buffered = 0;
    }

    private void appendToFile(byte[] octets, int offset, int length) throws SpoolException {
        if (length > buffer.length - buffered) {
            drainToFile();
        }
        if (length >= buffer.length) {
            file.append(octets, offset, length);
            return;
        }
        System.arraycopy(octets, offset, buffer, buffered, length);
        buffered += length;
    }

    private void drainToFile() throws SpoolException {
        if (buffered > 0) {
            file.append(buffer, 0, buffered);
            buffered = 0;
        }
    }

    /** How many octets have been written. */
    public long size() {
        return size;
    }

    /** Ends writing and hands the octets over. The writer is of no use afterwards. */
    public Octets finish() throws SpoolException {
        if (ended) {
            throw new SpoolException("this spool writer has ended");
        }
        if (file == null) {
            ended = true;
            // What a peer announced and did not send is not to be held as long as the octets are.
            boolean isWasteful = buffer.length - buffered > SMALLEST_BUFFER + buffered / 4;
            Octets octets = new Octets(isWasteful ? Arrays.copyOf(buffer, buffered) : buffer, buffered);
            buffer = null;
            return octets;
        }
        try {
            drainToFile();
        } catch (SpoolException e) {
            abandon();
            throw e;
        }
        ended = true;
        buffer = null;
        return spool.own(file, size);
    }

    /** Throws away what was written; harmless after {@link #finish()}. */
    public void abandon() {
        if (ended) {
            return;
        }
        ended = true;
        buffer = null;
        if (file != null) {
            file.release();
        }
    }

    @Override
    public void close() {
        abandon();
    }
}
