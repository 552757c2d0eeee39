package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class PeerCommandTest {
    @Test
    void capturesOutputExitCodeAndGivesInput() throws Exception {
        PeerCommand.Result result = PeerCommand.of("sh", "-c", "cat; echo $WORD >&2; exit 3")
                .input("in\n")
                .environment("WORD", "err")
                .run();

        assertThat(result.output()).isEqualTo("in\nerr\n");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThatThrownBy(result::orFail).isInstanceOf(AssertionError.class).hasMessageContaining("ended with 3:\nin");
    }

    @Test
    void killsWhatDoesNotEnd() {
        assertThatThrownBy(() -> PeerCommand.of("sh", "-c", "echo so far; sleep 60")
                        .within(Duration.ofMillis(300))
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("so far");
    }

    @Test
    void runsPython() throws Exception {
        assertThat(PeerCommand.python("import sys; print(sys.argv[1])", "hello")
                        .run()
                        .orFail()
                        .lines())
                .containsExactly("hello");
    }

    @Test
    void skipsTheTestIfTheProgramIsNotThere() {
        assertThatThrownBy(() -> PeerCommand.run("no-such-program"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("peer not installed: no-such-program");
    }
}
