package io.mailproto.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mailproto.testing.Transcript.Entry;
import io.mailproto.testing.Transcript.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptParsingTest {
    @Test
    void knowsWhoSpeaksAndWhatTheDirectivesAre() {
        List<Entry> entries = Transcript.parse("""
                # a remark

                S: hello
                C~ EHLO .*
                -- {12}
                -- S {7}
                -- wait 2s
                -- tls
                -- close
                """).entries();

        assertThat(entries)
                .extracting(Entry::number, Entry::kind, Entry::side, Entry::count)
                .containsExactly(
                        tuple(3, Kind.LINE, Side.SERVER, 7L),
                        tuple(4, Kind.PATTERN, Side.CLIENT, 0L),
                        tuple(5, Kind.OCTETS, Side.CLIENT, 12L),
                        tuple(6, Kind.OCTETS, Side.SERVER, 7L),
                        tuple(7, Kind.WAIT, Side.SERVER, 2000L),
                        tuple(8, Kind.TLS, Side.SERVER, 0L),
                        tuple(9, Kind.CLOSE, Side.SERVER, 0L));
    }

    @ParameterizedTest
    @MethodSource
    void readsEscapesAsOctets(String line, String octets) {
        assertThat(Transcript.parse(line).entries().get(0).octets())
                .isEqualTo(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Stream<Arguments> readsEscapesAsOctets() {
        return Stream.of(
                arguments("C: x", "x\r\n"),
                arguments("C:", "\r\n"),
                arguments("C: ", "\r\n"),
                arguments("C: a\\s", "a \r\n"),
                arguments("C: a\\sb", "a\\sb\r\n"),
                arguments("C: a\\xffb", "a\u00ffb\r\n"),
                arguments("C: a\\x00", "a\u0000\r\n"),
                arguments("C: a\\rb\\nc", "a\rb\nc\r\n"),
                arguments("C: half\\c", "half"),
                arguments("C: (\\Seen \\Deleted)", "(\\Seen \\Deleted)\r\n"),
                arguments("C: (\\\\recent)", "(\\recent)\r\n"),
                arguments("C: \r", "\r\r\n"));
    }

    @Test
    void takesOtherCharactersAsUtf8() {
        assertThat(Transcript.parse("S: ü\uD83D\uDC1D").entries().get(0).octets())
                .isEqualTo("ü\uD83D\uDC1D\r\n".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: a", "C:a", "hello", "-- jump", "-- {12}", "C~ (", "S: x\n-- close\nS: y", "C~"})
    void refusesWhatMakesNoSenseAndSaysWhere(String text) {
        assertThatThrownBy(() -> Transcript.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("transcript line ");
    }

    @Test
    void refusesToSayAPattern() {
        assertThatThrownBy(() -> ScriptedPeer.serving("S~ 220 .*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("transcript line 1: S~ 220 .*: a pattern cannot be said, only listened for");
    }

    @Test
    void showsOctetsAsTheyWouldBeWritten() {
        assertThat(Transcript.escape("a\rb\nc\u00e4\r\n".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo("a\\rb\\nc\\xe4");
        assertThat(Transcript.escape("half".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo("half\\c");
    }
}
