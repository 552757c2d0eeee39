package io.mailproto.component;

import io.mailproto.mime.HeaderField;
import io.mailproto.mime.HeaderFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * How a mail becomes a Camel message. Header fields become headers by name, a repeated field as a list of its values,
 * decoded if wished (RFC 2047). Whatever the filter refuses, such as a {@code Camel…} field, is left out.
 *
 * @param filter decides which fields become headers
 * @param decode whether encoded words are decoded
 * @param attachments how parts become attachments
 */
public record MailHeaderMapping(HeaderFilterStrategy filter, boolean decode, AttachmentRules attachments) {

    /** With attachments as the endpoints do without options. */
    public MailHeaderMapping(HeaderFilterStrategy filter, boolean decode) {
        this(filter, decode, AttachmentRules.DEFAULTS);
    }

    /** Adds a mail's header fields to a map. */
    public void apply(HeaderFields fields, Map<String, Object> headers, Exchange exchange) {
        for (HeaderField field : fields.all()) {
            String value = valueOf(field);
            if (!filter.applyFilterToExternalHeaders(field.name(), value, exchange)) {
                append(headers, field.name(), value);
            }
        }
    }

    /** The value a field gets as a header. */
    public String valueOf(HeaderField field) {
        return decode ? field.decoded() : field.value();
    }

    private static void append(Map<String, Object> headers, String name, String value) {
        Object present = headers.get(name);
        if (present == null) {
            headers.put(name, value);
        } else if (present instanceof RepeatedValues values) {
            values.add(value);
        } else {
            RepeatedValues values = new RepeatedValues();
            values.add((String) present);
            values.add(value);
            headers.put(name, values);
        }
    }

    /** The values of a field that stands more than once; a type of its own, so that no other list is added to. */
    private static final class RepeatedValues extends ArrayList<String> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean equals(Object other) {
            return other instanceof List && super.equals(other);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }
}
