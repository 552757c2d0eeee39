package io.mailproto.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {

    private static final int THRESHOLD = 1000;
    private static final int LARGE = 300_000;

    @TempDir
    private Path directory;

    private Spool spool;

    @BeforeEach
    void open() {
        spool = new Spool(new SpoolOptions(THRESHOLD, directory));
    }

    private static byte[] random(int size) {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        return octets;
    }

    private Octets spooled(byte[] octets) throws IOException {
        try (SpoolWriter writer = spool.newWriter(-1)) {
            writer.write(octets);
            return writer.finish();
        }
    }

    private List<Path> visibleFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    // ---- memory or file

    @ParameterizedTest(name = "{0} octets, threshold {1}: in memory {2}")
    @CsvSource({
        "0, 1000, true",
        "1, 1000, true",
        "999, 1000, true",
        "1000, 1000, true",
        "1001, 1000, false",
        "0, 0, true",
        "1, 0, false",
        "65535, 1000, false",
        "65536, 1000, false",
        "65537, 1000, false",
        "131072, 65536, false",
        "131073, 65536, false",
        "65535, 65536, true",
        "65536, 65536, true",
        "65537, 65536, false"
    })
    void keepsOctetsInMemoryUpToTheThresholdAndInAFileBeyond(int size, int threshold, boolean inMemory)
            throws IOException {
        byte[] octets = random(size);
        for (int chunk : new int[] {1, 7, 8192, 65_535, 65_536, 65_537, Math.max(size, 1)}) {
            for (long announced : new long[] {-1, 0, size, Long.MAX_VALUE}) {
                Spool some = new Spool(new SpoolOptions(threshold, directory));
                Octets kept;
                try (SpoolWriter writer = some.newWriter(announced)) {
                    for (int from = 0; from < size; from += chunk) {
                        writer.write(octets, from, Math.min(chunk, size - from));
                    }
                    assertThat(writer.size()).isEqualTo(size);
                    kept = writer.finish();
                }
                assertThat(kept.isInMemory()).isEqualTo(inMemory);
                assertThat(kept.size()).isEqualTo(size);
                assertThat(kept.toByteArray()).isEqualTo(octets);
                assertThat(some.openFiles()).isEqualTo(inMemory ? 0 : 1);
                kept.release();
                assertThat(some.openFiles()).isZero();
            }
        }
    }

    @Test
    void takesSingleOctets() throws IOException {
        byte[] octets = random(70_000);
        try (SpoolWriter writer = spool.newWriter(-1)) {
            for (byte octet : octets) {
                writer.write(octet & 0xff);
            }
            assertThat(writer.finish().toByteArray()).isEqualTo(octets);
        }
    }

    @Test
    void whatWasAnnouncedAndDidNotComeIsNotHeld() throws IOException {
        try (SpoolWriter writer = new Spool(SpoolOptions.defaults()).newWriter(1_000_000)) {
            writer.write(random(20));
            assertThat(writer.finish().memoryOrNull()).hasSize(20);
        }
    }

    @Test
    void copiesAStreamAndLeavesItOpen() throws IOException {
        byte[] octets = random(LARGE);
        boolean[] closed = new boolean[1];
        InputStream in = new java.io.ByteArrayInputStream(octets) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        assertThat(spool.copy(in).toByteArray()).isEqualTo(octets);
        assertThat(closed[0]).isFalse();
    }

    @Test
    void showsNoFileInTheDirectoryWhileOneIsOpen() throws IOException {
        try (SpoolWriter writer = spool.newWriter(-1)) {
            writer.write(random(LARGE));
            assertThat(spool.openFiles()).isEqualTo(1);
            assertThat(visibleFiles()).isEmpty();
            Octets octets = writer.finish();
            assertThat(visibleFiles()).isEmpty();
            octets.release();
        }
    }

    // ---- reading

    @ParameterizedTest
    @ValueSource(ints = {500, LARGE})
    void opensPartsAndRefusesWhatIsBeyondTheEnd(int size) throws IOException {
        byte[] all = random(size);
        Octets octets = spooled(all);

        assertThat(octets.open(0, 0)).isEmpty();
        assertThat(octets.open(size, 0)).isEmpty();
        assertThat(octets.open(17, 400)).hasBinaryContent(Arrays.copyOfRange(all, 17, 417));
        assertThat(octets.open(size - 3L, 3)).hasBinaryContent(Arrays.copyOfRange(all, size - 3, size));
        assertThatThrownBy(() -> octets.open(1, size)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> octets.open(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, LARGE})
    void marksResetsAndSkips(int size) throws IOException {
        byte[] all = random(size);
        InputStream in = spooled(all).open();

        assertThat(in.markSupported()).isTrue();
        assertThat(in.available()).isEqualTo(size);
        assertThat(in.skip(100)).isEqualTo(100);
        in.mark(0);
        assertThat(in.readNBytes(50)).isEqualTo(Arrays.copyOfRange(all, 100, 150));
        in.reset();
        assertThat(in.read()).isEqualTo(all[100] & 0xff);
        assertThat(in.skip(-5)).isZero();
        assertThat(in.skip(Long.MAX_VALUE)).isEqualTo(size - 101);
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.available()).isZero();
        in.reset();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        assertThat(in.transferTo(rest)).isEqualTo(size - 100);
        assertThat(rest.toByteArray()).isEqualTo(Arrays.copyOfRange(all, 100, size));
    }

    @Test
    void resetWithoutMarkGoesToTheBeginningOfThePart() throws IOException {
        byte[] all = random(LARGE);
        InputStream in = spooled(all).open(10, 100);
        assertThat(in.readNBytes(30)).hasSize(30);
        in.reset();
        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(all, 10, 110));
    }

    @ParameterizedTest
    @ValueSource(ints = {900, LARGE})
    void isReadByManyThreadsAtOnce(int size) throws Exception {
        byte[] all = random(size);
        Octets octets = spooled(all);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<byte[]>> copies = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                int chunk = 1 + i * 1237 % 20_000;
                copies.add(threads.submit(() -> readInChunks(octets.open(), chunk)));
            }
            for (Future<byte[]> copy : copies) {
                assertThat(copy.get(30, TimeUnit.SECONDS)).isEqualTo(all);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static byte[] readInChunks(InputStream in, int chunk) throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        byte[] buffer = new byte[chunk];
        int read;
        while ((read = in.read(buffer)) > 0) {
            copy.write(buffer, 0, read);
        }
        return copy.toByteArray();
    }

    @Test
    void anInterruptedReaderHarmsNobody() throws Exception {
        byte[] all = random(LARGE);
        Octets octets = spooled(all);
        InputStream other = octets.open();
        assertThat(other.readNBytes(10)).hasSize(10);
        byte[][] read = new byte[1][];
        CountDownLatch done = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            Thread.currentThread().interrupt();
            try {
                read[0] = octets.toByteArray();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                done.countDown();
            }
        });
        reader.start();

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(read[0]).isEqualTo(all);
        assertThat(other.readAllBytes()).isEqualTo(Arrays.copyOfRange(all, 10, LARGE));
        assertThat(octets.open()).hasBinaryContent(all);
    }

    @Test
    void anInterruptedWriterGoesOn() throws IOException {
        byte[] all = random(LARGE);
        Thread.currentThread().interrupt();
        try {
            assertThat(spooled(all).toByteArray()).isEqualTo(all);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    // ---- the end of a file

    @Test
    void isFreedEarlyByRelease() throws IOException {
        Octets octets = spooled(random(LARGE));
        InputStream open = octets.open();
        assertThat(octets.isReleased()).isFalse();

        octets.release();
        octets.release();

        assertThat(spool.openFiles()).isZero();
        assertThat(octets.isReleased()).isTrue();
        assertThat(octets).hasToString(LARGE + " octets released");
        assertThatThrownBy(octets::open).isInstanceOf(SpoolException.class).hasMessageContaining("released");
        assertThatThrownBy(open::read)
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("released")
                .hasMessageContaining(directory.toString());
        assertThatThrownBy(octets::toByteArray).isInstanceOf(SpoolException.class);
    }

    @Test
    void releaseLeavesOctetsInMemoryReadable() throws IOException {
        byte[] all = random(100);
        Octets octets = spooled(all);
        octets.release();
        assertThat(octets.isReleased()).isFalse();
        assertThat(octets.toByteArray()).isEqualTo(all);
    }

    @Test
    void isFreedWhenNobodyCanReachIt() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(spooled(random(2000 + i)).size()).isEqualTo(2000 + i);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return spool.openFiles() == 0;
        });
    }

    @Test
    void livesAsLongAsAStreamOverIt() throws IOException {
        byte[] all = random(LARGE);
        InputStream in = spooled(all).open();
        spooled(all);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return spool.openFiles() == 1;
        });
        assertThat(in.readAllBytes()).isEqualTo(all);
    }

    // ---- the writer

    @Test
    void isFreedWhenTheWriterIsAbandonedOrOnlyClosed() throws IOException {
        SpoolWriter abandoned = spool.newWriter(-1);
        abandoned.write(random(LARGE));
        abandoned.abandon();
        abandoned.abandon();
        assertThat(spool.openFiles()).isZero();

        try (SpoolWriter closed = spool.newWriter(LARGE)) {
            closed.write(random(LARGE));
            assertThat(spool.openFiles()).isEqualTo(1);
        }
        assertThat(spool.openFiles()).isZero();
        assertThat(visibleFiles()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, LARGE})
    void refusesToGoOnAfterItsEnd(int size) throws IOException {
        SpoolWriter finished = spool.newWriter(-1);
        finished.write(random(size));
        Octets octets = finished.finish();
        finished.close();

        assertThatThrownBy(() -> finished.write(1))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("ended");
        assertThatThrownBy(finished::finish).isInstanceOf(SpoolException.class).hasMessageContaining("ended");
        assertThat(octets.toByteArray()).as("untouched by all that").isEqualTo(random(size));

        SpoolWriter abandoned = spool.newWriter(-1);
        abandoned.write(random(size));
        abandoned.abandon();
        assertThatThrownBy(() -> abandoned.write(1)).isInstanceOf(SpoolException.class);
        assertThatThrownBy(abandoned::finish).isInstanceOf(SpoolException.class);
    }

    // ---- options

    @Test
    void refusesANegativeThreshold() {
        assertThatThrownBy(() -> new SpoolOptions(-1, directory)).hasMessageContaining("-1");
        assertThat(SpoolOptions.defaults().threshold()).isEqualTo(128 * 1024);
    }
}
