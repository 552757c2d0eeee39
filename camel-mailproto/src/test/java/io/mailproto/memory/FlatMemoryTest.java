package io.mailproto.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mail four times as large as the heap (16 times with {@code -Dmailproto.bigMail=1073741824}) passes through routes, and
 * arrives octet for octet.
 */
class FlatMemoryTest {

    private static final long SIZE = Long.getLong("mailproto.bigMail", 256L << 20);

    private static BigMail mail;
    private static String digest;

    @TempDir
    private Path directory;

    @BeforeAll
    static void know() throws IOException {
        mail = new BigMail(SIZE);
        digest = mail.digest();
    }

    private String passed(String way) throws Exception {
        Path spool = Files.createDirectory(directory.resolve("spool"));
        Path result = directory.resolve("result");
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        BigMailMain.class.getName(),
                        way,
                        Long.toString(SIZE),
                        spool.toString(),
                        result.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(SIZE > 256L << 20 ? 600 : 120, TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(result)
                .as(() -> "exit " + process.exitValue() + ": " + contentOf(log.toFile()))
                .exists();
        try (Stream<Path> left = Files.list(spool)) {
            assertThat(left).isEmpty();
        }
        return Files.readString(result);
    }

    private static String contentOf(File log) {
        return org.assertj.core.util.Files.contentOf(log, "UTF-8");
    }

    @Test
    void aMailLargerThanTheHeapGoesFromSmtpToSmtp() throws Exception {
        assertThat(passed("smtp-smtp")).isEqualTo(digest);
    }

    @Test
    void aMailLargerThanTheHeapIsReadFromImapWithItsTextAndAttachment() throws Exception {
        assertThat(passed("imap")).isEqualTo(digest + " true " + mail.attachmentSize());
    }

    @Test
    void aMailLargerThanTheHeapGoesFromPop3ToSmtp() throws Exception {
        assertThat(passed("pop3-smtp")).isEqualTo(digest);
    }

    @Test
    void anAttachmentLargerThanTheHeapIsSentFromAFile() throws Exception {
        assertThat(passed("file-smtp")).isEqualTo(digest);
    }
}
