package io.mailproto.examples.inbox;

import java.util.Locale;
import java.util.Set;

/** Turns a name that a stranger has chosen into one that is safe to create in a folder of ours. */
final class SafeFileName {
    private static final int LONGEST = 60; // at most 180 octets in UTF-8; file systems take 255
    private static final int LONGEST_EXTENSION = 12;
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

    private SafeFileName() {}

    /**
     * A file name without folders: separators, control characters and what file systems reserve become {@code _},
     * leading dots and blanks go, device names of Windows get a {@code _} in front, and long names are cut so that
     * their extension stays. Never empty.
     */
    static String of(String name) {
        String last = name == null ? "" : name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        StringBuilder safe = new StringBuilder();
        last.codePoints()
                .map(c -> isHarmless(c) ? c : '_')
                .dropWhile(c -> c == '.' || c == ' ')
                .forEach(safe::appendCodePoint);
        String stripped = cut(safe.toString().strip());
        if (stripped.isEmpty()) {
            return "unnamed";
        }
        return isDevice(stripped) ? "_" + stripped : stripped;
    }

    private static boolean isHarmless(int c) {
        return Character.isLetterOrDigit(c) || " .-_()+,@#€".indexOf(c) >= 0;
    }

    private static boolean isDevice(String name) {
        String stem = name.substring(0, name.indexOf('.') < 0 ? name.length() : name.indexOf('.'))
                .strip()
                .toLowerCase(Locale.ROOT);
        return DEVICES.contains(stem) || stem.matches("(com|lpt)\\d");
    }

    private static String cut(String name) {
        if (name.length() <= LONGEST) {
            return trimEnd(name);
        }
        int dot = name.lastIndexOf('.');
        String extension = dot >= 0 && name.length() - dot <= LONGEST_EXTENSION ? name.substring(dot) : "";
        int end = LONGEST - extension.length();
        if (Character.isHighSurrogate(name.charAt(end - 1))) {
            end--;
        }
        return trimEnd(name.substring(0, end) + extension);
    }

    /** Windows drops dots and blanks at the end of a name, so two names could become one. */
    private static String trimEnd(String name) {
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) == ' ')) {
            end--;
        }
        return name.substring(0, end);
    }
}
