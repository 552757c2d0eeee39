package io.mailproto.component;

import io.mailproto.mime.MimePart;
import io.mailproto.mime.ParsedMail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.trait.message.MessageTrait;

/**
 * A Camel message whose body, headers and attachments are made of a {@link Mail} when a route first asks for them: the
 * readable text as body, the header fields as headers, the attachments as an attachment message's.
 */
public class MailMessage extends DefaultMessage {

    private Mail mail;
    private MailHeaderMapping mapping;
    private Map<String, Object> protocolHeaders = Map.of();
    private boolean mapsContent;
    /** True until the route sets another body. */
    private boolean bodyOriginal = true;
    /** False until the attachments have been made of the mail, or set or removed by the route. */
    private boolean attachmentsKnown = true;

    private MailMessage(CamelContext context) {
        super(context);
    }

    /**
     * A message over a mail.
     *
     * @param exchange the exchange it is for
     * @param mail the mail
     * @param protocolHeaders what the protocol knows, under names of {@link MailConstants}
     * @param mapping how header fields become headers
     * @param mapsContent true for the readable text as body and the attachments as attachments; false for the mail itself
     *     as body, without attachments
     */
    public MailMessage(
            Exchange exchange,
            Mail mail,
            Map<String, Object> protocolHeaders,
            MailHeaderMapping mapping,
            boolean mapsContent) {
        super(exchange);
        this.mail = mail;
        this.protocolHeaders = protocolHeaders;
        this.mapping = mapping;
        this.mapsContent = mapsContent;
        this.attachmentsKnown = !mapsContent;
    }

    /** The mail as it came, whatever the route has done to body and headers; null for a message that never had one. */
    public Mail getMail() {
        return mail;
    }

    /** How the mail's header fields became headers; null without a mail. */
    public MailHeaderMapping getHeaderMapping() {
        return mapping;
    }

    /** True if there is a mail and the route has not set another body: the body is still made of the mail. */
    public boolean isBodyOriginal() {
        return mail != null && bodyOriginal;
    }

    @Override
    public void setBody(Object body) {
        bodyOriginal = false;
        super.setBody(body);
    }

    @Override
    public MailMessage newInstance() {
        return new MailMessage(getCamelContext());
    }

    @Override
    protected Object createBody() {
        if (mail == null || !mapsContent) {
            return mail;
        }
        try {
            Optional<MimePart> file = onlyFile();
            return file.isPresent() ? new PartStreamCache(file.get()) : mail.text();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the text of a mail of " + mail.size() + " octets", e);
        }
    }

    /** The mail's only part, if it is no text. */
    private Optional<MimePart> onlyFile() throws IOException {
        MimePart root = mail.parsed().root();
        boolean isText = root.isMultipart()
                || root.contentType().startsWith("text/")
                || root.contentType().startsWith("multipart/");
        return isText ? Optional.empty() : Optional.of(root);
    }

    /** False as long as nobody has asked for a header or set one: there is none then but what the mail will give. */
    boolean hasMadeHeaders() {
        return hasPopulatedHeaders();
    }

    @Override
    protected boolean isPopulateHeadersSupported() {
        return true;
    }

