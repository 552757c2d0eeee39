package io.mailproto.examples.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeFileNameTest {
    @ParameterizedTest
    @CsvSource({
        "report.pdf, report.pdf",
        "Häfen € und Brücken.png, Häfen € und Brücken.png",
        "../../etc/cron.d/evil, evil",
        "C:\\Windows\\system32\\evil.dll, evil.dll",
        ".bashrc, bashrc",
        "a:b*c?.txt, a_b_c_.txt",
        "CON, _CON",
        "nul.txt, _nul.txt",
        "lpt1.log, _lpt1.log",
        "trailing dots..., trailing dots",
    })
    void keepsWhatIsHarmlessAndNothingElse(String name, String safe) {
        assertThat(SafeFileName.of(name)).isEqualTo(safe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "..", " .. ", "/", "a/", "...."})
    void hasANameForWhatHasNone(String name) {
        assertThat(SafeFileName.of(name)).isEqualTo("unnamed");
    }

    @Test
    void takesNoNameForNoName() {
        assertThat(SafeFileName.of(null)).isEqualTo("unnamed");
    }

    @Test
    void replacesControlCharacters() {
        assertThat(SafeFileName.of("a\r\nb\0c.txt")).isEqualTo("a__b_c.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"long", "長い名前", "🎉🧰"})
    void cutsLongNamesToWhatFileSystemsTakeAndKeepsTheExtension(String word) {
        String safe = SafeFileName.of(word.repeat(100) + ".txt");

        assertThat(safe).endsWith(".txt");
        assertThat(safe.getBytes(StandardCharsets.UTF_8).length).isBetween(20, 255);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(safe)).isTrue();
    }
}
