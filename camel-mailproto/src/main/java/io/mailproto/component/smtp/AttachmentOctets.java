package io.mailproto.component.smtp;

import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import jakarta.activation.UnsupportedDataTypeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.charset.Charset;
import org.apache.camel.Exchange;

/**
 * The octets behind a data handler. One that was made of an object ({@code new DataHandler("text", "text/plain")}) can only
 * be read with a content handler that mail libraries bring along; here the object itself is taken.
 */
final class AttachmentOctets {

    private AttachmentOctets() {}

    /** True if the octets are those of a string, written in the charset that {@link #open} is given. */
    static boolean isText(DataHandler handler) throws IOException {
        return isObject(handler) && handler.getContent() instanceof CharSequence;
    }

    /**
     * Opens the attachment; the caller closes it.
     *
     * @param charset for an attachment that is a string
     */
    static InputStream open(Exchange exchange, DataHandler handler, Charset charset) throws IOException {
        if (!isObject(handler)) {
            return handler.getInputStream();
        }
        Object content = handler.getContent();
        if (content instanceof InputStream stream) {
            return stream;
        }
        if (content instanceof byte[] octets) {
            return new ByteArrayInputStream(octets);
        }
        if (content instanceof CharSequence text) {
            return new ByteArrayInputStream(text.toString().getBytes(charset));
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
        // A file source asks the installed table of types, which only mail libraries bring along, and fails without
        // one.
        return handler.getDataSource() instanceof FileDataSource file
                ? URLConnection.guessContentTypeFromName(file.getName())
                : handler.getContentType();
    }
}
