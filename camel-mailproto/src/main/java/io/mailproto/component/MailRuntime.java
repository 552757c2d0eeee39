package io.mailproto.component;

import io.mailproto.spool.Spool;
import io.mailproto.spool.SpoolOptions;
import io.mailproto.wire.Watchdog;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.StreamCachingStrategy;
import org.apache.camel.support.service.ServiceSupport;

/**
 * What all mail endpoints of one Camel context share: the watchdog and the spools. Starts with the first endpoint, stops
 * with the context. Thread-safe.
 */
public final class MailRuntime extends ServiceSupport {

    private static final ReentrantLock CREATION = new ReentrantLock();

    private final CamelContext context;
    private final Map<SpoolOptions, Spool> spools = new ConcurrentHashMap<>();
    private final Set<MonitoredMail> monitored = ConcurrentHashMap.newKeySet();
    private ScheduledExecutorService executor;
    private Watchdog watchdog;

    private MailRuntime(CamelContext context) {
        this.context = context;
    }

    /** The context's only one; made and started when first asked for. */
    public static MailRuntime of(CamelContext context) {
        CREATION.lock();
        try {
            MailRuntime present = context.hasService(MailRuntime.class);
            if (present != null) {
                return present;
            }
            MailRuntime created = new MailRuntime(context);
            context.addService(created, true, true);
            created.start();
            return created;
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        } finally {
            CREATION.unlock();
        }
    }

    @Override
    protected void doStart() {
        if (watchdog == null) {
            executor = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "MailWatchdog");
            watchdog = new Watchdog(executor);
        }
    }

    @Override
    protected void doShutdown() {
        if (watchdog != null) {
            watchdog.close();
            context.getExecutorServiceManager().shutdown(executor);
        }
    }

    /** Guards the writes of all connections of the context. */
    public Watchdog watchdog() {
        return watchdog;
    }

    /** Runs short tasks that do not block, such as closing what has been idle for too long. */
    public ScheduledExecutorService scheduler() {
        return executor;
    }

    /** How many connections are open. */
    public int connections() {
        return watchdog.connections();
    }

    /** The consumers and producers that have started and not stopped. */
    public Set<MonitoredMail> monitored() {
        return Set.copyOf(monitored);
    }

    /** A consumer or producer has started. */
    public void started(MonitoredMail one) {
        monitored.add(one);
    }

    /** A consumer or producer has stopped. */
    public void stopped(MonitoredMail one) {
        monitored.remove(one);
    }

    /**
     * The spool for a threshold and a directory.
     *
     * @param directory null for the directory of the stream caching strategy if it has one, else the temp directory
     */
    public Spool spool(int threshold, String directory) {
        Path path = directory != null ? Path.of(directory) : defaultDirectory();
        return spools.computeIfAbsent(new SpoolOptions(threshold, path), Spool::new);
    }

    private Path defaultDirectory() {
        StreamCachingStrategy strategy = context.getStreamCachingStrategy();
        File directory = strategy == null ? null : strategy.getSpoolDirectory();
        return directory != null && Files.isWritable(directory.toPath())
                ? directory.toPath()
                : SpoolOptions.defaults().directory();
    }
}
