package io.mailproto.imap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A part of a message as BODYSTRUCTURE tells it (RFC 3501 §7.4.2), with its own parts. What servers put there differs, so
 * everything may be missing; names are not decoded, the header of the part knows them better.
 *
 * @param number for {@link BodySection#part}; empty for a message that has several parts
 * @param contentType in small letters, such as {@code text/plain}
 * @param parameters of the type, by name in small letters
 * @param encoding its content transfer encoding, in small letters
 * @param octets as it is transferred; -1 if the server does not tell
 * @param disposition such as {@code attachment}, in small letters; empty if there is none
 * @param fileName as it stands in the header
 * @param parts of a multipart or of a message within the message
 */
public record MessageStructure(
        String number,
        String contentType,
        Map<String, String> parameters,
        String encoding,
        long octets,
        String disposition,
        Optional<String> fileName,
        List<MessageStructure> parts) {
    private static final int FIELDS = 7;

    public MessageStructure {
        parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        parts = List.copyOf(parts);
    }

    /** Has it parts of its own, other than a message? */
    public boolean isMultipart() {
        return contentType.startsWith("multipart/");
    }

    /** Does it have a name or say that it is an attachment? */
    public boolean isAttachment() {
        return disposition.equals("attachment") || fileName.isPresent();
    }

    /** This part and all parts below it that have none of their own, in their order. */
    public List<MessageStructure> leaves() {
        if (parts.isEmpty()) {
            return List.of(this);
        }
        List<MessageStructure> leaves = new ArrayList<>();
        parts.forEach(part -> leaves.addAll(part.leaves()));
        return leaves;
    }

    /** Reads a BODYSTRUCTURE; never fails. */
    public static MessageStructure of(ImapValue bodyStructure) {
        List<ImapValue> fields = bodyStructure.elements();
        return isMultipart(fields) ? multipart("", fields) : part("1", fields);
    }

    /** Deviation: a multipart without parts begins with its subtype, or with NIL and that (Exchange, Gmail, Yandex). */
    private static boolean isMultipart(List<ImapValue> fields) {
        return !fields.isEmpty() && fields.get(0) instanceof ImapValue.Group;
    }

    private static MessageStructure multipart(String number, List<ImapValue> fields) {
        List<MessageStructure> parts = new ArrayList<>();
        int at = 0;
        while (at < fields.size() && fields.get(at) instanceof ImapValue.Group group) {
            String own = (number.isEmpty() ? "" : number + ".") + (at + 1);
            parts.add(isMultipart(group.values()) ? multipart(own, group.values()) : part(own, group.values()));
            at++;
        }
        String subtype = lower(fields, at, "mixed");
        Map<String, String> parameters = parameters(at + 1 < fields.size() ? fields.get(at + 1) : null);
        Disposition disposition = Disposition.in(fields, at + 2);
        return new MessageStructure(
                number,
                "multipart/" + subtype,
                parameters,
                "",
                -1,
                disposition.name(),
                fileName(disposition, parameters),
                parts);
    }

    private static MessageStructure part(String number, List<ImapValue> fields) {
        String type = lower(fields, 0, "text") + "/" + lower(fields, 1, "plain");
        Map<String, String> parameters = parameters(fields.size() > 2 ? fields.get(2) : null);
        Long octets = fields.size() > 6 ? ImapValue.number(fields.get(6)) : null;
        List<MessageStructure> parts = new ArrayList<>();
        int from = FIELDS;
        // Deviation: Gmail gives a message within a message without its envelope and structure.
        if (type.equals("message/rfc822")
                && fields.size() > 8
                && !fields.get(8).elements().isEmpty()) {
            List<ImapValue> inner = fields.get(8).elements();
            parts.add(isMultipart(inner) ? multipart(number, inner) : part(number + ".1", inner));
            from = 9;
        }
        Disposition disposition = Disposition.in(fields, from);
        return new MessageStructure(
                number,
                type,
                parameters,
                lower(fields, 5, "7bit").strip(),
                octets == null ? -1 : octets,
                disposition.name(),
                fileName(disposition, parameters),
                parts);
    }

    private static String lower(List<ImapValue> fields, int index, String otherwise) {
        String text = index < fields.size() ? fields.get(index).textOrNull() : null;
        return text == null || text.isEmpty() ? otherwise : text.toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> parameters(ImapValue list) {
        Map<String, String> parameters = new LinkedHashMap<>();
        List<ImapValue> values = list == null ? List.of() : list.elements();
        for (int i = 0; i + 1 < values.size(); i += 2) {
            String name = values.get(i).textOrNull();
            String value = values.get(i + 1).textOrNull();
            if (name != null && value != null) {
                parameters.put(name.toLowerCase(Locale.ROOT), value);
            }
        }
        return parameters;
    }

    private static Optional<String> fileName(Disposition disposition, Map<String, String> ofType) {
        for (String name : List.of("filename", "filename*", "filename*0", "filename*0*")) {
            if (disposition.parameters().containsKey(name)) {
                return Optional.of(disposition.parameters().get(name));
            }
        }
        return Optional.ofNullable(ofType.get("name"));
    }

    private record Disposition(String name, Map<String, String> parameters) {
        /** The first that looks like one: servers leave out fields in front of it, or write it without a list. */
        static Disposition in(List<ImapValue> fields, int from) {
            for (int i = from; i < fields.size(); i++) {
                List<ImapValue> list = fields.get(i).elements();
                String name = list.isEmpty()
                        ? fields.get(i).textOrNull()
                        : list.get(0).textOrNull();
                if (name != null && (name.equalsIgnoreCase("attachment") || name.equalsIgnoreCase("inline"))) {
                    return new Disposition(
                            name.toLowerCase(Locale.ROOT),
                            MessageStructure.parameters(list.size() > 1 ? list.get(1) : null));
                }
            }
            return new Disposition("", Map.of());
        }
    }
}
