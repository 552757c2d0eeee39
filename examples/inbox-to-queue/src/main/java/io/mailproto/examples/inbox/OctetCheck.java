package io.mailproto.examples.inbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Compares what was delivered with what was sent, octet for octet.
 *
 * <p>Every server a mail passes puts one trace field on top of it (RFC 5321 §4.4). So a delivered file is right when
 * it is an expected message, possibly with such fields before it, and nothing else. Thread-safe.
 */
final class OctetCheck {
    private static final List<String> TRACE_FIELDS =
            List.of("received:", "return-path:", "delivered-to:", "x-original-to:");

    /** By the SHA-256 of the octets. */
    private final Map<String, Expectation> expected = new ConcurrentHashMap<>();

    /** A message that has to arrive {@code times}; {@code name} is what a report calls it. */
    private record Expectation(String name, int times) {}

    /** Says that a message with this digest has to arrive, once more if it was said before. */
    void expect(String digest, String name) {
        expected.merge(digest, new Expectation(name, 1), (old, more) -> new Expectation(old.name(), old.times() + 1));
    }

    /** Says that a message with this digest may arrive, unless that is known. */
    void expectIfUnknown(String digest, String name) {
        expected.putIfAbsent(digest, new Expectation(name, 1));
    }

    /** Lists everything that is wrong with the {@code .eml} files in {@code folder}; empty if all is as expected. */
    List<String> faults(Path folder) throws IOException {
        Map<String, Integer> arrived = new HashMap<>();
        List<String> faults = new ArrayList<>();
        for (Path file : emlFiles(folder)) {
            String digest = originalIn(Files.readAllBytes(file));
            if (digest == null) {
                faults.add(file.getFileName() + " is none of the messages that were sent");
            } else {
                arrived.merge(digest, 1, Integer::sum);
            }
        }
        for (Map.Entry<String, Expectation> entry : expected.entrySet()) {
            Expectation expectation = entry.getValue();
            int times = arrived.getOrDefault(entry.getKey(), 0);
            if (times < expectation.times()) {
                faults.add(expectation.name() + " did not arrive unchanged");
            } else if (times > expectation.times()) {
                faults.add(expectation.name() + " arrived " + times + " times instead of " + expectation.times());
            }
        }
        return faults;
    }

    private static List<Path> emlFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .toList();
        }
    }

    /** The digest of the expected message that {@code octets} end with, after trace fields only; null if there is none. */
    private String originalIn(byte[] octets) {
        int start = 0;
        while (true) {
            String digest = sha256(octets, start);
            if (expected.containsKey(digest)) {
                return digest;
            }
            int next = endOfTraceField(octets, start);
            if (next < 0) {
                return null;
            }
            start = next;
        }
    }

    /** Where the field after the trace field at {@code start} begins; -1 if there is no trace field at {@code start}. */
    private static int endOfTraceField(byte[] octets, int start) {
        int nameLength = Math.min(20, octets.length - start);
        String name = new String(octets, start, nameLength, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (TRACE_FIELDS.stream().noneMatch(name::startsWith)) {
            return -1;
        }
        for (int i = start; i + 2 < octets.length; i++) {
            boolean lineEnds = octets[i] == '\r' && octets[i + 1] == '\n';
            if (lineEnds && octets[i + 2] != ' ' && octets[i + 2] != '\t') {
                return i + 2;
            }
        }
        return -1;
    }

    static String sha256(byte[] octets) {
        return sha256(octets, 0);
    }

    private static String sha256(byte[] octets, int start) {
        MessageDigest digest = newSha256();
        digest.update(octets, start, octets.length - start);
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
