package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What our reader makes of a message, one fact a line, as {@code read_mail.py} says it of Python's reader: header values,
 * and of each leaf type, file name, disposition, size, digest of the decoded octets, and text.
 *
 * <p>By hand: {@code MailFacts FOLDER OUTPUT} writes {@code OUTPUT/name.txt} for each {@code FOLDER/name.eml}; the same
 * arguments for {@code read_mail.py} and another output, and {@code diff -r} shows where the two differ.
 */
final class MailFacts {

    private MailFacts() {}

    public static void main(String[] args) throws IOException {
        try (DirectoryStream<Path> messages = Files.newDirectoryStream(Path.of(args[0]), "*.eml")) {
            for (Path message : messages) {
                String facts = String.join("\n", of(Files.readAllBytes(message)));
                Files.writeString(Path.of(args[1], message.getFileName() + ".txt"), facts, StandardCharsets.US_ASCII);
            }
        }
    }

    static List<String> of(byte[] message) throws IOException {
        ParsedMail mail = ParsedMail.of(Octets.of(message));
        List<String> facts = new ArrayList<>();
        for (HeaderField field : mail.headers().all()) {
            facts.add("header " + field.name() + " " + json(field.decoded()));
        }
        for (MimePart part : mail.leaves()) {
            byte[] content = part.open().readAllBytes();
            facts.add("part " + part.contentType() + " " + json(part.fileName().orElse(null)) + " "
                    + json(part.disposition().orElse(null)) + " " + content.length + " " + digest(content));
            if (part.isText()) {
                facts.add("text " + json(part.text()));
            }
        }
        return facts;
    }

    private static String digest(byte[] octets) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(octets))
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** As Python's {@code json.dumps}: ASCII only. */
    private static String json(String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\f' -> json.append("\\f");
                case '\b' -> json.append("\\b");
                default -> {
                    if (c < ' ' || c > '~') {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
