package io.mailproto.examples.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuickStartTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"java", "yaml"})
    void movesAllSampleMailsOctetForOctet(String routes) throws Exception {
        Output output = new Output();

        int exit = output.run("--routes=" + routes, "--work=" + folder, "--progress=plain");

        assertThat(exit).as(output.text()).isZero();
        assertThat(output.text())
                .contains("OK: every mail arrived octet for octet")
                .containsPattern("failures +\\| +0 ")
                .containsPattern("received +\\| +78 ")
                .containsPattern("delivered +\\| +78 ");
        Path run = onlyFolderIn(folder);
        List<String> summaries = Files.readAllLines(run.resolve("summaries.jsonl"), StandardCharsets.UTF_8);
        assertThat(summaries).hasSize(78).anySatisfy(line -> assertThat(line).contains("春季体检通知"));
        assertThat(attachmentNames(run)).contains("plan.png", "evil.dll", "Häfen € und Brücken.png", "archive.bin");
    }

    @Test
    void saysWhyAServerCannotBePolled() throws Exception {
        Output output = new Output();

        int exit = output.run(
                "--imap.host=127.0.0.1",
                "--imap.port=1",
                "--imap.username=u",
                "--imap.password=hush",
                "--work=" + folder,
                "--progress=plain");

        assertThat(exit).isEqualTo(1);
        assertThat(output.text())
                .contains("polls in a row have failed", "127.0.0.1:1")
                .doesNotContain("hush");
    }

    @Test
    void saysWhichSettingIsWrong() {
        Output output = new Output();

        assertThat(output.run("--timelimit=soon")).isEqualTo(2);
        assertThat(output.text()).contains("timelimit is not a number: soon");
    }

    @Test
    void saysThatTheSettingsFileIsMissing() {
        Output output = new Output();

        assertThat(output.run("--settings=" + folder.resolve("none.properties")))
                .isEqualTo(2);
        assertThat(output.text()).contains("the file of --settings does not exist", "none.properties");
    }

    private static Path onlyFolderIn(Path folder) throws IOException {
        try (Stream<Path> runs = Files.list(folder)) {
            return runs.findFirst().orElseThrow();
        }
    }

    private static List<String> attachmentNames(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run.resolve("attachments"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    /** What the program prints. */
    private static final class Output {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        int run(String... arguments) {
            return InboxToQueue.run(arguments, new PrintStream(octets, true, StandardCharsets.UTF_8));
        }

        String text() {
            return octets.toString(StandardCharsets.UTF_8);
        }
    }
}
