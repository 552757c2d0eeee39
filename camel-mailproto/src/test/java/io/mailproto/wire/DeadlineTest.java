package io.mailproto.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void isOverWhenItsTimeHasPassed() {
        // Nanosecond clocks may begin anywhere and overflow.
        AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
        Deadline deadline = Deadline.in(Duration.ofNanos(10), clock::get);

        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(10));
        clock.addAndGet(9);
        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(1));
        clock.addAndGet(1);
        assertThat(deadline.isOver()).isTrue();
        clock.addAndGet(1000);
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.budget()).isEqualTo(Duration.ofNanos(10));
    }

    @Test
    void needsAPositiveTime() {
        assertThatThrownBy(() -> Deadline.in(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Deadline.in(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesTimesThatDoNotFitIntoNanoseconds() {
        assertThat(Deadline.in(Duration.ofDays(365 * 1000L)).isOver()).isFalse();
    }

    @Test
    void saysItsTimeInWords() {
        assertThat(Deadline.in(Duration.ofMinutes(10))).hasToString("10 min");
        assertThat(Deadline.in(Duration.ofSeconds(90))).hasToString("90 s");
        assertThat(Deadline.in(Duration.ofMillis(250))).hasToString("250 ms");
    }
}
