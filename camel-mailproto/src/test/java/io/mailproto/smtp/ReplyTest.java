package io.mailproto.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words that both roles share. */
class ReplyTest {
    @Test
    void rendersAndClassifies() {
        Reply reply = Reply.of(550, EnhancedStatusCode.parse("5.1.1"), "no such user", "sorry");

        assertThat(reply.toWireLines()).containsExactly("550-5.1.1 no such user", "550 5.1.1 sorry");
        assertThat(reply.isPermanent()).isTrue();
        assertThat(reply.isTransient()).isFalse();
        assertThat(reply.enhanced()).contains(new EnhancedStatusCode(5, 1, 1));
        assertThat(reply.lastLine()).isEqualTo("5.1.1 sorry");
        assertThat(Reply.of(421, "bye").isClosing()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"550, 4.2.2 mismatched class", "550, 5.1 too short", "250, 2.1.1.1 x", "550, 5.1.1234 x", "550, x"})
    void hasNoEnhancedCodeWhenTheTextHasNoneThatFits(int code, String text) {
        assertThat(Reply.of(code, text).enhanced()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\n250 injected", "a\nb", "a\0b", "a\u0085b", "a\u007f"})
    void refusesTextThatWouldBeAnotherReply(String text) {
        assertThatThrownBy(() -> Reply.of(250, text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 199, 600, -1})
    void refusesCodesThatAreNone(int code) {
        assertThatThrownBy(() -> Reply.of(code, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'250 ok', 250",
        "'250-ok', 250",
        "'250', 250",
        "'250\tok', -1",
        "'25', -1",
        "'', -1",
        "'2500', -1",
        "'199 x', -1",
        "'600 x', -1",
        "' 250 x', -1",
        "'+OK', -1"
    })
    void readsTheCodeOfALine(String line, int code) {
        assertThat(ReplyReader.codeOf(line)).isEqualTo(code);
    }

    @Test
    void readsWhatAServerCanDo() {
        Extensions extensions = Extensions.parse(Reply.of(
                250,
                "mx greets STARTTLS",
                "size 1000",
                "Auth PLAIN  login",
                "AUTH=CRAM-MD5",
                "8BITMIME ",
                "",
                "X\u00e4 1"));

        assertThat(extensions.offers("STARTTLS"))
                .as("the first line is the greeting")
                .isFalse();
        assertThat(extensions.maxSize()).hasValue(1000);
        assertThat(extensions.authMechanisms()).containsExactly("PLAIN", "LOGIN", "CRAM-MD5");
        assertThat(extensions.offers("8bitmime")).isTrue();
        assertThat(extensions.keywords()).containsExactly("SIZE", "AUTH", "8BITMIME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "SIZE 0", "SIZE x", "SIZE -1", "SIZE 99999999999999999999"})
    void knowsNoLimitFromASizeThatSaysNone(String line) {
        assertThat(Extensions.parse(Reply.of(250, "mx", line)).maxSize()).isEqualTo(OptionalLong.empty());
    }
}