    @Override
    protected void populateInitialHeaders(Map<String, Object> headers) {
        if (mail == null) {
            return;
        }
        try {
            mapping.apply(mail.headers(), headers, getExchange());
            mail.parsed()
                    .date()
                    .ifPresent(date -> headers.put(
                            Exchange.MESSAGE_TIMESTAMP, date.toInstant().toEpochMilli()));
            if (mapsContent) {
                describeContent(headers);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading the header of a mail of " + mail.size() + " octets", e);
        }
        headers.putAll(protocolHeaders);
    }

    private void describeContent(Map<String, Object> headers) throws IOException {
        ParsedMail parsed = mail.parsed();
        boolean isMultipart = parsed.root().isMultipart();
        if (isMultipart) {
            // The body is that part's text, so its type is the body's.
            parsed.textPart().ifPresent(part -> headers.put(Exchange.CONTENT_TYPE, part.contentTypeField()));
        }
        List<String> problems = parsed.problems();
        if (!problems.isEmpty()) {
            headers.put(MailConstants.PROBLEMS, String.join("; ", problems));
        }
        // Only a multipart can have some, so that for the headers of another mail no line of its content is looked at.
        if (isMultipart && mapping.attachments().missing() == AttachmentRules.Missing.NEVER) {
            int unnamed = MailAttachments.countUnnamed(parsed.attachments(), mapping.attachments());
            if (unnamed > 0) {
                headers.put(MailConstants.UNNAMED_ATTACHMENTS, unnamed);
            }
        }
    }

    // ---- attachments: the trait is made on demand

    @Override
    public boolean hasTrait(MessageTrait trait) {
        prepare(trait);
        return super.hasTrait(trait);
    }

    @Override
    public Object getPayloadForTrait(MessageTrait trait) {
        prepare(trait);
        return super.getPayloadForTrait(trait);
    }

    @Override
    public void setPayloadForTrait(MessageTrait trait, Object payload) {
        if (trait == MessageTrait.ATTACHMENTS) {
            attachmentsKnown = true;
        }
        super.setPayloadForTrait(trait, payload);
    }

    @Override
    public void removeTrait(MessageTrait trait) {
        if (trait == MessageTrait.ATTACHMENTS) {
            attachmentsKnown = true;
        }
        super.removeTrait(trait);
    }

    /**
     * Fails if the rules for attachments say that the mail must not reach the route.
     *
     * @throws IllegalStateException if two attachments have one name and failOnDuplicateFileAttachment is set
     */
    void requireAttachments() {
        if (mapsContent && mapping.attachments().failOnDuplicate()) {
            prepare(MessageTrait.ATTACHMENTS);
        }
    }

    /** Without a text that is the whole mail and was not sent as a file: the name that it may have makes it none. */
    private List<MimePart> besideTheBody() throws IOException {
        MimePart root = mail.parsed().root();
        boolean isText = root.isText() && !root.disposition().orElse("").equals("attachment");
        return isText ? mail.attachments().stream().filter(part -> part != root).toList() : mail.attachments();
    }

    /** True for the attachment that the body is made of as well: that of a mail which is one file. */
    public boolean isBody(Attachment attachment) throws IOException {
        return isBodyOriginal()
                && attachment instanceof MailAttachment received
                && received.part() == mail.parsed().root();
    }

    /** True as long as nobody has asked for the attachments, nor set or removed some. */
    boolean hasOriginalAttachments() {
        return !attachmentsKnown;
    }

    private void prepare(MessageTrait trait) {
        if (trait != MessageTrait.ATTACHMENTS || attachmentsKnown) {
            return;
        }
        attachmentsKnown = true;
        try {
            List<MimePart> parts = besideTheBody();
            if (!parts.isEmpty()) {
                Map<String, Attachment> attachments = MailAttachments.of(parts, mapping.attachments());
                if (!attachments.isEmpty()) {
                    super.setPayloadForTrait(MessageTrait.ATTACHMENTS, attachments);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading the attachments of a mail of " + mail.size() + " octets", e);
        }
    }

    // ---- copies stay as lazy as their source

    @Override
    public void copyFromWithNewBody(Message source, Object newBody) {
        if (source instanceof MailMessage that && that != this) {
            boolean stayUnknown = !that.attachmentsKnown;
            that.attachmentsKnown = true;
            try {
                super.copyFromWithNewBody(source, newBody);
            } finally {
                that.attachmentsKnown = !stayUnknown;
            }
            mail = that.mail;
            bodyOriginal = that.bodyOriginal && newBody == that.getBody();
            mapping = that.mapping;
            protocolHeaders = that.protocolHeaders;
            mapsContent = that.mapsContent;
            attachmentsKnown = !stayUnknown;
        } else {
            super.copyFromWithNewBody(source, newBody);
        }
    }

    /** Never content. */
    @Override
    public String toString() {
        return "MailMessage[" + (mail == null ? "" : mail) + "]";
    }
}
