package io.mailproto.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Python's {@code email} package as another reader of the messages below {@code mime/messages} and of those of the quick
 * start: header values, types, file names, decoded octets and texts must be the same. docs/messages.md explains where they
 * are not, and why.
 */
class PythonReadsTheSameTest {

    private static final Map<String, String> DIFFERENT = Map.of(
            "bounce", "it takes a message/delivery-status apart and writes it anew",
            "raw-gb-headers", "it does not read raw octets of a header in the charset of the message",
            "raw-utf8-headers", "it does not read raw octets of a file name",
            "smart-quotes", "it has control characters where windows-1252 has quotes",
            "utf8-label-wrong", "it believes the label",
            "gb-label-wrong", "it believes the label",
            "transport-blanks", "it keeps blanks at the ends of lines that RFC 2045 §6.7 has removed");

    private static final Map<String, String> DIFFERENT_IN_THE_QUICK_START = Map.of(
            "46-rfc2231-language", "it does not know languages in encoded words",
            "56-delivery-report", "it takes a message/delivery-status apart and writes it anew",
            "57-read-receipt", "it writes the content anew",
            "69-missing-closing-boundary", "it takes the last line end for one of the boundary that is missing",
            "70-missing-boundary-parameter", "it does not look for a boundary that nobody named",
            "73-bad-quoted-printable", "it keeps blanks behind a soft line break",
            "75-content-type-nonsense", "it gives an empty disposition",
            "76-header-without-colon", "the body begins there for it, though header fields follow");

    @TempDir
    private Path output;

    @BeforeAll
    static void findPython() throws InterruptedException {
        assumeTrue(isPythonThere(), "peer not installed: python3");
    }

    @Test
    void ofEveryMessageButTheseAndOfTheseItDoesNot() throws Exception {
        compare(resource("/mime/messages"), DIFFERENT);
    }

    @Test
    void ofEveryMessageOfTheQuickStartButThese() throws Exception {
        Path messages = Path.of("..", "examples", "inbox-to-queue", "src", "main", "resources", "messages");
        assertThat(messages).isDirectory();

        compare(messages, DIFFERENT_IN_THE_QUICK_START);
    }

    private void compare(Path messages, Map<String, String> expected) throws Exception {
        Process python = new ProcessBuilder(
                        "python3", resource("/mime/read_mail.py").toString(), messages.toString(), output.toString())
                .inheritIO()
                .start();
        assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(python.exitValue()).isZero();

        Map<String, String> different = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(messages, "*.eml")) {
            for (Path message : all) {
                String fileName = message.getFileName().toString();
                String theirs = Files.readString(output.resolve(fileName + ".txt"), StandardCharsets.US_ASCII);
                String ours = String.join("\n", MailFacts.of(Files.readAllBytes(message)));
                String name = fileName.replace(".eml", "");
                if (expected.containsKey(name)) {
                    assertThat(ours).as(name + ": " + expected.get(name)).isNotEqualTo(theirs);
                    different.put(name, expected.get(name));
                } else {
                    assertThat(List.of(ours.split("\n"))).as(name).isEqualTo(List.of(theirs.split("\n")));
                }
            }
        }
        assertThat(different).isEqualTo(expected);
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(PythonReadsTheSameTest.class.getResource(name), name)
                .toURI());
    }

    private static boolean isPythonThere() throws InterruptedException {
        try {
            Process version = new ProcessBuilder("python3", "--version").start();
            return version.waitFor(20, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException notInstalled) {
            // The question was whether it is; the skip says so.
            return false;
        }
    }
}
