package io.mailproto.examples.inbox;

import io.mailproto.examples.inbox.Tally.Station;
import io.mailproto.wire.MailFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.support.SimpleEventNotifierSupport;

/** Collects what went wrong: exchanges that failed, and polls that could not be done. Thread-safe. */
final class Failures extends SimpleEventNotifierSupport {
    private static final int MOST_LISTED = 20;

    private final Tally tally;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> counted = new LinkedHashMap<>();
    private int pollsFailedInARow;

    Failures(Tally tally) {
        this.tally = tally;
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof CamelEvent.ExchangeFailedEvent failed) {
            Exchange exchange = failed.getExchange();
            Throwable cause = exchange.getException();
            if (cause == null) {
                cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            }
            add(exchange.getFromRouteId(), cause);
        }
    }

    private void add(String where, Throwable cause) {
        tally.add(Station.FAILED, 1);
        lock.lock();
        try {
            counted.merge(where + ": " + reason(cause), 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    /** A failure of ours names peer, step and cause; of others the innermost says most. */
    private static String reason(Throwable cause) {
        Throwable found = cause;
        while (found != null && !(found instanceof MailFailure) && found.getCause() != null) {
            found = found.getCause();
        }
        return found == null ? "unknown cause" : found.toString();
    }

    /** One line for each different failure, with its number. */
    List<String> lines() {
        lock.lock();
        try {
            return counted.entrySet().stream()
                    .limit(MOST_LISTED)
                    .map(failure -> failure.getValue() == 1
                            ? failure.getKey()
                            : failure.getKey() + " (" + failure.getValue() + " times)")
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** How many polls have failed since the last one that did not. */
    int pollsFailedInARow() {
        lock.lock();
        try {
            return pollsFailedInARow;
        } finally {
            lock.unlock();
        }
    }

    private void setPollsFailedInARow(int count) {
        lock.lock();
        try {
            pollsFailedInARow = count;
        } finally {
            lock.unlock();
        }
    }

    /** For the option {@code pollStrategy}: notes polls that fail, so that they need not be logged. */
    PollingConsumerPollStrategy pollStrategy() {
        return new PollingConsumerPollStrategy() {
            @Override
            public boolean begin(Consumer consumer, Endpoint endpoint) {
                return true;
            }

            @Override
            public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
                setPollsFailedInARow(0);
            }

            @Override
            public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
                setPollsFailedInARow(pollsFailedInARow() + 1);
                add("poll", cause);
                return false;
            }
        };
    }
}
