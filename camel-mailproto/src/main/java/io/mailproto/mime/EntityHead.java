package io.mailproto.mime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The header section of a message or part, as it is rewritten when its body gets another transfer encoding. Immutable. */
final class EntityHead {
    private static final String ENCODING = "content-transfer-encoding";
    private static final String TYPE = "content-type";

    /** One char per octet, with its line ends. */
    private record Field(String name, String raw) {
        boolean isAscii() {
            return MailText.isAscii(raw);
        }

        String value() {
            return raw.substring(raw.indexOf(':') + 1).replaceAll("[\r\n]", "").strip();
        }
    }

    private final List<Field> fields;
    /** The empty line, or nothing if there is none. */
    private final String separator;

    /**
     * Reads it.
     *
     * @param text one char per octet
     */
    EntityHead(String text, String separator) {
        this.separator = separator;
        List<Field> found = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = from;
            do {
                int lineEnd = text.indexOf('\n', to);
                to = lineEnd < 0 ? text.length() : lineEnd + 1;
            } while (to < text.length() && (text.charAt(to) == ' ' || text.charAt(to) == '\t'));
            String raw = text.substring(from, to);
            int colon = raw.indexOf(':');
            found.add(new Field(colon < 0 ? "" : raw.substring(0, colon).strip().toLowerCase(Locale.ROOT), raw));
            from = to;
        }
        this.fields = List.copyOf(found);
    }

    boolean has(String name) {
        return fields.stream().anyMatch(field -> field.name().equals(name));
    }

    boolean isAscii() {
        return fields.stream().allMatch(Field::isAscii);
    }

    /** What the body is. */
    ParameterizedValue type(String otherwise) {
        return fields.stream()
                .filter(field -> field.name().equals(TYPE))
                .findFirst()
                .map(field -> ParameterizedValue.parse(field.value()))
                .filter(type -> MediaTypes.isMediaType(type.value()))
                .orElse(new ParameterizedValue(otherwise, Map.of()));
    }

    /** As it is declared, in lower case; 7bit if it is not. */
    String encoding() {
        return fields.stream()
                .filter(field -> field.name().equals(ENCODING))
                .findFirst()
                .map(field -> Comments.removed(field.value()).strip().toLowerCase(Locale.ROOT))
                .filter(encoding -> !encoding.isEmpty())
                .orElse("7bit");
    }

    /** Is the body there as it is, whatever octets it has? */
    boolean isIdentity() {
        return List.of("7bit", "8bit", "binary").contains(encoding());
    }

    /** Refuses fields that {@link #write} cannot write in ASCII. */
    void requireConvertible() throws CannotBeSevenBit {
        for (Field field : fields) {
            if (!field.isAscii()) {
                encoded(field);
            }
        }
    }

    /** As it came, fields beyond ASCII aside. */
    void write(OutputStream out) throws IOException {
        write(out, null, false);
    }

    /**
     * With another transfer encoding.
     *
     * @param isMessage whether it is a message's and not a part's
     */
    void write(OutputStream out, String encoding, boolean isMessage) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Field field : fields) {
            if (encoding == null || !field.name().equals(ENCODING)) {
                text.append(field.isAscii() ? field.raw() : encoded(field));
            }
        }
        if (encoding != null) {
            if (text.length() > 0 && text.charAt(text.length() - 1) != '\n') {
                text.append("\r\n");
            }
            if (isMessage && !has("mime-version")) {
                text.append("MIME-Version: 1.0\r\n");
            }
            if (!has(TYPE)) {
                // RFC 1428 §3: a message that is no MIME says of no charset that it is in it.
                text.append("Content-Type: text/plain; charset=unknown-8bit\r\n");
            }
            text.append("Content-Transfer-Encoding: ").append(encoding).append("\r\n");
        }
        text.append(separator);
        out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** RFC 2047 §5 (1): encoded words stand for the text of fields that are nothing but text. */
    private static String encoded(Field field) throws CannotBeSevenBit {
        boolean isText = List.of("subject", "comments", "content-description").contains(field.name())
                || field.name().startsWith("x-");
        int colon = field.raw().indexOf(':');
        if (!isText || colon < 0) {
            throw new CannotBeSevenBit(
                    field.name().isEmpty() || !MailText.isAscii(field.name())
                            ? "its header section has octets beyond ASCII"
                            : "its field " + field.name() + " has octets beyond ASCII");
        }
        try {
            String value = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(field.value().getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
            return FieldBody.text(field.raw().substring(0, colon).strip(), value)
                    .toString();
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new CannotBeSevenBit("its field " + field.name() + " has octets that are no text in UTF-8");
        }
    }
}
