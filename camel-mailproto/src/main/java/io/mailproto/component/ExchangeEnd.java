package io.mailproto.component;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;

/** Decides about one mail when its exchange, or the one it was handed to, completes: once. Thread-safe. */
final class ExchangeEnd implements Synchronization {
    private final String name;
    private final Consumer<Exchange> accepted;
    private final Consumer<Exchange> refused;
    private final AtomicBoolean done = new AtomicBoolean();

    ExchangeEnd(String name, Consumer<Exchange> accepted, Consumer<Exchange> refused) {
        this.name = name;
        this.accepted = accepted;
        this.refused = refused;
    }

    @Override
    public void onComplete(Exchange exchange) {
        decide(exchange);
    }

    @Override
    public void onFailure(Exchange exchange) {
        decide(exchange);
    }

    private void decide(Exchange exchange) {
        if (!done.compareAndSet(false, true)) {
            return;
        }
        boolean failed = exchange.isFailed() || exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
        (failed ? refused : accepted).accept(exchange);
    }

    @Override
    public String toString() {
        return name;
    }
}
