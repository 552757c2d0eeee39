package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailproto.component.smtp.SmtpEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** Nothing that camel-mail has is forgotten: each option and header is ours, or stands in the migration page. */
class MigrationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "migrating-from-camel-mail.md");

    /** Types of jakarta.mail, under names that mean nothing else on smtp. */
    private static final Set<String> REFUSED =
            Set.of("attachmentsContentTransferEncodingResolver", "binding", "javaMailSender", "session");

    private static List<String> names(String kind) throws IOException {
        return lines(kind).stream().map(line -> line.split(" ")[0]).toList();
    }

    private static List<String> lines(String kind) throws IOException {
        try (InputStream in = MigrationPageTest.class.getResourceAsStream("camel-mail-names.txt")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(kind + " "))
                    .map(line -> line.substring(kind.length() + 1))
                    .toList();
        }
    }

    /** Endpoint options by scheme, from the generated metadata. */
    private static TreeSet<String> ours(String family) throws IOException {
        try (InputStream in = MigrationPageTest.class.getResourceAsStream(
                "/META-INF/io/mailproto/component/" + family + "/" + family + ".json")) {
            JsonNode json = new ObjectMapper().readTree(in);
            TreeSet<String> names = new TreeSet<>();
            json.get("properties").fieldNames().forEachRemaining(names::add);
            json.get("componentProperties").fieldNames().forEachRemaining(names::add);
            return names;
        }
    }

    private static TreeSet<String> componentOptions(String family) throws IOException {
        try (InputStream in = MigrationPageTest.class.getResourceAsStream(
                "/META-INF/io/mailproto/component/" + family + "/" + family + ".json")) {
            TreeSet<String> names = new TreeSet<>();
            new ObjectMapper()
                    .readTree(in)
                    .get("componentProperties")
                    .fieldNames()
                    .forEachRemaining(names::add);
            return names;
        }
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    private static String section(String title) throws IOException {
        String page = page();
        int start = page.indexOf("\n## " + title + "\n");
        assertThat(start).as("section " + title).isPositive();
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    @Test
    void everyOptionOfCamelMailIsOursOrOnThePage() throws IOException {
        List<String> options = names("option");
        assertThat(options).hasSizeGreaterThan(75);
        TreeSet<String> ours = ours("smtp");
        ours.addAll(ours("imap"));
        ours.addAll(ours("pop3"));
        String page = page();
        assertThat(options).allMatch(option -> ours.contains(option) || page.contains("`" + option + "`"));
    }

    /** What stays in application.properties keeps Camel from starting, so the page must name all of them. */
    @Test
    void everyComponentOptionThatIsNotHereIsInTheListOfItsComponent() throws IOException {
        String table = section("Component options");
        for (String family : List.of("smtp", "imap", "pop3")) {
            TreeSet<String> missing = new TreeSet<>(names("of-component"));
            assertThat(missing).hasSizeGreaterThan(50);
            missing.removeAll(componentOptions(family));
            String row = table.lines()
                    .filter(line -> line.startsWith("| `camel.component." + family + ".`"))
                    .findFirst()
                    .orElseThrow();
            assertThat(row.split("\\|")[2].strip().split("`(, `)?"))
                    .as(family)
                    .filteredOn(name -> !name.isEmpty())
                    .containsExactlyElementsOf(missing);
        }
    }

    @Test
    void everyOptionAndHeaderHasARowInATable() throws IOException {
        String tables = section("Producer") + section("Consumer");
        List<String> rows = tables.lines().filter(line -> line.startsWith("|")).toList();
        for (String kind : List.of("option", "header")) {
            for (String name : names(kind)) {
                assertThat(rows)
                        .as("a row that begins with " + kind + " " + name)
                        .anyMatch(row -> row.split("\\|")[1].contains("`" + name + "`"));
            }
        }
    }

    @Test
    void whatThePageSaysIsTheSameIsAnOptionOfSmtp() throws IOException {
        TreeSet<String> ours = ours("smtp");
        String producer = section("Producer");
        List<String> same = producer.substring(0, producer.indexOf("\n### "))
                .lines()
                .filter(line -> line.startsWith("| `") && line.contains("| same"))
                .flatMap(line -> List.of(line.split("\\|")[1].split("[`, ]+")).stream())
                .filter(name -> name.matches("[a-z][A-Za-z]+"))
                .toList();
        assertThat(same).hasSizeGreaterThan(20);
        assertThat(ours).containsAll(same);
    }

    @Test
    void whateverCamelMailAcceptsOnSmtpIsAcceptedUnlessItCarriesATypeOfJakartaMail() throws IOException {
        Map<String, String> values = Map.of("boolean", "false", "number", "7", "text", "a@b.test");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            for (String line : lines("option")) {
                String name = line.split(" ")[0];
                String kind = line.split(" ")[1];
                if (kind.equals("component")
                        || kind.equals("bean")
                        || Set.of("host", "port").contains(name)) {
                    continue;
                }
                String uri = "smtp:h?" + name + "=" + values.getOrDefault(kind, kind);
                assertThat(context.getEndpoint(uri)).as(uri).isInstanceOf(SmtpEndpoint.class);
            }
            for (String name : REFUSED) {
                assertThatThrownBy(() -> context.getEndpoint("smtp:h?" + name + "=#x"))
                        .hasStackTraceContaining(name);
            }
        }
    }
}
