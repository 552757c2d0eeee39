package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private final AtomicLong clock = new AtomicLong();
    private final InFlight<String> inFlight = new InFlight<>(2, Duration.ofNanos(100), clock::get);

    private static Settlement<String> settlement(String key) {
        return new Settlement<>(key, Settlement.Outcome.ACCEPTED, Settlement.Orders.NONE);
    }

    @Test
    void freesOnlyThoseThatAreOutForTooLong() {
        inFlight.enter("a");
        clock.set(60);
        inFlight.enter("b");

        clock.set(99);
        assertThat(inFlight.expire()).isEmpty();
        clock.set(100);
        assertThat(inFlight.expire()).containsExactly("a");
        assertThat(inFlight.contains("a")).isFalse();
        assertThat(inFlight.contains("b")).isTrue();
    }

    @Test
    void aMailThatWaitsForAConnectionIsNotLost() {
        inFlight.enter("a");
        inFlight.addLate(List.of(settlement("a")));
        clock.set(1000);
        assertThat(inFlight.expire()).isEmpty();
        assertThat(inFlight.takeLate()).containsExactly(settlement("a"));
        assertThat(inFlight.takeLate()).isEmpty();
    }

    @Test
    void aMailWhoseSettlementIsUnderWayIsNotLostHoweverLongItTakes() {
        inFlight.enter("a");
        inFlight.settled("a");
        inFlight.settled("unknown");
        clock.set(1000);
        assertThat(inFlight.expire()).isEmpty();

        inFlight.leave("a");
        inFlight.enter("a");
        clock.set(1100);
        assertThat(inFlight.expire()).containsExactly("a");
    }

    @Test
    void aMailWhoseSettlementCountsAtTheEndOfALongSessionIsNotLostAndTakesNoRoom() {
        inFlight.enter("a");
        inFlight.enter("b");
        assertThat(inFlight.isFull()).isTrue();

        inFlight.awaitEnd("a");
        clock.set(1000);

        assertThat(inFlight.isFull()).isFalse();
        assertThat(inFlight.expire()).containsExactly("b");
        assertThat(inFlight.contains("a")).as("not to be fetched again").isTrue();
        assertThat(inFlight.leave("a")).isTrue();
        assertThat(inFlight.leave("a")).isFalse();
    }

    @Test
    void aLostExchangeThatFailsAfterAllDoesNotFreeTheMailThatIsOutAgain() {
        long lost = inFlight.enter("a");
        clock.set(100);
        assertThat(inFlight.expire()).containsExactly("a");
        long again = inFlight.enter("a");

        inFlight.leave("a", lost);
        assertThat(inFlight.contains("a")).isTrue();

        inFlight.leave("a", again);
        assertThat(inFlight.contains("a")).isFalse();
    }

    @Test
    void countsFailuresUntilSuccess() {
        assertThat(inFlight.failed("a")).isEqualTo(1);
        assertThat(inFlight.failed("a")).isEqualTo(2);
        assertThat(inFlight.failures("a")).isEqualTo(2);
        inFlight.succeeded("a");
        assertThat(inFlight.failures("a")).isZero();
    }
}
