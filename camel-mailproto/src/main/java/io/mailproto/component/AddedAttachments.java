package io.mailproto.component;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.AttachmentMessage;

/** What a route has attached to a message whose body is a mail already, and goes on as it is, without these. */
public final class AddedAttachments {

    private static final Pattern UNSAFE_IN_LOG = Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u2028\u2029]");

    private AddedAttachments() {}

    /**
     * The keys of the attachments that are not in the mail, safe for a log.
     *
     * @param mail the mail that goes on; null if only its octets are known, none of which are looked at
     * @throws IOException if the mail cannot be read
     */
    public static List<String> of(Exchange exchange, Mail mail) throws IOException {
        boolean isUntouched = exchange.getMessage() instanceof MailMessage message
                && message.hasOriginalAttachments()
                && message.getMail() == mail;
        if (isUntouched) {
            // Not even looked for in the mail.
            return List.of();
        }
        AttachmentMessage attached = exchange.getMessage(AttachmentMessage.class);
        if (attached == null || !attached.hasAttachments()) {
            return List.of();
        }
        List<String> added = new ArrayList<>();
        for (Map.Entry<String, Attachment> entry :
                attached.getAttachmentObjects().entrySet()) {
            boolean isInMail = entry.getValue() instanceof MailAttachment received && received.isPartOf(mail);
            if (!isInMail) {
                added.add(UNSAFE_IN_LOG.matcher(entry.getKey()).replaceAll("_"));
            }
        }
        return added;
    }
}
