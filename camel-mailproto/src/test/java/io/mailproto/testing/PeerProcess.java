package io.mailproto.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A server process that a test started. Stopped by its handle, with all its children; also when the JVM ends. */
final class PeerProcess implements Closeable {
    private static final Duration START = Duration.ofSeconds(15);
    private static final Duration END = Duration.ofSeconds(3);

    private final Process process;
    private final Path log;
    private final Thread atJvmExit;

    /** The server ended, or did not greet in time; the message has its log. */
    static final class NotStarted extends IOException {
        private static final long serialVersionUID = 1L;

        NotStarted(String message) {
            super(message);
        }
    }

    private PeerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.atJvmExit = new Thread(this::kill, "kill-peer-" + process.pid());
        Runtime.getRuntime().addShutdownHook(atJvmExit);
    }

    /** Starts a command in the foreground; what it says goes to a file. */
    static PeerProcess start(Path log, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new PeerProcess(process, log);
    }

    /** Waits until a connection to the port brings a line with the word; a port that is merely open is not ready. */
    void awaitGreeting(int port, String word) throws IOException {
        await(() -> greets(port, word));
    }

    /** Waits until the port takes connections; for servers that do not greet. */
    void awaitOpenPort(int port) throws IOException {
        await(() -> isOpen(port));
    }

    private void await(BooleanSupplier isReady) throws IOException {
        long end = System.nanoTime() + START.toNanos();
        while (!isReady.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                String how = process.isAlive() ? "did not greet within " + START : "ended with " + process.exitValue();
                throw new NotStarted(process.info().command().orElse("the peer") + " " + how + "; its log:\n" + log());
            }
            try {
                if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                    continue;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            // Not yet: it is asked again until the time is over.
            return false;
        }
    }

    private static boolean greets(int port, String word) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(2000);
            StringBuilder greeting = new StringBuilder();
            int octet = socket.getInputStream().read();
            while (octet >= 0) {
                greeting.append((char) octet);
                if (octet == '\n' && greeting.indexOf(word) >= 0) {
                    return true;
                }
                octet = socket.getInputStream().read();
            }
            return false;
        } catch (IOException e) {
            // Not yet: it is asked again until the time is over.
            return false;
        }
    }

    /** What the server has said so far. */
    String log() throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The server first, then its children as they are now. */
    List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    long pid() {
        return process.pid();
    }

    /** Kills the server and its children and waits for their end. Their state is thrown away, so no time is given. */
    @Override
    public void close() throws IOException {
        kill();
        Runtime.getRuntime().removeShutdownHook(atJvmExit);
    }

    private void kill() {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        long end = System.nanoTime() + END.toNanos();
        // Not onExit(): for grandchildren the JDK looks only every few hundred milliseconds.
        while ((process.isAlive() || family.stream().anyMatch(PeerProcess::isWorking)) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** An orphan may stay as a zombie for seconds until it is reaped: it has no program any more, and no ports. */
    static boolean isWorking(ProcessHandle handle) {
        return handle.isAlive() && handle.info().command().isPresent();
    }
}
