package io.mailproto.component;

import io.mailproto.mime.HeaderFields;
import io.mailproto.mime.MimePart;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Converter;

/** What a {@link Mail} becomes as another type. */
@Converter(generateBulkLoader = true)
public final class MailConverter {

    private MailConverter() {}

    /** The octets, unchanged. */
    @Converter
    public static InputStream toInputStream(Mail mail) throws IOException {
        return mail.open();
    }

    /** The octets, unchanged. */
    @Converter
    public static byte[] toByteArray(Mail mail) throws IOException {
        return mail.octets().toByteArray();
    }

    /** The readable text. */
    @Converter
    public static String toText(Mail mail) throws IOException {
        return mail.text();
    }

    /** The readable text; what {@code file:} with a charset writes. */
    @Converter
    public static Reader toReader(Mail mail) throws IOException {
        return new StringReader(mail.text());
    }

    /** The mail behind a message, whatever its body is; null if it never had one. */
    @Converter(allowNull = true)
    public static Mail toMail(MailMessage message) {
        return message.getMail();
    }

    /**
     * A plain structure of strings, numbers, lists and maps, for JSON: subject, from, to, cc, date, messageId, size, text,
     * html, headers, attachments (name, contentType, size).
     */
    @Converter
    public static Map<String, Object> toMap(Mail mail) throws IOException {
        HeaderFields fields = mail.headers();
        Map<String, Object> map = new LinkedHashMap<>();
        put(map, "subject", fields, "Subject");
        put(map, "from", fields, "From");
        put(map, "to", fields, "To");
        put(map, "cc", fields, "Cc");
        put(map, "date", fields, "Date");
        put(map, "messageId", fields, "Message-ID");
        map.put("size", mail.size());
        map.put("text", mail.text());
        mail.html().ifPresent(html -> map.put("html", html));
        Map<String, Object> headers = new LinkedHashMap<>();
        for (String name : fields.names()) {
            List<String> values = new ArrayList<>();
            fields.all(name).forEach(field -> values.add(field.decoded()));
            headers.put(name, values.size() == 1 ? values.get(0) : values);
        }
        map.put("headers", headers);
        List<Map<String, Object>> attachments = new ArrayList<>();
        for (MimePart part : mail.attachments()) {
            Map<String, Object> attachment = new LinkedHashMap<>();
            part.fileName().ifPresent(name -> attachment.put("name", name));
            attachment.put("contentType", part.contentType());
            attachment.put("size", part.size());
            attachments.add(attachment);
        }
        map.put("attachments", attachments);
        return map;
    }

    private static void put(Map<String, Object> map, String key, HeaderFields fields, String name) {
        fields.decoded(name).ifPresent(value -> map.put(key, value));
    }
}
