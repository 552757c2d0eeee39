package io.mailproto.component.outbound;

import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import jakarta.activation.UnsupportedDataTypeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The octets behind a data handler. One that was made of an object ({@code new DataHandler("text", "text/plain")}) can only
 * be read with a content handler that mail libraries bring along; here the object itself is taken.
 */
final class AttachmentOctets {

    private static final Logger LOG = LoggerFactory.getLogger(AttachmentOctets.class);
    private static final String UNKNOWN = "application/octet-stream";

    private AttachmentOctets() {}

    /** The string that it was made of, whose octets are the caller's to choose; empty if it was made of something else. */
    static Optional<String> text(DataHandler handler) throws IOException {
        return isObject(handler) && handler.getContent() instanceof CharSequence text
                ? Optional.of(text.toString())
                : Optional.empty();
    }

    /** Opens the attachment, unless it is a {@link #text}; the caller closes it. Null if its data source has no stream. */
    static InputStream open(Exchange exchange, DataHandler handler) throws IOException {
        if (!isObject(handler)) {
            return handler.getInputStream();
        }
        Object content = handler.getContent();
        if (content == null) {
            return null;
        }
        if (content instanceof InputStream stream) {
            return stream;
        }
        if (content instanceof byte[] octets) {
            return new ByteArrayInputStream(octets);
        }
        InputStream converted =
                exchange.getContext().getTypeConverter().tryConvertTo(InputStream.class, exchange, content);
        if (converted == null) {
            throw new UnsupportedDataTypeException("an attachment of the type "
                    + content.getClass().getName() + " cannot be read; Camel has no converter to InputStream for it");
        }
        return converted;
    }

    /**
     * True if there is an object, and no data source, behind it. Asking for its stream instead would start a thread, or fail
     * with whatever says that no content handlers are installed.
     */
    private static boolean isObject(DataHandler handler) {
        return handler.getDataSource().getClass().getName().equals("jakarta.activation.DataHandlerDataSource");
    }

    /** The type it says it has; null if it does not know. */
    static String contentType(DataHandler handler) {
        if (!(handler.getDataSource() instanceof FileDataSource file)) {
            return handler.getContentType();
        }
        String said = null;
        try {
            said = file.getContentType();
        } catch (RuntimeException noTable) {
            // It asks the installed table of types, unless it was given another one or overrides the question. Only
            // mail
            // libraries bring that table along; the JDK's, by the name, does as well.
            LOG.trace("a file has no content type but by its name", noTable);
        }
        // What the installed table does not know either.
        boolean isUnknown = said == null || (file.getClass() == FileDataSource.class && said.equals(UNKNOWN));
        String guessed = isUnknown ? URLConnection.guessContentTypeFromName(file.getName()) : null;
        return guessed == null ? said : guessed;
    }
}
