package io.mailproto.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the command line asks for: words, then {@code --name=value}. */
record Options(List<String> words, Map<String, String> values) {
    private static final Set<String> KNOWN = Set.of(
            "rounds",
            "warmups",
            "messages",
            "others",
            "kinds",
            "sizes",
            "threads",
            "rtt",
            "delete",
            "only",
            "chunking",
            "attachment",
            "batch",
            "connections",
            "jvm",
            "virtual");

    /** @throws IllegalArgumentException naming the option that is not known */
    static Options parse(String... args) {
        List<String> words = new ArrayList<>();
        Map<String, String> values = new HashMap<>();
        for (String arg : String.join(" ", args).trim().split("\\s+")) {
            if (!arg.startsWith("--")) {
                words.add(arg);
                continue;
            }
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("unknown option --" + name + "; known: " + KNOWN);
            }
            values.put(name, equals < 0 ? "true" : arg.substring(equals + 1));
        }
        return new Options(words, values);
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    List<Integer> numbers(String name, Integer... otherwise) {
        String value = values.get(name);
        return value == null
                ? List.of(otherwise)
                : Arrays.stream(value.split(",")).map(Integer::valueOf).toList();
    }

    boolean isSet(String name) {
        return Boolean.parseBoolean(values.getOrDefault(name, "false"));
    }

    /** {@code --rtt} in milliseconds; zero means without the delaying proxy. */
    Duration roundTrip() {
        return Duration.ofMillis(number("rtt", 0));
    }

    /** Whether the contestant takes part: {@code --only=stock,ours} leaves the others out. */
    boolean takesPart(String contestant) {
        String only = values.get("only");
        return only == null || List.of(only.split(",")).contains(contestant);
    }
}
