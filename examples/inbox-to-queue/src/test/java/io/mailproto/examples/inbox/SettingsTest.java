package io.mailproto.examples.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void usesTheSampleMailboxesUnlessAHostIsGiven() throws Exception {
        assertThat(settings().usesSampleMailboxes()).isTrue();
        assertThat(settings("--imap.host=mail.example.org").usesSampleMailboxes())
                .isFalse();
    }

    @Test
    void letsArgumentsGoBeforeSystemPropertiesAndThoseBeforeTheFile() throws Exception {
        Path file = folder.resolve("my.properties");
        Files.writeString(file, "imap.host=file\nimap.username=file\nimap.folder=file\n");
        Properties system = new Properties();
        system.setProperty("settings", file.toString());
        system.setProperty("imap.host", "system");
        system.setProperty("imap.username", "system");

        Settings settings = Settings.of(new String[] {"--imap.host=argument"}, system);

        assertThat(settings.get("imap.host")).isEqualTo("argument");
        assertThat(settings.get("imap.username")).isEqualTo("system");
        assertThat(settings.get("imap.folder")).isEqualTo("file");
        assertThat(settings.get("pop3.port")).isEqualTo("110");
    }

    @Test
    void refusesArgumentsThatItDoesNotKnow() {
        assertThatThrownBy(() -> settings("--imap.hots=x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--imap.hots=x")
                .hasMessageContaining("imap.host");
    }

    @Test
    void refusesValuesThatMeanNothing() {
        assertThatThrownBy(() -> settings("--routes=xml")).hasMessageContaining("routes is xml");
    }

    private static Settings settings(String... arguments) throws Exception {
        return Settings.of(arguments, new Properties());
    }
}
