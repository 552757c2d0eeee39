package io.mailproto.component.imap;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.spi.ScheduledPollConsumerScheduler;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a consumer poll whenever there is news, instead of by the clock. One thread polls and runs the route, and waits in
 * between. Polls are Camel's in all other respects: they are counted, their errors make it to the health check.
 */
final class IdleScheduler extends ServiceSupport implements ScheduledPollConsumerScheduler {
    private static final Logger LOG = LoggerFactory.getLogger(IdleScheduler.class);

    private final IdleWatch watch;
    private final Duration initialDelay;
    private CamelContext context;
    private Consumer consumer;
    private Runnable task;
    private ExecutorService executor;
    private volatile boolean isScheduled;
    private volatile boolean isStarted;

    IdleScheduler(IdleWatch watch, Duration initialDelay) {
        this.watch = watch;
        this.initialDelay = initialDelay;
    }

    @Override
    public void onInit(Consumer scheduled) {
        consumer = scheduled;
    }

    @Override
    public void scheduleTask(Runnable poll) {
        task = poll;
        isScheduled = true;
    }

    @Override
    public void unscheduleTask() {
        isScheduled = false;
        watch.stop();
    }

    @Override
    protected void doStart() {
        executor = context.getExecutorServiceManager().newSingleThreadExecutor(consumer, "ImapIdle");
    }

    @Override
    public void startScheduler() {
        if (!isStarted) {
            isStarted = true;
            executor.execute(this::pollForEver);
        }
    }

    @Override
    public boolean isSchedulerStarted() {
        return isStarted;
    }

    @Override
    protected void doStop() {
        isScheduled = false;
        watch.stop();
        if (executor != null) {
            // Not interrupted: a poll ends by itself when the consumer stops, and must be able to tell the server.
            context.getExecutorServiceManager().shutdown(executor);
            executor = null;
        }
    }

    private void pollForEver() {
        try {
            watch.pause(initialDelay);
            while (isScheduled) {
                task.run();
                if (isScheduled) {
                    watch.awaitReasonToPoll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.debug("{}: interrupted, no more polls", consumer, e);
        } finally {
            isStarted = false;
            watch.ended();
        }
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }
}
