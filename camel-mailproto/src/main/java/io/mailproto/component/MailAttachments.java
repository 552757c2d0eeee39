package io.mailproto.component;

import io.mailproto.mime.HeaderField;
import io.mailproto.mime.MimePart;
import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.DefaultAttachment;

/**
 * Parts of a mail as Camel attachments. Their key is the file name; without one it is {@code part-1}, {@code part-2} and
 * so on by position, and a name that stands twice gets a number behind it, so that none is lost. Each can be read any
 * number of times, by any thread, also after the exchange has ended.
 */
final class MailAttachments {

    private MailAttachments() {}

    static Map<String, Attachment> of(List<MimePart> parts) {
        Map<String, Attachment> attachments = new LinkedHashMap<>();
        int position = 0;
        for (MimePart part : parts) {
            position++;
            String name = part.fileName().orElse("part-" + position);
            DefaultAttachment attachment = new DefaultAttachment(new DataHandler(new PartSource(part, name)));
            for (HeaderField field : part.headers().all()) {
                attachment.addHeader(field.name(), field.value());
            }
            attachments.put(unused(name, attachments), attachment);
        }
        return attachments;
    }

    private static String unused(String name, Map<String, Attachment> taken) {
        if (!taken.containsKey(name)) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String extension = dot > 0 ? name.substring(dot) : "";
        int number = 2;
        while (taken.containsKey(stem + "-" + number + extension)) {
            number++;
        }
        return stem + "-" + number + extension;
    }

    /** The decoded octets of a part. */
    private record PartSource(MimePart part, String name) implements DataSource {

        @Override
        public InputStream getInputStream() throws IOException {
            return part.open();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            throw new IOException("a received attachment cannot be written");
        }

        @Override
        public String getContentType() {
            return part.charset()
                    .map(charset -> part.contentType() + "; charset=" + charset.name())
                    .orElse(part.contentType());
        }

        @Override
        public String getName() {
            return name;
        }
    }
}
