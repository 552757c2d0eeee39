package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of 1 MiB in a directory of the test, for what happens when a disk is full. Needs root. */
public final class SmallDisk implements AutoCloseable {

    /** Its size in octets. */
    public static final int SIZE = 1024 * 1024;

    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /**
     * Mounts it, or skips the test where that is not allowed.
     *
     * @param parent directory to mount it below
     */
    public static SmallDisk mountOrSkip(Path parent) throws IOException {
        Path path = Files.createDirectory(parent.resolve("small-disk"));
        boolean mounted = Files.isExecutable(Path.of("/bin/mount"))
                && run("/bin/mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", path.toString());
        assumeTrue(mounted, "peer needs root: tmpfs");
        return new SmallDisk(path);
    }

    /** The directory. */
    public Path path() {
        return path;
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 && output.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command[0] + " ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Unmounts it; whatever is still open there lives on until it is closed (lazy). */
    @Override
    public void close() throws IOException {
        assertThat(run("/bin/umount", "--lazy", path.toString()))
                .as("unmounting %s", path)
                .isTrue();
    }
}
