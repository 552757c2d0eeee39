package io.mailproto.component.smtp;

import jakarta.activation.DataHandler;
import jakarta.activation.UnsupportedDataTypeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import org.apache.camel.Exchange;

/**
 * The octets behind a data handler. One that was made of an object ({@code new DataHandler("text", "text/plain")}) can only
 * be read with a content handler that mail libraries bring along; here the object itself is taken.
 */
final class AttachmentOctets {

    private AttachmentOctets() {}

    /**
     * Opens the attachment; the caller closes it.
     *
     * @param charset for an attachment that is a string
     */
    static InputStream open(Exchange exchange, DataHandler handler, Charset charset) throws IOException {
        try {
            return handler.getInputStream();
        } catch (UnsupportedDataTypeException noContentHandler) {
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
                throw noContentHandler;
            }
            return converted;
        }
    }
}
