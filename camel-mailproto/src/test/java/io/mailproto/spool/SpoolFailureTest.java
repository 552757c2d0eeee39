package io.mailproto.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailproto.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks as they are: missing and full. */
class SpoolFailureTest {

    @TempDir
    private Path directory;

    @Test
    void namesTheDirectoryThatIsMissing() throws IOException {
        Path missing = directory.resolve("missing");
        Spool spool = new Spool(new SpoolOptions(10, missing));
        try (SpoolWriter writer = spool.newWriter(-1)) {
            writer.write(new byte[10]);

            assertThatThrownBy(() -> writer.write(1))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining("spool " + missing)
                    .hasMessageContaining("NoSuchFileException")
                    .hasCauseInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> writer.write(1)).hasMessageContaining("ended");
            assertThatThrownBy(writer::finish).isInstanceOf(SpoolException.class);
        }
        assertThat(spool.openFiles()).isZero();

        Files.createDirectory(missing);
        Octets octets = spool.copy(new java.io.ByteArrayInputStream(new byte[11]));
        assertThat(octets.size()).as("works as soon as the directory is there").isEqualTo(11);
        octets.release();
    }

    @Test
    void smallMailNeedsNoDirectory() throws IOException {
        Spool spool = new Spool(new SpoolOptions(10, directory.resolve("missing")));
        assertThat(spool.copy(new java.io.ByteArrayInputStream(new byte[10])).isInMemory())
                .isTrue();
    }

    @Test
    void namesTheDirectoryThatIsFullAndLeavesNothingBehind() throws Exception {
        try (SmallDisk disk = SmallDisk.mountOrSkip(directory)) {
            Spool spool = new Spool(new SpoolOptions(0, disk.path()));
            byte[] chunk = new byte[100_000];
            Arrays.fill(chunk, (byte) 'x');
            SpoolWriter writer = spool.newWriter(10_000_000);

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            writer.write(chunk);
                        }
                    })
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining("spool " + disk.path())
                    .hasMessageContaining("No space left on device")
                    .hasCauseInstanceOf(IOException.class);

            assertThat(spool.openFiles()).isZero();
            assertThatThrownBy(() -> writer.write(1)).hasMessageContaining("ended");
            writer.close();
            try (Stream<Path> files = Files.list(disk.path())) {
                assertThat(files).isEmpty();
            }
            Octets next = spool.copy(new java.io.ByteArrayInputStream(new byte[900_000]));
            assertThat(next.size()).as("the space is free again").isEqualTo(900_000);
            next.release();
        }
    }

    @Test
    void noticesAtTheEndThatTheRestDoesNotFit() throws Exception {
        try (SmallDisk disk = SmallDisk.mountOrSkip(directory)) {
            Spool spool = new Spool(new SpoolOptions(0, disk.path()));
            Octets rest = spool.copy(new java.io.ByteArrayInputStream(new byte[SmallDisk.SIZE]));
            // Fits into the write buffer, so only finish() comes to the disk.
            SpoolWriter writer = spool.newWriter(-1);
            writer.write(new byte[1000]);

            assertThatThrownBy(writer::finish)
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining("No space left on device");

            assertThat(spool.openFiles()).isEqualTo(1);
            assertThat(rest.open().readAllBytes()).hasSize(SmallDisk.SIZE);
            rest.release();
        }
    }
}
