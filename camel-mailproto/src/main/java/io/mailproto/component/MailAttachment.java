package io.mailproto.component;

import io.mailproto.mime.HeaderField;
import io.mailproto.mime.MimePart;
import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.DefaultAttachment;

/**
 * A part of a mail as a Camel attachment. Nothing is decoded before it is read; it can be read any number of times, by any
 * thread, also after the exchange has ended. Its header fields become headers when they are asked for; changing those is
 * for one thread.
 */
public final class MailAttachment implements Attachment {

    private final MimePart part;
    private final DataHandler handler;
    private DefaultAttachment headers;

    MailAttachment(MimePart part, String name) {
        this.part = part;
        this.handler = new PartHandler(part, name);
    }

    @Override
    public DataHandler getDataHandler() {
        return handler;
    }

    MimePart part() {
        return part;
    }

    /** True if it is a part of this mail, and goes wherever the mail goes. */
    boolean isPartOf(Mail mail) throws IOException {
        return mail != null && mail.attachments().contains(part);
    }

    /** A text if that is what people read, else a stream that can be read again. */
    Object body() throws IOException {
        return switch (part.contentType()) {
            case "text/plain", "text/html", "text/xml" -> part.text();
            default -> new PartStreamCache(part);
        };
    }

    private DefaultAttachment headers() {
        if (headers == null) {
            DefaultAttachment all = new DefaultAttachment(handler);
            for (HeaderField field : part.headers().all()) {
                all.addHeader(field.name(), field.value());
            }
            headers = all;
        }
        return headers;
    }

    @Override
    public String getHeader(String name) {
        return headers().getHeader(name);
    }

    @Override
    public List<String> getHeaderAsList(String name) {
        return headers().getHeaderAsList(name);
    }

    @Override
    public Collection<String> getHeaderNames() {
        return headers().getHeaderNames();
    }

    @Override
    public void setHeader(String name, String value) {
        headers().setHeader(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
        headers().addHeader(name, value);
    }

    @Override
    public void removeHeader(String name) {
        headers().removeHeader(name);
    }

    /** Gives its content without asking Jakarta Activation for handlers, which need not be there. */
    private static final class PartHandler extends DataHandler {

        private final MimePart part;

        PartHandler(MimePart part, String name) {
            super(new PartSource(part, name));
            this.part = part;
        }

        /** The decoded text of a {@code text/*}, else a stream of the octets. */
        @Override
        public Object getContent() throws IOException {
            return part.isText() ? part.text() : part.open();
        }
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

        /** With its parameters, as it stands in the mail. */
        @Override
        public String getContentType() {
            return part.contentTypeField();
        }

        @Override
        public String getName() {
            return name;
        }
    }
}
