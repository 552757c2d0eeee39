package io.mailproto.spool;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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
    private final boolean isLent;
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
        this.isLent = false;
    }

    /** @param lent an array of the spool's, which gets it back */
    SpoolWriter(Spool spool, byte[] lent) {
        this.spool = spool;
        this.threshold = spool.options().threshold();
        this.buffer = lent;
        this.isLent = true;
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

    /**
     * Writes characters that are octets: of each the lowest eight bits. Without an array in between, which for most mails
     * would be all of the mail once more.
     */
    public void writeOctets(CharSequence text) throws SpoolException {
        int length = text.length();
        if (ended || file != null || size + length > threshold) {
            write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        makeRoom(length);
        byte[] target = buffer;
        for (int i = 0, at = buffered; i < length; i++, at++) {
            target[at] = (byte) text.charAt(i);
        }
        buffered += length;
        size += length;
    }

    private void makeRoom(int length) {
        if (buffered + length > buffer.length) {
            long grown = Math.max(buffered + (long) length, Math.max(SMALLEST_BUFFER, buffer.length * 2L));
            // The smaller one is not given back: whoever borrowed it next would have to leave it as well.
            buffer = Arrays.copyOf(buffer, (int) Math.min(grown, threshold));
        }
    }

    private void giveBack(byte[] array) {
        if (isLent) {
            spool.takeBack(array);
        }
    }

    private void keepInMemory(byte[] octets, int offset, int length) {
        makeRoom(length);
        System.arraycopy(octets, offset, buffer, buffered, length);
        buffered += length;
    }

    private void moveToFile() throws SpoolException {
        file = spool.newFile();
        if (buffered > 0) {
            file.append(buffer, 0, buffered);
        }
        giveBack(buffer);
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
            boolean isWasteful = !isLent && buffer.length - buffered > SMALLEST_BUFFER + buffered / 4;
            byte[] kept = isWasteful ? Arrays.copyOf(buffer, buffered) : buffer;
            Octets octets = new Octets(kept, buffered, isLent ? spool : null);
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
        if (file != null) {
            file.release();
        } else {
            giveBack(buffer);
        }
        buffer = null;
    }

    @Override
    public void close() {
        abandon();
    }
}
