package io.mailproto.smtp.client;

import java.io.OutputStream;
import java.util.Arrays;

/** Octets that wait to be sent as one chunk. Grows as needed and is used again and again; for one thread. */
final class ChunkBuffer extends OutputStream {
    private static final int FIRST = 4096;

    private byte[] octets = new byte[FIRST];
    private int used;

    @Override
    public void write(int octet) {
        makeRoom(1);
        octets[used++] = (byte) octet;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        makeRoom(length);
        System.arraycopy(source, offset, octets, used, length);
        used += length;
    }

    private void makeRoom(int length) {
        if (length > octets.length - used) {
            octets = Arrays.copyOf(octets, Math.max(Math.addExact(used, length), octets.length * 2));
        }
    }

    byte[] octets() {
        return octets;
    }

    int size() {
        return used;
    }

    void clear() {
        used = 0;
    }
}
