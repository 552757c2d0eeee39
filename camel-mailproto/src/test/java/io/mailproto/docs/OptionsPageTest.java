package io.mailproto.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages with all options are what the generated metadata says. {@code -Dmailproto.docs.write=true} writes them anew
 * instead of comparing.
 */
class OptionsPageTest {
    private static final Path PAGES = Path.of("..", "docs", "options");
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> families() throws IOException {
        List<Arguments> families = new ArrayList<>();
        try (Stream<Path> folders = Files.list(Path.of("src/generated/resources/META-INF/io/mailproto/component"))) {
            for (Path folder : folders.sorted().toList()) {
                families.add(Arguments.of(folder.getFileName().toString()));
            }
        }
        return families.stream();
    }

    @ParameterizedTest
    @MethodSource("families")
    void isWhatTheMetadataSays(String family) throws IOException {
        String page = page(family);
        Path file = PAGES.resolve(family + ".md");
        if (Boolean.getBoolean("mailproto.docs.write")) {
            Files.createDirectories(PAGES);
            Files.writeString(file, page);
        }
        assertThat(file)
                .as("docs/options/%s.md; made anew by -Dtest=OptionsPageTest -Dmailproto.docs.write=true", family)
                .hasContent(page);
    }

    private static String page(String family) throws IOException {
        JsonNode metadata = read(family);
        JsonNode component = metadata.get("component");
        StringBuilder page = new StringBuilder();
        page.append("# All options of `").append(family).append("`\n\n");
        page.append(component.get("description").asText()).append(" Schemes with these options: ");
        page.append(schemes(component)).append(".\n\n");
        page.append("Made from the component's metadata. `")
                .append(component.get("syntax").asText());
        page.append("?option=value&…`; what each is for is told on the [")
                .append(family.toUpperCase(java.util.Locale.ROOT))
                .append(" page](../")
                .append(family)
                .append(".md).\n\n## In the address\n\n");
        table(page, metadata.get("properties"), "path");
        page.append("\n## After the question mark\n\n");
        table(page, metadata.get("properties"), "parameter");
        page.append("\n## Of the component\n\nFor all its endpoints, such as `camel.component.")
                .append(family)
                .append(".…` in properties. Beside the options above, with the same meaning:\n\n");
        componentTable(page, metadata);
        page.append("\n## Headers\n\n| header | type | |\n| --- | --- | --- |\n");
        metadata.get("headers").properties().forEach(header -> page.append("| `")
                .append(header.getKey())
                .append("` | ")
                .append(shortType(header.getValue().get("javaType").asText()))
                .append(" | ")
                .append(cell(header.getValue().get("description").asText()))
                .append(" |\n"));
        return page.toString();
    }

    private static JsonNode read(String family) throws IOException {
        String name = "META-INF/io/mailproto/component/" + family + "/" + family + ".json";
        try (InputStream in = OptionsPageTest.class.getClassLoader().getResourceAsStream(name)) {
            return JSON.readTree(in);
        }
    }

    private static String schemes(JsonNode component) {
        List<String> schemes = new ArrayList<>();
        for (String scheme : component.get("alternativeSchemes").asText().split(",")) {
            schemes.add("`" + scheme + "`");
        }
        return String.join(", ", schemes);
    }

    private static void table(StringBuilder page, JsonNode options, String kind) {
        page.append("| option | for | type | default | |\n| --- | --- | --- | --- | --- |\n");
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            if (option.getValue().get("kind").asText().equals(kind)) {
                row(page, option.getKey(), option.getValue());
            }
        }
    }

    private static void componentTable(StringBuilder page, JsonNode metadata) {
        page.append("| option | for | type | default | |\n| --- | --- | --- | --- | --- |\n");
        for (Map.Entry<String, JsonNode> option :
                metadata.get("componentProperties").properties()) {
            if (!metadata.get("properties").has(option.getKey())) {
                row(page, option.getKey(), option.getValue());
            }
        }
    }

    private static void row(StringBuilder page, String name, JsonNode option) {
        page.append("| `").append(name).append("` | ");
        page.append(option.get("group").asText())
                .append(" | ")
                .append(type(option))
                .append(" | ");
        if (option.has("defaultValue")) {
            page.append('`').append(option.get("defaultValue").asText()).append('`');
        }
        page.append(" | ")
                .append(option.get("required").asBoolean() ? "**Required.** " : "")
                .append(cell(option.get("description").asText()))
                .append(option.get("secret").asBoolean() ? " Secret." : "")
                .append(" |\n");
    }

    private static String type(JsonNode option) {
        if (!option.has("enum")) {
            return shortType(option.get("javaType").asText());
        }
        List<String> values = new ArrayList<>();
        option.get("enum").forEach(value -> values.add("`" + value.asText() + "`"));
        return String.join(", ", values);
    }

    private static String shortType(String javaType) {
        return javaType.replaceAll("\\b(?:[a-z]\\w*\\.)+", "").replace("<", "&lt;");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replaceAll("\\s+", " ");
    }
}
