package io.mailproto.examples.inbox;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * What a run is to do. Later sources go before earlier ones: the defaults, the properties file named by {@code
 * settings}, system properties ({@code -Dimap.host=…}), arguments ({@code --routes=yaml}). Routes see all of them as
 * Camel properties. Immutable.
 */
final class Settings {
    private static final String[][] DEFAULTS = {
        {"settings", ""},
        {"routes", "java"},
        {"work", "target/inbox-to-queue"},
        {"progress", "auto"},
        {"timelimit", "120"},
        {"quiet", "10"},
        {"imap.scheme", "imap"},
        {"imap.host", ""},
        {"imap.port", "143"},
        {"imap.username", ""},
        {"imap.password", ""},
        {"imap.folder", "INBOX"},
        {"imap.options", "tls=auto"},
        {"pop3.scheme", "pop3"},
        {"pop3.host", ""},
        {"pop3.port", "110"},
        {"pop3.username", ""},
        {"pop3.password", ""},
        {"pop3.options", "tls=auto"},
        {"smtp.scheme", "smtp"},
        {"smtp.host", ""},
        {"smtp.port", "25"},
        {"smtp.options", "tls=auto"},
        {"relay.from", "quick-start@example.org"},
        {"relay.to", "archive@example.org"},
        {"server.host", "127.0.0.1"},
        {"server.port", "0"},
        {"server.options", "tls=none"},
        {"broker.url", ""},
    };
    private static final Set<String> ROUTES = Set.of("java", "yaml");
    private static final Set<String> PROGRESS = Set.of("auto", "line", "plain");

    private final Properties values;

    private Settings(Properties values) {
        this.values = values;
    }

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException naming the argument that is not understood
     * @throws IOException if the properties file cannot be read
     */
    static Settings of(String[] arguments, Properties system) throws IOException {
        Properties given = new Properties();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 || !argument.startsWith("--") ? argument : argument.substring(2, equals);
            if (!isKnown(name)) {
                throw new IllegalArgumentException("unknown argument " + argument
                        + "; arguments are --name=value with: "
                        + String.join(
                                ", ", Arrays.stream(DEFAULTS).map(d -> d[0]).toList()));
            }
            given.setProperty(name, argument.substring(equals + 1));
        }
        String file = given.getProperty("settings", system.getProperty("settings", ""));
        Properties fromFile = new Properties();
        if (!file.isEmpty()) {
            try (Reader in = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
                fromFile.load(in);
            } catch (NoSuchFileException e) {
                throw new NoSuchFileException("the file of --settings does not exist: " + e.getMessage());
            }
        }
        Properties values = new Properties();
        for (String[] entry : DEFAULTS) {
            String name = entry[0];
            String value = fromFile.getProperty(name, entry[1]);
            values.setProperty(
                    name,
                    given.getProperty(name, system.getProperty(name, value)).strip());
        }
        Settings settings = new Settings(values);
        settings.requireOneOf("routes", ROUTES);
        settings.requireOneOf("progress", PROGRESS);
        List.of("timelimit", "quiet", "server.port").forEach(settings::number);
        return settings;
    }

    private static boolean isKnown(String name) {
        return Arrays.stream(DEFAULTS).anyMatch(entry -> entry[0].equals(name));
    }

    private void requireOneOf(String name, Set<String> allowed) {
        if (!allowed.contains(get(name))) {
            throw new IllegalArgumentException(name + " is " + get(name) + " but must be one of " + allowed);
        }
    }

    /** These settings with one of them changed. */
    Settings with(String name, String value) {
        Properties changed = new Properties();
        changed.putAll(values);
        changed.setProperty(name, value);
        return new Settings(changed);
    }

    String get(String name) {
        return values.getProperty(name);
    }

    boolean has(String name) {
        return !get(name).isEmpty();
    }

    int number(String name) {
        try {
            return Integer.parseInt(get(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is not a number: " + get(name), e);
        }
    }

    Duration seconds(String name) {
        return Duration.ofSeconds(number(name));
    }

    Path workFolder() {
        return Path.of(get("work")).toAbsolutePath();
    }

    /** True if the mailboxes are our own, filled with the messages of this example. */
    boolean usesSampleMailboxes() {
        return !has("imap.host") && !has("pop3.host");
    }

    /** A copy for Camel's properties component. */
    Properties toProperties() {
        Properties copy = new Properties();
        copy.putAll(values);
        return copy;
    }
}
