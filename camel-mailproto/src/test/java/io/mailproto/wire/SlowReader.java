package io.mailproto.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes one connection and reads 32 KiB of it after each pause, through a small receive buffer. */
final class SlowReader implements Closeable {
    private final ServerSocket listener = new ServerSocket();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Long> all = new CompletableFuture<>();
    private final long start = System.nanoTime();
    private volatile long end;

    SlowReader(long octets, Duration pause) throws IOException {
        listener.setReceiveBufferSize(32 * 1024);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread thread = new Thread(() -> read(octets, pause), "slow-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(long octets, Duration pause) {
        byte[] buffer = new byte[32 * 1024];
        try (Socket socket = listener.accept()) {
            long total = 0;
            while (total < octets && !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                int count =
                        socket.getInputStream().readNBytes(buffer, 0, (int) Math.min(buffer.length, octets - total));
                if (count == 0) {
                    break;
                }
                total += count;
            }
            end = System.nanoTime();
            all.complete(total);
        } catch (IOException e) {
            all.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    HostPort address() {
        return new HostPort("127.0.0.1", listener.getLocalPort());
    }

    /** How much came; waits for it. */
    long awaitAll() throws Exception {
        return all.get(20, TimeUnit.SECONDS);
    }

    Duration took() {
        return Duration.ofNanos(end - start);
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
    }
}
