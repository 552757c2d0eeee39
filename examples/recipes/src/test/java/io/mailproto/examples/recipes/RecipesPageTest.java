package io.mailproto.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages show is what is compiled and tested here, save for line breaks and indentation. */
class RecipesPageTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Path SOURCES = Path.of("src/main/java/io/mailproto/examples/recipes");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/recipes.md"})
    void showsCodeThatIsTested(String page) throws IOException {
        List<String> sources = new ArrayList<>();
        try (var files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                sources.add(squeezed(Files.readString(file)));
            }
        }
        Matcher blocks = BLOCK.matcher(Files.readString(ROOT.resolve(page)));
        int count = 0;
        while (blocks.find()) {
            String block = squeezed(blocks.group(1));
            assertThat(sources)
                    .as("a recipe class with\n%s", blocks.group(1))
                    .anyMatch(source -> source.contains(block));
            count++;
        }
        assertThat(count).isPositive();
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
