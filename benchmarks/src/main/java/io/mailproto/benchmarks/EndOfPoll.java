package io.mailproto.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.PollingConsumerPollStrategy;

/** Learns when the first poll of a consumer is over, and how. */
final class EndOfPoll implements PollingConsumerPollStrategy {
    private final CompletableFuture<Integer> polled = new CompletableFuture<>();

    /** Waits for the end of the first poll; returns how many messages it brought. */
    int await(long timeout, TimeUnit unit) throws InterruptedException, TimeoutException, ExecutionException {
        return polled.get(timeout, unit);
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        return true;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        polled.complete(polledMessages);
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
        polled.completeExceptionally(cause);
        return false;
    }
}
