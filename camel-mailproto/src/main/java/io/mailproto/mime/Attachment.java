package io.mailproto.mime;

import io.mailproto.spool.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A file to be sent along. Immutable; as thread-safe as its source.
 *
 * @param fileName empty for none
 * @param contentType with parameters, if any; {@code application/octet-stream} if it is not known
 * @param contentId without angle brackets; what an HTML body refers to as {@code cid:}
 * @param inline whether it is to be shown with the text rather than offered as a file
 * @param fields further {@code Content-} fields of the part, such as {@code Content-Description}
 * @param source where the octets come from
 */
public record Attachment(
        String fileName,
        String contentType,
        Optional<String> contentId,
        boolean inline,
        Map<String, String> fields,
        Source source) {

    /** Gives the octets. */
    @FunctionalInterface
    public interface Source {
        /**
         * A new stream from the first octet; called once or twice for each writing of the message, the second time to
         * write what the first looked at. Closed by the composer.
         */
        InputStream open() throws IOException;
    }

    public Attachment {
        Objects.requireNonNull(source, "source");
        FieldBody.requireSafe("the name of an attachment", fileName);
        MediaTypes.require("the content type of an attachment", contentType);
        contentId.ifPresent(id -> MessageIds.requireContentId("the content id of an attachment", id));
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        fields.forEach(Attachment::requireField);
    }

    private static void requireField(String name, String value) {
        FieldBody.requireName(name);
        FieldBody.requireSafe("the value of " + name, value);
        // RFC 2045 §3: in a part only these have a meaning.
        if (!name.toLowerCase(Locale.ROOT).startsWith("content-") || MessageComposer.isReserved(name)) {
            throw new IllegalArgumentException("the field " + name + " cannot be given to an attachment");
        }
    }

    /** An attached file. */
    public static Attachment of(String fileName, String contentType, Source source) {
        return new Attachment(fileName, contentType, Optional.empty(), false, Map.of(), source);
    }

    /** An attached file that is on the spool. */
    public static Attachment of(String fileName, String contentType, Octets octets) {
        return of(fileName, contentType, octets::open);
    }

    /** A part that the HTML body refers to as {@code cid:contentId}. */
    public static Attachment inline(String contentId, String fileName, String contentType, Source source) {
        return new Attachment(fileName, contentType, Optional.of(contentId), true, Map.of(), source);
    }

    /** {@code type/subtype} in lower case. */
    String mediaType() {
        return ParameterizedValue.parse(contentType).value();
    }
}
