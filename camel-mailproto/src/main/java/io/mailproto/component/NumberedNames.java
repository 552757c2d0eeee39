package io.mailproto.component;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Numbers names that are there already: {@code a.csv} becomes {@code a-2.csv}, then {@code a-3.csv}. Where to go on is
 * remembered per name, since a peer may send thousands of one name. For one mail and one thread.
 */
final class NumberedNames {

    private final Predicate<String> taken;
    private final Map<String, Integer> next = new HashMap<>();

    /** @param taken tells whether a name is in use; what was once in use must stay so */
    NumberedNames(Predicate<String> taken) {
        this.taken = taken;
    }

    /** The name with the lowest number from 2 that is not taken. */
    String numbered(String name) {
        int end = endOfStem(name);
        int number = next.getOrDefault(name, 2);
        String candidate = with(number, name, end);
        while (taken.test(candidate)) {
            number++;
            candidate = with(number, name, end);
        }
        next.put(name, number + 1);
        return candidate;
    }

    private static String with(int number, String name, int end) {
        return name.substring(0, end) + "-" + number + name.substring(end);
    }

    /** Where the extension starts; a name that only begins with a dot has none. */
    static int endOfStem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? dot : name.length();
    }
}
