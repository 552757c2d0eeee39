package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What to change in the header section of a message on its way through: single fields, all other octets as they are, so
 * that signatures over the rest still hold. Set up by one thread; {@link #apply} changes nothing here and may be called for
 * many messages.
 *
 * <p>Values are folded and encoded as {@link MessageComposer} does it, with the kind of line end that the message has.
 * Names and values that would bring in other fields are refused with {@link IllegalArgumentException}.
 *
 * <pre>{@code
 * RelayedMessage relayed = new HeaderRewriter()
 *         .prepend("Received", "from a.example.com by b.example.org; Tue, 5 May 2026 10:00:00 +0000")
 *         .replace("Subject", "[list] Figures")
 *         .apply(octets);
 * relayed.writeTo(out);
 * }</pre>
 */
public final class HeaderRewriter {

    private final List<String> prepended = new ArrayList<>();
    private final List<String> added = new ArrayList<>();
    /** By lower-case name; an empty text removes. */
    private final Map<String, String> replaced = new LinkedHashMap<>();

    /** A field above all others, where servers leave their trace; the one given first comes first. */
    public HeaderRewriter prepend(String name, String value) {
        prepended.add(FieldBody.text(name, value).toString());
        return this;
    }

    /** Puts a new value at the place of the first field of the name and removes its others; adds it if there is none. */
    public HeaderRewriter replace(String name, String value) {
        return replaceWith(name, FieldBody.text(name, value));
    }

    /** As {@link #replace}, with addresses, whose names are encoded where needed. */
    public HeaderRewriter replaceAddresses(String name, List<NamedAddress> addresses) {
        return addresses.isEmpty() ? remove(name) : replaceWith(name, FieldBody.addresses(name, addresses));
    }

    /** As {@link #replace}, for the field Date. */
    public HeaderRewriter replaceDate(OffsetDateTime date) {
        return replace("Date", MessageComposer.DATE.format(date));
    }

    /**
     * As {@link #replace}, for the field Message-ID.
     *
     * @param id with or without its angle brackets
     * @return the id with its angle brackets
     * @throws IllegalArgumentException if it has white space, control characters, brackets or characters beyond ASCII
     */
    public String replaceMessageId(String id) {
        String written = MessageIds.inBrackets(id);
        replace("Message-ID", written);
        return written;
    }

    private HeaderRewriter replaceWith(String name, FieldBody field) {
        replaced.put(name.toLowerCase(Locale.ROOT), field.toString());
        return this;
    }

    /** Removes all fields of the name; undoes a {@link #replace} of it. */
    public HeaderRewriter remove(String name) {
        FieldBody.requireName(name);
        replaced.put(name.toLowerCase(Locale.ROOT), "");
        return this;
    }

    /** One more field at the end of the section. */
    public HeaderRewriter add(String name, String value) {
        added.add(FieldBody.text(name, value).toString());
        return this;
    }

    /** True if nothing is to be changed. */
    public boolean isEmpty() {
        return prepended.isEmpty() && added.isEmpty() && replaced.isEmpty();
    }

    /**
     * The message with the changes; reads its header section and keeps the octets.
     *
     * @throws IOException if the spool fails
     */
    public RelayedMessage apply(Octets message) throws IOException {
        HeadParser head = HeaderFields.parse(message);
        RelayedMessage.Builder result = new RelayedMessage.Builder(message);
        String lineEnd = lineEnd(head);
        result.text(withLineEnd(String.join("", prepended), lineEnd));
        Map<String, String> missing = new LinkedHashMap<>(replaced);
        missing.values().removeIf(String::isEmpty);
        long copied = 0;
        long headEnd = 0;
        boolean isTerminated = true;
        for (int i = 0; i < head.count(); i++) {
            String name = new String(
                            head.octets(), head.start(i), head.nameEnd(i) - head.start(i), StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT);
            headEnd = head.offset(i) + head.end(i) - head.start(i);
            isTerminated = head.octets()[head.end(i) - 1] == '\n';
            if (replaced.containsKey(name)) {
                result.range(copied, head.offset(i));
                String field = missing.remove(name);
                result.text(field == null ? "" : withLineEnd(field, lineEnd));
                isTerminated = true;
                copied = headEnd;
            }
        }
        result.range(copied, headEnd);
        String behind = String.join("", missing.values()) + String.join("", added);
        result.text((isTerminated || behind.isEmpty() ? "" : lineEnd) + withLineEnd(behind, lineEnd));
        boolean isBodyOnly = head.count() == 0 && head.bodyOffset() == 0;
        result.text(isBodyOnly && !result.isEmpty() ? lineEnd : "");
        result.range(headEnd, message.size());
        return result.build();
    }

    /** That of the message's first field. */
    private static String lineEnd(HeadParser head) {
        if (head.count() == 0) {
            return "\r\n";
        }
        int end = head.end(0);
        boolean isBare = head.octets()[end - 1] == '\n' && (end < 2 || head.octets()[end - 2] != '\r');
        return isBare ? "\n" : "\r\n";
    }

    private static String withLineEnd(String fields, String lineEnd) {
        return lineEnd.equals("\n") ? fields.replace("\r\n", "\n") : fields;
    }
}
