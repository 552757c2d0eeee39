package io.mailproto.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A base port such that all wanted ports at fixed distances from it are free on the loopback addresses. The base itself
 * stays bound until {@link #close()}, so that other blocks, also those of other processes, keep away. The others are
 * free when found; whoever starts a server on them tries another block if somebody was faster.
 */
final class PortBlock implements Closeable {
    /** Below the range that Linux takes for outgoing connections and port 0 (32768 and up). */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int SIZE = 100;
    private static final int TRIES = 200;

    private final ServerSocket claim;

    private PortBlock(ServerSocket claim) {
        this.claim = claim;
    }

    /** Finds a block where base + each offset (1 to 99) is free. */
    static PortBlock find(int... offsets) throws IOException {
        IOException last = null;
        for (int i = 0; i < TRIES; i++) {
            int base = ThreadLocalRandom.current().nextInt(LOWEST / SIZE, HIGHEST / SIZE) * SIZE;
            try {
                ServerSocket claim = new ServerSocket(base, 1, InetAddress.getLoopbackAddress());
                try {
                    requireFree(base, offsets);
                    return new PortBlock(claim);
                } catch (IOException e) {
                    claim.close();
                    throw e;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException("no block of free ports found in " + TRIES + " tries", last);
    }

    int at(int offset) {
        return claim.getLocalPort() + offset;
    }

    /** Whether this machine has the address ::1. */
    static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return probe.isBound();
        } catch (IOException e) {
            // That is the answer.
            return false;
        }
    }

    private static void requireFree(int base, int... offsets) throws IOException {
        List<ServerSocket> probes = new ArrayList<>();
        try {
            for (int offset : offsets) {
                // The wildcard address: nobody may hold the port on any address.
                ServerSocket probe = new ServerSocket();
                probes.add(probe);
                probe.bind(new InetSocketAddress(base + offset));
            }
        } finally {
            for (ServerSocket probe : probes) {
                probe.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        claim.close();
    }
}
