package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ServerPauseTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
    private final ServerPause pause = new ServerPause(now::get);

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void withoutALoginNothingKeepsUs() {
        assertThat(pause.left()).isZero();
    }

    @Test
    void theTimeThatTheServerAsksForRunsFromTheLogin() {
        pause.welcomed(Duration.ofSeconds(720));
        assertThat(pause.left()).hasSeconds(720);
        pass(719);
        assertThat(pause.left()).hasSeconds(1);
        pass(1);
        assertThat(pause.left()).isZero();
        pause.welcomed(Duration.ZERO);
        assertThat(pause.left()).isZero();
    }

    @Test
    void whoeverComesTooOftenStaysAwayTwiceAsLongEachTime() {
        pause.refused();
        assertThat(pause.left()).hasMinutes(1);
        pass(60);
        pause.refused();
        assertThat(pause.left()).hasMinutes(2);
        for (int i = 0; i < 10; i++) {
            pause.refused();
        }
        assertThat(pause.left()).hasMinutes(16);
        pause.welcomed(Duration.ZERO);
        pause.refused();
        assertThat(pause.left()).hasMinutes(1);
    }

    @Test
    void whatTheServerSaysGoesBeforeAGuess() {
        pause.refusedFor(Duration.ofSeconds(300));
        assertThat(pause.left()).hasSeconds(300);
        pause.welcomed(Duration.ofSeconds(720));
        pass(720);
        pause.refused();
        assertThat(pause.left()).hasSeconds(720);
    }
}
