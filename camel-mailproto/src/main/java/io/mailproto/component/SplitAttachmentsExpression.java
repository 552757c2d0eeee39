package io.mailproto.component;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.ExpressionAdapter;

/**
 * Splits a message into its attachments: a message each, with the content as body (of {@code text/plain}, {@code text/html}
 * and {@code text/xml} the text, else a stream of the octets that can be read again) and the key in the header {@value #HEADER_NAME}. The attachments are taken
 * away from the message. Null if there are none.
 *
 * <pre>{@code
 * from("imap:...").split(new SplitAttachmentsExpression()).to("file:saved?fileName=${header.CamelSplitAttachmentId}");
 * }</pre>
 *
 * <p>In XML and YAML: {@code ref} of a bean of this class. Thread-safe.
 */
public class SplitAttachmentsExpression extends ExpressionAdapter {

    /** The key of the attachment. */
    public static final String HEADER_NAME = MailConstants.SPLIT_ATTACHMENT_ID;

    @Override
    public Object evaluate(Exchange exchange) {
        AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
        if (!message.hasAttachments()) {
            return null;
        }
        List<Message> parts = new ArrayList<>();
        for (Map.Entry<String, Attachment> entry :
                message.getAttachmentObjects().entrySet()) {
            Message part = new DefaultMessage(exchange.getContext());
            part.setHeader(HEADER_NAME, entry.getKey());
            try {
                part.setBody(bodyOf(entry.getValue()));
            } catch (IOException e) {
                throw new RuntimeCamelException("reading the attachment " + entry.getKey(), e);
            }
            parts.add(part);
        }
        message.clearAttachments();
        return parts;
    }

    private static Object bodyOf(Attachment attachment) throws IOException {
        if (attachment instanceof MailAttachment received) {
            return received.body();
        }
        Object content = attachment.getDataHandler().getContent();
        if (content instanceof InputStream stream) {
            try (stream) {
                return stream.readAllBytes();
            }
        }
        return content;
    }
}
