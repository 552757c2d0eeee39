package io.mailproto.component.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoginPauseTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
    private final LoginPause pause = new LoginPause(now::get);

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void withoutALoginNothingKeepsUs() {
        assertThat(pause.left()).isZero();
    }

    @Test
    void theTimeThatTheServerAsksForRunsFromTheLogin() {
        pause.loggedIn(Duration.ofSeconds(720));
        assertThat(pause.left()).hasSeconds(720);
        pass(719);
        assertThat(pause.left()).hasSeconds(1);
        pass(1);
        assertThat(pause.left()).isZero();
        pause.loggedIn(Duration.ZERO);
        assertThat(pause.left()).isZero();
    }
}
