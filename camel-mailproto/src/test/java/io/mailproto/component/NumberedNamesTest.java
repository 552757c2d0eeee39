package io.mailproto.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NumberedNamesTest {

    private final Set<String> taken = new HashSet<>();
    private int questions;
    private final NumberedNames names = new NumberedNames(name -> {
        questions++;
        return taken.contains(name);
    });

    private String add(String name) {
        String given = taken.contains(name) ? names.numbered(name) : name;
        assertThat(taken.add(given)).as(given).isTrue();
        return given;
    }

    @Test
    void tenThousandOfANameAreToldApartWithOneQuestionEach() {
        for (int i = 0; i < 10_000; i++) {
            add("a.csv");
        }
        assertThat(taken).hasSize(10_000).contains("a-2.csv", "a-10000.csv");
        assertThat(questions).isEqualTo(9_999);
    }

    @Test
    void numbersThatRealNamesHaveArePassedOver() {
        List<String> given = new ArrayList<>();
        for (String name : List.of("a", "a-2", "a", "a-2", "a", "a-4", ".x", ".x")) {
            given.add(add(name));
        }
        assertThat(given).containsExactly("a", "a-2", "a-3", "a-2-2", "a-4", "a-4-2", ".x", ".x-2");
    }

    @Test
    void manyRealNamesInTheWayAreAskedForOnce() {
        add("a");
        for (int i = 2; i <= 5_001; i++) {
            add("a-" + i);
        }
        for (int i = 0; i < 5_000; i++) {
            add("a");
        }
        assertThat(taken).hasSize(10_001);
        assertThat(questions).isEqualTo(10_000);
    }
}
