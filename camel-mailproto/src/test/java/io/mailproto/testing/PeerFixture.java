package io.mailproto.testing;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real server for tests. As a static {@code @RegisterExtension} field it is started once before the tests of the
 * class, in a directory of its own, and stopped and cleaned away after them; or it is started by
 * {@code startOrSkip(directory)} and closed by the caller. Where it is not installed the tests are skipped.
 */
public abstract class PeerFixture implements BeforeAllCallback, AfterAllCallback, Closeable {
    /** Another process may take a port between our look and the server's bind. */
    private static final int TRIES = 5;

    private Path directory;
    private boolean isDirectoryOurs;
    private boolean isRunning;
    private int users;

    PeerFixture() {}

    /** Skips the test if this server cannot run here. */
    abstract void requireAvailable();

    /** Starts it on free ports with all its state below the directory, and waits for its greeting. */
    abstract void launch(Path below) throws IOException;

    /** Ends its processes and gives its ports back; harmless if it does not run. */
    abstract void shutDown() throws IOException;

    final void start(Path below) throws IOException {
        requireAvailable();
        directory = below;
        PeerDirectory.open(below);
        for (int i = 1; !isRunning; i++) {
            try {
                launch(below);
                isRunning = true;
            } catch (PeerProcess.NotStarted e) {
                shutDown();
                if (i == TRIES || !e.getMessage().contains("already in use")) {
                    throw e;
                }
            }
        }
    }

    /** Starts it in a directory of its own unless it runs. */
    final void startIfNeeded() throws IOException {
        if (!isRunning) {
            requireAvailable();
            isDirectoryOurs = true;
            start(PeerDirectory.make("peer"));
        }
    }

    /** Where all its state is. */
    public final Path directory() {
        requireRunning();
        return directory;
    }

    final void requireRunning() {
        if (!isRunning) {
            throw new IllegalStateException(getClass().getSimpleName() + " has not been started");
        }
    }

    @Override
    public final void beforeAll(ExtensionContext context) throws IOException {
        // Nested test classes come here too.
        users++;
        startIfNeeded();
    }

    @Override
    public final void afterAll(ExtensionContext context) throws IOException {
        users--;
        if (users == 0) {
            close();
        }
    }

    /** Stops it; what {@code extension()} wrote is removed, a directory that was given is left to its owner. */
    @Override
    public final void close() throws IOException {
        isRunning = false;
        shutDown();
        if (isDirectoryOurs && directory != null) {
            PeerDirectory.delete(directory);
            directory = null;
        }
    }
}
